// What is shown beside one's own entries, remembered in this browser.
import type { PeoplePicker, Person } from "../../ui/components/people-picker";
import { find } from "../../ui/scripts/page";

const KEPT = "schedule.layers";
const NAMES = ["dues", "executives"] as const;

type Name = (typeof NAMES)[number];
interface Kept {
  shown: Record<Name, boolean>;
  /** Ids of calendars that are not to be seen. */
  hidden: string[];
  colleagues: Person[];
}

const FIRST: Kept = { shown: { dues: true, executives: false }, hidden: [], colleagues: [] };

/** The checkboxes and the picker of colleagues in the settings. */
export class Layers {
  private kept: Kept = read();

  /** Shows what was chosen before, and calls `changed` with each other choice. */
  begin(within: HTMLElement, changed: () => void): void {
    for (const name of NAMES) {
      const box = find<HTMLInputElement>(`input[name="${name}"]`, within);
      if (!box) continue;
      box.checked = this.kept.shown[name];
      box.addEventListener("change", () => {
        this.kept.shown[name] = box.checked;
        this.keep();
        changed();
      });
    }
    for (const box of within.querySelectorAll<HTMLInputElement>('input[name="calendar"]')) {
      box.checked = !this.kept.hidden.includes(box.value);
      box.addEventListener("change", () => {
        this.kept.hidden = this.kept.hidden.filter((id) => id !== box.value);
        if (!box.checked) this.kept.hidden.push(box.value);
        this.keep();
        changed();
      });
    }
    const picker = find<PeoplePicker>("people-picker", within);
    if (!picker) return;
    for (const person of this.kept.colleagues) picker.keep(person);
    picker.addEventListener("person", (event) => this.kept.colleagues.push((event as CustomEvent<Person>).detail));
    picker.addEventListener("change", () => {
      const ids = [...picker.querySelectorAll<HTMLInputElement>('.chip input[data-part="id"]')].map((input) => input.value);
      // The chip comes before the event that brings the person.
      window.queueMicrotask(() => {
        this.kept.colleagues = this.kept.colleagues.filter(
          (person, at, all) => ids.includes(person.id) && all.findIndex(({ id }) => id === person.id) === at,
        );
        this.keep();
        changed();
      });
    });
  }

  get dues(): boolean {
    return this.kept.shown.dues;
  }

  get executives(): boolean {
    return this.kept.shown.executives;
  }

  get colleagues(): string[] {
    return this.kept.colleagues.map(({ id }) => id);
  }

  /** A colleague's name, by the id. */
  nameOf(person: string): string {
    return this.kept.colleagues.find(({ id }) => id === person)?.name ?? "";
  }

  /** Whether a calendar is to be seen. */
  shows(calendar: string): boolean {
    return !this.kept.hidden.includes(calendar);
  }

  private keep(): void {
    try {
      window.localStorage.setItem(KEPT, JSON.stringify(this.kept));
    } catch {
      // Without storage the choice holds for this page.
    }
  }
}

function read(): Kept {
  try {
    const kept = JSON.parse(window.localStorage.getItem(KEPT) ?? "null") as Partial<Kept> | null;
    return { shown: { ...FIRST.shown, ...kept?.shown }, hidden: kept?.hidden ?? [], colleagues: kept?.colleagues ?? [] };
  } catch {
    return { shown: { ...FIRST.shown }, hidden: [], colleagues: [] };
  }
}
