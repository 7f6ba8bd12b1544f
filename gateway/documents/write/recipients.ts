// 수신자: who the document is for. None means an internal paper, and the page says so.
import { say } from "../../ui/scripts/page";
import { part } from "../../ui/scripts/pieces";
import { copy, get, word } from "./page";
import type { Recipient } from "./types";

export class Recipients {
  private kept: Recipient[] = [];
  private readonly list = get("recipients");
  private readonly name = get<HTMLInputElement>("recipient-name");
  private readonly code = get<HTMLInputElement>("recipient-code");
  private readonly sender = get<HTMLInputElement>("sender_name");

  constructor(
    start: Recipient[],
    private readonly changed: () => void,
  ) {
    this.value = start;
    for (const field of [this.name, this.code]) {
      field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        if (!event.isComposing) this.add();
      });
      // A name that was typed and not "moved" is a recipient all the same when the person goes on to something else.
      field.addEventListener("blur", (event) => {
        const within = event.relatedTarget instanceof HTMLElement && event.relatedTarget.closest("#recipient-entry");
        if (!within) this.add(false);
      });
    }
    get("recipient-add").addEventListener("click", () => this.add());
    this.list.addEventListener("click", (event) => {
      const button = (event.target as HTMLElement).closest<HTMLElement>('[data-part="remove"]');
      const row = button?.closest<HTMLElement>("[data-index]");
      if (row) this.remove(Number(row.dataset["index"]));
    });
  }

  get value(): Recipient[] {
    return this.kept;
  }

  set value(to: Recipient[]) {
    this.kept = to;
    this.show();
  }

  private add(stay = true): void {
    const typed = { name: this.name.value.trim(), code: this.code.value.trim() };
    if (!typed.name) return;
    this.name.value = this.code.value = "";
    if (stay) this.name.focus();
    if (this.kept.some((other) => other.name === typed.name && other.code === typed.code)) {
      say(word("recipient_twice", { name: typed.name }));
      return;
    }
    this.change([...this.kept, typed]);
    say(word("recipient_added", { name: typed.name }));
  }

  /** A document that is to be sent is proposed a sender's name; an internal one needs none. */
  private change(to: Recipient[]): void {
    const proposed = this.sender.dataset["proposed"] ?? "";
    if (to.length && !this.kept.length && !this.sender.value) this.sender.value = proposed;
    if (!to.length && this.sender.value === proposed) this.sender.value = "";
    this.value = to;
    this.changed();
  }

  private remove(index: number): void {
    const gone = this.kept[index];
    this.change(this.kept.filter((_, other) => other !== index));
    this.name.focus();
    if (gone) say(word("removed", { name: gone.name }));
  }

  private show(): void {
    this.list.replaceChildren(
      ...this.kept.map(({ name, code }, index) => {
        const row = copy("recipient-row");
        row.dataset["index"] = String(index);
        part(row, "name").textContent = name;
        part(row, "code").textContent = code;
        part(row, "remove").setAttribute("aria-label", word("remove_named", { name }));
        return row;
      }),
    );
    get("internal-words").hidden = this.kept.length > 0;
    get("dispatch-words").hidden = this.kept.length === 0;
  }
}
