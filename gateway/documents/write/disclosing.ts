// 공개구분: the class, and for partly open and closed ones the clauses and the reason [OIA 9 (1)].
import { find } from "../../ui/scripts/page";
import { part } from "../../ui/scripts/pieces";
import { get } from "./page";
import type { Disclosure } from "./types";

export class Disclosing {
  private readonly place = get("disclosure");
  private readonly reason = get<HTMLInputElement>("disclosure-reason");

  constructor(start: Disclosure, changed: () => void) {
    this.value = start;
    this.place.addEventListener("input", () => {
      this.show();
      changed();
    });
  }

  get value(): Disclosure {
    const chosen = find<HTMLInputElement>('[name="disclosure"]:checked', this.place)?.value ?? "open";
    if (chosen === "open") return { class: chosen, clauses: [], reason: "" };
    const clauses = this.boxes()
      .filter((box) => box.checked)
      .map((box) => Number(box.value));
    return { class: chosen, clauses, reason: this.reason.value.trim() };
  }

  set value(to: Disclosure) {
    const radio = find<HTMLInputElement>(`[name="disclosure"][value="${to.class}"]`, this.place);
    if (radio) radio.checked = true;
    for (const box of this.boxes()) box.checked = to.clauses.includes(Number(box.value));
    this.reason.value = to.reason;
    this.show();
  }

  private boxes(): HTMLInputElement[] {
    return [...this.place.querySelectorAll<HTMLInputElement>('[name="clauses"]')];
  }

  private show(): void {
    const { class: chosen, clauses } = this.value;
    part(this.place, "clauses").hidden = chosen === "open";
    part(this.place, "clauses-needed").hidden = chosen === "open" || clauses.length > 0;
    for (const words of this.place.querySelectorAll<HTMLElement>("[data-class]"))
      words.hidden = words.dataset["class"] !== chosen;
  }
}
