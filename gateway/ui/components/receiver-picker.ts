// <receiver-picker>: search of people, departments and groups at once while typing (see picker.ts). It tells of each one
// taken by the event "receiver"; the form sends `person:<id>`, `department:<id>` or `group:<id>`. Without the attribute
// `groups` it finds no groups.
import { part } from "../scripts/pieces";
import { type Absence, Picker } from "./picker";

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
