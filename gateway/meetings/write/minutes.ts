// Minutes as they are typed: kept a moment after each change, one request at a time, on the version that was seen.
import { api } from "../../ui/scripts/api";
import { find } from "../../ui/scripts/page";

const SAVE_MS = 1_500;
const AGAIN_MS = 5_000;

let timer = 0;
let running = false;
let last = "";
let stopped = false;

document.addEventListener("input", (event) => {
  const form = (event.target as HTMLElement).closest<HTMLFormElement>("#minutes-form");
  if (form && !stopped) later(form, SAVE_MS);
});

/** The button sends the form itself: nothing is kept beside it. */
document.addEventListener("submit", (event) => {
  if (!(event.target as HTMLElement).matches("#minutes-form")) return;
  stopped = true;
  window.clearTimeout(timer);
});

function later(form: HTMLFormElement, ms: number): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void save(form), ms);
}

/** What the form says, as the API takes it. */
function read(form: HTMLFormElement): { body: string; items: { item: string; body: string }[] } {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? "");
  return { body: text("body"), items: data.getAll("item").map((item) => ({ item: String(item), body: text(`gist_${item}`) })) };
}

async function save(form: HTMLFormElement): Promise<void> {
  const content = read(form);
  const typed = JSON.stringify(content);
  if (running || stopped || !form.isConnected) return;
  if (typed === last) return;
  running = true;
  tell(form, "saving");
  const field = find<HTMLInputElement>('[name="version"]', form)!;
  const path = `/meetings/${form.dataset["meeting"]}/minutes`;
  const answer = await api<{ version: number }>("PUT", path, { body: content, version: Number(field.value), key: crypto.randomUUID() });
  running = false;
  if (answer.kind === "done") {
    field.value = String(answer.result.version);
    last = typed;
    tell(form, "saved");
    if (JSON.stringify(read(form)) !== typed) later(form, SAVE_MS);
  } else if (answer.kind === "stale" || answer.kind === "refused" || answer.kind === "closed") {
    // Somebody else has written meanwhile, or it is confirmed: what is typed stays here, and nothing is written over.
    stopped = true;
    tell(form, "stale");
  } else {
    tell(form, "away");
    later(form, AGAIN_MS);
  }
}

function tell(form: HTMLFormElement, state: "saving" | "saved" | "stale" | "away"): void {
  const part = find<HTMLElement>('[data-part="state"]', form);
  if (!part) return;
  part.textContent = part.dataset[state] ?? "";
  part.dataset["state"] = state;
}
