// Keeping what is typed: all lines, a moment after the last change, on the version that the page has.
import { api } from "../../ui/scripts/api";
import { find } from "../../ui/scripts/page";
import { area, field } from "./lines";

interface Line {
  id: string | null;
  section: string;
  text: string;
  cards: string[];
  left_out: boolean;
  merged_into: string | null;
}

interface Saved {
  version: number;
  lines: { id: string; section: string }[];
}

const SAVE_MS = 1_000;
const AGAIN_MS = 5_000;

export class Keeping {
  private timer = 0;
  private edits = 0;
  private kept = 0;
  private running: Promise<boolean> | null = null;
  private ended = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly id: string,
    private readonly words: Record<string, string>,
  ) {
    window.addEventListener("beforeunload", (event) => {
      if (this.waits && !this.ended) event.preventDefault();
    });
    window.addEventListener("online", () => void this.flush());
    // The form brings everything itself, on the version of the last save.
    form.addEventListener("submit", (event) => {
      if (!this.running) {
        this.ended = true;
        window.clearTimeout(this.timer);
        return;
      }
      const submitter = event.submitter;
      event.preventDefault();
      event.stopImmediatePropagation();
      void this.running.then(() => form.requestSubmit(submitter));
    }, { capture: true });
    window.addEventListener("pageshow", () => (this.ended = false));
  }

  /** Whether something is not kept yet. */
  get waits(): boolean {
    return this.edits > this.kept || this.running !== null;
  }

  touch(): void {
    this.edits += 1;
    this.tell("dirty");
    this.later(SAVE_MS);
  }

  /** Saves now; whether everything is kept. */
  async flush(): Promise<boolean> {
    window.clearTimeout(this.timer);
    if (this.running) await this.running;
    if (this.edits === this.kept) return true;
    this.running = this.save().finally(() => (this.running = null));
    return this.running;
  }

  private async save(): Promise<boolean> {
    const at = this.edits;
    const rows = [...this.form.querySelectorAll<HTMLElement>("[data-line]")].filter((row) => area(row).value.trim());
    this.tell("saving");
    const version = Number(this.form.dataset["version"]);
    const body = { lines: rows.map(line) };
    const answer = await api<Saved>("PUT", `/weekly-reports/${this.id}/lines`, {
      body,
      version,
      key: crypto.randomUUID(),
    });
    if (answer.kind === "done") {
      this.kept = at;
      this.take(answer.result, rows);
      if (this.edits > at) this.later(SAVE_MS);
      else this.tell("saved");
      return this.edits === at;
    }
    if (answer.kind === "stale" || answer.kind === "refused" || answer.kind === "closed") this.tell(answer.kind);
    else {
      this.tell("offline");
      this.later(AGAIN_MS);
    }
    return false;
  }

  /** The lines have ids from now on: in each section those that were sent come first, in their order. */
  private take(saved: Saved, rows: HTMLElement[]): void {
    for (const section of ["this", "next", "remarks"]) {
      const own = rows.filter((row) => field(row, "section").value === section);
      const theirs = saved.lines.filter((each) => each.section === section);
      own.forEach((row, place) => (field(row, "line").value = theirs[place]?.id ?? ""));
    }
    this.form.dataset["version"] = String(saved.version);
    for (const input of document.querySelectorAll<HTMLInputElement>('.weekly input[name="version"]')) {
      input.value = String(saved.version);
    }
  }

  private later(after: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.flush(), after);
  }

  private tell(state: string): void {
    const status = find("#weekly-status");
    if (status) status.textContent = this.words[state] ?? "";
  }
}

function line(row: HTMLElement): Line {
  return {
    id: field(row, "line").value || null,
    section: field(row, "section").value,
    text: area(row).value,
    cards: field(row, "cards").value.split(" ").filter(Boolean),
    left_out: field(row, "left_out").value === "yes",
    merged_into: field(row, "merged_into").value || null,
  };
}
