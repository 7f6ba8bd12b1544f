// What every page runs: htmx, live counts, shortcuts, menus and dialogs.
import htmx from "htmx.org";
import { card } from "./parts/card";
import { confirmations, dialogs, menus, toggles } from "./parts/dialogs";
import { forms } from "./parts/forms";
import { live } from "./parts/live";
import { arriving } from "./parts/page";
import { shortcuts } from "./parts/shortcuts";
import { announceRequests } from "./parts/requests";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.historyCacheSize = 0; // no page with a document in it stays in the browser's storage

announceRequests(htmx);
confirmations();
dialogs();
menus();
toggles();
forms();
shortcuts();
card();
live(htmx);
arriving();
