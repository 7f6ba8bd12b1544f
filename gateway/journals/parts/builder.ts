// The builder of a form: fields are added, changed and put in order by keyboard or pointer, and saved as a draft.
import { api } from "../../ui/scripts/api";
import { find, say, toast } from "../../ui/scripts/page";
import { copied, part } from "../../ui/scripts/pieces";
import { type Field, told } from "./data";

interface Told {
  id: string | null;
  fields: Field[];
  types: Record<string, string>;
  problems: Record<string, string>;
}
const OWN: Record<string, string[]> = {
  number: ["unit", "low", "high"],
  choice: ["options", "abnormal", "several"],
  text: ["lines"],
  photo: ["most"],
  group: ["most"],
};

export function builder(): void {
  const form = find<HTMLFormElement>("#journal-builder");
  const data = told<Told>("journal-builder-data");
  if (form && data) new Builder(form, data);
}

class Builder {
  private readonly list: HTMLElement;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly data: Told,
  ) {
    this.list = part(form, "fields");
    for (const field of data.fields) this.add(this.list, field);
    form.addEventListener("click", (event) => this.click(event.target as HTMLElement));
    form.addEventListener("change", (event) => this.typed(event.target as HTMLElement));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      void this.save(event.submitter?.dataset["then"] ?? "");
    });
    this.schedule();
  }

  // -- fields ---------------------------------------------------------------------------------------

  private add(list: HTMLElement, field?: Partial<Field>): HTMLElement {
    const row = copied(find<HTMLTemplateElement>("#journal-field"));
    row.dataset["key"] = field?.key ?? this.freshKey();
    const id = crypto.randomUUID();
    for (const each of row.querySelectorAll<HTMLElement>("[id], [for]")) {
      for (const name of ["id", "for"]) if (each.hasAttribute(name)) each.setAttribute(name, `${each.getAttribute(name)}-${id}`);
    }
    const inner = list !== this.list;
    if (inner) find('option[value="group"]', row)?.remove();
    list.append(row);
    this.put(row, { type: "check", required: true, ...field });
    for (const each of field?.fields ?? []) this.add(part(row, "inner"), each);
    this.numbered();
    return row;
  }

  private put(row: HTMLElement, field: Partial<Field>): void {
    for (const control of this.controls(row)) {
      const value = (field as Record<string, unknown>)[control.name];
      if (control instanceof HTMLInputElement && control.type === "checkbox") control.checked = Boolean(value);
      else if (Array.isArray(value)) control.value = value.join("\n");
      else if (value !== undefined && value !== null) control.value = String(value);
    }
    this.shape(row);
  }

  /** The controls of a row itself, without those of the fields within it. */
  private controls(row: HTMLElement): (HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[] {
    const all = row.querySelectorAll<HTMLInputElement>("input[name], select[name], textarea[name]");
    return [...all].filter((control) => control.closest("[data-row]") === row);
  }

  /** Shows what a type has to say of its own. */
  private shape(row: HTMLElement): void {
    const type = this.controls(row).find((control) => control.name === "type")?.value ?? "";
    for (const each of row.querySelectorAll<HTMLElement>("[data-own]")) {
      if (each.closest("[data-row]") !== row) continue;
      each.hidden = !(OWN[type] ?? []).includes(each.dataset["own"] ?? "");
    }
    part(row, "group").hidden = type !== "group";
  }

  private read(row: HTMLElement): Record<string, unknown> {
    const found: Record<string, unknown> = { key: row.dataset["key"] };
    const type = this.controls(row).find((control) => control.name === "type")?.value ?? "";
    for (const control of this.controls(row)) {
      const { name } = control;
      if (!["type", "label", "hint", "required", ...(OWN[type] ?? [])].includes(name)) continue;
      if (control instanceof HTMLInputElement && control.type === "checkbox") found[name] = control.checked;
      else if (name === "options" || name === "abnormal") found[name] = control.value.split("\n").map((l) => l.trim()).filter(Boolean);
      else if (name === "most") found[name] = Number(control.value) || (type === "photo" ? 3 : 10);
      else if (control.value.trim() || name === "label" || name === "type") found[name] = control.value.trim();
    }
    if (type === "group") found["fields"] = this.rows(part(row, "inner")).map((inner) => this.read(inner));
    return found;
  }

  private rows(list: HTMLElement): HTMLElement[] {
    return [...list.querySelectorAll<HTMLElement>(":scope > [data-row]")];
  }

  private freshKey(): string {
    const known = [...this.form.querySelectorAll<HTMLElement>("[data-row]")].map((row) => row.dataset["key"] ?? "");
    let n = known.length + 1;
    while (known.includes(`f${n}`)) n += 1;
    return `f${n}`;
  }

  private click(target: HTMLElement): void {
    const act = target.closest<HTMLElement>("[data-act]");
    const row = act?.closest<HTMLElement>("[data-row]");
    if (!act) return;
    if (act.dataset["act"] === "add") this.focus(this.add(this.list));
    if (!row) return;
    if (act.dataset["act"] === "add-inner") this.focus(this.add(part(row, "inner")));
    if (act.dataset["act"] === "up" && row.previousElementSibling) row.previousElementSibling.before(row);
    if (act.dataset["act"] === "down" && row.nextElementSibling) row.nextElementSibling.after(row);
    if (act.dataset["act"] === "up" || act.dataset["act"] === "down") {
      act.focus();
      const all = this.rows(row.parentElement as HTMLElement);
      say(`${all.indexOf(row) + 1} / ${all.length}`);
    }
    if (act.dataset["act"] === "drop") {
      const next = (row.nextElementSibling ?? row.previousElementSibling) as HTMLElement | null;
      row.remove();
      next?.querySelector<HTMLElement>("input")?.focus();
    }
    this.numbered();
  }

  private focus(row: HTMLElement): void {
    row.querySelector<HTMLElement>("input[name=label]")?.focus();
  }

  private typed(target: HTMLElement): void {
    const row = target.closest<HTMLElement>("[data-row]");
    if (row && (target as HTMLSelectElement).name === "type") this.shape(row);
    if (!row) this.schedule();
  }

  private numbered(): void {
    for (const row of this.form.querySelectorAll<HTMLElement>("[data-row]")) {
      const at = this.rows(row.parentElement as HTMLElement).indexOf(row) + 1;
      part(row, "number").textContent = `${at}`;
    }
  }

  // -- settings -------------------------------------------------------------------------------------

  private schedule(): void {
    const value = (name: string) => (this.form.elements.namedItem(name) as HTMLSelectElement).value;
    const kind = value("kind");
    part(this.form, "shifts").hidden = kind !== "shift";
    part(this.form, "weekdays").hidden = value("days") !== "weekdays";
    part(this.form, "opens").hidden = kind === "shift";
  }

  private settings(): Record<string, unknown> {
    const data = new FormData(this.form);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const shifts = [0, 1, 2, 3].map((n) => ({
      key: `s${n + 1}`,
      name: text(`shift-name-${n}`),
      starts: text(`shift-starts-${n}`),
      ends: text(`shift-ends-${n}`),
    }));
    const kind = text("kind");
    return {
      title: text("title"),
      about: text("about"),
      way: text("way"),
      ended: data.has("ended"),
      writers: data.getAll("writers"),
      verifiers: data.getAll("verifiers"),
      managers: data.getAll("managers"),
      schedule: {
        kind,
        days: text("days"),
        weekdays: data.getAll("weekday").map(Number),
        opens: text("opens") || "09:00",
        shifts: kind === "shift" ? shifts.filter((shift) => shift.name) : [],
      },
      fields: this.rows(this.list).map((row) => this.read(row)),
    };
  }

  // -- saved ----------------------------------------------------------------------------------------

  private async save(then: string): Promise<void> {
    this.clear();
    const { id } = this.data;
    const settings = this.settings();
    if (!id) delete settings["ended"];
    const answer = await api<{ id: string }>(id ? "PUT" : "POST", id ? `/journals/${id}` : "/journals", { body: settings });
    if (answer.kind === "refused") return this.refused(answer.fields);
    if (answer.kind !== "done") return toast(this.form.dataset["failed"] ?? "", "error");
    if (then === "publish") find<HTMLDialogElement>("#journal-publish")?.showModal();
    if (then === "publish" && id) return;
    if (then === "preview") location.assign(`/journals/${answer.result.id}/form/preview`);
    else if (!id) location.assign(`/journals/${answer.result.id}/form`);
    else toast(this.form.dataset["saved"] ?? "");
  }

  private refused(fields: Record<string, unknown>): void {
    const words = (code: unknown) => this.data.problems[String(code)] ?? String(code);
    let first: HTMLElement | null = null;
    for (const [path, code] of Object.entries(fields)) {
      const steps = path.split(".");
      let row: HTMLElement | null = null;
      let list = this.list;
      for (let n = 0; n < steps.length; n += 1) {
        if (steps[n] !== "fields" || steps[n + 1] === undefined) continue;
        row = this.rows(list)[Number(steps[n + 1])] ?? null;
        if (row) list = part(row, "inner");
      }
      const error = row ? part(row, "error") : find(`[data-error="${steps[0]}"]`, this.form);
      if (!error) continue;
      error.textContent = words(code);
      error.hidden = false;
      first ??= error;
    }
    toast(this.form.dataset["refused"] ?? "", "error");
    first?.scrollIntoView({ block: "center" });
  }

  private clear(): void {
    for (const error of this.form.querySelectorAll<HTMLElement>("[data-part=error], [data-error]")) error.hidden = true;
  }
}
