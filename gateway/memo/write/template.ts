// What is being written as a template of the department, under a name.
import type { Words } from "../../ui/components/words";
import { api } from "../../ui/scripts/api";
import { toast } from "../../ui/scripts/page";
import { part } from "../../ui/scripts/pieces";
import type { Content } from "./draft";

/** Keeps kind, title and body under the name in the dialog's form; says in it what is wrong. */
export async function saveTemplate(form: HTMLFormElement, content: Content, words: Words): Promise<void> {
  const name = String(new FormData(form).get("name") ?? "").trim();
  const { kind, title, body } = content;
  const wrong = part(form, "template-error");
  const answer = name
    ? await api("POST", "/memo-templates", { body: { name, kind, title, body }, key: crypto.randomUUID() })
    : null;
  wrong.hidden = answer?.kind === "done";
  if (answer?.kind === "done") {
    form.reset();
    form.closest("dialog")?.close();
    toast(words.word("template_saved"));
    return;
  }
  wrong.textContent = words.word(answer ? "template_failed" : "template_name");
  form.querySelector<HTMLInputElement>("[name=name]")?.focus();
}
