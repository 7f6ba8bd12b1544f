// <side-panel>: another page looked at over this one, without leaving it. Space on a link of a list opens it, the arrows
// walk the list behind it, Escape closes it. It has a URL of its own (`?panel=/documents/…`): it can be reloaded and sent.
import type Htmx from "htmx.org";
import { find, meta, toast, typing } from "../scripts/page";
import { part } from "../scripts/pieces";

// A link with data-whole leads to a page that works only by itself.
const LINK = "a.row-link:not([data-whole])";
// What is short is written beside the page one is on.
const BESIDE = "a[data-beside]";
const PARAMETER = "panel";

export class SidePanel extends HTMLElement {
  private htmx: typeof Htmx | null = null;
  private request: AbortController | null = null;

  /** Listens on the page; opens what the page's address names. */
  begin(htmx: typeof Htmx): void {
    this.htmx = htmx;
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("click", (event) => this.beside(event));
    this.addEventListener("leave", () => this.leave());
    this.addEventListener("input", (event) => this.typed(event));
    this.addEventListener("change", (event) => this.typed(event));
    part(this, "close").addEventListener("click", () => this.end());
    window.addEventListener("popstate", () => this.follow());
    this.follow();
  }

  private get path(): string {
    return new URL(window.location.href).searchParams.get(PARAMETER) ?? "";
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>(LINK);
    if (event.key === "Escape" && !this.hidden && this.contains(event.target as Node) && !event.defaultPrevented) this.end();
    else if (event.key === " " && link && !this.contains(link)) this.look(link.getAttribute("href") ?? "");
    else if (this.hidden || typing(event.target)) return;
    else if (event.key === "Escape") this.end();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.walk(event.key === "ArrowDown" ? 1 : -1);
    else return;
    event.preventDefault();
  }

  private beside(event: MouseEvent): void {
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>(BESIDE);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.look(link.getAttribute("href") ?? "");
  }

  /** Opens one of our pages over this one. */
  open(path: string): void {
    this.look(path);
  }

  /** What is shown has another address from now on: a draft that came into being. */
  become(path: string): void {
    const url = new URL(window.location.href);
    url.searchParams.set(PARAMETER, path);
    window.history.replaceState(null, "", url);
    part<HTMLAnchorElement>(this, "whole").href = path;
  }

  private look(path: string): void {
    const url = new URL(window.location.href);
    url.searchParams.set(PARAMETER, path);
    // Walking on leaves one step to go back, not one for each that was looked at.
    if (this.path) window.history.replaceState(null, "", url);
    else window.history.pushState(null, "", url);
    this.follow();
  }

  /** A form with data-unkept is kept by nobody until it is sent: it was typed in. */
  private typed(event: Event): void {
    const form = (event.target as HTMLElement).closest<HTMLFormElement>("form[data-unkept]");
    if (form) form.dataset["typed"] = "";
  }

  /** Leaves; first asked once more where what was typed would be gone. */
  private end(): void {
    const dialog = find<HTMLDialogElement>("#panel-leave");
    if (!dialog || !find("form[data-typed]", this)) return this.leave();
    dialog.returnValue = "";
    dialog.addEventListener("close", () => dialog.returnValue === "yes" && this.leave(), { once: true });
    dialog.showModal();
  }

  private leave(): void {
    const link = this.link();
    const url = new URL(window.location.href);
    url.searchParams.delete(PARAMETER);
    window.history.replaceState(null, "", url);
    this.follow();
    link?.focus();
  }

  /** The link in the page behind to what is looked at. */
  private link(): HTMLAnchorElement | null {
    const { path } = this;
    return this.links().find((link) => link.getAttribute("href") === path) ?? null;
  }

  private links(): HTMLAnchorElement[] {
    return [...document.querySelectorAll<HTMLAnchorElement>(LINK)].filter((link) => !this.contains(link));
  }

  private walk(by: number): void {
    const link = this.link();
    const list = link?.closest("ul, tbody");
    const beside = this.links().filter((other) => other.closest("ul, tbody") === list);
    const next = link && beside[beside.indexOf(link) + by];
    if (next) this.look(next.getAttribute("href") ?? "");
  }

  /** Shows what the address names, or nothing. */
  private follow(): void {
    this.request?.abort();
    const { path } = this;
    for (const link of document.querySelectorAll(`${LINK}[aria-current]`)) link.removeAttribute("aria-current");
    if (!path.startsWith("/") || path.startsWith("//") || path.startsWith("/\\")) {
      this.hidden = true;
      part(this, "content").replaceChildren();
      return;
    }
    const link = this.link();
    link?.setAttribute("aria-current", "true");
    link?.scrollIntoView({ block: "nearest" });
    void this.show(path);
  }

  private async show(path: string): Promise<void> {
    const { signal } = (this.request = new AbortController());
    const page = await fetched(path, signal);
    if (signal.aborted) return;
    if (!page) {
      toast(meta("text-offline"), "error");
      return;
    }
    part<HTMLAnchorElement>(this, "whole").href = path;
    const content = part(this, "content");
    content.replaceChildren(...(find("#content", page)?.childNodes ?? []));
    bring(page);
    this.htmx?.process(content);
    content.setAttribute("aria-label", find("h1", content)?.textContent?.trim() ?? "");
    content.scrollTop = 0;
    this.hidden = false;
    (find("[data-focus]", content) ?? content).focus();
  }
}

/** One of our pages; null where the server does not answer. Who is signed out is led to the sign-in page. */
async function fetched(path: string, signal: AbortSignal): Promise<Document | null> {
  try {
    const response = await fetch(path, { signal });
    if (new URL(response.url).pathname === "/sign-in") window.location.assign(response.url);
    return new DOMParser().parseFromString(await response.text(), "text/html");
  } catch {
    return null;
  }
}

/** Brings the styles and scripts of a page that this one has not loaded: those of another noun. */
function bring(page: Document): void {
  for (const style of page.head.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
    if (!document.head.querySelector(`link[href="${style.getAttribute("href")}"]`)) document.head.append(style);
  }
  for (const { src } of page.head.querySelectorAll<HTMLScriptElement>('script[type="module"][src]')) {
    if ([...document.scripts].some((loaded) => loaded.src === src)) continue;
    const script = document.createElement("script");
    script.type = "module";
    script.src = src;
    document.head.append(script);
  }
}

customElements.define("side-panel", SidePanel);
