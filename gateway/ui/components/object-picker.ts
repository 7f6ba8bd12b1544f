// <object-picker>: search of objects of one noun (its attribute `noun`) while typing (see picker.ts). It tells of each one
// taken by the event "object"; the form sends its id.
import { part } from "../scripts/pieces";
import { Picker } from "./picker";

interface Row {
  subject: string;
  title: string;
  number: string | null;
  owner: { name: string } | null;
  department: string;
}

export interface Found extends Row {
  name: string;
}

export class ObjectPicker extends Picker<Found> {
  protected readonly told = "object";

  protected path(typed: string, most: number): string {
    return `/search?q=${typed}&limit=${most}&kind=${this.getAttribute("noun")}`;
  }

  protected override read(rows: unknown[]): Found[] {
    return (rows as Row[]).map((row) => ({ ...row, name: row.title }));
  }

  protected value({ subject }: Found): string {
    return subject;
  }

  protected drawOption(option: HTMLElement, { number, owner, department }: Found): void {
    part(option, "detail").textContent = [number, owner?.name, department].filter(Boolean).join(" · ");
  }

  protected drawChip(chip: HTMLElement, { title }: Found): void {
    part(chip, "name").textContent = title;
  }
}

customElements.define("object-picker", ObjectPicker);
