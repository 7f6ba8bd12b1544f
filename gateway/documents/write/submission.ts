// 상신: saves, shows in words what will happen, and submits once.
import type { FileDrop } from "../../ui/components/file-drop";
import { find, say } from "../../ui/scripts/page";
import type { Autosave } from "./autosave";
import { get, word } from "./page";
import { api } from "../../ui/scripts/api";
import type { Saved } from "./types";

/** Connects #submit-open, #submit-dialog and #submit-send. */
export function submission(autosave: Autosave, attachments: FileDrop): () => void {
  const dialog = get<HTMLDialogElement>("submit-dialog");
  const preview = get("submit-preview");
  const send = get<HTMLButtonElement>("submit-send");
  /** One for each version: a press whose answer was lost is repeated under the same key. */
  const keys = new Map<number, string>();
  let asked = 0;
  let sending = false;

  const tell = (code: string) => {
    preview.replaceChildren();
    const words = document.createElement("p");
    words.className = "soft";
    words.textContent = word(code);
    preview.append(words);
    say(word(code));
  };

  const open = async () => {
    if (sending) return;
    const mine = (asked += 1);
    send.disabled = true;
    tell("submit_saving");
    if (!dialog.open) dialog.showModal();
    const saved = await autosave.flush();
    if (mine !== asked) return;
    if (!saved) return tell(autosave.id ? "submit_unsaved" : "submit_untitled");
    if (attachments.waiting) return tell("submit_uploading");
    if (!autosave.id) return tell("submit_untitled");
    const html = await fragment(`/write/${autosave.id}/preview`);
    if (mine !== asked) return;
    if (html === null) return tell("submit_away");
    preview.innerHTML = html; // from the server's own template, which escapes what people wrote
    const ready = find("[data-ready]", preview) !== null;
    send.disabled = !ready;
    if (ready) send.focus();
    say(find("[data-say]", preview)?.dataset["say"] ?? "");
  };

  const submit = async () => {
    const { id, version } = autosave;
    if (sending || !id || !version) return;
    sending = true;
    send.setAttribute("aria-busy", "true");
    const key = keys.get(version) ?? crypto.randomUUID();
    keys.set(version, key);
    const answer = await api<Saved>("POST", `/documents/${id}/submission`, { body: { version }, key });
    if (answer.kind === "done" || answer.kind === "closed") {
      await autosave.finish();
      window.location.assign(`/documents/${id}`);
      return;
    }
    sending = false;
    send.removeAttribute("aria-busy");
    if (answer.kind === "refused" || answer.kind === "stale") void open();
    else tell(answer.kind === "signed_out" || answer.kind === "another" ? "submit_signed_out" : "submit_away");
  };

  get("submit-open").addEventListener("click", () => void open());
  send.addEventListener("click", () => void submit());
  dialog.addEventListener("close", () => (asked += 1));
  // A problem in the preview leads to its place on the page.
  preview.addEventListener("click", (event) => {
    const goes = (event.target as HTMLElement).closest<HTMLElement>("[data-goes]")?.dataset["goes"];
    if (!goes) return;
    dialog.close();
    const place = document.getElementById(goes);
    place?.scrollIntoView({ block: "center" });
    place?.focus();
  });
  return () => void open();
}

/** A fragment of ours as HTML; null where there is no answer. */
async function fragment(path: string): Promise<string | null> {
  try {
    const response = await fetch(path, { headers: { "HX-Request": "true" } });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}
