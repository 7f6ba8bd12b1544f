// <file-drop>: files dropped anywhere on the page or chosen are sent one after the other to the API's path in its
// attribute `to`, each with its progress, and refused in words. Without `to` they wait: what they belong to is not there
// yet. It tells of "uploaded" (the API's answer) and "removed" (the API's answer, or null where the file was gone already),
// and of "settled" when nothing waits any more.
import { api, meaning, renew } from "../scripts/api";
import type { Answer } from "../scripts/api";
import { find, meta, say } from "../scripts/page";
import { copied, part, size } from "../scripts/pieces";
import { Words } from "./words";

export interface Attached {
  id: string;
  name: string;
  size: number;
  type: string;
  sha256: string;
}

interface Waiting {
  file: File;
  row: HTMLElement;
  request: XMLHttpRequest | null;
  key: string;
}

const RETRY_MS = 5_000;

export class FileDrop<Uploaded extends Attached = Attached> extends HTMLElement {
  static readonly observedAttributes = ["to"];
  private words!: Words;
  private kept: Attached[] = [];
  private queue: Waiting[] = [];
  private busy = false;
  private leaving = new AbortController();

  connectedCallback(): void {
    this.leaving = new AbortController();
    this.drops();
    window.addEventListener("beforeunload", (event) => this.waiting && event.preventDefault(), {
      signal: this.leaving.signal,
    });
    if (this.words) return; // moved within the page
    this.words = new Words(this);
    const input = part<HTMLInputElement>(this, "input");
    input.addEventListener("change", () => {
      this.add([...(input.files ?? [])]);
      input.value = "";
    });
    part(this, "choose").addEventListener("click", () => input.click());
    part(this, "kept").addEventListener("click", (event) => {
      const row = (event.target as HTMLElement)
        .closest('[data-part="remove"]')
        ?.closest<HTMLElement>("[data-attachment]");
      if (row) void this.withdraw(row);
    });
    this.value = JSON.parse(find('script[data-part="value"]', this)?.textContent ?? "[]") as Attached[];
  }

  disconnectedCallback(): void {
    this.leaving.abort();
    for (const { request } of this.queue) request?.abort();
  }

  /** What the files belong to has come into being. */
  attributeChangedCallback(): void {
    if (this.words) void this.go();
  }

  override focus(): void {
    part(this, "choose").focus();
  }

  /** Where files are sent to, below `/api/v1`; empty while there is no such place. */
  get to(): string {
    return this.getAttribute("to") ?? "";
  }

  set to(path: string) {
    this.setAttribute("to", path);
  }

  /** How many files are not at the server yet. */
  get waiting(): number {
    return this.queue.length;
  }

  /** How many were refused, as their rows say. */
  get refused(): number {
    return part(this, "uploads").querySelectorAll(".is-refused").length;
  }

  get value(): Attached[] {
    return this.kept;
  }

  set value(to: Attached[]) {
    this.kept = to;
    part(this, "kept").replaceChildren(...to.map((attached) => this.drawn(attached)));
    part(this, "none").hidden = to.length > 0;
  }

  /** Goes on with what waits. */
  private async go(): Promise<void> {
    if (this.busy || !this.to) return;
    this.busy = true;
    for (let next = this.queue[0]; next; next = this.queue[0]) {
      const answer = await this.send(next);
      if (!(await this.take(next, answer))) break;
    }
    this.busy = false;
    if (!this.queue.length) this.dispatchEvent(new Event("settled"));
  }

  private get limit(): number {
    return Number(this.getAttribute("limit"));
  }

  private drops(): void {
    const { signal } = this.leaving;
    const over = (on: boolean) => document.body.classList.toggle("is-dropping", on);
    const files = (event: DragEvent) => Boolean(event.dataTransfer?.types.includes("Files"));
    document.addEventListener(
      "dragover",
      (event) => {
        if (!files(event)) return;
        event.preventDefault();
        over(true);
      },
      { signal },
    );
    document.addEventListener("dragleave", (event) => !event.relatedTarget && over(false), { signal });
    // Anywhere on the page: a file dropped beside the field does not make the browser leave the page.
    document.addEventListener(
      "drop",
      (event) => {
        over(false);
        if (!files(event)) return;
        event.preventDefault();
        event.stopPropagation();
        this.add([...(event.dataTransfer?.files ?? [])]);
      },
      { capture: true, signal },
    );
  }

  private add(files: File[]): void {
    // What they belong to may be made for them.
    if (files.length) this.dispatchEvent(new Event("change"));
    for (const file of files) {
      const row = this.row("upload", file);
      part(this, "uploads").append(row);
      const waiting: Waiting = { file, row, request: null, key: crypto.randomUUID() };
      part(row, "cancel").setAttribute("aria-label", this.words.word("cancel_named", { name: file.name }));
      part(row, "cancel").addEventListener("click", () => this.cancel(waiting));
      if (file.size === 0) this.refuse(waiting, "empty");
      else if (file.size > this.limit) this.refuse(waiting, "too_large");
      else {
        this.queue.push(waiting);
        this.say(waiting, this.to ? "waits" : "untitled");
      }
    }
    void this.go();
  }

