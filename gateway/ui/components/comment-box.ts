// <comment-box>: a comment is written in it, with whom it mentions. An @ at the beginning of a word goes to the search of
// people, and whom one takes there is named where it stood.
import { find } from "../scripts/page";
import { part } from "../scripts/pieces";
import type { PeoplePicker, Person } from "./people-picker";
import "./people-picker";

export class CommentBox extends HTMLElement {
  private text!: HTMLTextAreaElement;
  /** Where the @ stands that somebody is being found for; null while nobody is. */
  private place: number | null = null;

  connectedCallback(): void {
    if (this.text) return; // moved within the page
    this.text = part<HTMLTextAreaElement>(this, "text");
    const picker = find<PeoplePicker>("people-picker", this)!;
    this.text.addEventListener("input", () => {
      if (!this.called()) return;
      this.place = this.text.selectionStart;
      picker.focus();
    });
    picker.addEventListener("person", (event) => this.name((event as CustomEvent<Person>).detail));
    picker.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || this.place === null) return;
      event.preventDefault();
      this.back("");
    });
  }

  /** Whether an @ was just typed at the beginning of a word. */
  private called(): boolean {
    const { value, selectionStart: at } = this.text;
    return value[at - 1] === "@" && /^\s?$/u.test(value[at - 2] ?? "");
  }

  private name({ name }: Person): void {
    if (this.place !== null) this.back(`${name} `);
  }

  /** On with the text, behind what is put where the @ stands. */
  private back(words: string): void {
    const at = this.place ?? this.text.value.length;
    this.place = null;
    this.text.setRangeText(words, at, at, "end");
    this.text.focus();
  }
}

customElements.define("comment-box", CommentBox);
