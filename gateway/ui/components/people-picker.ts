// <people-picker>: search of people while typing (see picker.ts). It tells of each person taken by the event "person".
import { part } from "../scripts/pieces";
import { type Absence, Picker } from "./picker";

export interface Person {
  id: string;
  name: string;
  position: string;
  department: string;
  active?: boolean;
  absent?: Absence | null;
}

export class PeoplePicker extends Picker<Person> {
  protected readonly told = "person";

  protected path(typed: string, most: number): string {
    return `/people?q=${typed}&limit=${most}`;
  }

  protected value(person: Person): string {
    return person.id;
  }

  protected drawOption(option: HTMLElement, person: Person): void {
    part(option, "post").textContent = `${person.position} · ${person.department}`;
    const absent = part(option, "absent");
    absent.hidden = !person.absent;
    if (person.absent) absent.textContent = this.absence(person.absent);
  }

  protected drawChip(chip: HTMLElement, person: Person): void {
    part(chip, "name").textContent = `${person.name} ${person.position}`;
  }
}

customElements.define("people-picker", PeoplePicker);
