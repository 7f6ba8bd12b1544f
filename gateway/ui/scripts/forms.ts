// Plain forms: one press is one submission, filters apply themselves, files show their names.

/** Marks the pressed button as busy, so that it says what happens and a second press does nothing. */
export function forms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    // A dialog's own form sends nothing: it may be answered as often as it is opened.
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.dataset["sent"] !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset["sent"] = "";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // A page brought back by the Back button is as it was: its forms may be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
      delete form.dataset["sent"];
      form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
    }
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-copy]");
    const source = button && document.getElementById(button.dataset["copy"] ?? "");
    if (button && source) {
      void navigator.clipboard.writeText(source.textContent ?? "").then(() => {
        button.classList.add("is-done");
      });
    }
    const toggle = (event.target as HTMLElement).closest<HTMLElement>("[data-shows]");
    const secret = toggle && document.getElementById(toggle.dataset["shows"] ?? "");
    if (toggle && secret instanceof HTMLInputElement) {
      const shown = secret.type === "password";
      secret.type = shown ? "text" : "password";
      toggle.setAttribute("aria-pressed", String(shown));
    }
  });
}
