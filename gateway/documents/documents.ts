// The document management card: deciding by keyboard, an opinion that is not lost, printing.
import { find, say, typing } from "../ui/scripts/page";

/** Buttons with data-prints print the page; the keys a (approve), o (opinion) and j (next) serve who decides. */
function card(): void {
  document.addEventListener("click", (event) => {
    if ((event.target as HTMLElement).closest("[data-prints]")) window.print();
  });
  document.addEventListener("keydown", shortcut);
  returning();
  keeping();
}

function shortcut(event: KeyboardEvent): void {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  // The Hangul layout types other letters with the same keys: the key's place decides.
  const act = { KeyA: approving, KeyO: writing, KeyJ: going }[event.code];
  if (act?.()) event.preventDefault();
}

/** Asks once more before approving: a single key is easily pressed by mistake. */
function approving(): boolean {
  const dialog = find<HTMLDialogElement>("#approve-dialog");
  const button = find<HTMLButtonElement>("#approve");
  if (!dialog || !button) return false;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && button.form?.requestSubmit(button), {
    once: true,
  });
  dialog.showModal();
  return true;
}

function writing(): boolean {
  const field = find<HTMLTextAreaElement>("#opinion");
  field?.focus();
  return field !== null;
}

function going(): boolean {
  const next = find<HTMLAnchorElement>("#next");
  next?.click();
  return next !== null;
}

/** A return without an opinion is not sent: the field says what is missing. */
function returning(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      if (form.id !== "decision" || (event.submitter as HTMLButtonElement | null)?.value !== "return") return;
      const field = find<HTMLTextAreaElement>("#opinion");
      if (!field || field.value.trim()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      missing(field, true);
      field.focus();
      say(find("#opinion-error")?.textContent ?? "");
    },
    { capture: true },
  );
  document.addEventListener("input", (event) => {
    const field = event.target as HTMLElement;
    if (field.id === "opinion") missing(field, false);
  });
}

/** Says at the opinion that it is missing, or no longer. */
function missing(field: HTMLElement, is: boolean): void {
  const error = find("#opinion-error");
  if (error) error.hidden = !is;
  if (is) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

/** What is typed as an opinion outlives a reload and a new sign-in in this tab, until the decision is made. */
function keeping(): void {
  const field = find<HTMLTextAreaElement>("#opinion");
  const key = kept();
  if (field && key) field.value ||= sessionStorage.getItem(key) ?? "";
  else if (key) sessionStorage.removeItem(key);
  document.addEventListener("input", (event) => {
    const typed = event.target as HTMLTextAreaElement;
    const place = kept();
    if (typed.id === "opinion" && place) sessionStorage.setItem(place, typed.value);
  });
}

/** Where the opinion of this reader on this document is kept. */
function kept(): string | null {
  const page = find("#card");
  return page && `opinion:${page.dataset["person"]}:${page.dataset["document"]}`;
}

card();
