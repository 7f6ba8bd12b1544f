// Meetings: rows of the agenda, free times proposed, the clock of an item, Ctrl+Enter to send.
import "../ui/components/comment-box";
import "../ui/components/file-drop";
import "../ui/components/people-picker";
import "../ui/components/receiver-picker";
import "../ui/components/rich-text";
import { marking } from "./minutes/marking";
import { find } from "../ui/scripts/page";
import "./write/minutes";

// The editor for several is large, and on one page only.
if (find("co-editor, unsent-minutes")) void import("./minutes");
marking();

let next = 0;
let asked = 0;

document.addEventListener("click", (event) => {
  const target = event.target as HTMLElement;
  if (target.closest("#meeting-add-item")) add();
  const remove = target.closest<HTMLElement>('[data-part="take"]');
  if (remove) take(remove.closest<HTMLElement>('[data-part="item"]')!);
  const free = target.closest<HTMLElement>('[data-part="times"] [data-starts]');
  if (free) choose(free.dataset["starts"]!);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  const target = event.target as HTMLElement;
  const form = target.closest<HTMLFormElement>("#meeting-form, #minutes-form");
  if (form && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (target.matches('[name^="agenda_title_"]')) {
    // Enter in an item begins the next one instead of sending the form.
    event.preventDefault();
    add();
  }
});

document.addEventListener("change", (event) => {
  const form = (event.target as HTMLElement).closest<HTMLFormElement>("#meeting-form");
  if (form) void propose(form);
});

function add(): void {
  const list = find("#meeting-items")!;
  const numbers = [...list.querySelectorAll<HTMLInputElement>('[name="agenda"], [name="member"]')].map((each) => Number(each.value));
  next = Math.max(next, ...numbers.map((n) => n + 1));
  const made = document.createElement("ol");
  made.innerHTML = find<HTMLTemplateElement>("#meeting-item-template")!.innerHTML.replaceAll("NEW", String(next++));
  const item = made.firstElementChild as HTMLElement;
  list.append(item);
  find<HTMLInputElement>("input:not([type=hidden])", item)?.focus();
}

function take(item: HTMLElement): void {
  item.remove();
  find<HTMLElement>("#meeting-add-item")?.focus();
}

/** Asks the schedule for free times of those who are invited; where it does not answer, nothing is shown. */
async function propose(form: HTMLFormElement): Promise<void> {
  const part = find<HTMLElement>('[data-part="times"]', form);
  if (!part) return;
  const told = new FormData(form);
  const people = [...told.getAll("invite"), ...["chair", "secretary"].flatMap((name) => told.getAll(name))]
    .map((each) => String(each).replace(/^person:/, ""))
    .filter((each) => each && !each.includes(":"));
  const query = new URLSearchParams({ people: people.join(","), minutes: String(told.get("minutes")), day: String(told.get("day")) });
  const mine = ++asked;
  let html = "";
  try {
    const answer = await fetch(`${part.dataset["from"]}?${query}`, { headers: { "HX-Request": "true" } });
    if (answer.ok) html = await answer.text();
  } catch {
    // It is away: the form works without.
  }
  if (mine === asked) part.innerHTML = html;
}

/** Takes a proposed time: `2026-05-08T10:00`, by the clock of Seoul. */
function choose(starts: string): void {
  const [day, time] = starts.split("T");
  const fields: [string, string | undefined][] = [["#meeting-day", day], ["#meeting-time", time?.slice(0, 5)]];
  for (const [id, value] of fields) {
    const field = find<HTMLInputElement>(id);
    if (field && value) field.value = value;
  }
}

/** The clocks of the agenda, while they run. */
setInterval(() => {
  document.querySelectorAll<HTMLElement>("[data-timer]").forEach((clock) => {
    const started = Date.parse(clock.dataset["timer"] ?? "");
    if (Number.isNaN(started)) return;
    const seconds = Number(clock.dataset["spent"]) + Math.max(0, Math.floor((Date.now() - started) / 1000));
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  });
}, 1000);
