// One document with everybody who writes in it: what is typed goes out, what others typed comes in, over plain requests. The
// live channel says when there is something to ask for. Nothing is lost: it stays in this browser until the server has it.
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { type Answer, api } from "../../ui/scripts/api";
import { meta } from "../../ui/scripts/page";
import { fromText, toText } from "./bytes";
import { type Typed, drop, keep, left } from "./kept";
import { Writers } from "./writers";

export type State = "loading" | "saved" | "saving" | "offline" | "signed_out" | "another" | "signed" | "read_only" | "refused";

export interface Update {
  number: number;
  update: string;
  person: { id: string; name: string };
  client: number;
  cursor: string;
  at: string;
}

interface Updates {
  state: string;
  writes: boolean;
  number: number;
  snapshot: string | null;
  updates: Update[];
  more: boolean;
}

export const FIELD = "minutes";
// The meeting's states in which the words stand.
const SIGNED = ["confirming", "confirmed"];
const GATHER_MS = 150;
const AGAIN_MS = [1_000, 2_000, 5_000, 10_000];
// What the server takes is 256 KiB.
const MOST_BYTES = 128 * 1024;

export class Room {
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness(this.doc);
  readonly writers = new Writers(this.doc, this.awareness);
  state: State = "loading";
  private readonly path: string;
  private readonly queue: Typed[] = [];
  private gathered: Uint8Array[] = [];
  private gathering = 0;
  private flight: Typed | null = null;
  private after = 0;
  private asking: Promise<boolean> | null = null;
  private askAgain = false;
  private failures = 0;
  private waiting = 0;
  private kept = true;

  /** `changed` hears of each new state. */
  constructor(
    private readonly meeting: string,
    private readonly changed: (state: State) => void,
  ) {
    this.path = `/meetings/${meeting}/minutes/updates`;
  }

  /** Brings in what is stored, then what this browser still has of it; only then anything may be typed. */
  async open(): Promise<void> {
    const typed = await left(meta("person"), this.meeting);
    while (!(await this.ask())) await new Promise((done) => window.setTimeout(done, this.pause()));
    for (const each of typed) Y.applyUpdate(this.doc, each.update, this);
    this.queue.push(...typed);
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.gather(update);
    });
    window.addEventListener("online", () => this.come());
    window.addEventListener("pagehide", () => void this.flush());
    document.addEventListener("visibilitychange", () => void this.flush());
    window.addEventListener("beforeunload", (event) => {
      if (this.unsent && !this.kept) event.preventDefault();
    });
    if (this.state === "loading") this.tell(typed.length ? "saving" : "saved");
    void this.send();
  }

  /** Whether anything is typed that the server does not have. */
  get unsent(): boolean {
    return this.queue.length + this.gathered.length > 0;
  }

  /** What was typed and is not on the server. */
  get updates(): Uint8Array[] {
    return [...this.queue.map(({ update }) => update), ...this.gathered];
  }

  /** Forgets what is not on the server: it went another way, or is not wanted. */
  async forget(): Promise<void> {
    await Promise.all(this.queue.splice(0).map(({ id }) => drop(id)));
    this.gathered = [];
  }

  /** The live channel told of something, or the network is back. */
  come(): void {
    window.clearTimeout(this.waiting);
    void this.ask();
    void this.send();
  }

  private gather(update: Uint8Array): void {
    this.gathered.push(update);
    this.gathering ||= window.setTimeout(() => void this.flush(), GATHER_MS);
    if (this.state === "saved") this.tell("saving");
  }

  /** Keeps what was gathered in this browser, then sends it. */
  private async flush(): Promise<void> {
    window.clearTimeout(this.gathering);
    this.gathering = 0;
    if (!this.gathered.length) return;
    const last = this.queue.at(-1);
    const joins = last && last !== this.flight && last.update.length < MOST_BYTES;
    // A piece that grows is another one: the server may have it as it was under its key.
    const parts = joins ? [last.update, ...this.gathered] : this.gathered;
    const typed = {
      id: crypto.randomUUID(),
      person: meta("person"),
      meeting: this.meeting,
      at: joins ? last.at : Date.now(),
      update: Y.mergeUpdates(parts),
    };
    this.gathered = [];
    this.queue.splice(this.queue.length - (joins ? 1 : 0), joins ? 1 : 0, typed);
    this.kept = await keep(typed);
    if (joins) await drop(last.id);
    // Sent while it was being kept: nothing waits any more.
    if (!this.queue.includes(typed) && this.flight !== typed) await drop(typed.id);
    void this.send();
  }

  private async send(): Promise<void> {
    while (!this.flight && this.queue.length && !this.stopped) {
      const typed = (this.flight = this.queue[0]!);
      const cursor = JSON.stringify(this.awareness.getLocalState()?.["cursor"] ?? null).slice(0, 1_000);
      const body = { key: typed.id, update: toText(typed.update), client: this.doc.clientID, cursor };
      const answer = await api<{ number: number }>("POST", this.path, { body });
      this.flight = null;
      if (answer.kind !== "done") return this.failed(answer);
      this.failures = 0;
      this.queue.splice(this.queue.indexOf(typed), 1);
      if (answer.result.number === this.after + 1) this.after += 1;
      await drop(typed.id);
    }
    if (!this.unsent && !this.stopped && this.state !== "loading") this.tell("saved");
  }

  /** Whether typing on would lead nowhere. */
  private get stopped(): boolean {
    return ["signed", "read_only", "refused", "another"].includes(this.state);
  }

  private failed(answer: Exclude<Answer<unknown>, { kind: "done" }>): void {
    if (answer.kind === "closed") return this.tell(answer.slug === "signed" ? "signed" : "read_only");
    if (answer.kind === "refused" || answer.kind === "stale") return this.tell("refused");
    this.tell(answer.kind === "away" ? "offline" : answer.kind);
    if (answer.kind === "another") return;
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.come(), this.pause());
  }

  private pause(): number {
    return AGAIN_MS[Math.min(this.failures++, AGAIN_MS.length - 1)]!;
  }

  /** Asks for what came, once at a time and once more where something came meanwhile; whether all is here. */
  private ask(): Promise<boolean> {
    this.askAgain = Boolean(this.asking);
    this.asking ??= this.askAll().finally(() => (this.asking = null));
    return this.asking;
  }

  private async askAll(): Promise<boolean> {
    for (;;) {
      this.askAgain = false;
      const answer = await api<Updates>("GET", `${this.path}?after=${this.after}`);
      if (answer.kind !== "done") {
        this.failed(answer);
        return false;
      }
      const more = this.take(answer.result);
      if (!more && !this.askAgain) return true;
    }
  }

  private take(found: Updates): boolean {
    this.doc.transact(() => {
      if (found.snapshot) Y.applyUpdate(this.doc, fromText(found.snapshot), this);
      for (const each of found.updates) Y.applyUpdate(this.doc, fromText(each.update), this);
    }, this);
    this.after = found.number;
    this.writers.saw(found.updates);
    if (!found.writes) this.tell(SIGNED.includes(found.state) ? "signed" : "read_only");
    else if (["signed", "read_only", "offline", "signed_out"].includes(this.state)) {
      this.failures = 0;
      this.tell(this.unsent ? "saving" : "saved");
      void this.send();
    }
    return found.more;
  }

  private tell(state: State): void {
    if (state === this.state) return;
    this.state = state;
    this.changed(state);
  }
}
