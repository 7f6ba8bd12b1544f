// 개인 결재선: the person's own saved lines, loaded with one press, saved under a name, removed.
import { find, say } from "../../ui/scripts/page";
import type { Line } from "./line";
import { part } from "../../ui/scripts/pieces";
import { copy, get, word } from "./page";
import { api } from "../../ui/scripts/api";
import type { Step } from "./types";

interface SavedLine {
  id: string;
  name: string;
  steps: Step[];
  stale: string[];
}

export class SavedLines {
  private readonly menu = get<HTMLDetailsElement>("saved-lines");
  private readonly list = get("saved-lines-list");
  private readonly note = get("saved-lines-note");
  private readonly name = get<HTMLInputElement>("line-name");
  private lines: SavedLine[] = [];

  constructor(private readonly line: Line) {
    this.menu.addEventListener("toggle", () => {
      if (this.menu.open) void this.load();
    });
    this.list.addEventListener("click", (event) => {
      const target = event.target as HTMLElement;
      const saved = this.lines.find(({ id }) => id === target.closest<HTMLElement>("[data-line]")?.dataset["line"]);
      if (!saved) return;
      if (target.closest('[data-part="remove"]')) void this.remove(saved);
      else if (target.closest('[data-part="use"]')) this.use(saved);
    });
    get("line-save").addEventListener("click", () => void this.save());
    this.name.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (!event.isComposing) void this.save();
    });
  }

  private async load(): Promise<void> {
    const answer = await api<{ items: SavedLine[] }>("GET", "/me/saved-lines");
    this.lines = answer.kind === "done" ? answer.result.items : [];
    this.tell(answer.kind !== "done" ? word("lines_away") : this.lines.length ? "" : word("lines_none"));
    this.list.replaceChildren(
      ...this.lines.map((saved) => {
        const row = copy("saved-line-row");
        row.dataset["line"] = saved.id;
        part(row, "name").textContent = saved.name;
        part(row, "people").textContent = saved.steps.map((step) => step.person.name).join(" → ");
        part(row, "stale").hidden = !saved.stale.length;
        part(row, "remove").setAttribute("aria-label", word("remove_named", { name: saved.name }));
        return row;
      }),
    );
  }

  private use(saved: SavedLine): void {
    const gone = new Set(saved.stale);
    this.line.use(
      saved.steps.map(({ person, role, parallel }) => ({
        person: { ...person, active: !gone.has(person.id) },
        role,
        parallel,
      })),
    );
    this.menu.open = false;
    find("summary", this.menu)?.focus();
    say(word("line_loaded", { name: saved.name }));
  }

  private async save(): Promise<void> {
    const name = this.name.value.trim();
    if (!name) return this.name.focus();
    if (!this.line.steps.length) return this.tell(word("line_required"));
    const steps = this.line.steps.map(({ person, role, parallel }) => ({ person: person.id, role, parallel }));
    const answer = await api("PUT", "/me/saved-lines", { body: { name, steps }, key: crypto.randomUUID() });
    if (answer.kind !== "done") return this.tell(word("lines_away"));
    this.name.value = "";
    await this.load();
    this.tell(word("line_saved", { name }));
  }

  private async remove(saved: SavedLine): Promise<void> {
    const answer = await api("DELETE", `/me/saved-lines/${saved.id}`, { key: crypto.randomUUID() });
    if (answer.kind !== "done" && answer.kind !== "closed") return this.tell(word("lines_away"));
    await this.load();
    this.name.focus();
    this.tell(word("removed", { name: saved.name }));
  }

  private tell(words: string): void {
    this.note.textContent = words;
    this.note.hidden = !words;
    if (words) say(words);
  }
}
