// The body's editor: Tiptap with what an official document may hold, and nothing that types by itself.
import { Editor } from "@tiptap/core";
import { Placeholder } from "@tiptap/extensions";
import { tidyPasted } from "../../ui/components/editing/blocks";
import { bodySchema, PARSING } from "../../ui/components/editing/schema";
import { OfficialItems } from "./numbering";
import { get, word } from "./page";

const SCHEMA = bodySchema({ autolink: false });

/** The editor of the body, in #body-editor. */
export function bodyEditor(html: string, changed: () => void): Editor {
  const label = get("body-label");
  return new Editor({
    element: get("body-editor"),
    extensions: [...SCHEMA, OfficialItems, Placeholder.configure({ placeholder: word("body_placeholder") })],
    content: html,
    parseOptions: PARSING,
    injectCSS: false,
    enableInputRules: false,
    enablePasteRules: false,
    editorProps: {
      transformPastedHTML: (pasted, view) => (view.dragging ? pasted : tidyPasted(pasted)),
      attributes: {
        id: "body",
        class: "document-body",
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": label.id,
        "aria-describedby": "body-help",
      },
    },
    onUpdate: changed,
  });
}

/** Shows a body where nothing can be changed; what the schema does not know is not shown. */
export function showBody(element: HTMLElement, html: string): Editor {
  return new Editor({
    element,
    extensions: SCHEMA,
    content: html,
    parseOptions: PARSING,
    injectCSS: false,
    editable: false,
    editorProps: { attributes: { class: "document-body" } },
  });
}

/** Replaces the whole body; it can be undone. */
export function replaceBody(editor: Editor, html: string): void {
  editor.chain().setContent(html, { emitUpdate: false, parseOptions: PARSING }).run();
}
