// Search of people while typing: a combobox whose list is the API's answer. One click or Enter takes a person.
import { say } from "../../ui/scripts/page";
import { copy, day, get, part, word } from "./page";
import { api } from "./server";
import type { Person } from "./types";

const DEBOUNCE_MS = 120;
const SHOWN = 8;

export class PeopleSearch {
  private readonly field = get<HTMLInputElement>("people-search");
  private readonly list = get("people-results");
  private readonly note = get("people-note");
  private found: Person[] = [];
  private foundFor = "";
  private active = 0;
  private timer = 0;
  private request: AbortController | null = null;
  /** Enter was pressed while a syllable was being composed, or before the answer: it counts when they are there. */
  private entered = false;

  constructor(private readonly take: (person: Person) => void) {
    this.field.addEventListener("input", () => {
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.search(), DEBOUNCE_MS);
    });
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("compositionend", () => {
      if (this.entered) void this.search();
    });
    this.field.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the field keeps the focus
      const option = (event.target as HTMLElement).closest<HTMLElement>("[role=option]");
      if (option) this.choose(Number(option.dataset["index"]));
    });
  }

  private key(event: KeyboardEvent): void {
    const count = this.found.length;
    if (event.key === "Enter") {
      event.preventDefault();
      const typed = this.field.value.trim();
      if (event.isComposing || (typed && typed !== this.foundFor)) {
        this.entered = true;
        if (!event.isComposing) void this.search();
      } else if (this.open) this.choose(this.active);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (count) this.mark((this.active + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (event.key === "Escape" && this.open) {
      event.preventDefault();
      this.close();
    }
  }

  private get open(): boolean {
    return !this.list.hidden;
  }

  private async search(): Promise<void> {
    window.clearTimeout(this.timer);
    const asked = this.field.value.trim();
    this.request?.abort();
    if (!asked) return this.close();
    if (asked !== this.foundFor) {
      this.request = new AbortController();
      const { signal } = this.request;
      const answer = await api<{ items: Person[] }>("GET", `/people?q=${encodeURIComponent(asked)}&limit=${SHOWN}`, {
        signal,
      });
      if (signal.aborted) return;
      if (answer.kind !== "done") return this.tell(word("people_away"));
      this.found = answer.result.items;
      this.foundFor = asked;
    }
    this.show();
    // Where several people fit, the person chooses: the list is open with the first one marked.
    if (this.entered && this.found.length === 1) this.choose(0);
    this.entered = false;
  }

  private show(): void {
    this.list.replaceChildren(
      ...this.found.map((person, index) => {
        const option = copy("person-option");
        option.id = `person-option-${index}`;
        option.dataset["index"] = String(index);
        option.dataset["person"] = person.id;
        part(option, "name").textContent = person.name;
        part(option, "post").textContent = `${person.position} · ${person.department}`;
        const absent = part(option, "absent");
        absent.hidden = !person.absent;
        if (person.absent) absent.textContent = absence(person.absent);
        return option;
      }),
    );
    this.list.hidden = !this.found.length;
    this.field.setAttribute("aria-expanded", String(this.open));
    this.mark(0);
    this.tell(this.found.length ? "" : word("people_none"));
    say(word("people_found", { n: this.found.length }));
  }

  private tell(words: string): void {
    this.note.textContent = words;
    this.note.hidden = !words;
  }

  private mark(index: number): void {
    this.active = index;
    [...this.list.children].forEach((option, other) => {
      option.setAttribute("aria-selected", String(other === index));
      if (other === index) option.scrollIntoView({ block: "nearest" });
    });
    if (this.found[index]) this.field.setAttribute("aria-activedescendant", `person-option-${index}`);
    else this.field.removeAttribute("aria-activedescendant");
  }

  private choose(index: number): void {
    const person = this.found[index];
    if (!person) return;
    this.field.value = "";
    this.found = [];
    this.foundFor = "";
    this.close();
    this.take(person);
  }

  private close(): void {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
    this.entered = false;
    if (!this.field.value) this.tell("");
  }
}

/** `출장 ~ 2026. 1. 2.` */
export function absence({ reason, until }: { reason: string; until: string }): string {
  return word("absent_until", { reason: word(`absent_${reason}`), day: day(until) });
}
