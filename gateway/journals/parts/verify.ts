// Verifying one after the other: v verifies the version that is shown and goes on.
import { api } from "../../ui/scripts/api";
import { find, say, typing } from "../../ui/scripts/page";

export function verifying(): void {
  const list = find("#journal-verify");
  if (!list) return;
  list.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-verify]")) return;
    event.preventDefault();
    event.stopPropagation();
    void verify(list, form);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (document.querySelector("dialog[open], side-panel:not([hidden])")) return;
    const key = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase() ?? "";
    if (key !== "v") return;
    row(list)?.querySelector<HTMLFormElement>("[data-verify]")?.requestSubmit();
    event.preventDefault();
  });
}

const rows = (list: HTMLElement) => [...list.querySelectorAll<HTMLElement>("[data-entry]")];
const row = (list: HTMLElement) => document.activeElement?.closest<HTMLElement>("[data-entry]") ?? rows(list)[0] ?? null;

async function verify(list: HTMLElement, form: HTMLFormElement): Promise<void> {
  const item = form.closest<HTMLElement>("[data-entry]");
  if (!item || item.dataset["busy"] !== undefined) return;
  item.dataset["busy"] = "";
  const body = { version: Number(item.dataset["version"]), act: "verify" };
  const answer = await api("POST", `/journals/entries/${item.dataset["entry"]}/decisions`, {
    body,
    key: `verify-${item.dataset["entry"]}-${body.version}`,
  });
  delete item.dataset["busy"];
  const badge = find("[data-part=state]", item);
  if (answer.kind === "done") {
    item.classList.add("is-done");
    if (badge) badge.textContent = list.dataset["done"] ?? "";
    badge?.classList.add("badge-success");
    say(list.dataset["done"] ?? "");
    const following = rows(list).find((each) => !each.classList.contains("is-done"));
    form.remove();
    following?.querySelector<HTMLElement>("a")?.focus();
  } else {
    const error = find("[data-part=error]", item);
    if (error) error.hidden = false;
    say(error?.textContent ?? "");
  }
}
