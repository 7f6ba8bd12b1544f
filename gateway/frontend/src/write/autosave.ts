// Saving by itself: what is typed is kept in the browser at once and by the server a moment later.
//
// Every write goes out under a key that is kept with it: one whose answer was lost is sent again as it was, and the
// server does not do it twice. Only fields that changed since the version the server has are sent, on that version.
import type { Base, Keeper, Kept, Pending } from "./kept";
import { word } from "./page";
import { api } from "./server";
import type { Answer, Saved } from "./server";
import { halfDone, mark } from "./sheet";
import type { Sheet } from "./sheet";
import { show } from "./status";
import type { State } from "./status";
import { changed, fieldsOf, wire } from "./types";
import type { Card, Name, Wire } from "./types";

const KEEP_MS = 200;
const SAVE_MS = 1_500;
/** Somebody who types without a pause is saved this often. */
const LONGEST_MS = 10_000;
/** What the service chooses where the page had nothing to propose: it opens the year's folders and has its own forms. */
const CHOSEN = ["folder", "form", "retention"] as const;
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
  private readonly refused = new Map<Name, { value: string; words: string }>();
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
    private base: Base,
  ) {
    document.addEventListener("visibilitychange", () => this.leaving());
    window.addEventListener("blur", () => this.leaving());
    for (const back of ["online", "focus"]) window.addEventListener(back, () => this.back());
    window.addEventListener("beforeunload", (event) => {
      if (!this.left && this.edits > this.keptAt && this.unsaved().length) event.preventDefault();
    });
    if (!id) this.render();
  }

  get version(): number | null {
    return this.base.version;
  }

  /** An upload or a removal has made a new version: the next write stands on it. */
  set version(version: number | null) {
    this.base = { ...this.base, version };
  }

  /** Goes on from what a page before this one kept. */
  resume(kept: Kept): void {
    this.id = kept.draft;
    this.base = kept.base;
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
    if (this.trouble === "closed") return false;
    if (this.running) await this.running;
    this.running ??= this.run().finally(() => (this.running = null));
    return this.running;
  }

  /** Goes on as a new draft: the one this was is on its way or gone. Its attachments stay with it. */
  async asNew(): Promise<boolean> {
    this.id = null;
    this.pending = null;
    this.trouble = null;
    this.base = { version: null, fields: { ...this.base.fields, title: "" } };
    return this.flush();
  }

  /** The draft is on its way or gone: nothing more is saved or asked. */
  async finish(): Promise<void> {
    this.left = true;
    window.clearTimeout(this.timers.keep);
    await this.keeper.forget();
  }

  /** The fields that differ from what the server has. */
  unsaved(): Name[] {
    return changed(this.base.fields, wire(this.sheet.read()));
  }

  private soon(): void {
    const now = Date.now();
    this.dirtySince ||= now;
    window.clearTimeout(this.timers.save);
    const wait = Math.min(SAVE_MS, Math.max(0, this.dirtySince + LONGEST_MS - now));
    this.timers.save = window.setTimeout(() => void this.flush(), wait);
  }

  private leaving(): void {
    if (this.left || !this.unsaved().length) return;
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
      base: this.base,
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
      this.pending ??= this.next();
      if (!this.pending) return this.settled();
      await this.keep();
      const edits = this.edits;
      this.saving = true;
      this.render();
      const answer = await this.send(this.pending);
      this.saving = false;
      if (!(await this.take(answer, this.pending))) return false;
      // More was typed meanwhile: it waits for its pause like everything else, unless somebody waits for it.
      if (this.edits !== edits && this.next()) this.soon();
    }
  }

  /** The next write: what changed and can be saved, or null where there is nothing (or no title to begin with). */
  private next(): Pending | null {
    const fields = wire(this.sheet.read());
    const names = changed(this.base.fields, fields).filter((name) => !this.heldBack(fields).includes(name));
    if (!names.length || (!this.id && !fields.title)) return null;
    const sent = this.id ? names : (Object.keys(fields) as Name[]).filter((name) => !this.heldBack(fields).includes(name));
    const part: Partial<Wire> = Object.fromEntries(sent.map((name) => [name, fields[name]]));
    if (!this.id) {
      for (const name of CHOSEN) if (!part[name]) delete part[name];
      if (!part.folder && !this.sheet.touched.has("retention")) delete part.retention; // it follows the folder
    }
    return { key: crypto.randomUUID(), version: this.base.version, fields: part };
  }

  /** Fields that are half done, or were refused as they still are. */
  private heldBack(fields: Wire): Name[] {
    const refused = [...this.refused].filter(([name, { value }]) => value === JSON.stringify(fields[name]));
    for (const name of [...this.refused.keys()]) if (!refused.some(([other]) => other === name)) this.refused.delete(name);
    return [...halfDone(fields), ...refused.map(([name]) => name)];
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
      this.base = { version: answer.result.version, fields: { ...this.base.fields, ...sent.fields } };
      this.savedAt = Date.now();
      if (!this.id) await this.begin(answer.result.id, sent);
    } else if (answer.kind === "refused") {
      this.pending = null;
      this.refuse(answer.fields, sent);
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
    this.base.fields = { ...this.base.fields, folder, form, retention };
    this.sheet.chosen({ folder, form }, answer.result.folder?.title ?? "");
    if (!this.sheet.touched.has("retention")) this.sheet.fill({ retention });
  }

  private refuse(problems: Record<string, unknown>, sent: Pending): void {
    const words = new Map<Name, string>();
    for (const [path, code] of Object.entries(problems)) {
      const name = path.split(".")[0] as Name;
      if (name in sent.fields) words.set(name, word(`refused_${String(code)}`));
    }
    // A refusal that names no field of ours is about all that was sent.
    const names = words.size ? [...words.keys()] : (Object.keys(sent.fields) as Name[]);
    for (const name of names) {
      this.refused.set(name, { value: JSON.stringify(sent.fields[name]), words: words.get(name) ?? word("refused") });
    }
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
    const mine = this.unsaved();
    const foreign = changed(this.base.fields, theirs).filter((name) => changed(theirs, wire(this.sheet.read())).includes(name));
    if (foreign.length) {
      this.trouble = "conflict";
      await this.keep();
      this.render();
      const chosen = await this.hooks.choose(card, mine, foreign);
      const whole = fieldsOf(card);
      const taken = chosen === "theirs" ? whole : Object.fromEntries(Object.entries(whole).filter(([name]) => !mine.includes(name as Name)));
      this.sheet.fill(taken);
    }
    this.trouble = null;
    this.base = { version: card.version, fields: theirs };
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
    const clean = !this.unsaved().length;
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
    const fields = wire(this.sheet.read());
    const held = this.heldBack(fields);
    const unsaved = changed(this.base.fields, fields);
    mark(new Map([...this.refused].map(([name, { words }]) => [name, words])));
    const names = held.filter((name) => unsaved.includes(name)).map((name) => word(`field_${name}`)).join(", ");
    show(this.state(unsaved, held, fields), { at: this.savedAt, names, kept: this.edits === this.keptAt });
  }

  private state(unsaved: Name[], held: Name[], fields: Wire): State {
    if (this.trouble) return this.trouble;
    if (this.saving) return "saving";
    if (!unsaved.length) return this.savedAt ? "saved" : "idle";
    if (!this.id && !fields.title) return "untitled";
    return unsaved.every((name) => held.includes(name)) ? "partly" : "dirty";
  }
}
