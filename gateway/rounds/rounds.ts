// Writing a round: questions are added and removed, and a question that is answered by a text has no options.
import "../ui/components/comment-box";
import { find } from "../ui/scripts/page";

let next = 0;

document.addEventListener("click", (event) => {
  const target = event.target as HTMLElement;
  if (target.closest("#add-question")) add();
  const remove = target.closest<HTMLElement>('[data-question] [data-part="remove"]');
  if (remove) take(remove.closest<HTMLElement>("[data-question]")!);
});

document.addEventListener("change", (event) => {
  const kind = (event.target as HTMLElement).closest<HTMLSelectElement>('[data-question] [data-part="kind"]');
  if (kind) find('[data-part="options"]', kind.closest<HTMLElement>("[data-question]")!)!.hidden = kind.value === "text";
});

function add(): void {
  const template = find<HTMLTemplateElement>("#question-template")!;
  const list = find("#questions")!;
  next = Math.max(next, [...list.querySelectorAll<HTMLElement>("[data-question]")].length);
  const made = document.createElement("div");
  made.innerHTML = template.innerHTML.replaceAll("NEW", String(next++));
  const question = made.firstElementChild as HTMLElement;
  list.append(question);
  number();
  find<HTMLInputElement>("input", question)?.focus();
}

function take(question: HTMLElement): void {
  const list = find("#questions")!;
  if ([...list.querySelectorAll<HTMLElement>("[data-question]")].length < 2) return;
  question.remove();
  number();
  find<HTMLElement>("#add-question")?.focus();
}

function number(): void {
  document.querySelectorAll<HTMLElement>("[data-question]").forEach((question, index) => {
    find('[data-part="number"]', question)!.textContent = String(index + 1);
  });
}

number();
