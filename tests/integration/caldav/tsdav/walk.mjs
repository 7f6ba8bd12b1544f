// Walks through a calendar with tsdav as a web or telephone program would, and tells what it saw as JSON.
import { createDAVClient } from "tsdav";

const [serverUrl, username, password] = process.argv.slice(2);
const client = await createDAVClient({
  serverUrl,
  credentials: { username, password },
  authMethod: "Basic",
  defaultAccountType: "caldav",
});
const event = (uid, title, rule = "") =>
  [
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tsdav//test//KO", "BEGIN:VEVENT", `UID:${uid}`,
    "DTSTAMP:20260101T000000Z", "DTSTART:20261210T000000Z", "DTEND:20261210T010000Z", `SUMMARY:${title}`,
    ...(rule ? [rule] : []), "END:VEVENT", "END:VCALENDAR", "",
  ].join("\r\n");
const told = {};

told.calendars = (await client.fetchCalendars()).map(({ displayName, components, calendarColor, timezone }) => ({
  displayName, components, calendarColor, zoned: Boolean(timezone),
}));

const home = client.account?.homeUrl ?? (await client.createAccount({ account: { serverUrl, accountType: "caldav" } })).homeUrl;
const url = `${home}${crypto.randomUUID()}/`;
await client.makeCalendar({ url, props: { "d:displayname": "tsdav" } });
const calendar = () => client.fetchCalendars().then((all) => all.find((one) => one.url === url));
let mine = await calendar();
told.made = mine?.displayName;

const uid = crypto.randomUUID();
const made = await client.createCalendarObject({
  calendar: mine, filename: `${uid}.ics`, iCalString: event(uid, "회의 & 점검", "RRULE:FREQ=WEEKLY;COUNT=3"),
});
told.created = made.status;
const again = await client.createCalendarObject({
  calendar: mine, filename: `${uid}.ics`, iCalString: event(uid, "덮어쓰기"),
});
told.overwritten = again.status;

const [object] = await client.fetchCalendarObjects({ calendar: mine });
told.read = object.data.includes("SUMMARY:회의 & 점검");
const within = (start, end) =>
  client.fetchCalendarObjects({ calendar: mine, timeRange: { start, end } }).then((found) => found.length);
told.in_the_second_week = await within("2026-12-16T00:00:00Z", "2026-12-18T00:00:00Z");
told.in_the_fifth_week = await within("2027-01-06T00:00:00Z", "2027-01-08T00:00:00Z");

const first = await client.syncCollection({ url, props: { "d:getetag": {} }, syncLevel: 1 });
told.first_sync = first.filter((one) => one.href?.endsWith(".ics")).length;
const token = first[0]?.raw?.multistatus?.syncToken;

const changed = await client.updateCalendarObject({
  calendarObject: { ...object, data: event(uid, "옮긴 회의") },
});
told.updated = changed.status;
const stale = await client.updateCalendarObject({ calendarObject: { ...object, data: event(uid, "늦은 변경") } });
told.stale = stale.status;
const second = await client.syncCollection({ url, props: { "d:getetag": {} }, syncLevel: 1, syncToken: token });
told.second_sync = second.filter((one) => one.href?.endsWith(".ics")).length;
told.token_moved = second[0]?.raw?.multistatus?.syncToken !== token;

const [present] = await client.fetchCalendarObjects({ calendar: mine });
told.changed = present.data.includes("SUMMARY:옮긴 회의");
const smart = await client.smartCollectionSync({
  collection: { ...mine, objects: [], objectMultiGet: client.calendarMultiGet }, method: "webdav",
});
told.smart = smart.objects.length;
told.deleted = (await client.deleteCalendarObject({ calendarObject: present })).status;
told.left = (await client.fetchCalendarObjects({ calendar: mine })).length;
told.calendar_deleted = (await client.deleteObject({ url })).status;
told.gone = (await calendar()) === undefined;
console.log(JSON.stringify(told));
