// Lines: Enter begins the next one, Alt with an arrow moves one, Backspace at the beginning of an empty one goes back.
import { find, say } from "../../ui/scripts/page";

type Words = Record<string, string>;

export function lines(form: HTMLFormElement, words: Words, changed: () => void): void {
  form.addEventListener("input", (event) => {
    grow(event.target as HTMLTextAreaElement);
    changed();
  });
  form.addEventListener("keydown", (event) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-line]");
    if (row && event.target instanceof HTMLTextAreaElement) typed(event, row, words, changed);
  });
  form.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("button[data-part]");
    const row = button?.closest<HTMLElement>("[data-line]") ?? null;
    if (button) pressed(button, row, words, changed);
  });
  for (const area of form.querySelectorAll("textarea")) grow(area);
}

/** The value of one of a line's hidden fields. */
export function field(row: HTMLElement, name: string): HTMLInputElement {
  return row.querySelector<HTMLInputElement>(`input[name="${name}"]`)!;
}

export function area(row: HTMLElement): HTMLTextAreaElement {
  return row.querySelector("textarea")!;
}

function typed(event: KeyboardEvent, row: HTMLElement, words: Words, changed: () => void): void {
  // While a syllable is being composed Enter belongs to it.
  if (event.isComposing) return;
  const { key, altKey, shiftKey, ctrlKey, metaKey } = event;
  if (key === "Enter" && !altKey && !shiftKey && !ctrlKey && !metaKey) {
    event.preventDefault();
    begin(row);
  } else if (altKey && (key === "ArrowUp" || key === "ArrowDown")) {
    event.preventDefault();
    move(row, key === "ArrowUp", words, changed);
  } else if (key === "Backspace" && !area(row).value && row.previousElementSibling && row.dataset["stays"] === undefined) {
    event.preventDefault();
    const before = row.previousElementSibling as HTMLElement;
    row.remove();
    area(before).focus();
    changed();
  }
}

/** A new line after this one; an empty one that is there already is gone on with. */
function begin(row: HTMLElement): void {
  const next = row.nextElementSibling as HTMLElement | null;
  if (next && !area(next).value) return area(next).focus();
  area(add(row.parentElement!, section(row), next)).focus();
}

function add(list: Element, section: string, before: Element | null): HTMLElement {
  const template = find<HTMLElement>("#weekly-line") as unknown as HTMLTemplateElement;
  const made = (template.content.cloneNode(true) as DocumentFragment).querySelector<HTMLElement>("[data-line]")!;
  field(made, "section").value = section;
  area(made).setAttribute("aria-label", list.closest("[data-section]")?.querySelector("h2")?.textContent?.trim() ?? "");
  list.insertBefore(made, before);
  return made;
}

function section(row: Element): string {
  return row.closest<HTMLElement>("[data-section]")?.dataset["section"] ?? "this";
}

function move(row: HTMLElement, up: boolean, words: Words, changed: () => void): void {
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  const list = row.parentElement;
  if (!other || !list) return;
  list.insertBefore(row, up ? other : other.nextElementSibling);
  area(row).focus();
  const place = [...list.children].indexOf(row) + 1;
  say((words["moved"] ?? "").replace("{n}", String(place)));
  changed();
}

function pressed(button: HTMLElement, row: HTMLElement | null, words: Words, changed: () => void): void {
  const part = button.dataset["part"];
  if (part === "add") {
    const list = button.closest("[data-section]")?.querySelector("[data-part='lines']");
    const last = list?.lastElementChild as HTMLElement | null;
    if (list && last && !area(last).value) area(last).focus();
    else if (list) area(add(list, section(list), null)).focus();
  } else if (row && (part === "up" || part === "down")) {
    move(row, part === "up", words, changed);
    button.focus();
  } else if (row && part === "out") {
    out(row, button, words);
    changed();
  } else if (row && part === "merge" && merge(row)) {
    say(words["merged"] ?? "");
    changed();
  }
}

/** One's own line is deleted; one that was carried over or came from below is left out, and comes back. */
function out(row: HTMLElement, button: HTMLElement, words: Words): void {
  if (row.dataset["stays"] === undefined) {
    const next = (row.nextElementSibling ?? row.previousElementSibling) as HTMLElement | null;
    if (next) {
      row.remove();
      area(next).focus();
    } else {
      area(row).value = "";
      field(row, "line").value = "";
      area(row).focus();
    }
    return say(words["removed"] ?? "");
  }
  const leaves = field(row, "left_out").value !== "yes";
  leave(row, leaves);
  button.setAttribute("aria-label", (leaves ? words["restore"] : words["leave_out"]) ?? "");
  say((leaves ? words["left_out"] : words["restored"]) ?? "");
}

function leave(row: HTMLElement, leaves: boolean): void {
  field(row, "left_out").value = leaves ? "yes" : "";
  field(row, "merged_into").value = "";
  row.classList.toggle("is-out", leaves);
  area(row).readOnly = leaves;
  row.querySelector<HTMLElement>("[data-part='out'] use")?.setAttribute(
    "href",
    swapped(row.querySelector("[data-part='out'] use")?.getAttribute("href") ?? "", leaves ? "undo-2" : "x"),
  );
}

function swapped(href: string, name: string): string {
  return `${href.split("#")[0]}#${name}`;
}

/** What this line says goes to the end of the one before, and this one is left out as said there. */
function merge(row: HTMLElement): boolean {
  const before = row.previousElementSibling as HTMLElement | null;
  const into = before ? field(before, "line").value : "";
  if (!before || !into || !field(row, "line").value || field(before, "left_out").value === "yes") return false;
  area(before).value = `${area(before).value}, ${area(row).value}`;
  grow(area(before));
  row.dataset["stays"] = "";
  leave(row, true);
  field(row, "merged_into").value = into;
  area(before).focus();
  return true;
}

/** As high as what is in it, where the browser does not do it by itself. */
function grow(area: HTMLTextAreaElement): void {
  if (!(area instanceof HTMLTextAreaElement) || CSS.supports("field-sizing", "content")) return;
  area.rows = Math.max(1, area.value.split("\n").length);
}
