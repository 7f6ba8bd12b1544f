// htmx requests: the CSRF token goes along, a failure is told, an ended session leads to the sign-in page.
import type Htmx from "htmx.org";
import { meta, say, toast } from "./page";

interface RequestDetail {
  headers: Record<string, string>;
  verb: string;
}

interface FailureDetail {
  requestConfig?: { triggeringEvent?: Event };
}

interface AnswerDetail {
  xhr: XMLHttpRequest;
  shouldSwap: boolean;
  isError: boolean;
}

/** Hooks into htmx's events. The answer to a refused form (422, 409) is the form with its errors: it is shown. */
export function announceRequests(htmx: typeof Htmx): void {
  // Not by `htmx.on`, which waits for the page: what is sent as soon as the page is there has to have it, too.
  document.addEventListener("htmx:configRequest", (event) => {
    const detail = (event as CustomEvent<RequestDetail>).detail;
    if (detail.verb !== "get") detail.headers["X-CSRFToken"] = meta("csrf-token");
  });
  htmx.on("htmx:beforeSwap", (event) => {
    const detail = (event as CustomEvent<AnswerDetail>).detail;
    if (detail.xhr.status === 401) {
      window.location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
    } else if ([409, 412, 422].includes(detail.xhr.status)) {
      detail.shouldSwap = true;
      detail.isError = false;
    }
  });
  htmx.on("htmx:responseError", (event) => failed(event, meta("text-failed")));
  htmx.on("htmx:sendError", (event) => failed(event, meta("text-offline")));
  htmx.on("htmx:afterSwap", (event) => {
    const target = event.target as HTMLElement;
    const words = target.querySelector<HTMLElement>("[data-say]")?.dataset["say"];
    if (words) say(words);
  });
}

/** What a person asked for and did not get is told; a part that asks for itself will ask again. */
function failed(event: Event, words: string): void {
  const cause = (event as CustomEvent<FailureDetail>).detail.requestConfig?.triggeringEvent?.type ?? "";
  if (["click", "submit", "input", "change", "keydown", "keyup", "search"].includes(cause)) toast(words, "error");
}
