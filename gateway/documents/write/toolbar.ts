// The editor's toolbar: buttons with data-does, one tab stop for all of them, arrows between them.
import type { ChainedCommands, Editor } from "@tiptap/core";
import type { Alignment } from "../../ui/components/editing/blocks";
import { find, say } from "../../ui/scripts/page";
import { part } from "../../ui/scripts/pieces";
import { get, word } from "./page";

type Act = (chain: ChainedCommands) => ChainedCommands;

const ACTS: Record<string, Act> = {
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
  heading2: (chain) => chain.toggleHeading({ level: 2 }),
  heading3: (chain) => chain.toggleHeading({ level: 3 }),
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  underline: (chain) => chain.toggleUnderline(),
  strike: (chain) => chain.toggleStrike(),
  item: (chain) => chain.toggleItem(),
  bullets: (chain) => chain.toggleBulletList(),
  numbers: (chain) => chain.toggleOrderedList(),
  left: (chain) => chain.align("left"),
  center: (chain) => chain.align("center"),
  right: (chain) => chain.align("right"),
  justify: (chain) => chain.align("justify"),
  table: (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: false }),
  rowAbove: (chain) => chain.addRowBefore(),
  rowBelow: (chain) => chain.addRowAfter(),
  rowDelete: (chain) => chain.deleteRow(),
  columnLeft: (chain) => chain.addColumnBefore(),
  columnRight: (chain) => chain.addColumnAfter(),
  columnDelete: (chain) => chain.deleteColumn(),
  mergeOrSplit: (chain) => chain.mergeOrSplit(),
  headerRow: (chain) => chain.toggleHeaderRow(),
  tableDelete: (chain) => chain.deleteTable(),
};

const MARKS: Record<string, string> = {
  bold: "bold",
  italic: "italic",
  underline: "underline",
  strike: "strike",
  bullets: "bulletList",
  numbers: "orderedList",
  link: "link",
};

function pressed(editor: Editor, does: string): boolean | null {
  if (does === "heading2" || does === "heading3") return editor.isActive("heading", { level: Number(does.at(-1)) });
  if (does === "left") return !["center", "right", "justify"].some((align) => editor.isActive({ align }));
  if (["center", "right", "justify"].includes(does)) return editor.isActive({ align: does as Alignment });
  const mark = MARKS[does];
  return mark ? editor.isActive(mark) : null;
}

/** Moves by levels where the caret is in an item, by list depth in a list, by plain indentation elsewhere. */
function deeper(editor: Editor, by: 1 | -1): void {
  const chain = editor.chain().focus();
  if (editor.isActive("listItem")) (by > 0 ? chain.sinkListItem("listItem") : chain.liftListItem("listItem")).run();
  else if (!chain.moveItem(by).run()) editor.chain().focus().shift(by).run();
}

/** Connects #toolbar and #link-dialog with the editor. */
export function toolbar(editor: Editor): void {
  const bar = get("toolbar");
  const buttons = () => [...bar.querySelectorAll<HTMLButtonElement>("button[data-does]")];
  const reachable = () => buttons().filter((button) => !button.disabled && button.offsetParent !== null);
  const stop = (at: HTMLButtonElement | undefined) => {
    for (const button of buttons()) button.tabIndex = button === at ? 0 : -1;
  };
  const link = linkDialog(editor);

  bar.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button[data-does]");
    const does = button?.dataset["does"];
    if (!button || !does) return;
    stop(button);
    const act = ACTS[does];
    if (act) act(editor.chain().focus()).run();
    else if (does === "deeper") deeper(editor, 1);
    else if (does === "higher") deeper(editor, -1);
    else if (does === "link") link();
  });
  // The selection stays where it is when a button is pressed with the mouse.
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  bar.addEventListener("keydown", (event) => {
    const all = reachable();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const steps: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 };
    const to = steps[event.key];
    if (event.key === "Escape") editor.view.focus();
    else if (to !== undefined) {
      const next = all.at(to % all.length);
      stop(next);
      next?.focus();
    } else return;
    event.preventDefault();
  });
  keys(editor, link, () => (reachable().find((button) => button.tabIndex === 0) ?? reachable()[0])?.focus());

  const show = () => {
    part(bar, "table-tools").hidden = !editor.isActive("table");
    for (const button of buttons()) {
      const does = button.dataset["does"] ?? "";
      const on = pressed(editor, does);
      if (on !== null) button.setAttribute("aria-pressed", String(on));
      if (does === "undo") button.setAttribute("aria-disabled", String(!editor.can().undo()));
      if (does === "redo") button.setAttribute("aria-disabled", String(!editor.can().redo()));
    }
    if (!reachable().some((button) => button.tabIndex === 0)) stop(reachable()[0]);
  };
  editor.on("transaction", show);
  show();
}

/** Keys of the body beside the editor's own: Escape lets the next Tab leave it, Alt+F10 leads to the toolbar. */
function keys(editor: Editor, link: () => void, toToolbar: () => void): void {
  let leaving = false;
  get("body-editor").addEventListener(
    "keydown",
    (event) => {
      const letter = event.key.toLowerCase();
      if (event.key === "Tab" && leaving)
        event.stopPropagation(); // the browser moves the focus, the editor does not hear of it
      else if (event.altKey && event.key === "F10") toToolbar();
      else if (letter === "k" && (event.ctrlKey || event.metaKey)) link();
      else {
        if (!["Shift", "Control", "Alt"].includes(event.key)) leaving = event.key === "Escape" && !event.isComposing;
        if (leaving) say(word("body_leave"));
        return;
      }
      leaving = false;
      if (event.key !== "Tab") event.preventDefault();
    },
    { capture: true },
  );
  editor.on("blur", () => (leaving = false));
}

/** The dialog for a link's address; an empty one takes the link away. Gives the function that opens it. */
function linkDialog(editor: Editor): () => void {
  const dialog = get<HTMLDialogElement>("link-dialog");
  const field = get<HTMLInputElement>("link-address");
  find<HTMLFormElement>("form", dialog)?.addEventListener("submit", () => {
    const typed = field.value.trim();
    const chain = editor.chain().focus().extendMarkRange("link");
    if (!typed) chain.unsetLink().run();
    else {
      const href = /^(https?:|mailto:|tel:)/i.test(typed) ? typed : `https://${typed}`;
      if (editor.state.selection.empty && !editor.isActive("link")) {
        chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }).run();
      } else chain.setLink({ href }).run();
    }
  });
  return () => {
    field.value = String(editor.getAttributes("link")["href"] ?? "");
    dialog.showModal();
    field.select();
  };
}
