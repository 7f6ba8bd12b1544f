// Receives push messages with the page closed, shows them, and opens what they are about.
interface Told {
  title: string;
  body: string;
  url: string;
  tag: string;
}
interface Event_ extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Pushed extends Event_ {
  data: { json(): unknown } | null;
}
interface Clicked extends Event_ {
  notification: Notification;
}
interface Open {
  url: string;
  focus(): Promise<unknown>;
}
interface Worker_ {
  addEventListener(type: "push", heard: (event: Pushed) => void): void;
  addEventListener(type: "notificationclick", heard: (event: Clicked) => void): void;
  addEventListener(type: "install", heard: (event: Event_) => void): void;
  skipWaiting(): Promise<void>;
  registration: ServiceWorkerRegistration;
  clients: { matchAll(of: object): Promise<Open[]>; openWindow(url: string): Promise<unknown> };
}
const worker = self as unknown as Worker_;

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));

worker.addEventListener("push", (event) => {
  const { title, body, url, tag } = event.data?.json() as Told;
  const shown = { body, tag, data: url, icon: "/static/mark.svg" };
  event.waitUntil(worker.registration.showNotification(title, shown));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(new URL(String(event.notification.data), self.location.origin)));
});

/** In the page that shows it already, or in a new one; only here, whatever the message says. */
async function open(url: URL): Promise<void> {
  const path = url.origin === self.location.origin ? url.href : self.location.origin + url.pathname;
  const pages = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => page.url === path);
  await (there ? there.focus() : worker.clients.openWindow(path));
}
export {};
