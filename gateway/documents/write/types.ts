// What a draft holds, as the page edits it and as the API takes it.
import type { Attached } from "../../ui/components/file-drop";
import type { Person } from "../../ui/components/people-picker";

export interface Saved {
  id: string;
  state: string;
  version: number;
  updated_at: string;
}

export type Role = "review" | "cooperate" | "decide";

export interface Step {
  person: Person;
  role: Role;
  parallel: boolean;
  /** Why the directory proposed this person: a code of `write-words`. */
  reason?: string;
}

export interface Disclosure {
  class: string;
  clauses: number[];
  reason: string;
}

export interface Recipient {
  name: string;
  code: string;
}

export interface Fields {
  title: string;
  body: string;
  summary: string;
  keywords: string[];
  form: string;
  retention: string;
  disclosure: Disclosure;
  reading_scope: string;
  folder: string | null;
  recipients: Recipient[];
  sender_name: string;
  line: Step[];
}

export type Name = keyof Fields;

/** Fields as the API takes them: the people of the line by id. */
export type Wire = { [N in Name]: N extends "line" ? { person: string; role: Role; parallel: boolean }[] : Fields[N] };

/** A document as `GET /documents/{id}` and the page's data give it. */
export interface Card extends Omit<Fields, "folder"> {
  id: string;
  state: string;
  version: number;
  folder: { id: string; title: string } | null;
  attachments: Attached[];
}

export const NAMES: readonly Name[] = [
  "title",
  "body",
  "summary",
  "keywords",
  "form",
  "retention",
  "disclosure",
  "reading_scope",
  "folder",
  "recipients",
  "sender_name",
  "line",
];

/** The fields of a card. */
export function fieldsOf(card: Card): Fields {
  const fields: Record<string, unknown> = {};
  for (const name of NAMES) fields[name] = card[name];
  fields["folder"] = card.folder?.id ?? null;
  return fields as unknown as Fields;
}

/** Fields as they go to the API. */
export function wire(fields: Fields): Wire {
  const line = fields.line.map(({ person, role, parallel }) => ({ person: person.id, role, parallel }));
  return { ...fields, line };
}

/** The names of the fields that differ. */
export function changed(one: Wire, other: Wire): Name[] {
  return NAMES.filter((name) => JSON.stringify(canonical(one[name])) !== JSON.stringify(canonical(other[name])));
}

/** The value with the keys of its objects in order: the server and the page write them in different ones. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== "object") return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, part]) => [key, canonical(part)]);
}
