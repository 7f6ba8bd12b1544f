// Who is writing where: told along with what they write, shown for a while, lost without harm.
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import type { Update } from "./room";

const SHOWN_MS = 20_000;
const COLOURS = 6;
// The cursor plugin asks for a colour in this form; what is seen are the classes.
const ANY_COLOUR = "#000000";

export class Writers {
  private readonly until = new Map<number, { name: string; ends: number }>();
  private timer = 0;
  /** Hears the names of those who write now. */
  changed: (names: string[]) => void = () => undefined;

  constructor(
    private readonly doc: Y.Doc,
    private readonly awareness: Awareness,
  ) {}

  /** Others have written. */
  saw(updates: Update[]): void {
    for (const { client, cursor, person, at } of updates) {
      const ends = Date.parse(at) + SHOWN_MS;
      if (!client || client === this.doc.clientID || ends < Date.now()) continue;
      this.until.set(client, { name: person.name, ends });
      this.awareness.states.set(client, { user: { name: person.name, color: ANY_COLOUR }, cursor: this.place(cursor) });
      this.awareness.emit("change", [{ added: [], updated: [client], removed: [] }, "local"]);
      this.tell();
    }
    if (this.until.size) this.timer ||= window.setInterval(() => this.pass(), 2_000);
  }

  private pass(): void {
    for (const [client, { ends }] of this.until) {
      if (ends > Date.now()) continue;
      this.until.delete(client);
      this.awareness.states.delete(client);
      this.awareness.emit("change", [{ added: [], updated: [], removed: [client] }, "local"]);
    }
    if (!this.until.size) {
      window.clearInterval(this.timer);
      this.timer = 0;
    }
    this.tell();
  }

  private tell(): void {
    this.changed([...new Set([...this.until.values()].map(({ name }) => name))]);
  }

  /** A place as the plugin takes it; null for what is none, whoever sent it. */
  private place(cursor: string): { anchor: unknown; head: unknown } | null {
    try {
      const told = JSON.parse(cursor) as { anchor: unknown; head: unknown } | null;
      if (!told) return null;
      for (const end of [told.anchor, told.head]) {
        Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(end), this.doc);
      }
      return told;
    } catch {
      return null;
    }
  }
}

/** Somebody's cursor with their name. */
export function cursor(user: { name: string }, client: number): HTMLElement {
  const mark = document.createElement("span");
  mark.className = `co-cursor co-colour-${client % COLOURS}`;
  const name = document.createElement("span");
  name.className = "co-cursor-name";
  name.textContent = user.name;
  mark.append("\u2060", name, "\u2060");
  return mark;
}

/** What somebody has selected. */
export function selection(_: unknown, client: number): { class: string } {
  return { class: `co-selection co-colour-${client % COLOURS}` };
}
