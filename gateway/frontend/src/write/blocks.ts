// Alignment and indentation as classes: a strict CSP shows no style attributes, and the server keeps these names.
import { Extension } from "@tiptap/core";
import { Table } from "@tiptap/extension-table";

const ALIGNMENTS = ["left", "center", "right", "justify"] as const;
export type Alignment = (typeof ALIGNMENTS)[number];
const INDENTS = 8;
const TYPES = ["paragraph", "heading"];

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    blocks: {
      /** Aligns the chosen paragraphs; the alignment they have already is taken away. */
      align: (to: Alignment) => ReturnType;
      /** Indents the chosen paragraphs by one more (1) or one less (-1). */
      shift: (by: 1 | -1) => ReturnType;
    };
  }
}

function alignmentOf(element: HTMLElement): Alignment | null {
  const named = /(?:^|\s)(?:ql-|text-)?align-(\w+)/.exec(element.className)?.[1] ?? element.style.textAlign;
  return ALIGNMENTS.find((alignment) => alignment === named && alignment !== "left") ?? null;
}

function indentOf(element: HTMLElement): number {
  return Number(/(?:^|\s)(?:ql-)?indent-([1-8])(?:\s|$)/.exec(element.className)?.[1] ?? 0);
}

export const Blocks = Extension.create({
  name: "blocks",

  addGlobalAttributes() {
    return [
      {
        types: TYPES,
        attributes: {
          align: {
            default: null,
            parseHTML: alignmentOf,
            renderHTML: ({ align }) => (align ? { class: `align-${String(align)}` } : {}),
          },
          indent: {
            default: 0,
            parseHTML: indentOf,
            renderHTML: ({ indent }) => (indent ? { class: `indent-${String(indent)}` } : {}),
          },
        },
      },
    ];
  },

  addCommands() {
    return {
      align:
        (to) =>
        ({ commands, editor }) => {
          const align = to === "left" || editor.isActive({ align: to }) ? null : to;
          return TYPES.map((type) => commands.updateAttributes(type, { align })).includes(true);
        },
      shift:
        (by) =>
        ({ state, tr, dispatch }) => {
          const { from, to } = state.selection;
          let found = false;
          state.doc.nodesBetween(from, to, (node, pos) => {
            if (!TYPES.includes(node.type.name)) return;
            const indent = Math.min(Math.max(Number(node.attrs["indent"]) + by, 0), INDENTS);
            if (indent === node.attrs["indent"]) return;
            found = true;
            if (dispatch) tr.setNodeMarkup(pos, undefined, { ...node.attrs, indent });
          });
          return found;
        },
    };
  },
});

/** A table without widths: the column follows its content, as on the printed document. */
export const PlainTable = Table.extend({
  renderHTML() {
    return ["table", ["tbody", 0]];
  },
}).configure({ resizable: false });
