// <people-picker>: search of people while typing, a combobox whose list is the API's answer. One click or Enter takes
// a person, which is told by the event "person". With the attribute `name` the picker keeps whom it took, as chips, and
// the form around it sends their ids under this name; `most` is how many it keeps.
import { api } from "../scripts/api";
import { find, say } from "../scripts/page";
import { copied, day, part } from "../scripts/pieces";
import { Words } from "./words";

export interface Person {
  id: string;
  name: string;
  position: string;
  department: string;
  active?: boolean;
  absent?: { reason: string; until: string } | null;
}

const DEBOUNCE_MS = 120;
const SHOWN = 8;

export class PeoplePicker extends HTMLElement {
  private words!: Words;
  private field!: HTMLInputElement;
  private list!: HTMLElement;
  private found: Person[] = [];
  private foundFor = "";
  private active = 0;
  private timer = 0;
  private request: AbortController | null = null;
  /** Enter was pressed while a syllable was being composed, or before the answer: it counts when they are there. */
  private entered = false;

  connectedCallback(): void {
    if (this.words) return; // moved within the page
    this.words = new Words(this);
    this.field = part(this, "field");
    this.list = part(this, "results");
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
    find('[data-part="chips"]', this)?.addEventListener("click", (event) => {
      const chip = (event.target as HTMLElement).closest("button")?.closest<HTMLElement>("[data-person]");
      if (chip) this.drop(chip);
    });
    this.room();
  }

  override focus(): void {
    this.field.focus();
  }

  /** Why somebody is away and until when: `출장 ~ 2026. 1. 2.` */
  absence({ reason, until }: { reason: string; until: string }): string {
    return this.words.word("absent_until", { reason: this.words.word(`absent_${reason}`), day: day(until) });
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
      if (answer.kind !== "done") return this.tell(this.words.word("away"));
      this.found = answer.result.items;
      this.foundFor = asked;
    }
    this.show();
    // Where several people fit, the person chooses: the list is open with the first one marked.
    if (this.entered && this.found.length === 1) this.choose(0);
    this.entered = false;
  }

  private show(): void {
    const template = find<HTMLTemplateElement>('template[data-part="option"]', this);
    this.list.replaceChildren(
      ...this.found.map((person, index) => {
        const option = copied(template);
        option.id = `${this.list.id}-${index}`;
        option.dataset["index"] = String(index);
        option.dataset["person"] = person.id;
        part(option, "name").textContent = person.name;
        part(option, "post").textContent = `${person.position} · ${person.department}`;
        const absent = part(option, "absent");
        absent.hidden = !person.absent;
        if (person.absent) absent.textContent = this.absence(person.absent);
        return option;
      }),
    );
    this.list.hidden = !this.found.length;
    this.field.setAttribute("aria-expanded", String(this.open));
    this.mark(0);
    this.tell(this.found.length ? "" : this.words.word("none"));
    say(this.words.word("found", { n: this.found.length }));
  }

  private tell(words: string): void {
    const note = part(this, "note");
    note.textContent = words;
    note.hidden = !words;
  }

  private mark(index: number): void {
    this.active = index;
    [...this.list.children].forEach((option, other) => {
      option.setAttribute("aria-selected", String(other === index));
      if (other === index) option.scrollIntoView({ block: "nearest" });
    });
    if (this.found[index]) this.field.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
    else this.field.removeAttribute("aria-activedescendant");
  }

  private choose(index: number): void {
    const person = this.found[index];
    if (!person) return;
    this.field.value = "";
    this.found = [];
    this.foundFor = "";
    this.close();
    if (this.hasAttribute("name")) this.keep(person);
    this.dispatchEvent(new CustomEvent<Person>("person", { detail: person, bubbles: true }));
  }

  private close(): void {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
    this.entered = false;
    if (!this.field.value) this.tell("");
  }

  // -- kept people ----------------------------------------------------------------------------------

  private get kept(): HTMLElement[] {
    return [...part(this, "chips").querySelectorAll<HTMLElement>("[data-person]")];
  }

  private keep(person: Person): void {
    if (this.kept.some((chip) => chip.dataset["person"] === person.id)) {
      say(this.words.word("already", { name: person.name }));
      return;
    }
    const chip = copied(find<HTMLTemplateElement>('template[data-part="chip"]', this));
    chip.dataset["person"] = person.id;
    part(chip, "name").textContent = `${person.name} ${person.position}`;
    part<HTMLInputElement>(chip, "id").value = person.id;
    part(chip, "remove").setAttribute("aria-label", this.words.word("remove", { name: person.name }));
    part(this, "chips").append(chip);
    this.room();
    say(this.words.word("added", { name: person.name }));
  }

  private drop(chip: HTMLElement): void {
    const name = part(chip, "name").textContent ?? "";
    chip.remove();
    this.room();
    this.focus();
    say(this.words.word("removed", { name }));
  }

  /** Where it keeps as many as it may, nobody is searched for. */
  private room(): void {
    const most = Number(this.getAttribute("most") ?? Infinity);
    if (this.hasAttribute("name")) part(this, "search").hidden = this.kept.length >= most;
  }
}

customElements.define("people-picker", PeoplePicker);
