// <rich-text name="body">: a body with a small toolbar. It is part of the form around it: what is written is in a hidden
// field of this name, which fires "input" with every change. A pasted picture is refused in words, and told by "pictures".
import { Editor } from "@tiptap/core";
import type { ChainedCommands } from "@tiptap/core";
import { Placeholder } from "@tiptap/extensions";
import { say } from "../scripts/page";
import { part } from "../scripts/pieces";
import { tidyPasted } from "./editing/blocks";
import { bodySchema, PARSING } from "./editing/schema";
import { Words } from "./words";

type Act = (chain: ChainedCommands) => ChainedCommands;

const ACTS: Record<string, Act> = {
  bold: (chain) => chain.toggleBold(),
  underline: (chain) => chain.toggleUnderline(),
  bulletList: (chain) => chain.toggleBulletList(),
  orderedList: (chain) => chain.toggleOrderedList(),
  table: (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }),
  rowBelow: (chain) => chain.addRowAfter(),
  columnRight: (chain) => chain.addColumnAfter(),
  rowDelete: (chain) => chain.deleteRow(),
  columnDelete: (chain) => chain.deleteColumn(),
  tableDelete: (chain) => chain.deleteTable(),
};
const STATES = ["bold", "underline", "bulletList", "orderedList"];

export class RichText extends HTMLElement {
  private words!: Words;
  private editor!: Editor;
  private field!: HTMLInputElement;

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
      onTransaction: () => this.show(),
    });
    this.toolbar();
    this.keys();
    this.show();
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

  private get buttons(): HTMLButtonElement[] {
    return [...this.querySelectorAll<HTMLButtonElement>("button[data-does]")];
  }

  /** One tab stop for all buttons, arrows between them. */
  private toolbar(): void {
    const bar = part(this, "toolbar");
    bar.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
    bar.addEventListener("click", (event) => {
      const act = ACTS[(event.target as HTMLElement).closest<HTMLElement>("[data-does]")?.dataset["does"] ?? ""];
      if (act) act(this.editor.chain().focus()).run();
    });
    bar.addEventListener("keydown", (event) => {
      const reachable = this.buttons.filter((button) => button.offsetParent !== null);
      const at = reachable.indexOf(document.activeElement as HTMLButtonElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      this.stop(reachable.at(to % reachable.length))?.focus();
    });
    this.stop(this.buttons[0]);
  }

  private stop(at: HTMLButtonElement | undefined): HTMLButtonElement | undefined {
    for (const button of this.buttons) button.tabIndex = button === at ? 0 : -1;
    return at;
  }

  private show(): void {
    if (!this.editor) return; // its first transaction comes before it is there
    part(this, "table-tools").hidden = !this.editor.isActive("table");
    for (const button of this.buttons) {
      const does = button.dataset["does"] ?? "";
      if (STATES.includes(does)) button.setAttribute("aria-pressed", String(this.editor.isActive(does)));
    }
  }

  /** Escape lets the next Tab leave the body where it moves within a list or a table; Alt+F10 leads to the toolbar. */
  private keys(): void {
    let leaving = false;
    part(this, "editor").addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Tab" && (leaving || !this.moves())) event.stopPropagation();
        else if (event.altKey && event.key === "F10") {
          event.preventDefault();
          this.buttons.find((button) => button.tabIndex === 0)?.focus();
        } else if (event.key === "Escape" && !event.isComposing && this.moves() && !leaving) {
          leaving = true;
          event.stopPropagation();
          say(this.words.word("leave"));
          return;
        } else if (event.key === "Escape" && !event.isComposing && !this.moves()) {
          // Nothing of the editor's: what is around it hears of it.
          event.stopPropagation();
          this.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
        }
        if (!["Shift", "Control", "Alt"].includes(event.key)) leaving = false;
      },
      { capture: true },
    );
  }

  /** Whether Tab has a meaning where the caret is. */
  private moves(): boolean {
    return this.editor.isActive("listItem") || this.editor.isActive("table");
  }
}

customElements.define("rich-text", RichText);
