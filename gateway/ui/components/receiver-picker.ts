// <receiver-picker>: search of people, departments and groups at once while typing (see picker.ts). It tells of each one
// taken by the event "receiver"; the form sends `person:<id>`, `department:<id>` or `group:<id>`. Without the attribute
// `groups` it finds no groups. With a dialog for it, receivers come from a CSV file too (receivers-file.ts).
import { find } from "../scripts/page";
import { copied, part } from "../scripts/pieces";
import { type Absence, Picker } from "./picker";
import { ReceiversFile } from "./receivers-file";

// More than that are one chip together: nobody reads on, and a page of ten thousand is slow.
const EACH = 50;

export interface Receiver {
  kind: "person" | "department" | "group";
  id: string;
  name: string;
  detail: string;
  count: number;
  absent: Absence | null;
  /** Somebody in it has left, or a department in it was abolished. */
  stale: boolean;
}

export class ReceiverPicker extends Picker<Receiver> {
  protected readonly told = "receiver";

  override connectedCallback(): void {
    const first = !this.words;
    super.connectedCallback();
    const dialog = find<HTMLDialogElement>('[data-part="csv"]', this);
    if (!first || !dialog) return;
    const file = new ReceiversFile(dialog, this.words, (items, name) => this.keepAll(items, name));
    part(this, "csv-open").addEventListener("click", () => file.open());
  }

  /** Keeps many at once; more than fifty as one chip of this name. */
  private keepAll(items: Receiver[], name: string): void {
    const kept = new Set([...this.querySelectorAll<HTMLInputElement>("input[data-part=id]")].map(({ value }) => value));
    const added = items.filter((item) => !kept.has(this.value(item)));
    if (added.length <= EACH) {
      for (const item of added) this.keep(item);
      return;
    }
    const words = `${name} ${this.words.word("count", { n: added.length.toLocaleString() })}`;
    const chip = copied(find<HTMLTemplateElement>('template[data-part="bundle"]', this));
    part(chip, "name").textContent = words;
    const input = part<HTMLInputElement>(chip, "id");
    const inputs = added.map((item) => {
      const one = input.cloneNode() as HTMLInputElement;
      one.value = this.value(item);
      return one;
    });
    input.replaceWith(...inputs);
    part(chip, "remove").setAttribute("aria-label", this.words.word("remove", { name: words }));
    this.put(chip, words);
  }

  protected path(typed: string, most: number): string {
    return `/receivers?q=${typed}&limit=${most}&groups=${this.hasAttribute("groups")}`;
  }

  protected value({ kind, id }: Receiver): string {
    return `${kind}:${id}`;
  }

  protected drawOption(option: HTMLElement, receiver: Receiver): void {
    this.draw(option, receiver);
    part(option, "kind").textContent = this.words.word(`kind_${receiver.kind}`);
    part(option, "detail").textContent = [receiver.detail, this.count(receiver)].filter(Boolean).join(" · ");
  }

  protected drawChip(chip: HTMLElement, receiver: Receiver): void {
    this.draw(chip, receiver);
    part(chip, "name").textContent = receiver.name;
    part(chip, "kind").textContent = this.words.word(`kind_${receiver.kind}`);
    part(chip, "count").textContent = this.count(receiver);
  }

  /** The sign of its kind, and what is to be known before something is sent there. */
  private draw(piece: HTMLElement, { kind, absent, stale }: Receiver): void {
    for (const sign of piece.querySelectorAll<HTMLElement>("[data-kind]")) sign.hidden = sign.dataset["kind"] !== kind;
    const note = part(piece, "warning");
    note.hidden = !absent && !stale;
    note.textContent = absent ? this.absence(absent) : stale ? this.words.word("stale") : "";
  }

  private count({ kind, count }: Receiver): string {
    return kind === "person" ? "" : this.words.word("count", { n: count });
  }
}

customElements.define("receiver-picker", ReceiverPicker);
