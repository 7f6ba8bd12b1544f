// Requests: the components that their pages write with, and Ctrl+Enter to send.
import "../ui/components/file-drop";
import "../ui/components/people-picker";
import "../ui/components/receiver-picker";
import "../ui/components/rich-text";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = (event.target as HTMLElement).closest<HTMLFormElement>("#request-form");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});
