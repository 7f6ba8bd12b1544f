"""Places of approval."""

from __future__ import annotations

from gateway.approval.pages.boxes import BOXES
from tests.browser.places.place import EMPTY, Place

RULE = "/boxes/<any(received, progress, decided):name>"
PLACES: tuple[Place, ...] = (
    *(Place(RULE, f"/boxes/{name}") for name in BOXES),
    *(Place(RULE, f"/boxes/{name}", "reviewer") for name in ("received", "decided")),
    *(Place(RULE, f"/boxes/{name}", "executive", tenant=EMPTY) for name in BOXES),
)
NO_PAGES: dict[str, str] = {
    "/boxes/": "leads to the received box",
    "/documents/<uuid:id>/route": "a part of the card",
}
