"""Every page there is, with who goes there and what is done before it is looked at; and what is no page, and why.

Each noun has its own here, in the module of its name; `core` has the rest.
"""

from __future__ import annotations

import importlib
import pkgutil

from tests.browser.places.place import EMPTY, TYPED, Place

__all__ = ["EMPTY", "NO_PAGES", "PLACES", "TYPED", "Place"]

_MODULES = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
_WITH_PLACES = [module for module in _MODULES if hasattr(module, "PLACES")]
PLACES: tuple[Place, ...] = tuple(place for module in _WITH_PLACES for place in module.PLACES)
NO_PAGES: dict[str, str] = {rule: why for module in _WITH_PLACES for rule, why in module.NO_PAGES.items()}
