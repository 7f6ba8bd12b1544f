// 붙임: files dropped or chosen are sent one after the other, each with its progress, and refused in words.
import { meta, say } from "../../ui/scripts/page";
import { copy, get, part, size, word } from "./page";
import { api, meaning, renew } from "./server";
import type { Answer, Saved } from "./server";
import type { Attachment } from "./types";

interface Draft {
  id: string | null;
  version: number | null;
}

type Uploaded = Attachment & { version: number };

interface Waiting {
  file: File;
  row: HTMLElement;
  request: XMLHttpRequest | null;
  key: string;
}

const RETRY_MS = 5_000;

export class Attachments {
  private kept: Attachment[] = [];
  private readonly list = get("attachments");
  private readonly uploads = get("uploads");
  private readonly limit = Number(get("attach").dataset["limit"]);
  private queue: Waiting[] = [];
  private busy = false;

  constructor(
    start: Attachment[],
    private readonly draft: Draft,
  ) {
    this.value = start;
    const input = get<HTMLInputElement>("file-input");
    input.addEventListener("change", () => {
      this.add([...(input.files ?? [])]);
      input.value = "";
    });
    get("file-choose").addEventListener("click", () => input.click());
    this.drops();
    this.list.addEventListener("click", (event) => {
      const row = (event.target as HTMLElement)
        .closest('[data-part="remove"]')
        ?.closest<HTMLElement>("[data-attachment]");
      if (row) void this.remove(row);
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.waiting) event.preventDefault();
    });
  }

  /** Files that are not at the server yet. */
  get waiting(): number {
    return this.queue.length;
  }

  set value(to: Attachment[]) {
    this.kept = to;
    this.list.replaceChildren(...to.map((attachment) => this.drawn(attachment)));
    get("attachments-none").hidden = to.length > 0;
  }

  /** Goes on with what waits: the draft has come into being, or the connection is back. */
  async go(): Promise<void> {
    if (this.busy || !this.draft.id) return;
    this.busy = true;
    for (let next = this.queue[0]; next; next = this.queue[0]) {
      const answer = await this.send(next);
      if (!(await this.take(next, answer))) break;
    }
    this.busy = false;
  }

  private drops(): void {
    const over = (on: boolean) => document.body.classList.toggle("is-dropping", on);
    const files = (event: DragEvent) => Boolean(event.dataTransfer?.types.includes("Files"));
    document.addEventListener("dragover", (event) => {
      if (!files(event)) return;
      event.preventDefault();
      over(true);
    });
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) over(false);
    });
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
      { capture: true },
    );
  }

  private add(files: File[]): void {
    for (const file of files) {
      const row = copy("upload-row");
      part(row, "name").textContent = file.name;
      part(row, "size").textContent = size(file.size);
      this.uploads.append(row);
      const waiting: Waiting = { file, row, request: null, key: crypto.randomUUID() };
      part(row, "cancel").setAttribute("aria-label", word("cancel_named", { name: file.name }));
      part(row, "cancel").addEventListener("click", () => this.cancel(waiting));
      if (file.size === 0) this.refuse(waiting, word("refused_empty"));
      else if (file.size > this.limit) this.refuse(waiting, word("refused_too_large", { limit: size(this.limit) }));
      else {
        this.queue.push(waiting);
        this.say(waiting, word(this.draft.id ? "upload_waits" : "upload_untitled"));
      }
    }
    void this.go();
  }

  private say({ row }: Waiting, words: string): void {
    part(row, "words").textContent = words;
  }

  private refuse(waiting: Waiting, words: string): void {
    this.queue = this.queue.filter((other) => other !== waiting);
    waiting.row.classList.add("is-refused");
    part(waiting.row, "progress").hidden = true;
    this.say(waiting, words);
    say(`${waiting.file.name}: ${words}`);
  }

  private cancel(waiting: Waiting): void {
    this.queue = this.queue.filter((other) => other !== waiting);
    waiting.request?.abort();
    waiting.row.remove();
    get("file-choose").focus();
  }

  private send(waiting: Waiting): Promise<Answer<Uploaded> | "csrf" | "aborted"> {
    const request = (waiting.request = new XMLHttpRequest());
    const progress = part<HTMLProgressElement>(waiting.row, "progress");
    return new Promise((resolve) => {
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        progress.max = total || 1;
        progress.value = loaded;
        this.say(
          waiting,
          loaded < total ? word("uploading", { done: size(loaded), all: size(total) }) : word("upload_checked"),
        );
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
      request.open(
        "POST",
        `/api/v1/documents/${this.draft.id}/attachments?name=${encodeURIComponent(waiting.file.name)}`,
      );
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
      this.draft.version = answer.result.version;
      this.value = [...this.kept, answer.result];
      say(word("uploaded", { name: answer.result.name }));
      return true;
    }
    if (answer.kind === "refused") {
      const code = String(Object.values(answer.fields)[0] ?? answer.slug.replaceAll("-", "_"));
      this.refuse(waiting, word(`refused_${code}`, { limit: size(this.limit) }));
      return true;
    }
    if (answer.kind === "closed") {
      this.refuse(waiting, word("state_closed"));
      return true;
    }
    this.say(waiting, word("upload_later"));
    window.setTimeout(() => void this.go(), answer.kind === "away" ? answer.seconds * 1000 : RETRY_MS);
    return false;
  }

  private async remove(row: HTMLElement): Promise<void> {
    const id = row.dataset["attachment"];
    const attachment = this.kept.find((one) => one.id === id);
    if (!attachment || row.classList.contains("is-leaving")) return;
    row.classList.add("is-leaving");
    const answer = await api<Saved>("DELETE", `/documents/${this.draft.id}/attachments/${id}`, {
      key: crypto.randomUUID(),
    });
    if (answer.kind === "done" || answer.kind === "closed") {
      if (answer.kind === "done") this.draft.version = answer.result.version;
      this.value = this.kept.filter((one) => one.id !== id);
      say(word("removed", { name: attachment.name }));
      get("file-choose").focus();
    } else {
      row.classList.remove("is-leaving");
      const note = part(row, "words");
      note.textContent = word("remove_failed");
      note.hidden = false;
      say(note.textContent);
    }
  }

  private drawn(attachment: Attachment): HTMLElement {
    const row = copy("attachment-row");
    row.dataset["attachment"] = attachment.id;
    const link = part<HTMLAnchorElement>(row, "name");
    link.textContent = attachment.name;
    link.href = `/api/v1/documents/${this.draft.id}/attachments/${attachment.id}`;
    part(row, "size").textContent = size(attachment.size);
    part(row, "remove").setAttribute("aria-label", word("remove_named", { name: attachment.name }));
    return row;
  }
}
