// The page where an official document is written (기안).
import "../ui/components/file-drop";
import type { Attached, FileDrop } from "../ui/components/file-drop";
import { find, say } from "../ui/scripts/page";
import { part } from "../ui/scripts/pieces";
import { Autosave } from "./write/autosave";
import { folders, forms } from "./write/choices";
import { choose } from "./write/conflict";
import { Keeper } from "./write/kept";
import type { Kept } from "./write/kept";
import { clock, data, get, word } from "./write/page";
import { SavedLines } from "./write/savedlines";
import { Sheet } from "./write/sheet";
import { bar } from "./write/status";
import { submission } from "./write/submission";
import { toolbar } from "./write/toolbar";
import { changed, wire } from "./write/types";
import type { Saved } from "./write/types";

const who = `${data.tenant}/${data.person.id}`;
const keeper = new Keeper(who);
const sheet = new Sheet(data.fields, () => autosave.touch());
const autosave = new Autosave(
  who,
  sheet,
  keeper,
  {
    created,
    choose: (theirs, mine, foreign) => choose(sheet, theirs, mine, foreign),
    looked: (card) => (attachments.value = card.attachments),
  },
  data.id,
  { version: data.version, fields: wire(data.fields) },
);
const attachments = get<FileDrop<Attached & { version: number }>>("attachments");
attachments.addEventListener("uploaded", (event) => stands((event as CustomEvent<Attached & { version: number }>).detail));
attachments.addEventListener("removed", (event) => stands((event as CustomEvent<Saved | null>).detail));

/** A file more or less is a version of its own: the next write stands on it. */
function stands(on: { version: number } | null): void {
  if (on) autosave.version = on.version;
}

/** The draft exists: the page's address, and all that needs its id, are its own from now on. */
function created(id: string): void {
  window.history.replaceState(null, "", `/write/${id}`);
  get<HTMLFormElement>("write-form").action = `/write/${id}`;
  get<HTMLFormElement>("delete-form").action = `/write/${id}/delete`;
  get("delete-draft").hidden = false;
  find<HTMLAnchorElement>("#sign-in-again")?.setAttribute(
    "href",
    `/sign-in?next=${encodeURIComponent(`/write/${id}`)}`,
  );
  attachments.to = `/documents/${id}/attachments`;
}

/** Takes up what an earlier page kept, and says so. */
function restore(kept: Kept): void {
  if (!kept.pending && !changed(kept.base.fields, wire(kept.fields)).length) {
    void keeper.forget(); // the server had it all
    return;
  }
  const differs = changed(wire(data.fields), wire(kept.fields)).length > 0;
  autosave.resume(kept);
  if (!differs) return;
  part(get("restored-bar"), "words").textContent = word("restored", { time: clock(kept.at) });
  bar("restored-bar", true);
  say(word("restored", { time: clock(kept.at) }));
}

/** Leaves what was taken up: an opened draft is as it was; a new one stays among the drafts if it was saved. */
async function discard(): Promise<void> {
  if (data.id) {
    sheet.propose(data.fields);
    bar("restored-bar", false);
  } else if (await autosave.flush()) await afresh();
  else get<HTMLDialogElement>("discard-dialog").showModal();
}

async function afresh(): Promise<void> {
  await autosave.finish();
  window.location.assign("/write");
}

toolbar(sheet.editor);
new SavedLines(sheet.line);
forms(sheet);
folders(sheet);
const submit = submission(autosave, attachments);

get<HTMLFormElement>("write-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void autosave.flush();
});
// Enter in a field of one line goes nowhere: nothing is sent by accident.
get("write-form").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.target as HTMLElement).matches("input:not([type=checkbox], [type=radio])")) {
    event.preventDefault();
    if ((event.target as HTMLElement).id === "title" && !event.isComposing) {
      sheet.editor.commands.setTextSelection(0);
      sheet.editor.view.focus(); // at once: the command's own focus comes a frame later, and keys would go astray
    }
  }
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.code === "KeyS") void autosave.flush();
  else if (event.key === "Enter" && !document.querySelector("dialog[open]")) submit();
  else return;
  event.preventDefault();
});
get("restored-discard").addEventListener("click", () => void discard());
get("closed-copy").addEventListener("click", () => {
  attachments.value = [];
  void autosave.asNew();
});
get("discard-dialog").addEventListener("close", (event) => {
  if ((event.target as HTMLDialogElement).returnValue === "yes") void afresh();
});
for (const button of document.querySelectorAll<HTMLElement>("[data-hides]")) {
  button.addEventListener("click", () => (get(button.dataset["hides"] ?? "").hidden = true));
}
get("delete-form").addEventListener("submit", (event) => {
  if (!event.defaultPrevented) void autosave.finish();
});
void keeper.adopt(data.id).then((kept) => {
  if (kept) restore(kept);
  document.body.dataset["ready"] = "write";
});
