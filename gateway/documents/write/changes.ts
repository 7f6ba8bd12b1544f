// What differs between the page and the server, and which part of it can be sent.
import type { Base, Pending } from "./kept";
import { word } from "./page";
import { halfDone, mark } from "./sheet";
import type { Sheet } from "./sheet";
import { changed, wire } from "./types";
import type { Name, Wire } from "./types";

/** What the service chooses where the page could not propose: it opens the year's folders and has its own forms. */
export const CHOSEN = ["folder", "form", "retention"] as const;

interface Refused {
  value: string;
  words: string;
}

export class Changes {
  private readonly refused = new Map<Name, Refused>();

  constructor(
    private readonly sheet: Sheet,
    public base: Base,
  ) {}

  /** The names of the fields that differ from what the server has. */
  unsaved(): Name[] {
    return changed(this.base.fields, wire(this.sheet.read()));
  }

  /** The next write: what changed and can be saved. Null where there is nothing, or no title to begin a draft with. */
  next(isNew: boolean): Pending | null {
    const fields = wire(this.sheet.read());
    const held = this.heldBack(fields);
    const names = changed(this.base.fields, fields).filter((name) => !held.includes(name));
    if (!names.length || (isNew && !fields.title)) return null;
    const all = (Object.keys(fields) as Name[]).filter((name) => !held.includes(name));
    const part: Partial<Wire> = Object.fromEntries((isNew ? all : names).map((name) => [name, fields[name]]));
    if (isNew) {
      for (const name of CHOSEN) if (!part[name]) delete part[name];
      if (!part.folder && !this.sheet.touched.has("retention")) delete part.retention; // it follows the folder
    }
    return { key: crypto.randomUUID(), version: this.base.version, fields: part };
  }

  /** The server has taken a write. */
  saved(version: number, sent: Pending): void {
    this.base = { version, fields: { ...this.base.fields, ...sent.fields } };
  }

  /** The server has refused a write: what was wrong waits until it is changed, the rest is sent without it. */
  refuse(problems: Record<string, unknown>, sent: Pending): void {
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

  /** What is to be said: whether anything is unsaved, all of it held back, under which names. Marks the fields. */
  told(): { unsaved: boolean; allHeld: boolean; names: string; titled: boolean } {
    const fields = wire(this.sheet.read());
    const unsaved = changed(this.base.fields, fields);
    const held = this.heldBack(fields).filter((name) => unsaved.includes(name));
    mark(new Map([...this.refused].map(([name, { words }]) => [name, words])));
    return {
      unsaved: unsaved.length > 0,
      allHeld: held.length === unsaved.length,
      names: held.map((name) => word(`field_${name}`)).join(", "),
      titled: fields.title !== "",
    };
  }

  /** Fields that are half done, or were refused as they still are. */
  private heldBack(fields: Wire): Name[] {
    for (const [name, { value }] of [...this.refused]) {
      if (value !== JSON.stringify(fields[name])) this.refused.delete(name);
    }
    return [...new Set([...halfDone(fields), ...this.refused.keys()])];
  }
}
