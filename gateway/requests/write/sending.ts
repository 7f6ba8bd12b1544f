// A request with files is made first, and the files go to it then; only what was refused keeps its writer here.
import htmx from "htmx.org";
import type { FileDrop } from "../../ui/components/file-drop";
import { find, meta, say, toast } from "../../ui/scripts/page";

/** Whether the form has files that nobody else would send. */
export function brings(form: HTMLFormElement): boolean {
  return (find<FileDrop>("file-drop", form)?.waiting ?? 0) > 0;
}

/** Sends what the form says, then its files, and goes to the request. A refusal puts the form with why in its place. */
export async function send(form: HTMLFormElement): Promise<void> {
  const button = find("#request-send", form);
  if (!button || button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  const answer = await posted(form);
  if (answer?.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) {
    const { id } = (await answer.json()) as { id: string };
    await uploaded(find<FileDrop>("file-drop", form)!, `/requests/${id}`);
    return;
  }
  button.removeAttribute("aria-busy");
  if (answer) again(form, await answer.text());
  else toast(meta("text-offline"), "error");
}

async function posted(form: HTMLFormElement): Promise<Response | null> {
  try {
    const body = new FormData(form);
    return await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    return null;
  }
}

/** The files go to the request; where all of them are there, its page comes. */
async function uploaded(drop: FileDrop, path: string): Promise<void> {
  const settled = new Promise((resolve) => drop.addEventListener("settled", resolve, { once: true }));
  drop.to = `${path}/files`;
  await settled;
  if (!drop.refused) {
    window.location.assign(path);
    return;
  }
  const form = drop.closest("form")!;
  const made = find<HTMLElement>('[data-part="made"]', form)!;
  find("#request-send", form)?.remove();
  find<HTMLAnchorElement>("a", made)!.href = path;
  made.hidden = false;
  made.focus();
}

/** The form as the server shows it with what is wrong; the files that were chosen stay. */
function again(form: HTMLFormElement, page: string): void {
  const shown = new DOMParser().parseFromString(page, "text/html");
  const next = find<HTMLFormElement>("#request-form", shown);
  const drop = find("file-drop", form)!;
  if (!next) {
    toast(meta("text-failed"), "error");
    return;
  }
  const fresh = document.importNode(next, true);
  form.replaceWith(fresh);
  find("file-drop", fresh)!.replaceWith(drop);
  htmx.process(fresh);
  say(find('.notice[role="alert"]', fresh)?.textContent?.trim() ?? "");
  find(".error-text", fresh)?.closest(".field")?.querySelector<HTMLElement>("input, select, button")?.focus();
}
