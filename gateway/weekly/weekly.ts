// A weekly report: lines by the keyboard, kept by themselves; the sheet is printed.
import { find } from "../ui/scripts/page";
import { Keeping } from "./editor/keeping";
import { lines } from "./editor/lines";

function report(): void {
  document.addEventListener("click", (event) => {
    if ((event.target as HTMLElement).closest("[data-prints]")) window.print();
  });
  const form = find<HTMLFormElement>("#weekly-form");
  const id = form?.closest<HTMLElement>("[data-report]")?.dataset["report"];
  if (!form || !id) return;
  const words = JSON.parse(find("#weekly-words")?.textContent ?? "{}") as Record<string, string>;
  const keeping = new Keeping(form, id, words);
  lines(form, words, () => keeping.touch());
  flushing(keeping);
}

/** What is sent by another form of the page is sent when everything that was typed is kept. */
function flushing(keeping: Keeping): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.dataset["flushes"] === undefined || !keeping.waits) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void keeping.flush().then((kept) => kept && form.requestSubmit());
  }, { capture: true });
}

report();
