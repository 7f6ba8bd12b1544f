// <free-times>: times at which everybody is free, as buttons (GET /schedule/free). One that is chosen sets the fields that
// `data-sets-date` and `data-sets-time` around it name, and is told by the event "time-chosen".

export interface ChosenTime {
  date: string;
  time: string;
  minutes: number;
}

export class FreeTimes extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", (event) => {
      const button = (event.target as HTMLElement).closest<HTMLButtonElement>("button[data-date]");
      if (button) this.choose(button);
    });
  }

  private choose(button: HTMLButtonElement): void {
    const { date = "", time = "", minutes = "0" } = button.dataset;
    for (const other of this.querySelectorAll("button[data-date]")) other.setAttribute("aria-pressed", String(other === button));
    const detail: ChosenTime = { date, time, minutes: Number(minutes) };
    this.set("setsDate", date);
    this.set("setsTime", time);
    button.dispatchEvent(new CustomEvent("time-chosen", { detail, bubbles: true }));
  }

  /** Fills a field as if somebody had typed it: what follows from it follows. */
  private set(which: "setsDate" | "setsTime", value: string): void {
    const around = this.closest<HTMLElement>("[data-sets-date], [data-sets-time]");
    const name = around?.dataset[which];
    const root = this.closest("form") ?? document;
    const field = name ? root.querySelector<HTMLInputElement>(`[name="${CSS.escape(name)}"]`) : null;
    if (!field) return;
    field.dataset["before"] = field.value;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

customElements.define("free-times", FreeTimes);
