// Schedules: the calendar where the page has one, and what the form and the card are made of.
import "../ui/components/file-drop";
import "../ui/components/free-times";
import "../ui/components/people-picker";
import "../ui/components/receiver-picker";
import { find, meta, toast } from "../ui/scripts/page";
import { writing } from "./write/writing";
import { placing } from "./calendar/placing";

const calendar = find("#calendar");
// FullCalendar is large: a form beside another page does without it.
if (calendar) void import("./calendar/calendar").then(({ begin }) => begin(calendar));

writing();
placing();

document.addEventListener("click", (event) => {
  const target = event.target as HTMLElement;
  if (target.closest("[data-prints]")) window.print();
  const copies = target.closest<HTMLElement>("[data-copies]");
  if (copies) void copied(copies);
});

/** Puts an address into the clipboard, and says so. */
async function copied(button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(button.dataset["copies"] ?? "");
    toast(meta("text-copied"));
  } catch {
    // Where the browser gives no clipboard the address stands there to be marked.
    toast(meta("text-failed"), "error");
  }
}
