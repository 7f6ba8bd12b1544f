// <memo-form>: a memo is written in it, on a page of its own or beside another. What is typed is kept by itself; Ctrl+Enter
// sends, and for five seconds that can be undone.
import type { FileDrop } from "../../ui/components/file-drop";
import type { Receiver, ReceiverPicker } from "../../ui/components/receiver-picker";
import type { SidePanel } from "../../ui/components/side-panel";
import { Words } from "../../ui/components/words";
import { api } from "../../ui/scripts/api";
import { find, say, toast } from "../../ui/scripts/page";
import { part } from "../../ui/scripts/pieces";
import { Draft, read } from "./draft";
import type { Kept } from "./draft";
import { saveTemplate } from "./template";

const HOLD_S = 5;

export class MemoForm extends HTMLElement {
  private words!: Words;
  private form!: HTMLFormElement;
  private draft!: Draft;
  private sent = false;
  private readonly leaving = new AbortController();

  connectedCallback(): void {
    if (this.words) return; // moved within the page
    this.words = new Words(this);
    this.form = find<HTMLFormElement>("form", this)!;
    const id = this.getAttribute("memo");
    const kept = id ? { id, version: Number(this.getAttribute("version")), state: "draft" } : null;
    const state = part(this, "state");
    // The components of the form are there a moment later.
    queueMicrotask(() => {
      this.draft = new Draft(
        this.form,
        kept,
        (now) => (state.textContent = this.words.word(now)),
        (made) => this.born(made),
      );
    });
    for (const type of ["input", "change"]) this.form.addEventListener(type, () => this.draft.touch());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
    this.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        if ((event.target as HTMLElement).closest("dialog")) return;
        event.preventDefault();
        void this.send();
      }
    });
    this.addEventListener("click", (event) => this.recent(event));
    const template = part<HTMLFormElement>(this, "template");
    template.addEventListener("submit", (event) => {
      event.preventDefault();
      void saveTemplate(template, read(this.form), this.words);
    });
    this.files.addEventListener("change", () => void this.draft.be());
    for (const type of ["visibilitychange", "pagehide"]) {
      document.addEventListener(type, () => document.hidden && void this.draft.save({ leaving: true }), {
        signal: this.leaving.signal,
      });
    }
  }

  /** Closed: what was typed is kept, and nothing else is said. */
  disconnectedCallback(): void {
    this.leaving.abort();
    if (this.sent || !this.draft.changed) return;
    void this.draft.save({ leaving: true }).then((done) => done && toast(this.words.word("kept")));
  }

  private get files(): FileDrop {
    return find<FileDrop>("file-drop", this)!;
  }

  private get panel(): SidePanel | null {
    return this.closest<SidePanel>("side-panel");
  }

  /** It has an address from now on, and files have somewhere to go. */
  private born({ id }: Kept): void {
    const path = `/memos/${id}/edit`;
    this.files.to = `/memos/${id}/files`;
    if (!this.isConnected) return;
    if (this.panel) this.panel.become(path);
    else window.history.replaceState(null, "", path);
  }

  private recent(event: MouseEvent): void {
    const button = (event.target as HTMLElement).closest<HTMLElement>('[data-part="recent"]');
    if (!button) return;
    find<ReceiverPicker>("#memo-to", this)?.keep(JSON.parse(button.dataset["receiver"] ?? "{}") as Receiver);
    button.remove();
  }

  // -- sent -----------------------------------------------------------------------------------------

  private async send(): Promise<void> {
    const button = part<HTMLButtonElement>(this, "send");
    if (button.getAttribute("aria-busy")) return;
    if (this.missing()) return;
    if (this.files.waiting) return this.refuse([["files", this.words.word("uploading")]]);
    button.setAttribute("aria-busy", "true");
    const saved = await this.draft.save();
    const kept = saved ? await this.draft.be() : null;
    const answer = kept
      ? await api<Kept>("POST", `/memos/${kept.id}/sending`, { body: { hold: HOLD_S }, key: crypto.randomUUID() })
      : null;
    button.removeAttribute("aria-busy");
    if (answer?.kind === "done" && kept) this.gone(kept, answer.result.state);
    else if (answer?.kind === "refused") this.refuse(this.problems(answer.fields));
    else this.refuse([["memo-title", this.words.word("failed")]]);
  }

  /** What is to be filled in before anything is sent. */
  private missing(): boolean {
    const { to, title } = read(this.form);
    const found: [string, string][] = [];
    if (!to.length) found.push(["memo-to-search", this.words.word("field_to")]);
    if (!title.trim()) found.push(["memo-title", this.words.word("field_title")]);
    if (found.length) this.refuse(found);
    return found.length > 0;
  }

  private problems(fields: Record<string, unknown>): [string, string][] {
    return Object.entries(fields).map(([name, code]) => {
      const field = name.startsWith("to") || name.startsWith("cc") ? "memo-to-search" : `memo-${name.replace("_", "-")}`;
      const known = this.words.word(`code_${String(code)}`);
      return [field, known === `code_${String(code)}` ? this.words.word("field_other") : known];
    });
  }

  /** Says what is wrong, above, with links to the fields. */
  private refuse(problems: [string, string][]): void {
    const errors = part(this, "errors");
    part(this, "error-list").replaceChildren(
      ...problems.map(([field, words]) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = `#${field}`;
        link.textContent = words;
        link.addEventListener("click", (event) => {
          event.preventDefault();
          find(`#${CSS.escape(field)}`, this)?.focus();
        });
        item.append(link);
        return item;
      }),
    );
    errors.hidden = false;
    errors.focus();
  }

  private gone({ id }: Kept, state: string): void {
    this.sent = true;
    this.draft.end();
    if (!this.panel) {
      window.location.assign(`/memos/${id}`); // where it says that it can be taken back
      return;
    }
    const words = this.words;
    const undo = { words: words.word("undo"), milliseconds: HOLD_S * 1000, act: () => void takeBack(id, words) };
    this.panel.dispatchEvent(new Event("leave"));
    toast(words.word(state === "scheduled" ? "scheduled" : "sent"), "done", undo);
    say(words.word("sent"));
  }
}

/** The memo is a draft again, and one goes on writing. */
async function takeBack(id: string, words: Words): Promise<void> {
  const answer = await api("DELETE", `/memos/${id}/sending`, { key: crypto.randomUUID() });
  if (answer.kind !== "done") {
    toast(words.word("too_late"), "error");
    return;
  }
  toast(words.word("undone"));
  find<SidePanel>("side-panel")?.open(`/memos/${id}/edit`);
}

customElements.define("memo-form", MemoForm);
