// <rich-text name="body">: a body with a small toolbar. It is part of the form around it: what is written is in a hidden
// field of this name, which fires "input" with every change. A pasted picture is refused in words, and told by "pictures".
import { Editor } from "@tiptap/core";
import { Placeholder } from "@tiptap/extensions";
import { say } from "../scripts/page";
import { part } from "../scripts/pieces";
import { tidyPasted } from "./editing/blocks";
import { bodySchema, PARSING } from "./editing/schema";
import { Tools } from "./editing/tools";
import { Words } from "./words";

export class RichText extends HTMLElement {
  private words!: Words;
  private editor!: Editor;
  private field!: HTMLInputElement;
  private tools?: Tools;

  connectedCallback(): void {
    if (this.words) return; // moved within the page
    this.words = new Words(this);
    this.field = part<HTMLInputElement>(this, "value");
    this.editor = new Editor({
      element: part(this, "editor"),
      extensions: [
        ...bodySchema({ autolink: true }),
        Placeholder.configure({ placeholder: this.words.word("placeholder") }),
      ],
      content: this.field.value,
      parseOptions: PARSING,
      injectCSS: false,
      editorProps: {
        transformPastedHTML: (pasted, view) => (view.dragging ? pasted : tidyPasted(pasted)),
        handlePaste: (_, event) => this.refusesPicture(event),
        attributes: {
          id: this.id ? `${this.id}-body` : "",
          class: "document-body",
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": this.getAttribute("label") ?? "",
          "aria-describedby": part(this, "help").id,
        },
      },
      onUpdate: () => this.changed(),
      onTransaction: () => this.tools?.show(), // its first one comes before it is there
    });
    this.tools = new Tools(this, this.editor, this.words.word("leave"));
  }

  disconnectedCallback(): void {
    this.editor.destroy();
  }

  override focus(): void {
    this.editor.commands.focus("end");
  }

  /** The body as HTML; empty where nothing is written. */
  get value(): string {
    return this.field.value;
  }

  set value(html: string) {
    this.editor.commands.setContent(html, { emitUpdate: false, parseOptions: PARSING });
    this.field.value = html;
  }

  private changed(): void {
    this.field.value = this.editor.isEmpty ? "" : this.editor.getHTML();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Pictures are files: a body has none. Text that comes with one, as out of a document, is taken. */
  private refusesPicture(event: ClipboardEvent): boolean {
    const types: readonly string[] = event.clipboardData?.types ?? [];
    const pictures = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"));
    if (!pictures.length || types.includes("text/html") || types.includes("text/plain")) return false;
    event.preventDefault();
    const note = part(this, "note");
    note.textContent = this.words.word("no_pictures");
    note.hidden = false;
    say(note.textContent);
    this.dispatchEvent(new CustomEvent<File[]>("pictures", { detail: pictures, bubbles: true }));
    return true;
  }
}

customElements.define("rich-text", RichText);
