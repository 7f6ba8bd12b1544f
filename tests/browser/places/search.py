"""Places of the search."""

from __future__ import annotations

from tests.browser.places.place import Place

PLACES: tuple[Place, ...] = ()
NO_PAGES: dict[str, str] = {"/related/<uuid:subject>": "a part of an object's card"}
