// The form as one value: reads and fills every field of the draft, and tells when one was changed.
import type { Editor } from "@tiptap/core";
import { find } from "../../ui/scripts/page";
import { bodyEditor, replaceBody } from "./body";
import { Disclosing } from "./disclosing";
import { Line } from "./line";
import { get } from "./page";
import { Recipients } from "./recipients";
import type { Fields, Name, Wire } from "./types";
import { NAMES } from "./types";

const PLAIN = ["title", "summary", "form", "retention", "reading_scope", "sender_name"] as const;

function control(name: Name): HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement {
  return get<HTMLInputElement>(name);
}

export class Sheet {
  readonly editor: Editor;
  readonly line: Line;
  /** Fields the person has changed here, which no proposal touches any more. */
  readonly touched = new Set<Name>();
  private readonly recipients: Recipients;
  private readonly disclosing: Disclosing;
  private body: string;
  /** The editor has changed since `body` was taken from it: a long document is not written out at each key. */
  private bodyAhead = false;

  constructor(
    start: Fields,
    private readonly told: (name: Name) => void,
  ) {
    this.body = start.body;
    this.editor = bodyEditor(start.body, () => {
      this.bodyAhead = true;
      this.changed("body");
    });
    this.line = new Line(start.line, () => this.changed("line"));
    this.recipients = new Recipients(start.recipients, () => this.changed("recipients"));
    this.disclosing = new Disclosing(start.disclosure, () => this.changed("disclosure"));
    for (const name of [...PLAIN, "folder", "keywords"] as const) {
      control(name).addEventListener("input", () => this.changed(name));
    }
  }

  /** Everything as it stands on the page. */
  read(): Fields {
    if (this.bodyAhead) this.body = this.editor.isEmpty ? "" : this.editor.getHTML();
    this.bodyAhead = false;
    const plain = Object.fromEntries(PLAIN.map((name) => [name, control(name).value])) as Pick<
      Fields,
      (typeof PLAIN)[number]
    >;
    return {
      ...plain,
      title: plain.title.trim(),
      summary: plain.summary.trim(),
      sender_name: plain.sender_name.trim(),
      body: this.body,
      keywords: control("keywords")
        .value.split(/[,，\n]/)
        .map((word) => word.trim())
        .filter(Boolean),
      folder: control("folder").value || null,
      disclosure: this.disclosing.value,
      recipients: this.recipients.value,
      line: this.line.steps,
    };
  }

  /** Puts values into the page; nothing is told. Fields already holding their value keep caret and history. */
  fill(fields: Partial<Fields>): void {
    const now = this.read();
    for (const name of NAMES) {
      const value = fields[name];
      if (value === undefined || JSON.stringify(value) === JSON.stringify(now[name])) continue;
      this.put(name, fields as Fields);
    }
  }

  private put(name: Name, fields: Fields): void {
    if (name === "body") {
      this.body = fields.body;
      this.bodyAhead = false;
      replaceBody(this.editor, fields.body);
    } else if (name === "keywords") control(name).value = fields.keywords.join(", ");
    else if (name === "folder") control(name).value = fields.folder ?? "";
    else if (name === "disclosure") this.disclosing.value = fields.disclosure;
    else if (name === "recipients") this.recipients.value = fields.recipients;
    else if (name === "line") this.line.steps = fields.line;
    else control(name).value = fields[name];
  }

  /** Changes a field on the person's behalf, as a proposal does, and tells. */
  propose(fields: Partial<Fields>): void {
    this.fill(fields);
    for (const name of Object.keys(fields) as Name[]) this.told(name);
  }

  /** What the service chose: its own list may have what this page's list has not. */
  chosen(values: Pick<Fields, "folder" | "form">, folderTitle: string): void {
    for (const [name, value, title] of [
      ["folder", values.folder, folderTitle],
      ["form", values.form, values.form],
    ] as const) {
      const select = get<HTMLSelectElement>(name);
      if (select.value || !value) continue;
      if (![...select.options].some((option) => option.value === value)) select.add(new Option(title, value));
      select.value = value;
    }
  }

  private changed(name: Name): void {
    this.touched.add(name);
    this.told(name);
  }
}

/** Names of fields that are only half done, which the server would refuse. */
export function halfDone(fields: Wire): Name[] {
  const held: Name[] = [];
  if (fields.disclosure.class !== "open" && !fields.disclosure.clauses.length) held.push("disclosure");
  return held;
}

/** Marks the fields the server refused, with its words beside them; without any, takes the marks away. */
export function mark(problems: ReadonlyMap<Name, string>): void {
  for (const name of NAMES) {
    const place = find(`[data-error="${name}"]`);
    if (!place) continue;
    const words = problems.get(name);
    place.hidden = !words;
    const text = find("[data-part=words]", place);
    if (text) text.textContent = words ?? "";
    document.getElementById(name)?.setAttribute("aria-invalid", String(Boolean(words)));
  }
}
