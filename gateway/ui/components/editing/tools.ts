// The small toolbar of a body and its keys, for every component that has one: `data-part` toolbar, table-tools and editor.
import type { ChainedCommands, Editor } from "@tiptap/core";
import { say } from "../../scripts/page";
import { part } from "../../scripts/pieces";

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

export class Tools {
  /** `leave` is what is said when the next Tab leaves the body. */
  constructor(
    private readonly host: HTMLElement,
    private readonly editor: Editor,
    private readonly leave: string,
  ) {
    this.toolbar();
    this.keys();
    this.show();
  }

  /** Says how the text at the caret is set. */
  show(): void {
    part(this.host, "table-tools").hidden = !this.editor.isActive("table");
    for (const button of this.buttons) {
      const does = button.dataset["does"] ?? "";
      if (STATES.includes(does)) button.setAttribute("aria-pressed", String(this.editor.isActive(does)));
    }
  }

  private get buttons(): HTMLButtonElement[] {
    return [...this.host.querySelectorAll<HTMLButtonElement>("button[data-does]")];
  }

  /** One tab stop for all buttons, arrows between them. */
  private toolbar(): void {
    const bar = part(this.host, "toolbar");
    bar.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
    bar.addEventListener("click", (event) => {
      const act = ACTS[(event.target as HTMLElement).closest<HTMLElement>("[data-does]")?.dataset["does"] ?? ""];
      if (act && this.editor.isEditable) act(this.editor.chain().focus()).run();
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

  /** Escape lets the next Tab leave the body where it moves within a list or a table; Alt+F10 leads to the toolbar. */
  private keys(): void {
    let leaving = false;
    const place = part(this.host, "editor");
    place.addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Tab" && (leaving || !this.moves())) event.stopPropagation();
        else if (event.altKey && event.key === "F10") {
          event.preventDefault();
          this.buttons.find((button) => button.tabIndex === 0)?.focus();
        } else if (event.key === "Escape" && !event.isComposing && this.moves() && !leaving) {
          leaving = true;
          event.stopPropagation();
          say(this.leave);
          return;
        } else if (event.key === "Escape" && !event.isComposing && !this.moves()) {
          // Nothing of the editor's: what is around it hears of it.
          event.stopPropagation();
          this.host.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
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
