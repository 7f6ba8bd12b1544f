"""For each noun that is on desks, journeys of its subjects as its service's own code makes them, chosen at random.

Each module here is one of them: its `drive(choose)` answers the events, oldest first.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from random import Random

from shared.events import Event

Driver = Callable[[Random], list[Event]]
DRIVERS: dict[str, Driver] = {
    module.name: importlib.import_module(f"{__name__}.{module.name}").drive for module in pkgutil.iter_modules(__path__)
}
