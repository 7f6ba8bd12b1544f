// Saving by itself: what is typed is kept in the browser at once and by the server a moment later.
//
// Every write goes out under a key that is kept with it: one whose answer was lost is sent again as it was, and the
// server does not do it twice. Only fields that changed since the version the server has are sent, on that version.
import { Changes, CHOSEN } from "./changes";
import type { Base, Keeper, Kept, Pending } from "./kept";
import { api } from "../../ui/scripts/api";
import type { Answer } from "../../ui/scripts/api";
import type { Saved } from "./types";
import type { Sheet } from "./sheet";
import { show } from "./status";
import type { State } from "./status";
import { changed, fieldsOf, wire } from "./types";
import type { Card, Name } from "./types";

const KEEP_MS = 200;
const SAVE_MS = 1_500;
/** Somebody who types without a pause is saved this often. */
const LONGEST_MS = 10_000;
const RETRIES_S = [2, 5, 10, 30, 60];

export interface Hooks {
  /** The draft has come into being, under this id. */
  created(id: string): void;
  /** Another window or person has changed the draft: which side is to go on? */
  choose(theirs: Card, mine: Name[], names: Name[]): Promise<"mine" | "theirs">;
  /** The server's card was read: its attachments are what counts. */
  looked(card: Card): void;
}

export class Autosave {
  private pending: Pending | null = null;
  private running: Promise<boolean> | null = null;
  private trouble: State | null = null;
  private readonly changes: Changes;
  private timers = { keep: 0, save: 0 };
  private dirtySince = 0;
  private failures = 0;
  private savedAt = 0;
  /** Counted up with each change; what is kept has the number it was kept at. */
  private edits = 0;
  private keptAt = 0;
  private saving = false;
  private left = false;

  constructor(
    private readonly who: string,
    private readonly sheet: Sheet,
    private readonly keeper: Keeper,
    private readonly hooks: Hooks,
    public id: string | null,
    base: Base,
  ) {
    this.changes = new Changes(sheet, base);
    document.addEventListener("visibilitychange", () => this.leaving());
    window.addEventListener("blur", () => this.leaving());
    for (const back of ["online", "focus"]) window.addEventListener(back, () => this.back());
    window.addEventListener("beforeunload", (event) => {
      if (!this.left && this.edits > this.keptAt && this.changes.unsaved().length) event.preventDefault();
    });
    if (!id) this.render();
  }

  get version(): number | null {
    return this.changes.base.version;
  }

  /** An upload or a removal has made a new version: the next write stands on it. */
  set version(version: number | null) {
    this.changes.base = { ...this.changes.base, version };
  }

  /** Goes on from what a page before this one kept. */
  resume(kept: Kept): void {
    this.id = kept.draft;
    this.changes.base = kept.base;
    this.pending = kept.pending;
    this.edits = this.keptAt = 1;
    for (const name of kept.touched) this.sheet.touched.add(name);
    this.sheet.fill(kept.fields);
    this.render();
    void this.flush();
  }

  /** Something on the page was changed. */
  touch(): void {
    this.edits += 1;
    this.timers.keep ||= window.setTimeout(() => void this.keep(), KEEP_MS);
    if (this.trouble) return;
    this.soon();
    // Said at once; whether it truly differs is looked at when it is kept.
    if (!this.saving) show("dirty", { kept: false });
  }

  /** Saves now. True where the server has everything that is on the page. */
  async flush(): Promise<boolean> {
    window.clearTimeout(this.timers.save);
    if (this.trouble === "closed" || this.trouble === "conflict") return false;
    if (this.running) await this.running;
    this.running ??= this.run().finally(() => (this.running = null));
    return this.running;
  }

  /** Goes on as a new draft: the one this was is on its way or gone. Its attachments stay with it. */
  async asNew(): Promise<boolean> {
    this.id = null;
    this.pending = null;
    this.trouble = null;
    this.changes.base = { version: null, fields: { ...this.changes.base.fields, title: "" } };
    return this.flush();
  }

  /** The draft is on its way or gone: nothing more is saved or asked. */
  async finish(): Promise<void> {
    this.left = true;
    window.clearTimeout(this.timers.keep);
    await this.keeper.forget();
  }

  private soon(): void {
    const now = Date.now();
    this.dirtySince ||= now;
    window.clearTimeout(this.timers.save);
    const wait = Math.min(SAVE_MS, Math.max(0, this.dirtySince + LONGEST_MS - now));
    this.timers.save = window.setTimeout(() => void this.flush(), wait);
  }

  private leaving(): void {
    if (this.left || !this.changes.unsaved().length) return;
    void this.keep();
    if (!this.trouble) void this.flush();
  }

  private back(): void {
    const waits = this.trouble && ["offline", "away", "signed_out", "another"].includes(this.trouble);
    if (waits && document.visibilityState === "visible") void this.flush();
  }

  // -- keeping in the browser -----------------------------------------------------------------------

