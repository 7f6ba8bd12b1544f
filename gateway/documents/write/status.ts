// The one line that says how the draft is kept, and the bars that say what to do. Words, never only a colour.
import { find, say } from "../../ui/scripts/page";
import { part } from "../../ui/scripts/pieces";
import { clock, get, word } from "./page";

export type State =
  | "idle"
  | "dirty"
  | "untitled"
  | "saving"
  | "saved"
  | "partly"
  | "offline"
  | "away"
  | "signed_out"
  | "another"
  | "conflict"
  | "closed";

/** States in which the server does not take what is typed. */
const TROUBLES: readonly State[] = ["offline", "away", "signed_out", "another", "conflict", "closed"];

let shown: State = "idle";

/** Shows the state. `at`: of the last saving; `names`: fields not saved; `kept`: whether this browser has it all. */
export function show(state: State, told: { at?: number; names?: string; kept: boolean }): void {
  const place = get("save-state");
  const unkept = TROUBLES.includes(state) && !told.kept;
  const words = unkept
    ? word("state_unkept")
    : word(`state_${state}`, { time: told.at ? clock(told.at) : "", names: told.names ?? "" });
  place.dataset["state"] = state;
  place.dataset["kept"] = String(told.kept);
  if (part(place, "words").textContent !== words) part(place, "words").textContent = words;
  bar("signed-out-bar", state === "signed_out");
  bar("another-bar", state === "another");
  bar("closed-bar", state === "closed");
  const trouble = TROUBLES.includes(state);
  // Only what changes for the person is read out, not every saving.
  if (trouble !== TROUBLES.includes(shown) || (trouble && state !== shown)) say(words);
  shown = state;
}

/** Shows or hides one of the bars above the form. */
export function bar(id: string, visible: boolean): void {
  const place = find(`#${id}`);
  if (place && place.hidden === visible) place.hidden = !visible;
}
