// <unsent-minutes>: what somebody typed that the minutes take no more, as text: to be sent as an opinion, or let go.
import * as Y from "yjs";
import { Words } from "../../ui/components/words";
import { api } from "../../ui/scripts/api";
import { meta, say, toast } from "../../ui/scripts/page";
import { part } from "../../ui/scripts/pieces";
import { drop, left } from "./kept";

// Of a comment, characters.
const MOST = 3_900;

export class UnsentMinutes extends HTMLElement {
  private words!: Words;
  private forget: () => Promise<void> = () => Promise.resolve();

  connectedCallback(): void {
    if (this.words) return;
    this.words = new Words(this);
    part(this, "send").addEventListener("click", () => void this.send());
    part(this, "drop").addEventListener("click", () => void this.done());
    // By itself on a page that only shows the minutes: something may be left of when they could be written.
    if (this.dataset["alone"] !== undefined) void this.look();
  }

  /** Shows what these updates would have added; `forget` takes them off this browser. */
  show(updates: Uint8Array[], forget: () => Promise<void>): void {
    this.forget = forget;
    part(this, "text").textContent = said(updates) || this.words.word("only_removed");
    this.hidden = false;
    say(this.words.word("head"));
  }

  private async look(): Promise<void> {
    const typed = await left(meta("person"), this.dataset["meeting"] ?? "");
    const forget = async (): Promise<void> => void (await Promise.all(typed.map(({ id }) => drop(id))));
    if (typed.length) this.show(typed.map(({ update }) => update), forget);
  }

  private async send(): Promise<void> {
    const text = part(this, "text").textContent ?? "";
    for (let at = 0; at < text.length; at += MOST) {
      const body = { text: `${this.words.word("opinion")}\n${text.slice(at, at + MOST)}` };
      const answer = await api("POST", `/meetings/${this.dataset["meeting"]}/comments`, { body });
      if (answer.kind !== "done") return toast(this.words.word("failed"), "error");
    }
    toast(this.words.word("sent"));
    await this.done();
  }

  private async done(): Promise<void> {
    await this.forget();
    this.hidden = true;
    this.dispatchEvent(new Event("settled", { bubbles: true }));
  }
}

/** The words that updates add, a line for each block. */
function said(updates: Uint8Array[]): string {
  let text = "";
  for (const struct of updates.flatMap((update) => Y.decodeUpdate(update).structs)) {
    if (!(struct instanceof Y.Item)) continue;
    if (struct.content instanceof Y.ContentString) text += struct.content.str;
    else if (struct.content instanceof Y.ContentType && !(struct.content.type instanceof Y.XmlText)) text += "\n";
  }
  return text.replace(/\n+/g, "\n").trim();
}

customElements.define("unsent-minutes", UnsentMinutes);
