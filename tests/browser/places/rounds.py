"""Places of opinion rounds."""

from __future__ import annotations

from tests.browser.places.place import EMPTY, Place

PLACES: tuple[Place, ...] = (
    Place("/rounds", "/rounds?box=mine"),
    Place("/rounds", "/rounds", "reviewer"),
    Place("/rounds", "/rounds", "executive", tenant=EMPTY),
    Place("/rounds/new", "/rounds/new"),
    Place("/rounds/<uuid:id>", "/rounds/{round}"),
    Place("/rounds/<uuid:id>", "/rounds/{round}", "decider"),
    Place("/rounds/<uuid:id>", "/rounds/{anonymous_round}", "reviewer"),
)
NO_PAGES: dict[str, str] = {
    "/rounds/<uuid:id>/results.xlsx": "a file",
    "/rounds/<uuid:id>/comments/<uuid:comment>": "the page of memos' comments, seen there",
}
