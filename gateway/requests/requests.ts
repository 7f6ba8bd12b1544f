// Requests: the components that their pages write with, and Ctrl+Enter to send.
import "../ui/components/comment-box";
import "../ui/components/file-drop";
import "../ui/components/object-picker";
import "../ui/components/people-picker";
import "../ui/components/receiver-picker";
import "../ui/components/rich-text";
import { brings, send } from "./write/sending";

// Before the form is marked as sent (ui/scripts/forms.ts).
document.addEventListener(
  "submit",
  (event) => {
    const form = (event.target as HTMLElement).closest<HTMLFormElement>("#request-form");
    if (!form || !brings(form)) return;
    event.preventDefault();
    void send(form);
  },
  { capture: true },
);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = (event.target as HTMLElement).closest<HTMLFormElement>("#request-form");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});
