// What the server tells the calendar: its settings once, and what lies in a window.

/** An entry or one of a series (`CalendarEntry`), with its words and where it leads. */
export interface Line {
  id: string;
  rid: string | null;
  calendar: string;
  person: string | null;
  kind: string;
  starts_at: string;
  ends_at: string;
  all_day: boolean;
  place: string;
  importance: number;
  shown_as: string;
  recurring: boolean;
  access: string;
  source: { noun: string; subject: string } | null;
  words: { title: string; sign: string; when: string; shown: string; mark: string; rest: string; all: string };
  url: string;
}

/** A day that is no plain working day, or its date by the moon. */
export interface Day {
  day: string;
  name: string;
  off: boolean;
  /** `8. 15.` */
  lunar: string;
  leap: boolean;
}

export interface Shown {
  items: Line[];
  days: Day[];
}

export interface Calendar {
  id: string;
  colour: number;
}

export interface Config {
  view: string;
  day: string;
  locale: string;
  icons: string;
  calendars: Calendar[];
  executives: string[];
  words: Record<string, string>;
}

/** What tells an entry from others on the page. */
export function keyOf(line: Line): string {
  return line.rid ? `${line.id}/${line.rid}` : line.id;
}

/** Whether it can be moved here: not what another noun fills, and not what one only reads. */
export function movable(line: Line): boolean {
  const own = !line.source || line.source.noun === "directory";
  return (line.access === "own" || line.access === "write") && own && line.kind !== "due" && line.kind !== "booking";
}
