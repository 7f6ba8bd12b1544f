// An entry gets other times: by the mouse or the keyboard, of a series as far as one says, and back by a toast's button.
import type { EventApi } from "fullcalendar";
import { type Answer, api } from "../../ui/scripts/api";
import { find, meta, say, toast } from "../../ui/scripts/page";
import { filled } from "../../ui/components/words";
import { type Config, type Line, keyOf } from "./told";

const UNDO_MS = 8000;

interface Result {
  id: string;
  also: string | null;
}

interface Times {
  starts_at: string;
  ends_at: string;
  all_day: boolean;
}

/** What is said of a series that changes: this one, this and the following, or all; null where one thinks better of it. */
export function askScope(): Promise<string | null> {
  const dialog = find<HTMLDialogElement>("#scope-dialog")!;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue || null), { once: true });
  });
}

/** The times of an entry as it stands in the calendar now. */
export function timesOf(event: EventApi, line: Line): Times {
  const starts_at = event.startStr;
  return { starts_at, ends_at: event.endStr || later(event, line), all_day: event.allDay };
}

/** FullCalendar forgets the end of what was moved between whole days and hours: an hour, or a day. */
function later(event: EventApi, line: Line): string {
  const start = event.start ?? new Date(line.starts_at);
  if (!event.allDay) return new Date(start.getTime() + 3_600_000).toISOString();
  const day = new Date(`${event.startStr.slice(0, 10)}T00:00:00Z`);
  return new Date(day.getTime() + 86_400_000).toISOString().slice(0, 10);
}

/** The times of a whole series when one of it was moved: by as much, and as long as that one now. */
function along(series: Times, line: Line, after: Times): Times {
  const at = (text: string) => new Date(text.length === 10 ? `${text}T00:00:00Z` : text).getTime();
  if (series.all_day !== after.all_day) return after;
  const start = at(series.starts_at) + at(after.starts_at) - at(line.starts_at);
  const end = start + at(after.ends_at) - at(after.starts_at);
  const told = (time: number) => (after.all_day ? new Date(time).toISOString().slice(0, 10) : new Date(time).toISOString());
  return { starts_at: told(start), ends_at: told(end), all_day: after.all_day };
}

export class Moving {
  constructor(
    private readonly config: Config,
    private readonly refetch: (focus: string) => void,
  ) {}

  /** Keeps the times the event has now; `revert` puts it back where that is refused or not wanted. */
  async moved(event: EventApi, revert: () => void, focus = false): Promise<void> {
    const line = event.extendedProps["line"] as Line;
    const scope = line.recurring ? await askScope() : "all";
    if (!scope) return revert();
    const after = timesOf(event, line);
    const series = scope === "all" && line.rid ? await this.series(line) : null;
    const times = series ? along(series, line, after) : after;
    const answer = await this.send(line.id, scope === "all" ? null : line.rid, scope, times);
    if (answer.kind !== "done") {
      revert();
      return this.failed(answer);
    }
    this.done(line, scope, answer.result, series ?? line);
    this.refetch(focus ? keyOf(line) : "");
  }

  /** The times of the first of a series, which all others follow. */
  private async series(line: Line): Promise<Times | null> {
    const answer = await api<Times>("GET", `/schedule/entries/${line.id}`);
    return answer.kind === "done" ? answer.result : null;
  }

  private done(line: Line, scope: string, result: Result, before: Times): void {
    const words = filled(this.config.words["moved"] ?? "", { title: line.words.title });
    const act = () => void this.back(line, scope, result, before);
    toast(words, "done", { words: meta("text-undo"), milliseconds: UNDO_MS, act });
    say(words);
  }

  /** Puts it back to where it was: of a series that was parted the part that goes on. */
  private async back(line: Line, scope: string, result: Result, before: Times): Promise<void> {
    const rid = scope === "this" ? line.rid : null;
    const { starts_at, ends_at, all_day } = before;
    const times = { starts_at, ends_at, all_day };
    const answer = await this.send(result.also ?? line.id, rid, scope === "this" ? "this" : "all", times);
    if (answer.kind !== "done") return this.failed(answer);
    say(this.config.words["undone"] ?? "");
    this.refetch("");
  }

  private send(id: string, rid: string | null, scope: string, times: Times): Promise<Answer<Result>> {
    return api<Result>("PATCH", `/schedule/entries/${id}`, { body: { scope, ...(rid ? { rid } : {}), ...times } });
  }

  private failed(answer: Answer<Result>): void {
    const { words } = this.config;
    if (answer.kind === "signed_out") window.location.reload();
    const said = answer.kind === "closed" ? words["closed"] : answer.kind === "refused" ? words["refused"] : meta("text-offline");
    toast(said ?? meta("text-failed"), "error");
  }
}
