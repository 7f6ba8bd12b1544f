// How an entry and a day's head are drawn: never by colour alone.
import type { DayCellInfo, DayHeaderInfo, EventDisplayInfo, ListDayHeaderInnerInfo } from "fullcalendar";
import type { Config, Day, Line } from "./told";

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the page's sprite, as an ornament. */
export function icon(sprite: string, name: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

function piece(name: string, text: string): HTMLElement {
  const span = document.createElement("span");
  span.className = name;
  span.textContent = text;
  return span;
}

/** Sign of the kind, time, title, and in words what else matters: tentative, whose, in whose place. */
export function entry(info: EventDisplayInfo, config: Config): { domNodes: Node[] } {
  const line = info.event.extendedProps["line"] as Line | undefined;
  // What is being drawn new has no line yet.
  if (!line) return { domNodes: [piece("entry-time", info.timeText)] };
  const month = info.view.type.startsWith("dayGrid");
  const list = info.view.type.startsWith("list");
  const box = document.createElement("span");
  const looks = list ? "entry-row" : month || line.all_day || info.isShort ? "entry-line" : "";
  box.className = `entry-in ${looks}`.trim();
  const time = line.all_day ? (list ? (config.words["all_day"] ?? "") : "") : info.timeText;
  if (list) box.append(piece("entry-time", time));
  box.append(icon(config.icons, line.access === "busy" ? "lock" : line.words.sign));
  if (time && !list) box.append(piece("entry-time", time));
  box.append(piece("entry-title", line.words.title));
  const owner = info.event.extendedProps["owner"] as string;
  for (const word of [line.words.shown, owner, line.words.mark]) if (word) box.append(piece("entry-word", word));
  if (line.recurring) box.append(icon(config.icons, "repeat"));
  if (line.place && !month) box.append(piece("entry-place", line.place));
  box.append(piece("visually-hidden", line.words.rest));
  // Words are apart for who hears them as well.
  for (const each of [...box.children].slice(1)) each.before(" ");
  return { domNodes: [box] };
}

const SEOUL = new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Seoul" });

/** The date (`2026-12-25`) of the moment at which a day begins in Seoul. */
export function dateOf(date: Date): string {
  return SEOUL.format(date);
}

/** The head of a day with the name it has. */
export function head(info: DayHeaderInfo, days: Map<string, Day>, config: Config): { domNodes: Node[] } {
  const nodes: Node[] = [piece(info.isToday ? "day-text day-today" : "day-text", info.text)];
  const day = info.view.type.startsWith("dayGridMonth") ? undefined : days.get(dateOf(info.date));
  if (day) nodes.push(...named(day, config, info.view.type === "timeGridDay"));
  return { domNodes: nodes };
}

/** What a day is called, and its date by the moon: always, or where that begins and is full. */
function named(day: Day, config: Config, always: boolean): Node[] {
  const nodes: Node[] = [];
  if (day.name) nodes.push(piece(day.off ? "day-name day-off" : "day-name", day.name));
  if (day.lunar && (always || /\. (1|15)\.$/.test(day.lunar))) {
    const words = (day.leap ? config.words["lunar_leap"] : config.words["lunar"]) ?? "{day}";
    nodes.push(piece("day-name day-lunar", words.replace("{day}", day.lunar)));
  }
  return nodes;
}

/** The head of a day in the list: once, and not on both of its sides. */
export function listHead(info: ListDayHeaderInnerInfo, days: Map<string, Day>, config: Config): { domNodes: Node[] } {
  if (info.level) return { domNodes: [] };
  const nodes: Node[] = [piece(info.isToday ? "day-text day-today" : "day-text", info.text)];
  const day = days.get(dateOf(info.date));
  if (day) nodes.push(...named(day, config, true));
  return { domNodes: nodes };
}

/** The number of a day of the month with the name it has; where there is no room for that it is to be heard. */
export function cell(info: DayCellInfo, days: Map<string, Day>, config: Config): { domNodes: Node[] } {
  const day = days.get(dateOf(info.date));
  const nodes: Node[] = [];
  if (day) nodes.push(...named(day, config, false));
  const looks = ["day-text", (day?.off && day.name) || !info.dow ? "day-off" : "", info.isToday ? "day-today" : ""];
  nodes.push(piece(looks.filter(Boolean).join(" "), info.dayNumberText), piece("visually-hidden", info.text));
  return { domNodes: nodes };
}

/**
 * FullCalendar names heads, cells and entries by labels that hide what is in them: they are called by what they say.
 * A head without a word gets its name as one, and entries of a list are no items that cannot be pressed.
 */
export function spoken(element: HTMLElement): void {
  for (const labelled of element.querySelectorAll<HTMLElement>('[role="columnheader"], [role="gridcell"]')) {
    labelled.removeAttribute("aria-label");
    for (const hidden of labelled.querySelectorAll("[aria-hidden]:not(svg)")) hidden.removeAttribute("aria-hidden");
  }
  for (const head of element.querySelectorAll<HTMLElement>('[role="rowheader"]')) {
    if (!head.textContent) head.append(piece("visually-hidden", head.getAttribute("aria-label") ?? ""));
  }
  for (const list of element.querySelectorAll('[role="list"]')) {
    if (list.querySelector(':scope > [role="button"]')) list.setAttribute("role", "group");
  }
}
