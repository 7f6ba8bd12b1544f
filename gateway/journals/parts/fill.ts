// Filling in a journal on a phone: 모두 정상, 확인, 보내기. What is written is on the device before it is sent.
import { find, meta, say } from "../../ui/scripts/page";
import { part } from "../../ui/scripts/pieces";
import { type Values, filled, told } from "./data";
import { type Done, drop, flush, keep } from "./queue";
import { fieldsOf, hasPhotos, noted, photosOf, prepare, putValues, rowsOf, valuesOf } from "./values";

interface Told {
  journal: string;
  form_version: number;
  day: string;
  shift: string;
  place: string | null;
  /** When the period of now ends: this page may be one that was kept, and opened again on another day. */
  ends: string | null;
  entry: { id: string; version: number; values: Values } | null;
}
type Words = Record<string, string>;

export function fill(): void {
  const form = find("#journal-form");
  const data = told<Told>("journal-data");
  const words = told<Words>("journal-words");
  if (form && data && words) new Sheet(form, data, words);
}

class Sheet {
  private readonly id: string;
  private readonly dialog = find<HTMLDialogElement>("#journal-check");
  private readonly state = find("#journal-state");

  constructor(
    private readonly form: HTMLElement,
    private readonly data: Told,
    private readonly words: Words,
  ) {
    this.id = data.entry?.id ?? crypto.randomUUID();
    prepare(form);
    if (data.entry) putValues(form, data.entry.values);
    find("#journal-all")?.addEventListener("click", () => this.allNormal());
    find("#journal-review")?.addEventListener("click", () => this.review());
    find("#journal-send")?.addEventListener("click", () => void this.send());
    form.addEventListener("input", (event) => this.mended(event.target as HTMLElement));
    form.addEventListener("change", (event) => this.mended(event.target as HTMLElement));
  }

  /** 모두 정상: every check that nobody has answered otherwise. */
  private allNormal(): void {
    for (const field of this.form.querySelectorAll<HTMLElement>("[data-field][data-type=check]")) {
      if (field.querySelector("input:checked")) continue;
      const normal = field.querySelector<HTMLInputElement>("input[value=normal]");
      if (normal) normal.checked = true;
      noted(field);
      this.wrong(field, "");
    }
    say(this.words["all_normal"] ?? "");
    find("#journal-review")?.focus();
  }

  /** 확인: what is 이상, and what is still to be filled in. */
  private review(): void {
    const left = this.left(this.form);
    for (const field of left) this.wrong(field, this.words["required"] ?? "");
    if (left.length) {
      this.tell(filled(this.words["summary_left"], left.length), "danger");
      left[0]?.querySelector<HTMLElement>("input, textarea, button")?.focus();
      return;
    }
    const bad = [...this.form.querySelectorAll("[data-type=check] input[value=abnormal]:checked")].length;
    const said = this.dialog && find("[data-part=summary]", this.dialog);
    if (said) said.textContent = bad ? filled(this.words["summary_bad"], bad) : (this.words["summary_well"] ?? "");
    const list = this.dialog && find("[data-part=findings]", this.dialog);
    list?.replaceChildren(...this.findings());
    this.dialog?.showModal();
    find("#journal-send")?.focus();
  }

  private findings(): HTMLElement[] {
    return [...this.form.querySelectorAll<HTMLElement>("[data-type=check]")]
      .filter((field) => field.querySelector("input[value=abnormal]:checked"))
      .map((field) => {
        const item = document.createElement("li");
        const note = part<HTMLInputElement>(field, "input").value.trim();
        item.textContent = [field.dataset["label"], note].filter(Boolean).join(": ");
        return item;
      });
  }

  /** The required fields in which nothing is. */
  private left(within: HTMLElement): HTMLElement[] {
    const values = valuesOf(within);
    return fieldsOf(within).flatMap((field) => {
      const inner = field.dataset["type"] === "group" ? rowsOf(field).flatMap((row) => this.left(row)) : [];
      const empty = values[field.dataset["key"] ?? ""] === undefined && !hasPhotos(field);
      return field.dataset["required"] !== undefined && empty ? [field, ...inner] : inner;
    });
  }

  /** 보내기: kept on the device, then sent; the page says which of both it is. */
  private async send(): Promise<void> {
    this.dialog?.close();
    const { journal, form_version, entry } = this.data;
    const values = valuesOf(this.form);
    const body = { journal, form_version, ...this.period(), values, written_at: new Date().toISOString() };
    const kept = { id: this.id, person: meta("person"), body, version: entry?.version ?? null };
    await keep({ ...kept, photos: photosOf(this.form) });
    this.tell(this.words["sending"] ?? "", "info");
    const done = (await flush()).get(this.id);
    await this.finish(done ?? { outcome: "offline", fields: {} });
  }

  /** What it is for: as the address says, or the page while its period runs; else the server tells by the time. */
  private period(): Values {
    const asked = new URLSearchParams(location.search);
    const place = asked.get("place") ?? this.data.place;
    if (asked.has("day")) return { day: asked.get("day"), shift: asked.get("shift") ?? this.data.shift, place };
    const runs = this.data.ends !== null && new Date() < new Date(this.data.ends);
    return this.data.entry || runs ? { day: this.data.day, shift: this.data.shift, place } : { place };
  }

  private async finish({ outcome, fields }: Done): Promise<void> {
    if (outcome === "done") return this.over("sent", "success");
    if (outcome === "refused" || outcome === "closed" || outcome === "stale") {
      // It is on the page still: what was refused is not to be sent by itself again.
      await drop(this.id);
      for (const [path, code] of Object.entries(fields)) this.point(path, String(code));
      return this.tell(this.words[outcome === "refused" ? "refused" : "closed"] ?? "", "danger");
    }
    return this.over(outcome === "signed_out" || outcome === "another" ? outcome : "waiting", "warning");
  }

  /** Nothing more is to be done here. */
  private over(code: string, kind: string): void {
    this.tell(this.words[code] ?? "", kind);
    this.form.hidden = true;
    for (const id of ["#journal-bar", "#journal-intro"]) find(id)?.setAttribute("hidden", "");
    find("#journal-after")?.removeAttribute("hidden");
    this.state?.setAttribute("data-state", code);
  }

  private tell(text: string, kind: string): void {
    if (!this.state) return;
    this.state.className = `notice notice-${kind}`;
    part(this.state, "words").textContent = text;
    this.state.hidden = false;
    this.state.scrollIntoView({ block: "nearest" });
  }

  /** Shows what is wrong with the field of a path: `values.pumps.0.pressure`. */
  private point(path: string, code: string): void {
    const [, ...keys] = path.split(".");
    let within: HTMLElement = this.form;
    let field: HTMLElement | undefined;
    for (const key of keys) {
      if (/^\d+$/.test(key) && field) within = rowsOf(field)[Number(key)] ?? within;
      else field = fieldsOf(within).find((each) => each.dataset["key"] === key) ?? field;
    }
    if (field) this.wrong(field, this.words[code] ?? this.words["wrong"] ?? "");
  }

  private mended(target: HTMLElement): void {
    const field = target.closest<HTMLElement>("[data-field]");
    if (field) this.wrong(field, "");
  }

  private wrong(field: HTMLElement, text: string): void {
    const error = find("[data-part=error]", field);
    if (!error) return;
    error.hidden = !text;
    part(error, "text").textContent = text;
    field.classList.toggle("is-wrong", Boolean(text));
  }
}
