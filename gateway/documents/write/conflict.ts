// The same draft was changed elsewhere: both are shown, and the person says which one goes on.
import { showBody } from "./body";
import { part } from "../../ui/scripts/pieces";
import { copy, get, word } from "./page";
import type { Sheet } from "./sheet";
import { bar } from "./status";
import { fieldsOf } from "./types";
import type { Card, Fields, Name } from "./types";

/** Shows #conflict-bar until the person has chosen. `foreign` names the fields that were changed elsewhere. */
export function choose(sheet: Sheet, theirs: Card, mine: Name[], foreign: Name[]): Promise<"mine" | "theirs"> {
  const names = (fields: Name[]) => fields.map((name) => word(`field_${name}`)).join(", ");
  const place = get("conflict-bar");
  part(place, "theirs").textContent = word("conflict_theirs", { names: names(foreign) });
  part(place, "mine").textContent = word("conflict_mine", { names: names(mine) });
  bar("conflict-bar", true);
  place.scrollIntoView({ block: "nearest" });
  return new Promise((resolve) => {
    const pressed = (event: Event) => {
      const does = (event.target as HTMLElement).closest<HTMLElement>("[data-choice]")?.dataset["choice"];
      if (does === "both") return both(sheet.read(), theirs, [...new Set([...foreign, ...mine])]);
      if (does !== "mine" && does !== "theirs") return;
      for (const one of [place, get("conflict-dialog")]) one.removeEventListener("click", pressed);
      get<HTMLDialogElement>("conflict-dialog").close();
      bar("conflict-bar", false);
      resolve(does);
    };
    for (const one of [place, get("conflict-dialog")]) one.addEventListener("click", pressed);
  });
}

/** Both versions side by side, field by field. */
function both(mine: Fields, card: Card, names: Name[]): void {
  const theirs = fieldsOf(card);
  const rows = names.map((name) => {
    const row = copy("conflict-row");
    part(row, "name").textContent = word(`field_${name}`);
    for (const [side, fields] of [
      ["mine", mine],
      ["theirs", theirs],
    ] as const) {
      const place = part(row, side);
      if (name === "body") showBody(place, fields.body);
      else place.textContent = said(name, fields);
    }
    return row;
  });
  get("conflict-rows").replaceChildren(...rows);
  get<HTMLDialogElement>("conflict-dialog").showModal();
}

/** A field's value as text; a choice by the words it has in its list. */
function said(name: Name, fields: Fields): string {
  if (name === "line") return fields.line.map((step) => `${word(`role_${step.role}`)} ${step.person.name}`).join(" → ");
  if (name === "recipients") return fields.recipients.map((recipient) => recipient.name).join(", ");
  if (name === "keywords") return fields.keywords.join(", ");
  if (name === "disclosure") {
    const { class: chosen, clauses, reason } = fields.disclosure;
    return `${word(`class_${chosen}`)}${clauses.length ? `(${clauses.join(",")})` : ""} ${reason}`;
  }
  const control = document.getElementById(name);
  const value = fields[name] as string | null;
  const option = control instanceof HTMLSelectElement ? [...control.options].find((one) => one.value === value) : null;
  return option?.text ?? value ?? "";
}
