// The service worker of journals: keeps the forms that were opened, so that they open without a net. It imports nothing
// and sends nothing: what is written is sent by the page (parts/queue.ts), once, when the net is back.
interface Clients {
  claim(): Promise<void>;
}
interface Fetched extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Lasting extends Event {
  waitUntil(done: Promise<unknown>): void;
}
const scope = self as unknown as EventTarget & { skipWaiting(): Promise<void>; clients: Clients; origin: string };

const FORMS = "journals-forms-1";
const PARTS = "journals-parts-1";
const KEPT = 30;

scope.addEventListener("install", (event) => (event as Lasting).waitUntil(scope.skipWaiting()));
scope.addEventListener("activate", (event) => (event as Lasting).waitUntil(scope.clients.claim()));
scope.addEventListener("fetch", (event) => {
  const { request } = event as Fetched;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== scope.origin) return;
  if (request.mode === "navigate" && address.pathname.endsWith("/fill") && !address.searchParams.has("entry")) {
    (event as Fetched).respondWith(form(request));
  } else if (address.pathname.startsWith("/static/built/")) {
    (event as Fetched).respondWith(part(request));
  }
});

/** The form from the server; without a net as it was opened last. */
async function form(request: Request): Promise<Response> {
  const kept = await caches.open(FORMS);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) {
      // As it is asked for again: whether by a link, a code or the desk.
      await kept.put(new URL(request.url).pathname, answer.clone());
      const known = await kept.keys();
      await Promise.all(known.slice(0, Math.max(0, known.length - KEPT)).map((old) => kept.delete(old)));
    }
    return answer;
  } catch (offline) {
    const known = await kept.match(new URL(request.url).pathname);
    if (known) return known;
    throw offline;
  }
}

/** A built file: its name has the hash of its content, so the one that is kept is right for ever. */
async function part(request: Request): Promise<Response> {
  const kept = await caches.open(PARTS);
  const known = await kept.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await kept.put(request, answer.clone());
  return answer;
}
