// The live channel: the server tells that something of a topic changed, and the parts it concerns ask for themselves again.
import type Htmx from "htmx.org";
import { find, meta, say } from "./page";

const CHANNEL = "oneway-live";
const GATHER_MS = 150;
const COME_BACK_MS = 15_000;
const OTHERS_MS = 300;

/** What stands for every topic: something was missed, and nobody knows what. */
const ALL = "";

/**
 * Fires "live" at each part whose `data-live` names a topic of which the server told a change, once however many of its
 * topics changed; and at every part when the connection came back after a break.
 * One open page of the browser listens for all of them (an HTTP/1.1 browser has six connections a server).
 */
export function live(htmx: typeof Htmx): void {
  const path = meta("live");
  if (!path) return;
  const gathered = new Set<string>();
  let gathering = 0;
  const tell = () => {
    gathering = 0;
    const concerned = parts((topic) => gathered.has(ALL) || gathered.has(topic));
    gathered.clear();
    for (const part of concerned) htmx.trigger(part, "live");
  };
  const fire = (topic: string) => {
    gathered.add(topic);
    // From the first on: where something is told all the time, parts still hear of it.
    gathering ||= window.setTimeout(tell, GATHER_MS);
  };
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener("message", (event: MessageEvent<string>) => fire(event.data));
  const changed = (topic: string) => {
    fire(topic);
    channel.postMessage(topic);
  };
  let broken = false;
  let listens = false;
  const listen = () => {
    const source = new EventSource(path);
    source.addEventListener("changed", (event: MessageEvent<string>) => changed(event.data));
    source.addEventListener("open", () => {
      if (broken) changed(ALL);
      else if (!listens) void missed(path).then((topics) => topics.forEach(changed));
      listens = true;
      broken = false;
    });
    source.addEventListener("error", () => {
      broken = true;
      // Refused, by a session that ended or a server that starts: the browser would not try again by itself.
      if (source.readyState === EventSource.CLOSED) window.setTimeout(listen, COME_BACK_MS);
    });
    window.addEventListener("pagehide", () => source.close());
  };
  if ("locks" in navigator) {
    void navigator.locks.request(CHANNEL, () => {
      listen();
      return new Promise(() => undefined); // held until the page is gone
    });
  } else {
    listen();
  }
  // Where another page listens for this one.
  window.setTimeout(() => {
    if (!listens) void missed(path).then((topics) => topics.forEach(fire));
  }, OTHERS_MS);
  // A page brought back from the browser's cache has missed what was told.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
  titleCount();
  htmx.on("htmx:afterSwap", (event) => {
    if ((event.target as HTMLElement).closest("#todo-count")) titleCount();
  });
}

/** The parts of the page that show something of one of these topics. */
function parts(changed: (topic: string) => boolean): HTMLElement[] {
  const every = [...document.querySelectorAll<HTMLElement>("[data-live]")];
  return every.filter((part) => part.dataset["live"]?.split(" ").some(changed));
}

/** What came between the making of the page and the moment it listened. */
async function missed(path: string): Promise<string[]> {
  try {
    const answer = await fetch(`${path}/missed?since=${meta("live-since")}`);
    return answer.ok ? ((await answer.json()) as { topics: string[] }).topics : [];
  } catch {
    return []; // the channel will come back, and then everything is asked
  }
}

let told = -1;

/** Keeps the count in the title, "(3) …", and says it when it grew. */
function titleCount(): void {
  const badge = find("#todo-count [data-count]");
  if (!badge) return;
  const count = Number(badge.dataset["count"]);
  const bare = document.title.replace(/^\(\d+\+?\) /, "");
  document.title = count > 0 ? `(${count}) ${bare}` : bare;
  if (told >= 0 && count !== told) say(badge.dataset["words"] ?? "");
  told = count;
}
