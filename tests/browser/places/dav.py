"""Places of CalDAV and feeds: none of them is a page."""

from __future__ import annotations

from gateway.dav.paths import RULES, WELL_KNOWN
from tests.browser.places.place import Place

PLACES: tuple[Place, ...] = ()
NO_PAGES: dict[str, str] = {
    **dict.fromkeys((WELL_KNOWN, *RULES.values()), "spoken to by calendar programs"),
    "/calendars/<secret>.ics": "a file that calendar programs read",
}
