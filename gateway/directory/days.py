"""The days on which the organisation does not work, and those on which it works all the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from gateway.core import backend
from shared.calendar import Exceptions, holiday_name


def exceptions() -> Exceptions:
    """What the organisation does otherwise than the public calendar says."""
    found = backend.call("directory", "calendar", {})
    off = {date.fromisoformat(day): name for day, name in found["off"].items()}
    return Exceptions(off, frozenset(map(date.fromisoformat, found["working"])))


def listed(first: date, last: date, locale: str, own: Exceptions) -> list[dict[str, Any]]:
    """`{day, kind, name}` of each day from `first` to `last` that is more than a plain weekday or weekend, in order.

    `kind`: `public` of a public holiday, `off` of a day off of the organisation's own, `working` of a day on which it
    works although others do not; its name is that of the holiday that is worked on, empty for a weekend.
    """
    found = []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        public = holiday_name(day, locale)
        if day in own.working:
            found.append({"day": day, "kind": "working", "name": public})
        elif day in own.off:
            found.append({"day": day, "kind": "off", "name": own.off[day]})
        elif public:
            found.append({"day": day, "kind": "public", "name": public})
    return found
