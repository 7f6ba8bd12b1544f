// Keyboard shortcuts, described in the dialog #shortcuts: / ? n, and g followed by a letter.
import { find, typing } from "./page";

const PLACES: Record<string, string> = {
  d: "/desk",
  r: "/boxes/received",
  p: "/boxes/progress",
  f: "/boxes/finished",
  t: "/boxes/drafts",
  u: "/people",
  s: "/settings",
};
const PAUSE_MS = 1200;

/** Single letters act only outside fields and never together with Ctrl, Alt or Meta. */
export function shortcuts(): void {
  let went = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    // The Hangul layout types the letters below with the same keys: the key's place decides.
    const letter = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase() ?? event.key;
    if (event.timeStamp - went < PAUSE_MS && PLACES[letter]) {
      event.preventDefault();
      window.location.assign(PLACES[letter]);
    } else if (letter === "g") {
      went = event.timeStamp;
    } else if (event.key === "/") {
      const field = find<HTMLInputElement>("[data-search]");
      if (field) {
        event.preventDefault();
        field.focus();
        field.select();
      }
    } else if (letter === "n") {
      event.preventDefault();
      find<HTMLAnchorElement>("#new-draft")?.click();
    } else if (event.key === "?") {
      event.preventDefault();
      find<HTMLDialogElement>("#shortcuts")?.showModal();
    }
  });
}
