// What the server put into the page: its data, its words, and the pieces to be copied.
import type { Person } from "../../ui/components/people-picker";
import { filled } from "../../ui/components/words";
import { copied } from "../../ui/scripts/pieces";
import type { Fields } from "./types";

interface Data {
  tenant: string;
  person: Person;
  id: string | null;
  version: number | null;
  fields: Fields;
  forms: { id: string; body: string }[];
}

function json<T>(id: string): T {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}") as T;
}

export const data = json<Data>("write-data");
const words = json<Record<string, string>>("write-words");

/** A sentence of the page's catalogue with its {places} filled. An unknown code is said by its own name. */
export function word(code: string, places: Record<string, string | number> = {}): string {
  return filled(words[code] ?? words["code"]?.replace("{code}", code) ?? code, places);
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
  return copied<T>(get<HTMLTemplateElement>(id));
}

/** `14:05` in the reader's own time. */
export function clock(at: number): string {
  return new Date(at).toLocaleTimeString("ko-KR", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}
