// What the server put into the page: its data, its words, and the pieces to be copied.
import { find } from "../../ui/scripts/page";
import type { Attachment, Fields, Person } from "./types";

interface Data {
  tenant: string;
  person: Person;
  id: string | null;
  version: number | null;
  fields: Fields;
  attachments: Attachment[];
  forms: { id: string; body: string }[];
}

function json<T>(id: string): T {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}") as T;
}

export const data = json<Data>("write-data");
const words = json<Record<string, string>>("write-words");

/** A sentence of the page's catalogue with its {places} filled. An unknown code is said by its own name. */
export function word(code: string, places: Record<string, string | number> = {}): string {
  const text = words[code] ?? words["code"]?.replace("{code}", code) ?? code;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole));
}

/** Whether the catalogue has words for this code. */
export function hasWord(code: string): boolean {
  return code in words;
}

/** The element with this id. Throws where the template lacks it: the page would be broken silently. */
export function get<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`#${id} is missing`);
  return element as T;
}

/** A copy of <template id=…>'s only element. */
export function copy<T extends HTMLElement = HTMLElement>(id: string): T {
  const piece = get<HTMLTemplateElement>(id).content.firstElementChild;
  if (!piece) throw new Error(`#${id} is empty`);
  return document.importNode(piece, true) as T;
}

/** The part of `within` marked data-part="name". */
export function part<T extends HTMLElement = HTMLElement>(within: ParentNode, name: string): T {
  const element = find<T>(`[data-part="${name}"]`, within);
  if (!element) throw new Error(`data-part ${name} is missing`);
  return element;
}

/** `14:05` in the reader's own time. */
export function clock(at: number): string {
  return new Date(at).toLocaleTimeString("ko-KR", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** `2026. 1. 2.`, as official documents write it (Reg 7), in Seoul. */
export function day(text: string): string {
  return new Intl.DateTimeFormat("ko-KR", { timeZone: "Asia/Seoul" }).format(new Date(text));
}

/** `512 B`, `1.5 KB`, `20 MB`. */
export function size(bytes: number): string {
  let amount = bytes;
  for (const unit of ["B", "KB", "MB"]) {
    if (amount < 1024) return `${unit === "B" || amount >= 10 ? amount.toFixed(0) : amount.toFixed(1)} ${unit}`;
    amount /= 1024;
  }
  return `${amount.toFixed(1)} GB`;
}
