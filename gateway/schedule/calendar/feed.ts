// What lies in a window: asked of the server, one's own first, then the layers that were chosen.
import type { EventInput, EventSourceFuncInfo } from "fullcalendar";
import { meta, toast } from "../../ui/scripts/page";
import type { Layers } from "./layers";
import { type Calendar, type Config, type Day, type Line, type Shown, keyOf, movable } from "./told";

// No calendar has this id.
const NONE = "00000000-0000-0000-0000-000000000000";

export class Feed {
  /** Days with a name, by their date. */
  days = new Map<string, Day>();
  private readonly calendars: Map<string, Calendar>;
  private readonly executives: string[];
  private told = false;

  constructor(
    config: Config,
    private readonly layers: Layers,
    private readonly named: () => void,
  ) {
    this.calendars = new Map(config.calendars.map((calendar) => [calendar.id, calendar]));
    this.executives = config.executives;
  }

  /** The entries of a window as FullCalendar takes them. What cannot be had is said once, and leaves the rest. */
  async events(info: EventSourceFuncInfo): Promise<EventInput[]> {
    const window = { from: info.startStr, to: info.endStr };
    const seen = [...this.calendars.keys()].filter((id) => this.layers.shows(id));
    // Of nothing the server would show what everybody has.
    const named: Record<string, string> = this.calendars.size ? { calendars: seen.join(",") || NONE } : {};
    const asked = [this.ask({ ...window, ...named, dues: String(this.layers.dues) })];
    const colleagues = this.layers.colleagues;
    if (colleagues.length) asked.push(this.ask({ ...window, people: colleagues.join(",") }));
    if (this.layers.executives && this.executives.length) {
      asked.push(this.ask({ ...window, people: this.executives.join(",") }));
    }
    const [own, ...others] = await Promise.all(asked);
    this.name([own, ...others].flatMap((shown) => shown?.days ?? []));
    const lines = new Map<string, Line>();
    for (const line of [own, ...others].flatMap((shown) => shown?.items ?? [])) {
      if (!lines.has(keyOf(line))) lines.set(keyOf(line), line);
    }
    return [...lines.values()].map((line) => this.event(line));
  }

  private async ask(query: Record<string, string>): Promise<Shown | null> {
    try {
      const answer = await fetch(`/schedule/window.json?${new URLSearchParams(query)}`, { headers: { Accept: "application/json" } });
      if (new URL(answer.url).pathname === "/sign-in") window.location.assign(answer.url);
      if (!answer.ok) throw new Error(String(answer.status));
      this.told = false;
      return (await answer.json()) as Shown;
    } catch {
      if (!this.told) toast(meta("text-offline"), "error");
      this.told = true;
      return null;
    }
  }

  private name(days: Day[]): void {
    const fresh = days.filter(({ day }) => !this.days.has(day));
    for (const day of fresh) this.days.set(day.day, day);
    if (fresh.length) this.named();
  }

  private event(line: Line): EventInput {
    const colour = this.calendars.get(line.calendar)?.colour ?? (line.person ? tone(line.person) : 7);
    const looks = ["entry", `tone-${colour}`, `entry-${line.kind}`];
    if (line.access === "busy") looks.push("is-busy");
    if (line.shown_as !== "busy") looks.push(`is-${line.shown_as}`);
    if (line.importance > 0) looks.push("is-important");
    return {
      id: keyOf(line),
      title: line.words.title,
      start: line.starts_at,
      end: line.ends_at,
      allDay: line.all_day,
      className: looks.join(" "),
      editable: movable(line),
      interactive: true,
      extendedProps: { line, owner: line.person ? this.layers.nameOf(line.person) : "" },
    };
  }
}

/** One of the tones for somebody whose calendar has none here: always the same for the same person. */
function tone(person: string): number {
  return 1 + ([...person].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6);
}