  private async keep(): Promise<void> {
    window.clearTimeout(this.timers.keep);
    this.timers.keep = 0;
    if (this.left) return;
    const at = this.edits;
    const kept = await this.keeper.keep({
      who: this.who,
      draft: this.id,
      at: Date.now(),
      base: this.changes.base,
      fields: this.sheet.read(),
      touched: [...this.sheet.touched],
      pending: this.pending,
    });
    if (kept) this.keptAt = Math.max(this.keptAt, at);
    this.render();
  }

  // -- saving at the server -------------------------------------------------------------------------

  private async run(): Promise<boolean> {
    this.dirtySince = 0;
    for (;;) {
      this.pending ??= this.changes.next(!this.id);
      if (!this.pending) return this.settled();
      await this.keep();
      const edits = this.edits;
      this.saving = true;
      this.render();
      const answer = await this.send(this.pending);
      this.saving = false;
      if (!(await this.take(answer, this.pending))) return false;
      // More was typed meanwhile: it waits for its pause like everything else, unless somebody waits for it.
      if (this.edits !== edits && this.changes.next(!this.id)) this.soon();
    }
  }

  private send(pending: Pending): Promise<Answer<Saved>> {
    const leaving = document.visibilityState === "hidden";
    const { key, version, fields: body } = pending;
    return this.id
      ? api<Saved>("PATCH", `/documents/${this.id}`, { body, key, version, leaving })
      : api<Saved>("POST", "/documents", { body, key, leaving });
  }

  /** Acts on an answer. False where saving has to stop for now. */
  private async take(answer: Answer<Saved>, sent: Pending): Promise<boolean> {
    if (answer.kind === "done") {
      this.pending = null;
      this.changes.saved(answer.result.version, sent);
      this.savedAt = Date.now();
      if (!this.id) await this.begin(answer.result.id, sent);
    } else if (answer.kind === "refused") {
      this.pending = null;
      this.changes.refuse(answer.fields, sent);
    } else if (answer.kind === "stale") {
      this.pending = null;
      return this.meet();
    } else {
      this.stop(answer.kind, answer.kind === "away" ? answer.seconds : 0);
      return false;
    }
    this.failures = 0;
    this.trouble = null;
    return true;
  }

  private async begin(id: string, sent: Pending): Promise<void> {
    this.id = id;
    this.hooks.created(id);
    if (CHOSEN.every((name) => name in sent.fields)) return;
    const answer = await api<Card>("GET", `/documents/${id}`);
    if (answer.kind !== "done") return;
    this.hooks.looked(answer.result);
    const { folder, form, retention } = fieldsOf(answer.result);
    this.changes.base.fields = { ...this.changes.base.fields, folder, form, retention };
    this.sheet.chosen({ folder, form }, answer.result.folder?.title ?? "");
    if (!this.sheet.touched.has("retention")) this.sheet.fill({ retention });
  }

  /** The server has a version this page does not know. */
  private async meet(): Promise<boolean> {
    const answer = await api<Card>("GET", `/documents/${this.id}`);
    if (answer.kind !== "done") {
      this.stop(answer.kind === "refused" || answer.kind === "stale" ? "closed" : answer.kind, 5);
      return false;
    }
    const card = answer.result;
    if (card.state !== "draft" && card.state !== "returned") {
      this.stop("closed", 0);
      return false;
    }
    this.hooks.looked(card);
    const theirs = wire(fieldsOf(card));
    const mine = this.changes.unsaved();
    const foreign = changed(this.changes.base.fields, theirs).filter((name) =>
      changed(theirs, wire(this.sheet.read())).includes(name),
    );
    if (foreign.length) {
      this.trouble = "conflict";
      await this.keep();
      this.render();
      const chosen = await this.hooks.choose(card, mine, foreign);
      const whole = fieldsOf(card);
      const taken =
        chosen === "theirs"
          ? whole
          : Object.fromEntries(Object.entries(whole).filter(([name]) => !mine.includes(name as Name)));
      this.sheet.fill(taken);
    }
    this.trouble = null;
    this.changes.base = { version: card.version, fields: theirs };
    return true;
  }

  private stop(trouble: State, seconds: number): void {
    this.trouble = trouble;
    this.render();
    if (trouble === "closed" || trouble === "another") return;
    const wait = Math.max(RETRIES_S[Math.min(this.failures, RETRIES_S.length - 1)] ?? 60, seconds);
    this.failures += 1;
    window.clearTimeout(this.timers.save);
    this.timers.save = window.setTimeout(() => void this.flush(), wait * 1000);
  }

  private async settled(): Promise<boolean> {
    const clean = !this.changes.unsaved().length;
    if (clean) {
      window.clearTimeout(this.timers.keep);
      this.timers.keep = 0;
      this.keptAt = this.edits;
      await this.keeper.forget();
    }
    this.render();
    return clean;
  }

  // -- showing --------------------------------------------------------------------------------------

  private render(): void {
    const told = this.changes.told();
    let state: State = "idle";
    if (this.trouble) state = this.trouble;
    else if (this.saving) state = "saving";
    else if (!told.unsaved) state = this.savedAt ? "saved" : "idle";
    else if (!this.id && !told.titled) state = "untitled";
    else state = told.allHeld ? "partly" : "dirty";
    show(state, { at: this.savedAt, names: told.names, kept: this.edits === this.keptAt });
  }
}
