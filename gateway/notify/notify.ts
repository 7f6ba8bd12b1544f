// This browser's push messages: turned on with the reader's consent, and off again.
import { api } from "../ui/scripts/api";
import { find } from "../ui/scripts/page";

const WORKER = "/push-sw.js";
// Of its own, so that a noun's worker that serves pages is not replaced by this one.
const SCOPE = "/push-sw/";
const KEPT = "push-device";
type State = "on" | "off" | "denied" | "unsupported" | "failed";

async function begin(part: HTMLElement): Promise<void> {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
    return shown(part, "unsupported");
  }
  part.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLButtonElement>("[data-turns]");
    if (button) void turn(part, button.dataset["turns"] === "on");
  });
  shown(part, await state(part));
}

/** Whether this browser is subscribed, and known here as one of the reader's. */
async function state(part: HTMLElement): Promise<State> {
  if (Notification.permission === "denied") return "denied";
  const registered = await navigator.serviceWorker.getRegistration(SCOPE);
  const subscribed = await registered?.pushManager.getSubscription();
  const known = (part.dataset["devices"] ?? "").split(" ").includes(localStorage.getItem(KEPT) ?? "-");
  return subscribed && known ? "on" : "off";
}

async function turn(part: HTMLElement, on: boolean): Promise<void> {
  part.setAttribute("aria-busy", "true");
  try {
    await (on ? subscribe(part) : unsubscribe());
    // The list of browsers beneath is another one now.
    location.reload();
  } catch {
    part.removeAttribute("aria-busy");
    shown(part, Notification.permission === "denied" ? "denied" : "failed");
  }
}

async function subscribe(part: HTMLElement): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("not allowed");
  const registered = await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
  await (await registered.pushManager.getSubscription())?.unsubscribe();
  await active(registered);
  const key = raw(part.dataset["key"] ?? "");
  const made = await registered.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = made.toJSON();
  const body = { endpoint, p256dh: keys?.["p256dh"], auth: keys?.["auth"], name: name() };
  const answer = await api<{ id: string }>("POST", "/me/notifications/devices", { body });
  if (answer.kind !== "done") throw new Error(answer.kind);
  localStorage.setItem(KEPT, answer.result.id);
}

/** A worker that was just registered takes subscriptions once it is active. */
async function active(registered: ServiceWorkerRegistration): Promise<void> {
  const worker = registered.installing ?? registered.waiting;
  if (registered.active || !worker) return;
  await new Promise<void>((resolve) => {
    worker.addEventListener("statechange", () => worker.state === "activated" && resolve());
  });
}

async function unsubscribe(): Promise<void> {
  const registered = await navigator.serviceWorker.getRegistration(SCOPE);
  await (await registered?.pushManager.getSubscription())?.unsubscribe();
  const device = localStorage.getItem(KEPT);
  if (device) await api("DELETE", `/me/notifications/devices/${device}`);
  localStorage.removeItem(KEPT);
}

/** What this browser is called in the list, e.g. "Chrome · Windows". */
function name(): string {
  const agent = navigator.userAgent;
  const browsers = ["Edg", "Whale", "Firefox", "Chrome", "Safari"];
  const systems = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"];
  const found = [browsers, systems].map((names) => names.find((each) => agent.includes(each)) ?? "");
  return found.filter(Boolean).join(" · ").replace("Edg", "Edge").replace("Mac OS", "macOS");
}

function raw(key: string): Uint8Array<ArrayBuffer> {
  const text = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function shown(part: HTMLElement, now: State): void {
  for (const words of part.querySelectorAll<HTMLElement>("[data-when]")) words.hidden = words.dataset["when"] !== now;
  for (const button of part.querySelectorAll<HTMLElement>("[data-turns]")) {
    button.hidden = !(button.dataset["turns"] === "off" ? now === "on" : now === "off" || now === "failed");
  }
}

const part = find("#push-here");
if (part) void begin(part);
