// Dialogs are <dialog> elements of the page; buttons name theirs with data-opens. Menus are <details class="menu">.
import { find } from "./page";

/** Buttons with data-opens="id" open that dialog; data-closes closes the one around it. */
export function dialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const opener = target.closest<HTMLElement>("[data-opens]");
    if (opener) open(opener);
    if (target.closest("[data-closes]")) target.closest("dialog")?.close();
    if (target instanceof HTMLDialogElement && target.dataset["light"] !== undefined) target.close();
  });
}

/** What opens a dialog from a menu is gone when the menu closes: the focus comes back to the menu's own button. */
function open(opener: HTMLElement): void {
  const menu = opener.closest<HTMLDetailsElement>("details.menu");
  if (menu) {
    menu.open = false;
    find("summary", menu)?.focus();
  }
  find<HTMLDialogElement>(`#${opener.dataset["opens"]}`)?.showModal();
}

/** A form with data-confirm="id" is sent only after that dialog's button with value "yes". */
export function confirmations(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const id = form.dataset["confirm"];
      if (!id || form.dataset["confirmed"] !== undefined) return;
      const dialog = find<HTMLDialogElement>(`#${id}`);
      if (!dialog) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const submitter = event.submitter;
      dialog.returnValue = "";
      dialog.addEventListener(
        "close",
        () => {
          if (dialog.returnValue !== "yes") return;
          form.dataset["confirmed"] = "";
          form.requestSubmit(submitter);
          delete form.dataset["confirmed"];
        },
        { once: true },
      );
      dialog.showModal();
    },
    { capture: true },
  );
}

/** A menu closes when one chooses from it, clicks elsewhere or presses Escape, which gives the focus back. */
export function menus(): void {
  const open = () => document.querySelectorAll<HTMLDetailsElement>("details.menu[open]");
  document.addEventListener("click", (event) => {
    const chosen = (event.target as HTMLElement).closest("a.menu-item");
    for (const menu of open()) if (chosen || !menu.contains(event.target as Node)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      find("summary", menu)?.focus();
    }
  });
}

/** data-toggles="id" shows and hides that part (the navigation on a phone); data-removes takes away what is around it. */
export function toggles(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const button = target.closest<HTMLElement>("[data-toggles]");
    const part = button && find(`#${button.dataset["toggles"]}`);
    if (button && part) button.setAttribute("aria-expanded", String(part.classList.toggle("is-open")));
    const remover = target.closest<HTMLElement>("[data-removes]");
    if (remover) remover.closest(remover.dataset["removes"] ?? "")?.remove();
  });
}
