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

/** From the class, or from a style attribute read as text: the page's policy does not let it become a style. */
function alignmentOf(element: HTMLElement): Alignment | null {
  const styled = /(?:^|;)\s*text-align\s*:\s*(\w+)/i.exec(element.getAttribute("style") ?? "")?.[1]?.toLowerCase();
  const named = /(?:^|\s)(?:ql-|text-)?align-(\w+)/.exec(element.className)?.[1] ?? styled;
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
  addNodeView: () => null,

  renderHTML() {
    return ["table", ["tbody", 0]];
  },
}).configure({ resizable: false });

/**
 * Pasted HTML without what the page's policy would refuse and report: styles (but for alignment, which becomes a
 * class) and handlers. What may stand in a document is decided by the schema, and by the server again.
 */
export function tidyPasted(html: string): string {
  return html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) => {
    const align = /text-align\s*:\s*(center|right|justify)/i.exec(tag)?.[1];
    const bare = tag.replace(/\s(?:style|on\w+|class)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "");
    return align ? bare.replace(/^<[a-z][\w:]*/i, `$& class="align-${align.toLowerCase()}"`) : bare;
  });
}
