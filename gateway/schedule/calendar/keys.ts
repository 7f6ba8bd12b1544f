// The calendar by the keyboard: arrows walk entries and days, with Alt they move an entry, letters lead elsewhere.
import type { CalendarApi, EventApi } from "fullcalendar";
import { find, typing } from "../../ui/scripts/page";
import type { Moving } from "./moving";
import { type Line, movable } from "./told";

const VIEWS: Record<string, string> = { "1": "day", "2": "week", "3": "month", "4": "list" };
const QUARTER = { minutes: 15 };

/** What the keys need of the page around the calendar. */
export interface Page {
  calendar: CalendarApi;
  moving: Moving;
  show(view: string): void;
  write(): void;
}

/** Entries on the page, each with its event, in the order of their times. */
export class Drawn {
  private readonly events = new Map<HTMLElement, EventApi>();

  add(element: HTMLElement, event: EventApi): void {
    this.events.set(element, event);
  }

  remove(element: HTMLElement): void {
    this.events.delete(element);
  }

  of(element: Element | null): EventApi | undefined {
    const found = [...this.events.keys()].find((each) => each === element || each.contains(element));
    return found && this.events.get(found);
  }

  /** Puts the focus on the entry of this key. */
  focus(key: string): void {
    const found = [...this.events].find(([element, event]) => element.isConnected && event.id === key);
    if (found) target(found[0]).focus();
  }

  get inOrder(): [HTMLElement, EventApi][] {
    const found = [...this.events].filter(([element]) => element.isConnected && element.checkVisibility());
    return found.sort(([, a], [, b]) => a.startStr.localeCompare(b.startStr) || a.id.localeCompare(b.id));
  }
}

/** What of an entry takes the focus. */
function target(element: HTMLElement): HTMLElement {
  return element.tabIndex >= 0 ? element : (find("[tabindex], a[href]", element) ?? element);
}

export function keys(element: HTMLElement, drawn: Drawn, page: Page): void {
  // Before the page's own: there `n` begins another noun's object.
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "n" && event.code !== "KeyN") return;
      if (elsewhere(event) || event.shiftKey) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      page.write();
    },
    { capture: true },
  );
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || elsewhere(event)) return;
    const view = VIEWS[event.key];
    if (view) page.show(view);
    else if (event.code === "KeyT") page.calendar.today();
    else return;
    event.preventDefault();
  });
  element.addEventListener("keydown", (event) => arrow(event, element, drawn, page));
}

/** Whether the keys are meant for something else: a field, a dialog, what lies over the page. */
function elsewhere(event: KeyboardEvent): boolean {
  const panel = find("side-panel");
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return true;
  return Boolean(document.querySelector("dialog[open]") || panel?.contains(event.target as Node));
}

function arrow(event: KeyboardEvent, element: HTMLElement, drawn: Drawn, page: Page): void {
  if (!event.key.startsWith("Arrow") || event.ctrlKey || event.metaKey || typing(event.target)) return;
  const current = drawn.of(event.target as Element);
  const back = event.key === "ArrowUp" || event.key === "ArrowLeft";
  const across = event.key === "ArrowLeft" || event.key === "ArrowRight";
  if (event.altKey) {
    if (!current) return;
    event.preventDefault();
    void move(current, back ? -1 : 1, across, event.shiftKey, page);
  } else if (!event.shiftKey) {
    event.preventDefault();
    if (!walk(current, back, across, drawn)) leave(element, back, across, page);
  }
}

/** An entry by a quarter of an hour or a day; with Shift its end. One of whole days only by days. */
async function move(event: EventApi, by: number, across: boolean, resize: boolean, page: Page): Promise<void> {
  const line = event.extendedProps["line"] as Line;
  if (!movable(line) || (event.allDay && !across)) return;
  const delta = across ? { days: by } : { minutes: by * QUARTER.minutes };
  const [start, end, allDay] = [event.startStr, event.endStr, event.allDay];
  if (!resize) event.moveDates(delta);
  else event.moveEnd(delta);
  if (event.endStr && event.endStr <= event.startStr) event.setDates(start, end, { allDay });
  else await page.moving.moved(event, () => event.setDates(start, end, { allDay }), true);
}

/** To the next entry that way: up and down one after the other, left and right to another day's. */
function walk(current: EventApi | undefined, back: boolean, across: boolean, drawn: Drawn): boolean {
  const order = drawn.inOrder;
  if (!current) {
    const first = across ? undefined : order[back ? order.length - 1 : 0];
    if (first) target(first[0]).focus();
    return Boolean(first);
  }
  const at = order.findIndex(([, event]) => event.id === current.id);
  const rest = back ? order.slice(0, at).reverse() : order.slice(at + 1);
  const day = current.startStr.slice(0, 10);
  const next = across ? rest.find(([, event]) => event.startStr.slice(0, 10) !== day) : rest[0];
  if (next) target(next[0]).focus();
  return Boolean(next);
}

/** Nothing is left that way: sideways the calendar itself goes on. */
function leave(element: HTMLElement, back: boolean, across: boolean, page: Page): void {
  if (!across) return;
  if (back) page.calendar.prev();
  else page.calendar.next();
  element.focus();
}
