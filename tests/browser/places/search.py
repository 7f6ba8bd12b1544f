"""Search has no pages."""

from __future__ import annotations

from tests.browser.places.place import Place

PLACES: tuple[Place, ...] = ()
NO_PAGES: dict[str, str] = {}
