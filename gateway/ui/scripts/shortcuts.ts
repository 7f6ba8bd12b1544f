// Keyboard shortcuts, described in the dialog #shortcuts: / and ?, g or c followed by a letter, and single letters of links.
import { find, typing } from "./page";

// What the first of two letters begins, by the attribute of the links that have the second.
const FIRST: Record<string, string> = { g: "data-go", c: "data-create" };
const PAUSE_MS = 1200;

/** What one can make is shown with its letters, for who does not know them. */
function showCreates(): void {
  const menu = find<HTMLDetailsElement>("#create-menu");
  if (!menu?.checkVisibility()) return;
  menu.open = true;
  find<HTMLElement>("a", menu)?.focus();
}

/** Single letters act only outside fields and never together with Ctrl, Alt or Meta. */
export function shortcuts(): void {
  let began = { attribute: "", at: -PAUSE_MS };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    // The Hangul layout types the letters below with the same keys: the key's place decides.
    const letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase() ?? event.key;
    const second = event.timeStamp - began.at < PAUSE_MS ? find(`[${began.attribute}="${CSS.escape(letter)}"]`) : null;
    if (second) {
      event.preventDefault();
      second.click();
    } else if (FIRST[letter]) {
      began = { attribute: FIRST[letter], at: event.timeStamp };
      if (letter === "c") showCreates();
    } else if (event.key === "/") {
      const field = find<HTMLInputElement>("[data-search]");
      if (field) {
        event.preventDefault();
        field.focus();
        field.select();
      }
    } else if (event.key === "?") {
      event.preventDefault();
      find<HTMLDialogElement>("#shortcuts")?.showModal();
    } else {
      const link = find(`[data-key="${CSS.escape(letter)}"]`);
      if (link) event.preventDefault();
      link?.click();
    }
  });
}
