// Entries beside each other: the server says in which quarter and lane each stands, which no style of the page can.
import htmx from "htmx.org";

/** Places what has come into the page, now and by htmx. */
export function placing(): void {
  htmx.onLoad((element) => {
    const within = element as HTMLElement;
    const found = [...within.querySelectorAll<HTMLElement>("[data-first]")];
    if (within.matches("[data-first]")) found.push(within);
    for (const each of found) place(each);
  });
  for (const each of document.querySelectorAll<HTMLElement>("[data-first]")) place(each);
}

function place(element: HTMLElement): void {
  const told = (name: string) => Number(element.dataset[name] ?? 0);
  element.style.gridRow = `${told("first") + 1} / ${told("after") + 1}`;
  const width = 100 / Math.max(1, told("lanes"));
  element.style.marginLeft = `${told("lane") * width}%`;
  element.style.width = `${width}%`;
}
