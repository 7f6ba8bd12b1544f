// 결재선: the steps in reading order, each with its person, role and what is to be said about it.
import "../../ui/components/people-picker";
import type { PeoplePicker, Person } from "../../ui/components/people-picker";
import { find, say } from "../../ui/scripts/page";
import { joined, mayBeParallel, moved, problems, tidied } from "./linerules";
import { part } from "../../ui/scripts/pieces";
import { copy, data, get, hasWord, word } from "./page";
import type { Role, Step } from "./types";

export class Line {
  private kept: Step[] = [];
  private readonly list = get("line");
  private readonly people = get<PeoplePicker>("people");
  private dragged = -1;

  constructor(
    start: Step[],
    private readonly changed: () => void,
  ) {
    this.steps = start;
    this.chooseRole(start.some((step) => step.role === "decide") ? "cooperate" : "decide");
    this.people.addEventListener("person", (event) => this.add((event as CustomEvent<Person>).detail));
    this.list.addEventListener("click", (event) => this.pressed(event));
    this.list.addEventListener("change", (event) => this.set(event));
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.drags();
  }

  get steps(): Step[] {
    return this.kept;
  }

  set steps(to: Step[]) {
    this.kept = to;
    this.show();
  }

  /** Replaces the line as the person asked for, by a saved one for instance. */
  use(steps: Step[]): void {
    this.steps = tidied(steps);
    this.changed();
  }

  private add(person: Person): void {
    const known = this.kept.findIndex((step) => step.person.id === person.id);
    if (known >= 0) {
      say(word("already_on_line", { name: person.name }));
      this.row(known)?.classList.add("is-met");
      window.setTimeout(() => this.row(known)?.classList.remove("is-met"), 1500);
      return;
    }
    const role = (find<HTMLInputElement>('[name="next-role"]:checked')?.value ?? "decide") as Role;
    const { steps, demoted } = joined(this.kept, person, role);
    this.use(steps);
    const told = word("step_added", { name: person.name, role: word(`role_${role}`) });
    say(demoted ? `${told} ${word("now_reviews", { name: demoted.name })}` : told);
  }

  private chooseRole(role: Role): void {
    const radio = find<HTMLInputElement>(`[name="next-role"][value="${role}"]`);
    if (radio) radio.checked = true;
  }

  private indexOf(element: EventTarget | null): number {
    const row = element instanceof Element ? element.closest<HTMLElement>("[data-step]") : null;
    return row ? Number(row.dataset["step"]) : -1;
  }

  private row(index: number): HTMLElement | null {
    return find(`[data-step="${index}"]`, this.list);
  }

  private pressed(event: Event): void {
    const index = this.indexOf(event.target);
    const pressed = (event.target as HTMLElement).closest<HTMLElement>("button[data-part]")?.dataset["part"];
    const step = this.kept[index];
    if (!step || !pressed) return;
    if (pressed === "remove") {
      this.use(this.kept.filter((_, other) => other !== index));
      say(word("removed", { name: step.person.name }));
      const next = this.row(Math.min(index, this.kept.length - 1));
      (next ? part(next, "remove") : this.people).focus();
    } else if (pressed === "up" || pressed === "down")
      this.move(index, pressed === "up" ? index - 1 : index + 1, pressed);
  }

  private move(from: number, to: number, focus: string): void {
    const step = this.kept[from];
    if (!step || to < 0 || to >= this.kept.length) return;
    this.use(moved(this.kept, from, to));
    const row = this.row(to);
    const wanted = row && find<HTMLButtonElement>(`[data-part="${focus}"]`, row);
    (wanted?.disabled ? part(row as HTMLElement, focus === "up" ? "down" : "up") : wanted)?.focus();
    say(word("step_moved", { name: step.person.name, n: to + 1 }));
  }

  private set(event: Event): void {
    const index = this.indexOf(event.target);
    const control = event.target as HTMLSelectElement | HTMLInputElement;
    const change =
      control instanceof HTMLSelectElement ? { role: control.value as Role } : { parallel: control.checked };
    this.use(this.kept.map((step, other) => (other === index ? { ...step, ...change } : step)));
    const row = this.row(index);
    if (row) part(row, control.dataset["part"] ?? "role").focus();
  }

  /** Alt with an arrow moves the step that has the focus. */
  private key(event: KeyboardEvent): void {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const index = this.indexOf(event.target);
    const focus = (event.target as HTMLElement).dataset["part"] ?? "role";
    this.move(index, event.key === "ArrowUp" ? index - 1 : index + 1, focus);
  }

  private drags(): void {
    this.list.addEventListener("pointerdown", (event) => {
      const row = (event.target as HTMLElement).closest<HTMLElement>("[data-step]");
      if (row) row.draggable = Boolean((event.target as HTMLElement).closest('[data-part="handle"]'));
    });
    this.list.addEventListener("dragstart", (event) => {
      this.dragged = this.indexOf(event.target);
      event.dataTransfer?.setData("text/plain", "");
    });
    this.list.addEventListener("dragover", (event) => {
      if (this.dragged >= 0 && this.indexOf(event.target) >= 0) event.preventDefault();
    });
    this.list.addEventListener("drop", (event) => {
      const to = this.indexOf(event.target);
      event.preventDefault();
      if (this.dragged >= 0 && to >= 0 && to !== this.dragged) this.move(this.dragged, to, "up");
      this.dragged = -1;
    });
    this.list.addEventListener("dragend", () => (this.dragged = -1));
  }

  private show(): void {
    const told = problems(this.kept, data.person.id);
    this.list.replaceChildren(...this.kept.map((step, index) => this.drawn(step, index, told)));
    const whole = told.find((problem) => problem.step === null);
    const place = get("line-problem");
    place.hidden = !whole;
    part(place, "words").textContent = whole ? word(whole.code) : "";
    const proposed = this.kept.length > 0 && this.kept.every((step) => step.reason);
    get("line-proposed").hidden = !proposed;
  }

  private drawn(step: Step, index: number, told: ReturnType<typeof problems>): HTMLElement {
    const { person } = step;
    const row = copy("step-row");
    row.dataset["step"] = String(index);
    row.dataset["person"] = person.id;
    row.dataset["role"] = step.role;
    row.classList.toggle("is-parallel", step.parallel);
    part(row, "name").textContent = person.name;
    part(row, "post").textContent = `${person.position} · ${person.department}`;
    const role = part<HTMLSelectElement>(row, "role");
    role.value = step.role;
    role.setAttribute("aria-label", word("role_of", { name: person.name }));
    part(row, "absent-note").hidden = !person.absent;
    if (person.absent) part(row, "absent").textContent = this.people.absence(person.absent);
    const why = part(row, "why");
    why.hidden = !step.reason || !hasWord(step.reason);
    if (!why.hidden && step.reason) why.textContent = word(step.reason);
    part(row, "parallel-choice").hidden = !mayBeParallel(this.kept, index);
    part<HTMLInputElement>(row, "parallel").checked = step.parallel;
    const wrong = told.find((problem) => problem.step === index);
    part(row, "problem").hidden = !wrong;
    if (wrong) part(row, "problem-words").textContent = word(wrong.code);
    part<HTMLButtonElement>(row, "up").disabled = index === 0;
    part<HTMLButtonElement>(row, "down").disabled = index === this.kept.length - 1;
    for (const act of ["up", "down", "remove"])
      part(row, act).setAttribute("aria-label", word(`${act}_named`, { name: person.name }));
    return row;
  }
}
