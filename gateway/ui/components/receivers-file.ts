// Receivers from a CSV file, in a dialog of <receiver-picker>: who was found, and each line that adds nobody, is said before
// anything is added.
import { api } from "../scripts/api";
import { say } from "../scripts/page";
import { part } from "../scripts/pieces";
import type { Receiver } from "./receiver-picker";
import type { Words } from "./words";

interface Found {
  items: Receiver[];
  problems: { line: number; value: string; code: string }[];
}

const LIMIT = 1_000_000;
const SHOWN = 50;

export class ReceiversFile {
  private found: Found | null = null;
  private name = "";

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly words: Words,
    private readonly add: (items: Receiver[], name: string) => void,
  ) {
    const input = part<HTMLInputElement>(dialog, "csv-file");
    input.addEventListener("change", (event) => {
      event.stopPropagation(); // nothing of the form around it has changed yet
      const file = input.files?.[0];
      if (file) void this.read(file);
    });
    part(dialog, "csv-add").addEventListener("click", () => this.take());
  }

  open(): void {
    part<HTMLInputElement>(this.dialog, "csv-file").value = "";
    this.show(null, "");
    this.dialog.showModal();
  }

  private async read(file: File): Promise<void> {
    this.name = file.name;
    if (file.size > LIMIT) return this.show(null, this.words.word("csv_refused_too_large"));
    this.show(null, this.words.word("csv_reading"));
    const body = { content: base64(new Uint8Array(await file.arrayBuffer())) };
    const answer = await api<Found>("POST", "/receivers/file", { body });
    if (answer.kind === "done") this.show(answer.result, this.told(answer.result));
    else if (answer.kind === "refused") {
      this.show(null, this.words.word(`csv_refused_${String(Object.values(answer.fields)[0])}`));
    } else this.show(null, this.words.word("away"));
  }

  private told({ items, problems }: Found): string {
    const found = this.words.word("csv_found", { n: items.length });
    return problems.length ? `${found} ${this.words.word("csv_problems", { n: problems.length })}` : found;
  }

  /** What was found, or why nothing was, and each line that adds nobody as far as one reads on. */
  private show(found: Found | null, words: string): void {
    this.found = found;
    part(this.dialog, "csv-told").textContent = words;
    const problems = found?.problems ?? [];
    const rows = problems.slice(0, SHOWN).map(({ line, value, code }) => {
      return this.words.word(`csv_${code}`, { line, value });
    });
    if (problems.length > SHOWN) rows.push(this.words.word("csv_more", { n: problems.length - SHOWN }));
    const list = part(this.dialog, "csv-problems");
    list.hidden = !rows.length;
    list.replaceChildren(
      ...rows.map((row) => {
        const item = document.createElement("li");
        item.textContent = row;
        return item;
      }),
    );
    const button = part<HTMLButtonElement>(this.dialog, "csv-add");
    button.hidden = !found?.items.length;
    part(button, "words").textContent = this.words.word("csv_add", { n: found?.items.length ?? 0 });
    say(words);
  }

  private take(): void {
    const items = this.found?.items ?? [];
    this.dialog.close();
    this.add(items, this.name);
  }
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
