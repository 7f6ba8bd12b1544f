"""Every page there is, with who goes there and what is done before it is looked at; and what is no page, and why.

Each noun has its own here, in the module of its name; `core` has the rest.
"""

from __future__ import annotations

import importlib

from gateway.core import nouns
from tests.browser.places.place import EMPTY, TYPED, Place

__all__ = ["EMPTY", "NO_PAGES", "PLACES", "TYPED", "Place"]

_MODULES = [importlib.import_module(f"{__name__}.{name}") for name in ("core", *(n.name for n in nouns.all_nouns()))]
PLACES: tuple[Place, ...] = tuple(place for module in _MODULES for place in module.PLACES)
NO_PAGES: dict[str, str] = {rule: why for module in _MODULES for rule, why in module.NO_PAGES.items()}
