// What was typed is kept in this browser until the server has it: each piece by itself, whichever page it came from.
import { createStore, del, entries, set } from "idb-keyval";
import type { UseStore } from "idb-keyval";

/** A piece of what was typed; `id` is the server's key for it, so that it is kept there once. */
export interface Typed {
  id: string;
  person: string;
  meeting: string;
  at: number;
  update: Uint8Array;
}

let store: UseStore | null | undefined;

function opened(): UseStore | null {
  try {
    store ??= createStore("oneway-minutes", "typed");
  } catch {
    store = null; // a browser that keeps nothing
  }
  return store;
}

/** Keeps a piece. False where the browser would not. */
export async function keep(typed: Typed): Promise<boolean> {
  const place = opened();
  if (!place) return false;
  return set(typed.id, typed, place).then(
    () => true,
    () => false,
  );
}

/** Forgets a piece: the server has it, or another piece holds it. */
export async function drop(id: string): Promise<void> {
  const place = opened();
  if (place) await del(id, place).catch(() => undefined);
}

/** What pages of this person left of a meeting's minutes, in the order in which it was typed. */
export async function left(person: string, meeting: string): Promise<Typed[]> {
  const place = opened();
  const all = place ? await entries<string, Typed>(place).catch(() => []) : [];
  const mine = all.map(([, typed]) => typed).filter((typed) => typed.person === person && typed.meeting === meeting);
  return mine.sort((a, b) => a.at - b.at);
}
