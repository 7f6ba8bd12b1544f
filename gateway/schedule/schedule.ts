// Schedules: the calendar where the page has one, and what the form and the card are made of.
import "../ui/components/file-drop";
import "../ui/components/free-times";
import "../ui/components/people-picker";
import "../ui/components/receiver-picker";
import { find } from "../ui/scripts/page";
import { writing } from "./write/writing";
import { placing } from "./calendar/placing";

const calendar = find("#calendar");
// FullCalendar is large: a form beside another page does without it.
if (calendar) void import("./calendar/calendar").then(({ begin }) => begin(calendar));

writing();
placing();
