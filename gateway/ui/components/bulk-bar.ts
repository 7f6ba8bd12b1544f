// <bulk-bar list="id" path="/…">: what is done with several rows of a list at once. The rows have checkboxes named `row`,
// which come out with the button [data-selects] or with x. What was done can be taken back, where a button says how.
import { api } from "../scripts/api";
import { find, meta, say, toast, typing } from "../scripts/page";
import { part } from "../scripts/pieces";
import { rowOf } from "../scripts/rows";

const UNDO_MS = 8000;

interface Marked {
  marked: string[];
  missed: string[];
}

class BulkBar extends HTMLElement {
  private chosen = new Set<string>();
  private readonly stop = new AbortController();

  connectedCallback(): void {
    const { signal } = this.stop;
    this.button.addEventListener("click", () => this.turn(this.hidden), { signal });
    this.list.addEventListener("change", (event) => this.changed(event.target as HTMLInputElement), { signal });
    // Rows that came anew (live, more of them) are as they were.
    document.addEventListener("htmx:afterSwap", () => this.show(), { signal });
    document.addEventListener("keydown", (event) => this.key(event), { signal });
    this.addEventListener("click", (event) => this.pressed(event), { signal });
  }

  disconnectedCallback(): void {
    this.stop.abort();
  }

  private get list(): HTMLElement {
    return document.getElementById(this.getAttribute("list") ?? "") ?? this;
  }

  private get button(): HTMLElement {
    return find<HTMLElement>(`[data-selects="${this.id}"]`) ?? this;
  }

  private get boxes(): HTMLInputElement[] {
    return [...this.list.querySelectorAll<HTMLInputElement>("input[name=row]")];
  }

  /** Begins or ends choosing. */
  private turn(on: boolean): void {
    this.hidden = !on;
    this.list.toggleAttribute("data-selecting", on);
    this.button.setAttribute("aria-pressed", String(on));
    if (!on) this.chosen.clear();
    this.show();
  }

  private show(): void {
    for (const box of this.boxes) {
      box.checked = this.chosen.has(box.value);
      rowOf(box).classList.toggle("is-chosen", box.checked);
    }
    const words = this.dataset["chosen"] ?? "";
    part(this, "count").textContent = words.replace("#", String(this.chosen.size));
    for (const act of this.querySelectorAll<HTMLButtonElement>("[data-does]")) act.disabled = this.chosen.size === 0;
  }

  private changed(box: HTMLInputElement): void {
    if (box.name !== "row") return;
    if (box.checked) this.chosen.add(box.value);
    else this.chosen.delete(box.value);
    this.show();
    say(part(this, "count").textContent ?? "");
  }

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (find("dialog[open], side-panel:not([hidden])")) return;
    const target = event.target as HTMLElement;
    const box = this.list.contains(target) ? find<HTMLInputElement>("input[name=row]", rowOf(target)) : null;
    if (event.code === "KeyX" && box && (target === box || !typing(target))) {
      if (this.hidden) this.turn(true);
      box.checked = !box.checked;
      this.changed(box);
    } else if (event.key === "Escape" && !this.hidden) this.turn(false);
    else return;
    event.preventDefault();
  }

  private pressed(event: Event): void {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button");
    if (button?.dataset["part"] === "end") this.turn(false);
    else if (button?.dataset["part"] === "all") {
      const all = this.boxes.map((box) => box.value);
      this.chosen = new Set(all.every((id) => this.chosen.has(id)) ? [] : all);
      this.show();
    } else if (button?.dataset["does"]) void this.act(button.dataset, [...this.chosen]);
  }

  private async act({ does, undo, done }: DOMStringMap, ids: string[]): Promise<void> {
    const found = await this.send(does ?? "{}", ids);
    if (!found) return;
    const words = (done ?? "").replace("#", String(found.marked.length));
    const back = () => void this.send(undo ?? "{}", found.marked);
    toast(words, "done", undo ? { words: meta("text-undo"), milliseconds: UNDO_MS, act: back } : null);
    this.turn(false);
  }

  private async send(marks: string, ids: string[]): Promise<Marked | null> {
    const body = { ...(JSON.parse(marks) as object), ids };
    const answer = await api<Marked>("PATCH", this.getAttribute("path") ?? "", { body });
    if (answer.kind !== "done") {
      toast(meta("text-failed"), "error");
      return null;
    }
    this.list.dispatchEvent(new CustomEvent("live"));
    return answer.result;
  }
}

customElements.define("bulk-bar", BulkBar);
