// The keys and buttons for official items (markers.ts) in the editor.
import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin, TextSelection } from "@tiptap/pm/state";
import type { EditorState, Transaction } from "@tiptap/pm/state";
import { following, LEVELS, nextOrdinal, read, written } from "./markers";
import type { Marker } from "./markers";

interface Line {
  pos: number;
  marker: Marker | null;
}

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    items: {
      /** Makes the paragraph an item that goes on counting, or takes its marker away. */
      toggleItem: () => ReturnType;
      /** Moves the item `by` levels down (1) or up (-1). */
      moveItem: (by: 1 | -1) => ReturnType;
    };
  }
}

/** The paragraph the caret is in, where it stands directly in the document, and its neighbours in order. */
function around(state: EditorState): { before: Line[]; here: Line; after: Line[] } | null {
  const { $from } = state.selection;
  if ($from.depth !== 1 || $from.parent.type.name !== "paragraph") return null;
  const lines: Line[] = [];
  state.doc.forEach((node: Node, pos: number) => {
    lines.push({ pos, marker: node.type.name === "paragraph" ? read(node.textContent) : null });
  });
  const index = lines.findIndex((line) => line.pos === $from.before(1));
  const here = lines[index];
  return here ? { before: lines.slice(0, index), here, after: lines.slice(index + 1) } : null;
}

/** Items stand two letters (2타) to the right of the level above [Reg 7]: null where all do. */
function indented(state: EditorState): Transaction | null {
  const tr = state.tr;
  state.doc.forEach((node: Node, pos: number) => {
    const text = node.type.name === "paragraph" ? (node.firstChild?.text ?? "") : "";
    const marker = text && read(text);
    if (marker && node.attrs["indent"] !== marker.level)
      tr.setNodeMarkup(pos, undefined, { ...node.attrs, indent: marker.level });
  });
  return tr.docChanged ? tr : null;
}

/** Puts `text` in the place of the first `length` letters of the paragraph at `pos`, and sets its indentation. */
function rewrite(tr: Transaction, pos: number, length: number, text: string, level: number): void {
  const at = tr.mapping.map(pos);
  const node = tr.doc.nodeAt(at);
  if (!node) return;
  tr.setNodeMarkup(at, undefined, { ...node.attrs, indent: level });
  if (text) tr.insertText(text, at + 1, at + 1 + length);
  else if (length) tr.delete(at + 1, at + 1 + length);
}

function renumber(tr: Transaction, after: readonly Line[], level: number, ordinal: number): void {
  for (const [index, number] of following(
    after.map((line) => line.marker),
    level,
    ordinal,
  )) {
    const line = after[index];
    if (line?.marker) rewrite(tr, line.pos, line.marker.length, written(level, number), level);
  }
}

/** Whether the caret stands right behind an item's marker: there Tab moves the item, elsewhere it leads on. */
function atStart(state: EditorState): boolean {
  const marker = around(state)?.here.marker;
  return Boolean(marker) && state.selection.empty && state.selection.$from.parentOffset === marker?.length;
}

/** Enter in an item begins the next one; in an empty one it goes a level up, and from the first out of the items. */
function enter(state: EditorState, tr: Transaction): boolean {
  const found = around(state);
  if (!found?.here.marker || !state.selection.empty) return false;
  const { here, before, after } = found;
  const { level, ordinal, length } = here.marker as Marker;
  const { $from } = state.selection;
  if ($from.parentOffset < length) return false;
  if ($from.parent.textContent.length === length) {
    const up = level - 1;
    const next =
      up < 0
        ? 0
        : nextOrdinal(
            before.map((line) => line.marker),
            up,
          );
    rewrite(tr, here.pos, length, up < 0 ? "" : written(up, next), Math.max(up, 0));
    if (up >= 0) renumber(tr, after, up, next);
    return true;
  }
  tr.split($from.pos);
  const start = tr.selection.from;
  tr.insertText(written(level, ordinal + 1), start);
  renumber(tr, after, level, ordinal + 1);
  tr.setSelection(TextSelection.create(tr.doc, start + written(level, ordinal + 1).length));
  tr.scrollIntoView();
  return true;
}

function toggle(state: EditorState, tr: Transaction): boolean {
  const found = around(state);
  if (!found) return false;
  const { here, before, after } = found;
  if (here.marker) {
    rewrite(tr, here.pos, here.marker.length, "", 0);
    return true;
  }
  const markers = before.map((line) => line.marker);
  const level = [...markers].reverse().find((marker) => marker !== null)?.level ?? 0;
  const ordinal = nextOrdinal(markers, level);
  rewrite(tr, here.pos, 0, written(level, ordinal), level);
  renumber(tr, after, level, ordinal);
  return true;
}

function move(state: EditorState, tr: Transaction, by: number): boolean {
  const found = around(state);
  if (!found?.here.marker) return false;
  const level = found.here.marker.level + by;
  if (level < 0 || level >= LEVELS) return false;
  const { level: old, ordinal: was, length } = found.here.marker;
  const ordinal = nextOrdinal(
    found.before.map((line) => line.marker),
    level,
  );
  rewrite(tr, found.here.pos, length, written(level, ordinal), level);
  // Those it leaves close up behind it, those it joins make room.
  if (by > 0) renumber(tr, found.after, old, was - 1);
  else renumber(tr, found.after, level, ordinal);
  return true;
}

export const OfficialItems = Extension.create({
  name: "items",
  // Before the list and table keys: an item is a plain paragraph, so they do not meet.
  priority: 200,

  addCommands() {
    return {
      toggleItem:
        () =>
        ({ state, tr, dispatch }) =>
          toggle(state, dispatch ? tr : state.tr),
      moveItem:
        (by) =>
        ({ state, tr, dispatch }) =>
          move(state, dispatch ? tr : state.tr, by),
    };
  },

  addProseMirrorPlugins() {
    return [
      new Plugin({
        // Not while a syllable is being composed: drawing the paragraph anew would break it off.
        appendTransaction: (done, _before, state) =>
          done.some((tr) => tr.docChanged) && !this.editor.view.composing ? indented(state) : null,
      }),
    ];
  },

  // What was loaded is laid out as well; that is no change of the person's.
  onCreate() {
    const tr = indented(this.editor.state);
    if (tr) this.editor.view.dispatch(tr.setMeta("preventUpdate", true).setMeta("addToHistory", false));
  },

  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.command(({ state, tr }) => enter(state, tr)),
      Tab: () => atStart(this.editor.state) && this.editor.commands.moveItem(1),
      "Shift-Tab": () => atStart(this.editor.state) && this.editor.commands.moveItem(-1),
      "Mod-Shift-1": () => this.editor.commands.toggleItem(),
    };
  },
});
