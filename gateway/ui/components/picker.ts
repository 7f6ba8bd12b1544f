// What the pickers have in common: a combobox whose list is the API's answer. One click or Enter takes what is marked,
// which is told by an event. With the attribute `name` a picker keeps what it took, as chips, and the form around it
// sends their values under this name; `most` is how many it keeps.
import { api } from "../scripts/api";
import { find, say } from "../scripts/page";
import { copied, day, part } from "../scripts/pieces";
import { Words } from "./words";

export interface Absence {
  reason: string;
  until: string;
}

const DEBOUNCE_MS = 120;
const SHOWN = 8;

export abstract class Picker<T extends { name: string }> extends HTMLElement {
  /** The event that tells of what was taken; an option and a chip have its value as `data-<told>`. */
  protected abstract readonly told: string;
  protected words!: Words;
  private field!: HTMLInputElement;
  private list!: HTMLElement;
  private found: T[] = [];
  private foundFor = "";
  private active = 0;
  private timer = 0;
  private request: AbortController | null = null;
  /** Enter was pressed while a syllable was being composed, or before the answer: it counts when they are there. */
  private entered = false;

  /** Where below /api/v1 up to `most` of what was typed are found. */
  protected abstract path(typed: string, most: number): string;
  /** What the form sends of one. */
  protected abstract value(item: T): string;
  protected abstract drawOption(option: HTMLElement, item: T): void;
  protected abstract drawChip(chip: HTMLElement, item: T): void;

  /** What was found, from the rows of the API's answer. */
  protected read(rows: unknown[]): T[] {
    return rows as T[];
  }

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
      const chip = (event.target as HTMLElement).closest("button")?.closest<HTMLElement>(".chip");
      if (chip) this.drop(chip);
    });
    this.room();
    // What was typed before the script had come is searched as well.
    if (this.field.value) this.timer = window.setTimeout(() => void this.search());
  }

  override focus(): void {
    this.field.focus();
  }

  /** Why somebody is away and until when: `출장 ~ 2026. 1. 2.` */
  absence({ reason, until }: Absence): string {
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
      const answer = await api<{ items: unknown[] }>("GET", this.path(encodeURIComponent(asked), SHOWN), { signal });
      if (signal.aborted) return;
      if (answer.kind !== "done") return this.tell(this.words.word("away"));
      this.found = this.read(answer.result.items);
      this.foundFor = asked;
    }
    this.show();
    // Where several fit, the person chooses: the list is open with the first one marked.
    if (this.entered && this.found.length === 1) this.choose(0);
    this.entered = false;
  }

  private show(): void {
    const template = find<HTMLTemplateElement>('template[data-part="option"]', this);
    this.list.replaceChildren(
      ...this.found.map((item, index) => {
        const option = copied(template);
        option.id = `${this.list.id}-${index}`;
        option.dataset["index"] = String(index);
        option.dataset[this.told] = this.value(item);
        part(option, "name").textContent = item.name;
        this.drawOption(option, item);
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
    const item = this.found[index];
    if (!item) return;
    this.field.value = "";
    this.found = [];
    this.foundFor = "";
    this.close();
    if (this.hasAttribute("name")) this.keep(item);
    this.dispatchEvent(new CustomEvent<T>(this.told, { detail: item, bubbles: true }));
  }

  private close(): void {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
    this.entered = false;
    if (!this.field.value) this.tell("");
  }

  // -- what is kept ---------------------------------------------------------------------------------

  private get kept(): HTMLElement[] {
    return [...part(this, "chips").querySelectorAll<HTMLElement>(".chip")];
  }

  /** Keeps one more as a chip, as if it had been found; what is kept already stays once. */
  keep(item: T): void {
    const value = this.value(item);
    if (this.kept.some((chip) => chip.dataset[this.told] === value)) {
      say(this.words.word("already", { name: item.name }));
      return;
    }
    const chip = copied(find<HTMLTemplateElement>('template[data-part="chip"]', this));
    chip.dataset[this.told] = value;
    this.drawChip(chip, item);
    part<HTMLInputElement>(chip, "id").value = value;
    part(chip, "remove").setAttribute("aria-label", this.words.word("remove", { name: item.name }));
    this.put(chip, item.name);
  }

  /** One chip more. */
  protected put(chip: HTMLElement, name: string): void {
    part(this, "chips").append(chip);
    this.changed(this.words.word("added", { name }));
  }

  private drop(chip: HTMLElement): void {
    const name = part(chip, "name").textContent ?? "";
    chip.remove();
    this.changed(this.words.word("removed", { name }));
    this.focus();
  }

  private changed(words: string): void {
    this.room();
    say(words);
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Where it keeps as many as it may, nothing is searched for. */
  private room(): void {
    const most = Number(this.getAttribute("most") ?? Infinity);
    if (this.hasAttribute("name")) part(this, "search").hidden = this.kept.length >= most;
  }
}
