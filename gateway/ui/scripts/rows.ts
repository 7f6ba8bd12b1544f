// Lists by the keyboard: j and k walk the rows of the page, or of what is shown beside it.
import { find, typing } from "./page";

/** What one walks along: the links of rows, and others that say so. */
const STEP = "a.row-link, a[data-step]";

export function rows(): void {
  document.addEventListener("keydown", (event) => {
    // The second of two letters is a shortcut's.
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (find("dialog[open]")) return;
    // The Hangul layout types the letters with the same keys.
    const by = { KeyJ: 1, KeyK: -1 }[event.code];
    if (by === undefined || !walk(by)) return;
    event.preventDefault();
  });
}

/** Whether there was a row to go to. */
function walk(by: number): boolean {
  const panel = find("side-panel:not([hidden])");
  const within = panel && panel.contains(document.activeElement) ? panel : (find("#content") ?? document.body);
  const all = [...within.querySelectorAll<HTMLElement>(STEP)].filter((step) => step.checkVisibility());
  const at = all.findIndex((step) => rowOf(step).contains(document.activeElement));
  const next = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
  return next !== undefined;
}

/** The row that something in a list belongs to. */
export function rowOf(element: Element): HTMLElement {
  return element.closest<HTMLElement>("li, tr") ?? (element as HTMLElement);
}
