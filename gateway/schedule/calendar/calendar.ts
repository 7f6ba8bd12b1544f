// The calendar of the page: FullCalendar with our looks, our words and our keys. Loaded only where there is one.
import { Calendar, type DateSelectInfo, type DatesSetInfo, type EventClickInfo, type EventSourceFuncInfo } from "fullcalendar";
import dayGrid from "fullcalendar/daygrid";
import interaction from "fullcalendar/interaction";
import list from "fullcalendar/list";
import en from "fullcalendar/locales/en-gb";
import ko from "fullcalendar/locales/ko";
import classic from "fullcalendar/themes/classic";
import timeGrid from "fullcalendar/timegrid";
import type { SidePanel } from "../../ui/components/side-panel";
import { find, say } from "../../ui/scripts/page";
import { Feed } from "./feed";
import { Drawn, keys } from "./keys";
import { Layers } from "./layers";
import { cell, entry, head, listHead, spoken } from "./look";
import { Moving } from "./moving";
import type { Config, Line } from "./told";

const TYPES: Record<string, string> = { day: "timeGridDay", week: "timeGridWeek", month: "dayGridMonth", list: "listMonth" };
const KEPT_VIEW = "schedule.view";
const NARROW = 700;

/** Begins the calendar of the page. */
export function begin(element: HTMLElement): void {
  const config = JSON.parse(find<HTMLScriptElement>("#calendar-config")!.textContent ?? "{}") as Config;
  const layers = new Layers();
  const drawn = new Drawn();
  const feed = new Feed(config, layers, () => redraw(calendar, feed, config));
  let focus = "";
  const moving = new Moving(config, (key) => {
    focus = key;
    calendar.refetchEvents();
  });
  const back = () => `/schedule?view=${viewOf(calendar.view.type)}&date=${calendar.formatIso(calendar.getDate(), true)}`;
  const write = (more: Record<string, string> = {}) =>
    panel()?.open(`/schedule/new?${new URLSearchParams({ ...more, back: back() })}`);
  const calendar = new Calendar(element, {
    plugins: [dayGrid, timeGrid, list, interaction, classic],
    locales: [ko, en],
    locale: config.locale === "ko" ? "ko" : "en-gb",
    timeZone: "Asia/Seoul",
    initialView: TYPES[firstView(config)] ?? "timeGridWeek",
    initialDate: config.day,
    headerToolbar: false,
    height: "100%",
    firstDay: 0,
    nowIndicator: true,
    businessHours: { daysOfWeek: [1, 2, 3, 4, 5], startTime: "09:00", endTime: "18:00" },
    scrollTime: "08:00:00",
    scrollTimeReset: false,
    slotDuration: "00:30:00",
    snapDuration: "00:15:00",
    slotHeaderFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    dayHeaderFormat: config.locale === "ko" ? { day: "numeric", weekday: "short" } : { weekday: "short", day: "numeric" },
    displayEventEnd: false,
    eventDisplay: "block",
    slotEventOverlap: false,
    listDayFormat: { month: "long", day: "numeric", weekday: "short" },
    views: {
      timeGridDay: { displayEventEnd: true },
      timeGridWeek: { titleFormat: { year: "numeric", month: "long", day: "numeric" } },
      dayGridMonth: { dayHeaderFormat: { weekday: "short" } },
      listMonth: { displayEventEnd: true, listItemEventBeforeClass: "entry-dot" },
    },
    dayMaxEvents: true,
    moreLinkText: (count) => (config.words["more"] ?? "+{n}").replace("{n}", String(count)),
    allDayText: config.words["all_day"] ?? "",
    noEventsText: config.words["none"] ?? "",
    timedText: config.words["timed"] ?? "",
    eventsHint: config.words["events"] ?? "",
    selectable: true,
    selectMirror: true,
    selectMinDistance: 4,
    eventResizableFromStart: false,
    longPressDelay: 400,
    events: (info: EventSourceFuncInfo) => feed.events(info),
    eventContent: (info) => entry(info, config),
    dayHeaderContent: (info) => head(info, feed.days, config),
    dayCellTopContent: (info) => cell(info, feed.days, config),
    listDayHeaderContent: (info) => listHead(info, feed.days, config),
    eventMinHeight: 20,
    eventShortHeight: 30,
    eventDidMount: ({ el, event }) => {
      const line = event.extendedProps["line"] as Line | undefined;
      if (!line) return;
      drawn.add(el, event);
      el.title = line.words.all;
      if (line.access === "busy") el.setAttribute("aria-disabled", "true");
    },
    eventWillUnmount: ({ el }) => drawn.remove(el),
    eventsSet: () => {
      window.setTimeout(() => spoken(element));
      if (!focus) return;
      const key = focus;
      window.setTimeout(() => drawn.focus(key));
      focus = "";
    },
    eventClick: (info) => open(info),
    select: (info) => {
      write(selected(info));
      calendar.unselect();
    },
    eventDrop: (info) => void moving.moved(info.event, info.revert),
    eventResize: (info) => void moving.moved(info.event, info.revert),
    datesSet: (info) => {
      arrived(info, calendar);
      window.setTimeout(() => spoken(element));
    },
  });
  calendar.render();
  layers.begin(find("#schedule-layers")!, () => calendar.refetchEvents());
  tools(calendar, (view) => calendar.changeView(TYPES[view] ?? "timeGridWeek"));
  keys(element, drawn, { calendar, moving, show: (view) => calendar.changeView(TYPES[view] ?? "timeGridWeek"), write: () => write() });
  element.addEventListener("live", () => calendar.refetchEvents());
}

