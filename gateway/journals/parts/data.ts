// What the server tells the script of a page, and the shape of forms and values.
import { find } from "../../ui/scripts/page";

export interface Field {
  key: string;
  type: string;
  label: string;
  hint: string;
  required: boolean;
  most?: number | string | null;
  lines?: boolean;
  unit?: string;
  least?: string | null;
  low?: string | null;
  high?: string | null;
  options?: string[];
  abnormal?: string[];
  several?: boolean;
  fields?: Field[];
}
export type Value = unknown;
export type Values = Record<string, Value>;

/** The content of <script type="application/json" id=…>. */
export function told<T>(id: string): T | null {
  const text = find(`#${id}`)?.textContent;
  return text ? (JSON.parse(text) as T) : null;
}

/** A sentence with its `{n}` filled in. */
export function filled(words: string | undefined, n: number | string = ""): string {
  return (words ?? "").replace("{n}", String(n));
}
