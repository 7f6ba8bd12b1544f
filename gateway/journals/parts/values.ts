// The fields of a form on the page: what is in them, and put into them. Each is an element with data-field.
import { find } from "../../ui/scripts/page";
import { copied, part } from "../../ui/scripts/pieces";
import type { Value, Values } from "./data";
import { smaller } from "./photos";
import type { Photo } from "./queue";
import { Pad } from "./signature";

const pads = new WeakMap<HTMLElement, Pad>();
const taken = new WeakMap<HTMLElement, { name: string; content: Blob }[]>();

/** The fields directly within, and not those within their repeats. */
export function fieldsOf(within: HTMLElement): HTMLElement[] {
  const inner = within.matches("[data-row]") ? within : null;
  return [...within.querySelectorAll<HTMLElement>("[data-field]")].filter(
    (field) => (field.parentElement?.closest<HTMLElement>("[data-row]") ?? null) === inner,
  );
}

export const rowsOf = (group: HTMLElement): HTMLElement[] => [
  ...group.querySelectorAll<HTMLElement>(":scope > [data-part=rows] > [data-row]"),
];

const checked = (field: HTMLElement): string[] =>
  [...field.querySelectorAll<HTMLInputElement>("input:checked")].map((input) => input.value);
const input = (field: HTMLElement) => part<HTMLInputElement>(field, "input");

/** What is in a field; undefined where nothing is. */
function valueOf(field: HTMLElement): Value | undefined {
  switch (field.dataset["type"]) {
    case "check": {
      const [result] = checked(field);
      const note = input(field).value.trim();
      return result ? { result, ...(note && result === "abnormal" ? { note } : {}) } : undefined;
    }
    case "choice": {
      const found = checked(field);
      return field.dataset["several"] ? (found.length ? found : undefined) : found[0];
    }
    case "place":
      return field.dataset["value"] ? JSON.parse(field.dataset["value"]) : undefined;
    case "signature": {
      const name = input(field).value.trim();
      const strokes = pads.get(field)?.drawn ?? [];
      return name ? { name, ...(strokes.length ? { strokes } : {}) } : undefined;
    }
    case "photo":
      return field.dataset["value"] ? JSON.parse(field.dataset["value"]) : undefined;
    case "group": {
      const rows = rowsOf(field).map(valuesOf);
      return rows.length ? rows : undefined;
    }
    default:
      return input(field).value.trim() || undefined;
  }
}

/** Everything that is filled in. */
export function valuesOf(within: HTMLElement): Values {
  const values: Values = {};
  for (const field of fieldsOf(within)) {
    const value = valueOf(field);
    if (value !== undefined) values[field.dataset["key"] ?? ""] = value;
  }
  return values;
}

/** Puts what was written before into the fields. */
export function putValues(within: HTMLElement, values: Values): void {
  for (const field of fieldsOf(within)) {
    const value = values[field.dataset["key"] ?? ""];
    if (value !== undefined) put(field, value);
  }
}

function put(field: HTMLElement, value: Value): void {
  const given = value as Record<string, unknown>;
  const choose = (chosen: string[]) => {
    for (const each of field.querySelectorAll<HTMLInputElement>("input[type=radio], input[type=checkbox]"))
      each.checked = chosen.includes(each.value);
  };
  switch (field.dataset["type"]) {
    case "check":
      choose([String(given["result"])]);
      input(field).value = String(given["note"] ?? "");
      noted(field);
      break;
    case "choice":
      choose(Array.isArray(value) ? (value as string[]) : [String(value)]);
      break;
    case "place":
    case "photo":
      field.dataset["value"] = JSON.stringify(value);
      told(field);
      break;
    case "signature": {
      input(field).value = String(given["name"] ?? "");
      const pad = pads.get(field);
      if (pad) pad.drawn = (given["strokes"] as number[][] | undefined) ?? [];
      break;
    }
    case "group":
      for (const row of value as Values[]) putValues(addRow(field), row);
      break;
    default:
      input(field).value = String(value);
  }
}

/** The photos that are to be sent, each with where it belongs. */
export function photosOf(within: HTMLElement, repeat: Photo["repeat"] = null): Photo[] {
  return fieldsOf(within).flatMap((field) => {
    const key = field.dataset["key"] ?? "";
    if (field.dataset["type"] === "group")
      return rowsOf(field).flatMap((row, n) => photosOf(row, { group: key, row: n }));
    return (taken.get(field) ?? []).map((photo) => ({ field: key, repeat, ...photo }));
  });
}

export const hasPhotos = (field: HTMLElement): boolean => (taken.get(field) ?? []).length > 0;

// -- what moves -------------------------------------------------------------------------------------

