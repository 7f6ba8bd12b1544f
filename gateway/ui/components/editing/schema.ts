// What a body may hold, in whatever editor it is written: as much as the server keeps of it (shared/body.py).
import { TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import StarterKit from "@tiptap/starter-kit";
import { Blocks, PlainTable } from "./blocks";

// `true` keeps the two spaces of `붙임  1부.  끝.` [Reg 7] and still drops line breaks between elements.
export const PARSING = { preserveWhitespace: true } as const;

/**
 * The extensions of a body's editor. `autolink`: an address becomes a link as it is typed; `shared`: what others write is
 * undone by them alone, so the editor's own history of all changes is left out.
 */
export function bodySchema({ autolink, shared = false }: { autolink: boolean; shared?: boolean }) {
  return [
    StarterKit.configure({
      code: false,
      codeBlock: false,
      heading: { levels: [1, 2, 3, 4] },
      link: {
        openOnClick: false,
        autolink,
        defaultProtocol: "https",
        HTMLAttributes: { rel: null, target: null },
      },
      trailingNode: false,
      ...(shared ? { undoRedo: false as const } : {}),
    }),
    PlainTable,
    TableRow,
    TableHeader,
    TableCell,
    Blocks,
  ];
}
