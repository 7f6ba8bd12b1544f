// What is typed is kept in this browser until the server has it: by person and draft, in IndexedDB.
import { createStore, del, entries, set } from "idb-keyval";
import type { UseStore } from "idb-keyval";
import type { Fields, Name, Wire } from "./types";

/** What the server has, as far as this page knows. */
export interface Base {
  version: number | null;
  fields: Wire;
}

/** A write that was sent, or is about to be: sent again with the same key until there is an answer. */
export interface Pending {
  key: string;
  version: number | null;
  fields: Partial<Wire>;
}

export interface Kept {
  /** `tenant/person`: nobody else's page takes it up. */
  who: string;
  draft: string | null;
  at: number;
  base: Base;
  fields: Fields;
  /** Fields the person has touched, so that proposals leave them alone. */
  touched: Name[];
  pending: Pending | null;
}

const LOCK = "oneway-draft-";

/** One page's place in the store. A page that is open holds a lock named after its place; others leave that alone. */
export class Keeper {
  private store: UseStore | null = null;
  private place: string = crypto.randomUUID();

  constructor(private readonly who: string) {
    try {
      this.store = createStore("oneway-write", "drafts");
    } catch {
      this.store = null; // a browser that keeps nothing: the page then says so when it matters
    }
  }

  /** Takes over what a page that is gone left of this draft (null: of one the server never had), the newest first. */
  async adopt(draft: string | null): Promise<Kept | null> {
    const left = (await this.left()).filter(([, kept]) => kept.draft === draft).sort(([, a], [, b]) => b.at - a.at);
    const newest = left[0];
    if (newest) this.place = newest[0];
    this.hold();
    return newest?.[1] ?? null;
  }

  /** Keeps the page's state. False where the browser would not. */
  async keep(kept: Kept): Promise<boolean> {
    if (!this.store) return false;
    try {
      await set(this.place, kept, this.store);
      return true;
    } catch {
      return false;
    }
  }

  /** Forgets it: the server has everything. */
  async forget(): Promise<void> {
    if (this.store) await del(this.place, this.store).catch(() => undefined);
  }

  private async left(): Promise<[string, Kept][]> {
    if (!this.store) return [];
    try {
      const all = await entries<string, Kept>(this.store);
      const held = new Set((await navigator.locks?.query())?.held?.map((lock) => lock.name));
      return all.filter(([place, kept]) => kept.who === this.who && !held.has(LOCK + place));
    } catch {
      return [];
    }
  }

  private hold(): void {
    void navigator.locks?.request(LOCK + this.place, () => new Promise(() => undefined));
  }
}
