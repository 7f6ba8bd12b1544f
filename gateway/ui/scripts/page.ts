// Small helps for reading the page.

/** The element, or null where the page has none. */
export function find<T extends HTMLElement>(selector: string, within: ParentNode = document): T | null {
  return within.querySelector<T>(selector);
}

/** The content of <meta name=…>: what the server tells scripts. */
export function meta(name: string): string {
  return find<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}

/** Reads `text` to screen readers when they are done with what they say. */
export function say(text: string): void {
  const region = find("#announcer");
  if (region) {
    region.textContent = "";
    window.setTimeout(() => (region.textContent = text), 50);
  }
}

/** What can be done about what a toast says, as long as it is there. */
export interface Offer {
  words: string;
  milliseconds: number;
  act(): void;
}

/** Shows a short message that goes away by itself; an error stays until it is closed. */
export function toast(text: string, kind: "done" | "error" = "done", offer: Offer | null = null): void {
  const list = find("#toasts");
  if (!list) return;
  const item = document.createElement("div");
  item.className = `toast toast-${kind}`;
  item.setAttribute("role", kind === "error" ? "alert" : "status");
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.textContent = meta("text-close");
  close.addEventListener("click", () => item.remove());
  item.append(words);
  if (offer) item.append(offered(item, offer));
  item.append(close);
  list.append(item);
  if (kind === "done") window.setTimeout(() => item.remove(), offer?.milliseconds ?? 6000);
}

function offered(item: HTMLElement, { words, act }: Offer): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast-offer";
  button.textContent = words;
  button.addEventListener("click", () => {
    item.remove();
    act();
  });
  return button;
}

/** What the server said on arriving goes away by itself as well; the part of a row of tabs one is at is in sight. */
export function arriving(): void {
  const told = document.querySelectorAll<HTMLElement>('#toasts [role="status"]');
  window.setTimeout(() => told.forEach((item) => item.remove()), 8000);
  find(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}

/** Whether the keyboard is at work in a field, so that single letters are text. */
export function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"))
  );
}
