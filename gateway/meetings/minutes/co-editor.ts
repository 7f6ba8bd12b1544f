// <co-editor>: minutes that several people write at once, with the toolbar of every body, how they stand, and who writes now.
import { Editor, Extension } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { yCursorPlugin } from "@tiptap/y-tiptap";
import { tidyPasted } from "../../ui/components/editing/blocks";
import { bodySchema } from "../../ui/components/editing/schema";
import { Tools } from "../../ui/components/editing/tools";
import { Words } from "../../ui/components/words";
import { say } from "../../ui/scripts/page";
import { part } from "../../ui/scripts/pieces";
import { FIELD, Room, type State } from "./room";
import type { UnsentMinutes } from "./unsent";
import { cursor, selection } from "./writers";

// In one go: what the server takes at once, with its marks.
const MOST_PASTED = 50_000;
const WRITES: readonly State[] = ["saved", "saving", "offline", "signed_out"];
const LOST: readonly State[] = ["signed", "read_only", "refused"];

/** The heading of an agenda item says whose it is: what stands below it is what was said on that item. */
const ItemHeading = Extension.create({
  name: "itemHeading",
  addGlobalAttributes() {
    const parse = (element: HTMLElement): string | null => element.getAttribute("data-item");
    const render = ({ item }: Record<string, unknown>): Record<string, string> => (item ? { "data-item": String(item) } : {});
    return [{ types: ["heading"], attributes: { item: { default: null, keepOnSplit: false, parseHTML: parse, renderHTML: render } } }];
  },
});

export class CoEditor extends HTMLElement {
  private words!: Words;
  private room!: Room;
  private editor?: Editor;
  private tools?: Tools;

  connectedCallback(): void {
    if (this.words) return;
    this.words = new Words(this);
    this.room = new Room(this.dataset["meeting"] ?? "", (state) => this.show(state));
    this.room.writers.changed = (names) => this.showWriters(names);
    this.addEventListener("live", () => this.room.come());
    this.addEventListener("settled", () => window.location.reload());
    this.show("loading");
    void this.room.open().then(() => this.begin());
  }

  disconnectedCallback(): void {
    this.editor?.destroy();
  }

  private begin(): void {
    const { doc, awareness } = this.room;
    const others = Extension.create({
      name: "others",
      addProseMirrorPlugins: () => [yCursorPlugin(awareness, { cursorBuilder: cursor, selectionBuilder: selection })],
    });
    const editor = new Editor({
      element: part(this, "editor"),
      extensions: [
        ...bodySchema({ autolink: true, shared: true }),
        ItemHeading,
        Collaboration.configure({ document: doc, field: FIELD }),
        others,
      ],
      editable: WRITES.includes(this.room.state),
      injectCSS: false,
      editorProps: {
        transformPastedHTML: (pasted, view) => (view.dragging ? pasted : tidyPasted(pasted)),
        handlePaste: (_, event) => this.refuses(event),
        attributes: {
          id: `${this.id}-body`,
          class: "document-body",
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": this.getAttribute("label") ?? "",
          "aria-describedby": part(this, "help").id,
        },
      },
      onTransaction: () => this.tools?.show(),
    });
    this.editor = editor;
    this.tools = new Tools(this, editor, this.words.word("leave"));
    this.show(this.room.state);
  }

  /** Pictures are files; and what is too much for one go is not cut off. */
  private refuses(event: ClipboardEvent): boolean {
    const types: readonly string[] = event.clipboardData?.types ?? [];
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const picture = [...(event.clipboardData?.files ?? [])].some((file) => file.type.startsWith("image/"));
    const only = picture && !types.includes("text/html") && !types.includes("text/plain");
    if (!only && text.length <= MOST_PASTED) return false;
    event.preventDefault();
    const note = part(this, "note");
    note.textContent = this.words.word(only ? "no_pictures" : "too_much");
    note.hidden = false;
    say(note.textContent);
    return true;
  }

  private show(state: State): void {
    const line = part(this, "state");
    line.dataset["state"] = state;
    line.textContent = this.words.word(state);
    const writes = WRITES.includes(state);
    if (this.editor && this.editor.isEditable !== writes) this.editor.setEditable(writes);
    const unsent = this.querySelector<UnsentMinutes>("unsent-minutes");
    if (LOST.includes(state) && this.room.unsent) unsent?.show(this.room.updates, () => this.room.forget());
    else if (unsent) unsent.hidden = true;
  }

  private showWriters(names: string[]): void {
    part(this, "writers").textContent = names.length ? this.words.word("writing", { names: names.join(", ") }) : "";
  }
}

customElements.define("co-editor", CoEditor);