/** The note of a check is asked for where it is 이상. */
export function noted(field: HTMLElement): void {
  part(field, "note").hidden = checked(field)[0] !== "abnormal";
}

export function addRow(group: HTMLElement): HTMLElement {
  const row = copied(find<HTMLTemplateElement>(":scope > template", group));
  // Radios of one row are a group of their own, and labels name theirs.
  const own = crypto.randomUUID();
  for (const each of row.querySelectorAll<HTMLElement>("[id], [name], [for], [aria-labelledby]")) {
    for (const name of ["id", "name", "for", "aria-labelledby"]) {
      const value = each.getAttribute(name);
      if (value) each.setAttribute(name, `${value}-${own}`);
    }
  }
  part(group, "rows").append(row);
  prepare(row);
  counted(group);
  return row;
}

export function counted(group: HTMLElement): void {
  const rows = rowsOf(group);
  rows.forEach((row, n) => (part(row, "number").textContent = (group.dataset["repeat"] ?? "{n}").replace("{n}", String(n + 1))));
  part<HTMLButtonElement>(group, "add").disabled = rows.length >= Number(group.dataset["most"]);
}

/** What is shown beside a field whose value is in no control. */
function told(field: HTMLElement): void {
  const said = find("[data-part=said]", field);
  if (!said) return;
  if (field.dataset["type"] === "place") {
    const value = field.dataset["value"];
    const place = value ? (JSON.parse(value) as { accuracy?: number }) : null;
    said.textContent = place ? (field.dataset["located"] ?? "").replace("{n}", String(Math.round(place.accuracy ?? 0))) : "";
  } else {
    const kept = field.dataset["value"] ? (JSON.parse(field.dataset["value"]) as string[]).length : 0;
    const list = part(field, "list");
    list.replaceChildren(
      ...(taken.get(field) ?? []).map((photo, n) => thumbnail(field, photo, n)),
    );
    said.textContent = kept ? (field.dataset["kept"] ?? "").replace("{n}", String(kept)) : "";
  }
}

function thumbnail(field: HTMLElement, photo: { name: string; content: Blob }, n: number): HTMLElement {
  const item = copied(find<HTMLTemplateElement>("template", field));
  const picture = part<HTMLImageElement>(item, "picture");
  picture.src = URL.createObjectURL(photo.content);
  picture.onload = () => URL.revokeObjectURL(picture.src);
  const remove = part<HTMLButtonElement>(item, "remove");
  remove.setAttribute("aria-label", (field.dataset["remove"] ?? "").replace("{n}", String(n + 1)));
  remove.addEventListener("click", () => {
    taken.get(field)?.splice(n, 1);
    told(field);
  });
  return item;
}

/** Makes the fields of a form, or of one repeat, work. */
export function prepare(within: HTMLElement): void {
  for (const field of fieldsOf(within)) {
    const type = field.dataset["type"];
    if (type === "check") field.addEventListener("change", () => noted(field));
    if (type === "signature") {
      const pad = new Pad(part<HTMLCanvasElement>(field, "pad"), () => undefined);
      pads.set(field, pad);
      part(field, "clear").addEventListener("click", () => (pad.drawn = []));
    }
    if (type === "photo") part<HTMLInputElement>(field, "input").addEventListener("change", () => void take(field));
    if (type === "place") part(field, "locate").addEventListener("click", () => locate(field));
    if (type === "group") {
      part(field, "add").addEventListener("click", () => addRow(field).querySelector<HTMLElement>("input, button")?.focus());
      field.addEventListener("click", (event) => {
        const button = (event.target as HTMLElement).closest("[data-part=drop]");
        if (!button) return;
        button.closest("[data-row]")?.remove();
        counted(field);
      });
    }
  }
}

async function take(field: HTMLElement): Promise<void> {
  const chosen = part<HTMLInputElement>(field, "input");
  const kept = field.dataset["value"] ? (JSON.parse(field.dataset["value"]) as string[]).length : 0;
  const room = Number(field.dataset["most"]) - kept - (taken.get(field) ?? []).length;
  const made = await Promise.all([...(chosen.files ?? [])].slice(0, Math.max(0, room)).map(smaller));
  taken.set(field, [...(taken.get(field) ?? []), ...made]);
  chosen.value = "";
  told(field);
}

/** Where one is: the browser asks the person first, and a no is no obstacle. */
function locate(field: HTMLElement): void {
  const said = part(field, "said");
  navigator.geolocation.getCurrentPosition(
    ({ coords: { latitude, longitude, accuracy } }) => {
      field.dataset["value"] = JSON.stringify({ latitude, longitude, accuracy: Math.round(accuracy) });
      told(field);
    },
    () => (said.textContent = field.dataset["unknown"] ?? ""),
    { enableHighAccuracy: true, timeout: 15_000 },
  );
}
