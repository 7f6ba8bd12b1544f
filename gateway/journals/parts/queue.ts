// What is written is kept on the device first and sent from there: at once where there is a net, else when it is back.
// Each entry has an id of its own from the start, so that however often it is sent it is one.
import { createStore, del, entries, set } from "idb-keyval";
import { type Answer, api, renew } from "../../ui/scripts/api";
import { find, meta } from "../../ui/scripts/page";
import { type Values, filled, told } from "./data";

export interface Photo {
  field: string;
  repeat: { group: string; row: number } | null;
  name: string;
  content: Blob;
}
export interface Kept {
  id: string;
  person: string;
  body: Values;
  version: number | null;
  photos: Photo[];
}
export type Outcome = Answer<{ id: string; version: number; flagged: boolean }>["kind"];
export interface Done {
  outcome: Outcome;
  fields: Record<string, unknown>;
}

const store = createStore("oneway-journals", "queue");
const AGAIN_MS = 20_000;
let sending: Promise<Map<string, Done>> | null = null;

/** Keeps an entry; it is on the device from then on until the server has it. */
export async function keep(entry: Kept): Promise<void> {
  await set(entry.id, entry, store);
}

/** Takes an entry off the device. */
export async function drop(id: string): Promise<void> {
  await del(id, store);
  await shown();
}

/** Those of the person signed in. */
export async function waiting(): Promise<Kept[]> {
  const all = await entries<string, Kept>(store).catch(() => []);
  return all.map(([, entry]) => entry).filter((entry) => entry.person === meta("person"));
}

/** Sends all that waits, one after the other and once at a time; what became of each, by its id. */
export function flush(): Promise<Map<string, Done>> {
  // Another window may be at it: the browser lets one in at a time.
  const alone = async (): Promise<Map<string, Done>> =>
    "locks" in navigator ? navigator.locks.request("oneway-journals", () => sendAll()) : sendAll();
  sending ??= alone().finally(() => (sending = null));
  return sending;
}

async function sendAll(): Promise<Map<string, Done>> {
  const done = new Map<string, Done>();
  for (const entry of await waiting()) {
    const found = await send(entry);
    done.set(entry.id, found);
    if (found.outcome === "done") await del(entry.id, store);
    if (["offline", "away", "signed_out", "another"].includes(found.outcome)) break;
  }
  await shown();
  return done;
}

async function send(entry: Kept): Promise<Done> {
  // The page may be an old one, kept for when there is no net: its token is of a session that is over.
  const renewed = await renew();
  if (renewed) return { outcome: renewed.kind, fields: {} };
  if (entry.photos.length) {
    const begun = await api("PUT", `/journals/entries/${entry.id}`, { body: { ...entry.body, values: {}, draft: true } });
    if (begun.kind !== "done") return result(begun);
    for (const [number, photo] of entry.photos.entries()) {
      const file = await upload(entry.id, number, photo);
      if (typeof file !== "string") return file;
      place(entry.body["values"] as Values, photo, file);
    }
  }
  const body = { ...entry.body, sent_at: new Date().toISOString() };
  return result(await api("PUT", `/journals/entries/${entry.id}`, { body, version: entry.version }));
}

function result(answer: Answer<unknown>): Done {
  return { outcome: answer.kind, fields: answer.kind === "refused" ? answer.fields : {} };
}

/** The id of the photo on the server; sent again under its key it is the same file. */
async function upload(entry: string, number: number, photo: Photo): Promise<string | Done> {
  const headers = {
    "Content-Type": "application/octet-stream",
    "X-CSRFToken": meta("csrf-token"),
    "Idempotency-Key": `${entry}-${number}`,
  };
  const path = `/api/v1/journals/entries/${entry}/files?name=${encodeURIComponent(photo.name)}`;
  try {
    const answer = await fetch(path, { method: "POST", headers, body: photo.content });
    const found = (await answer.json().catch(() => null)) as { id?: string; fields?: Record<string, unknown> } | null;
    if (answer.status === 201 && found?.id) return found.id;
    return { outcome: answer.status >= 500 ? "away" : "refused", fields: found?.fields ?? {} };
  } catch {
    return { outcome: "offline", fields: {} };
  }
}

/** Puts a photo's id where it belongs in the values; once, however often it is sent. */
function place(values: Values, photo: Photo, file: string): void {
  const rows = photo.repeat ? (values[photo.repeat.group] as Values[]) : null;
  const within = rows && photo.repeat ? (rows[photo.repeat.row] ?? values) : values;
  const known = (within[photo.field] as string[] | undefined) ?? [];
  if (!known.includes(file)) within[photo.field] = [...known, file];
}

/** Says how many wait, on every page of journals. */
async function shown(): Promise<void> {
  const note = find("#journal-queue");
  if (!note) return;
  const count = (await waiting()).length;
  note.hidden = count === 0;
  const words = told<Record<string, string>>("journal-queue-words") ?? {};
  const said = find("[data-part=words]", note);
  if (said) said.textContent = filled(words["waiting_many"], count);
}

/** Keeps the service worker, and sends what waits: now, when the net is back, and every now and then. */
export function begin(): void {
  if (!meta("person")) return;
  // In a side panel the page is another noun's: what is kept there is sent the next time.
  if ("serviceWorker" in navigator && location.pathname.startsWith("/journals")) {
    void navigator.serviceWorker.register("/journals/sw.js", { scope: "/journals" }).catch(() => undefined);
  }
  const now = async () => {
    if (navigator.onLine && (await waiting()).length) await flush();
    else await shown();
  };
  window.addEventListener("online", () => void now());
  window.setInterval(() => void now(), AGAIN_MS);
  void now();
}
