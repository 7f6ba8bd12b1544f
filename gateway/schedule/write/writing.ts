// The form of an entry: its end follows its beginning, files go to it once it is there, Ctrl+Enter sends it.
import htmx from "htmx.org";
import type { FileDrop } from "../../ui/components/file-drop";
import { find, meta, say, toast } from "../../ui/scripts/page";

const FORM = "form.entry-form";

export function writing(): void {
  document.addEventListener("change", (event) => {
    const form = (event.target as HTMLElement).closest<HTMLFormElement>(FORM);
    if (form) follows(form, event.target as HTMLInputElement);
  });
  document.addEventListener("focusin", (event) => {
    const field = event.target as HTMLInputElement;
    if (field.closest(FORM) && field.name?.startsWith("start_")) field.dataset["before"] = field.value;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = (event.target as HTMLElement).closest<HTMLFormElement>(FORM);
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });
  // Before the form is marked as sent (ui/scripts/forms.ts).
  document.addEventListener(
    "submit",
    (event) => {
      const form = (event.target as HTMLElement).closest<HTMLFormElement>(FORM);
      if (!form || !(find<FileDrop>("file-drop", form)?.waiting ?? 0)) return;
      event.preventDefault();
      void send(form);
    },
    { capture: true },
  );
}

function field(form: HTMLFormElement, name: string): HTMLInputElement | null {
  return form.elements.namedItem(name) as HTMLInputElement | null;
}

/** The end moves with the beginning: what one enters keeps its length. */
function follows(form: HTMLFormElement, changed: HTMLInputElement): void {
  if (changed.name !== "start_day" && changed.name !== "start_time") return;
  const day = field(form, "start_day"), time = field(form, "start_time");
  const endDay = field(form, "end_day"), endTime = field(form, "end_time");
  if (!day?.value || !time || !endDay || !endTime) return;
  const before = changed.dataset["before"] ?? "";
  const was = moment(changed === day ? before : day.value, changed === time ? before : time.value);
  const by = moment(day.value, time.value) - was;
  changed.dataset["before"] = changed.value;
  const end = new Date(moment(endDay.value, endTime.value) + by);
  if (Number.isNaN(end.getTime())) return;
  endDay.value = end.toISOString().slice(0, 10);
  endTime.value = end.toISOString().slice(11, 16);
}

/** A clock on the wall as a number: no zone is meant. */
function moment(day: string, time: string): number {
  return Date.parse(`${day}T${time || "00:00"}:00Z`);
}

/** Enters it, then sends its files there, and goes to it. A refusal puts the form with why in its place. */
async function send(form: HTMLFormElement): Promise<void> {
  const button = find('[type="submit"]', form);
  if (!button || button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  const answer = await posted(form);
  if (answer?.ok && answer.headers.get("Content-Type")?.startsWith("application/json")) {
    const { id } = (await answer.json()) as { id: string };
    return uploaded(find<FileDrop>("file-drop", form)!, id);
  }
  button.removeAttribute("aria-busy");
  if (answer) again(form, await answer.text());
  else toast(meta("text-offline"), "error");
}

async function posted(form: HTMLFormElement): Promise<Response | null> {
  try {
    return await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  } catch {
    return null;
  }
}

/** The card shows which files it has: one that was refused is added there. */
async function uploaded(drop: FileDrop, id: string): Promise<void> {
  const settled = new Promise((resolve) => drop.addEventListener("settled", resolve, { once: true }));
  drop.to = `/schedule/entries/${id}/files`;
  await settled;
  if (drop.refused) toast(meta("text-failed"), "error");
  window.location.assign(`/schedule/${id}`);
}

function again(form: HTMLFormElement, page: string): void {
  const next = find<HTMLFormElement>(FORM, new DOMParser().parseFromString(page, "text/html"));
  const drop = find("file-drop", form);
  if (!next) return toast(meta("text-failed"), "error");
  const fresh = document.importNode(next, true);
  form.replaceWith(fresh);
  if (drop) find("file-drop", fresh)?.replaceWith(drop);
  htmx.process(fresh);
  say(find('.notice[role="alert"]', fresh)?.textContent?.trim() ?? "");
  find(".error-text", fresh)?.closest(".field")?.querySelector<HTMLElement>("input, select")?.focus();
}
