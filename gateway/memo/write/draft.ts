// A memo as it is typed, and as the server keeps it: saved a moment after each change, one request at a time.
import { api } from "../../ui/scripts/api";

export interface Content {
  kind: string;
  to: string[];
  cc: string[];
  title: string;
  body: string;
  urgent: boolean;
  asks: boolean;
  no_forward: boolean;
  send_at: string | null;
  sources: { noun: string; subject: string }[];
}

export interface Kept {
  id: string;
  version: number;
  state: string;
}

export type State = "saving" | "saved" | "unsaved";

const SAVE_MS = 800;
const AGAIN_MS = 5_000;

/** What the form around a name sends. */
export function read(form: HTMLFormElement): Content {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? "");
  const at = text("send_at");
  return {
    kind: text("kind"),
    to: data.getAll("to").map(String),
    cc: data.getAll("cc").map(String),
    title: text("title"),
    body: text("body"),
    urgent: data.has("urgent"),
    asks: data.has("asks"),
    no_forward: data.has("no_forward"),
    // The organisation's time, wherever the reader is.
    send_at: at ? `${at}:00+09:00` : null,
    sources: data.getAll("source").map((each) => {
      const [noun = "", subject = ""] = String(each).split(":");
      return { noun, subject };
    }),
  };
}

export class Draft {
  private last: string;
  private timer = 0;
  private running: Promise<boolean> | null = null;
  private ended = false;

  constructor(
    private readonly form: HTMLFormElement,
    public kept: Kept | null,
    private readonly tell: (state: State) => void,
    private readonly born: (kept: Kept) => void,
  ) {
    this.last = JSON.stringify(read(form));
  }

  get changed(): boolean {
    return JSON.stringify(read(this.form)) !== this.last;
  }

  /** Something was typed: it is kept a moment later. */
  touch(): void {
    window.clearTimeout(this.timer);
    if (!this.ended) this.timer = window.setTimeout(() => void this.save(), SAVE_MS);
  }

  /** Nothing more is saved: it was sent. */
  end(): void {
    this.ended = true;
    window.clearTimeout(this.timer);
  }

  /** Keeps what has changed; `leaving` where the page may be going away. Whether the server has it all. */
  async save({ leaving = false } = {}): Promise<boolean> {
    window.clearTimeout(this.timer);
    while (this.running) await this.running;
    if (!this.changed || this.ended) return true;
    this.running = this.send(leaving);
    const done = await this.running;
    this.running = null;
    this.tell(done ? "saved" : "unsaved");
    if (!done && !leaving) this.timer = window.setTimeout(() => void this.save(), AGAIN_MS);
    return done;
  }

  /** Comes into being, for what belongs to it, although nothing is typed. */
  async be(): Promise<Kept | null> {
    while (this.running) await this.running;
    if (!this.kept) {
      this.running = this.send(false);
      await this.running;
      this.running = null;
    }
    return this.kept;
  }

  private async send(leaving: boolean): Promise<boolean> {
    this.tell("saving");
    const content = read(this.form);
    const body = JSON.stringify(content);
    const key = crypto.randomUUID();
    const answer = this.kept
      ? await api<Kept>("PATCH", `/memos/${this.kept.id}`, { body: content, version: this.kept.version, key, leaving })
      : await api<Kept>("POST", "/memos/drafts", { body: content, key, leaving });
    if (answer.kind === "done") {
      const isNew = !this.kept;
      this.kept = answer.result;
      this.last = body;
      if (isNew) this.born(answer.result);
      return true;
    }
    // Changed in another window: what is typed here is what its writer sees.
    if (answer.kind === "stale" && this.kept) {
      const now = await api<Kept>("GET", `/memos/${this.kept.id}`);
      if (now.kind === "done") this.kept = now.result;
    }
    return false;
  }
}