function panel(): SidePanel | null {
  return find<SidePanel>("side-panel");
}

/** What the address names, what was looked at last, or what fits the window. */
function firstView(config: Config): string {
  if (config.view) return config.view;
  const narrow = window.innerWidth < NARROW;
  try {
    return (!narrow && window.localStorage.getItem(KEPT_VIEW)) || (narrow ? "day" : "week");
  } catch {
    return narrow ? "day" : "week";
  }
}

function viewOf(type: string): string {
  return Object.keys(TYPES).find((view) => TYPES[view] === type) ?? "week";
}

/** The names of days have come: the heads are drawn anew. */
function redraw(calendar: Calendar, feed: Feed, config: Config): void {
  calendar.setOption("dayHeaderContent", (info) => head(info, feed.days, config));
  calendar.setOption("dayCellTopContent", (info) => cell(info, feed.days, config));
  calendar.setOption("listDayHeaderContent", (info) => listHead(info, feed.days, config));
}

/** An entry opens beside the calendar; what is only busy does not. */
function open(info: EventClickInfo): void {
  const line = info.event.extendedProps["line"] as Line;
  info.jsEvent.preventDefault();
  if (!line.url) return say(line.words.all);
  if (info.jsEvent.ctrlKey || info.jsEvent.metaKey) window.open(line.url, "_blank", "noopener");
  else panel()?.open(line.url);
}

/** What was drawn with the mouse, as the form takes it: in a month a day is a day without hours. */
function selected(info: DateSelectInfo): Record<string, string> {
  return { start: info.startStr, end: info.endStr };
}

/** Another time or view is shown: the title, the address and the buttons follow. */
function arrived(info: DatesSetInfo, calendar: Calendar): void {
  const view = viewOf(info.view.type);
  const title = find("#calendar-title");
  if (title) title.textContent = info.view.title;
  for (const button of document.querySelectorAll<HTMLElement>("[data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset["view"] === view));
  }
  const url = new URL(window.location.href);
  const day = calendar.formatIso(calendar.getDate(), true);
  url.searchParams.set("view", view);
  url.searchParams.set("date", day);
  window.history.replaceState(window.history.state, "", url);
  const together = find<HTMLAnchorElement>("#calendar-together");
  if (together) together.search = `?date=${day}`;
  try {
    window.localStorage.setItem(KEPT_VIEW, view);
  } catch {
    // Without storage the next visit begins with the week.
  }
  say(info.view.title);
}

/** The buttons above the calendar. */
function tools(calendar: Calendar, show: (view: string) => void): void {
  const acts: Record<string, () => void> = {
    prev: () => calendar.prev(),
    next: () => calendar.next(),
    today: () => calendar.today(),
  };
  find("#calendar-tools")?.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest("button");
    const view = button?.dataset["view"];
    if (view) show(view);
    else acts[button?.dataset["goes"] ?? ""]?.();
  });
}
