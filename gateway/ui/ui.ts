// What every page runs: htmx, live counts, shortcuts, menus and dialogs.
import htmx from "htmx.org";
import type { SidePanel } from "./components/side-panel";
import "./components/side-panel";
import { confirmations, dialogs, menus, toggles } from "./scripts/dialogs";
import { forms } from "./scripts/forms";
import { live } from "./scripts/live";
import { arriving, find } from "./scripts/page";
import { shortcuts } from "./scripts/shortcuts";
import { rows } from "./scripts/rows";
import { announceRequests } from "./scripts/requests";

announceRequests(htmx);
confirmations();
dialogs();
menus();
toggles();
forms();
shortcuts();
rows();
live(htmx);
find<SidePanel>("side-panel")?.begin(htmx);
arriving();