  private row(piece: string, { name, size: bytes }: { name: string; size: number }): HTMLElement {
    const row = copied(find<HTMLTemplateElement>(`template[data-part="${piece}"]`, this));
    part(row, "name").textContent = name;
    part(row, "size").textContent = size(bytes);
    return row;
  }

  private say({ row }: Waiting, code: string, places: Record<string, string> = {}): void {
    part(row, "words").textContent = this.words.word(code, places);
  }

  private refuse(waiting: Waiting, code: string): void {
    const places = { limit: size(this.limit) };
    this.queue = this.queue.filter((other) => other !== waiting);
    waiting.row.classList.add("is-refused");
    part(waiting.row, "progress").hidden = true;
    this.say(waiting, `refused_${code}`, places);
    say(`${waiting.file.name}: ${this.words.word(`refused_${code}`, places)}`);
  }

  private cancel(waiting: Waiting): void {
    this.queue = this.queue.filter((other) => other !== waiting);
    waiting.request?.abort();
    waiting.row.remove();
    this.focus();
  }

  private send(waiting: Waiting): Promise<Answer<Uploaded> | "csrf" | "aborted"> {
    const request = (waiting.request = new XMLHttpRequest());
    const progress = part<HTMLProgressElement>(waiting.row, "progress");
    return new Promise((resolve) => {
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        progress.max = total || 1;
        progress.value = loaded;
        if (loaded < total) this.say(waiting, "uploading", { done: size(loaded), all: size(total) });
        else this.say(waiting, "checked");
      });
      request.addEventListener("load", () => {
        let content: Record<string, unknown> | null = null;
        try {
          content = JSON.parse(request.responseText) as Record<string, unknown>;
        } catch {
          // an answer of something between us and the server: its status says enough
        }
        resolve(meaning<Uploaded>(request.status, content, Number(request.getResponseHeader("Retry-After"))));
      });
      request.addEventListener("error", () => resolve({ kind: "offline" }));
      request.addEventListener("abort", () => resolve("aborted"));
      request.open("POST", `/api/v1${this.to}?name=${encodeURIComponent(waiting.file.name)}`);
      request.setRequestHeader("X-CSRFToken", meta("csrf-token"));
      request.setRequestHeader("Idempotency-Key", waiting.key);
      request.setRequestHeader("Content-Type", waiting.file.type || "application/octet-stream");
      request.send(waiting.file);
    });
  }

  /** Acts on an upload's answer. False where the others have to wait as well. */
  private async take(waiting: Waiting, answer: Answer<Uploaded> | "csrf" | "aborted"): Promise<boolean> {
    if (answer === "aborted") return true;
    if (answer === "csrf") return !(await renew());
    if (answer.kind === "done") {
      this.queue = this.queue.filter((other) => other !== waiting);
      waiting.row.remove();
      this.value = [...this.kept, answer.result];
      this.dispatchEvent(new CustomEvent<Uploaded>("uploaded", { detail: answer.result }));
      say(this.words.word("uploaded", { name: answer.result.name }));
      return true;
    }
    if (answer.kind === "refused") {
      this.refuse(waiting, String(Object.values(answer.fields)[0] ?? answer.slug.replaceAll("-", "_")));
      return true;
    }
    if (answer.kind === "closed") {
      this.refuse(waiting, "closed");
      return true;
    }
    this.say(waiting, "later");
    window.setTimeout(() => void this.go(), answer.kind === "away" ? answer.seconds * 1000 : RETRY_MS);
    return false;
  }

  private async withdraw(row: HTMLElement): Promise<void> {
    const id = row.dataset["attachment"];
    const attached = this.kept.find((one) => one.id === id);
    if (!attached || row.classList.contains("is-leaving")) return;
    row.classList.add("is-leaving");
    const answer = await api<unknown>("DELETE", `${this.to}/${id}`, { key: crypto.randomUUID() });
    if (answer.kind === "done" || answer.kind === "closed") {
      this.value = this.kept.filter((one) => one.id !== id);
      const told = answer.kind === "done" ? answer.result : null;
      this.dispatchEvent(new CustomEvent("removed", { detail: told }));
      say(this.words.word("removed", { name: attached.name }));
      this.focus();
    } else {
      row.classList.remove("is-leaving");
      const note = part(row, "words");
      note.textContent = this.words.word("remove_failed");
      note.hidden = false;
      say(note.textContent);
    }
  }

  private drawn(attached: Attached): HTMLElement {
    const row = this.row("file", attached);
    row.dataset["attachment"] = attached.id;
    part<HTMLAnchorElement>(row, "name").href = `/api/v1${this.to}/${attached.id}`;
    part(row, "remove").setAttribute("aria-label", this.words.word("remove_named", { name: attached.name }));
    return row;
  }
}

customElements.define("file-drop", FileDrop);
