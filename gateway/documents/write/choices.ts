// Form and record folder: what follows from choosing them, said before it happens.
import { find, say } from "../../ui/scripts/page";
import { replaceBody } from "./body";
import { data, get, word } from "./page";
import { api } from "../../ui/scripts/api";
import type { Sheet } from "./sheet";

const PROPOSE_MS = 600;

interface Folder {
  id: string;
  title: string;
  retention: string;
  likely: boolean;
}

/** #form: another form offers its body; what was written is replaced only after a yes. */
export function forms(sheet: Sheet): void {
  const select = get<HTMLSelectElement>("form");
  const dialog = get<HTMLDialogElement>("form-dialog");
  let before = select.value;
  const bodyOf = (id: string) => data.forms.find((form) => form.id === id)?.body ?? "";
  const take = () => {
    replaceBody(sheet.editor, bodyOf(select.value));
    sheet.propose({ body: bodyOf(select.value) });
    sheet.touched.delete("body");
  };
  select.addEventListener("change", () => {
    const untouched = !sheet.touched.has("body") && (!data.id || sheet.read().body === bodyOf(before));
    before = select.value;
    if (untouched || sheet.editor.isEmpty) take();
    else dialog.showModal();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "yes") take();
    dialog.returnValue = "";
  });
}

/** #folder: its retention period comes along; while the person has not chosen, the title proposes one. */
export function folders(sheet: Sheet): void {
  const select = get<HTMLSelectElement>("folder");
  const note = get("folder-note");
  const retention = get<HTMLSelectElement>("retention");
  const follow = () => {
    const kept = select.selectedOptions[0]?.dataset["retention"];
    if (kept && kept !== retention.value) sheet.propose({ retention: kept });
  };
  select.addEventListener("change", () => {
    note.hidden = true;
    follow();
  });
  let timer = 0;
  get<HTMLInputElement>("title").addEventListener("input", () => {
    window.clearTimeout(timer);
    if (!sheet.touched.has("folder") && !data.id) timer = window.setTimeout(() => void propose(), PROPOSE_MS);
  });
  const propose = async () => {
    const title = sheet.read().title;
    if (!title) return;
    const answer = await api<{ items: Folder[] }>("GET", `/folders?title=${encodeURIComponent(title)}`);
    const likely = answer.kind === "done" ? answer.result.items.find((folder) => folder.likely) : undefined;
    if (!likely || sheet.touched.has("folder") || likely.id === select.value) return;
    if (!find(`option[value="${likely.id}"]`, select)) return;
    sheet.propose({ folder: likely.id, ...(sheet.touched.has("retention") ? {} : { retention: likely.retention }) });
    note.textContent = word("folder_proposed", { folder: likely.title });
    note.hidden = false;
    say(note.textContent);
  };
}
