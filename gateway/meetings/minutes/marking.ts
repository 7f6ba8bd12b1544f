// What the meeting comes to is entered beside the minutes without leaving them: decisions, votes, action items.
import { api } from "../../ui/scripts/api";
import { find, toast } from "../../ui/scripts/page";

/** Forms with `data-marks` send what they say to that path of the API; what is selected in the minutes is where they begin. */
export function marking(): void {
  // Before the dialog opens: the focus goes there, and the selection with it.
  document.addEventListener(
    "click",
    (event) => {
      const opener = (event.target as HTMLElement).closest<HTMLElement>("[data-marks-from]");
      const selected = opener ? String(window.getSelection() ?? "").trim() : "";
      const field = find<HTMLInputElement>(opener?.dataset["marksFrom"] ?? "none");
      if (field && selected && !field.value) field.value = selected.slice(0, field.maxLength);
    },
    { capture: true },
  );
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const path = form.dataset["marks"];
    if (!path) return;
    event.preventDefault();
    void mark(form, path);
  });
}

async function mark(form: HTMLFormElement, path: string): Promise<void> {
  const body: Record<string, string | boolean> = {};
  for (const [name, value] of new FormData(form)) if (value) body[name] = value === "yes" ? true : String(value);
  const answer = await api("POST", path, { body });
  const words = find<HTMLElement>("[data-said]", form)?.dataset;
  if (answer.kind !== "done") return toast(words?.["failed"] ?? "", "error");
  toast(words?.["said"] ?? "");
  form.reset();
  form.closest("dialog")?.close();
}
