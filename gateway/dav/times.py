"""Spans of time as RFC 4791 (9.9) writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.dav.limits import FIRST, LAST
from gateway.dav.refusals import Refused
from gateway.dav.xml import Element, cal

_UTC = re.compile(r"\d{8}T\d{6}Z")


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until before `end`, where there are."""

    start: datetime | None
    end: datetime | None

    @property
    def whole(self) -> tuple[datetime, datetime]:
        """Both ends, of all the time that a calendar here has where one is missing."""
        return self.start or FIRST, self.end or LAST

    def narrows(self) -> dict[str, str]:
        """It as the schedule's `from` and `to`."""
        found = {"from": self.start, "to": self.end}
        return {name: moment.isoformat() for name, moment in found.items() if moment is not None}


def span(element: Element, *, both: bool = False) -> Span:
    """The span that an element's attributes say. Raises `Refused` (`valid-filter`); with `both`, where one is missing.

    What lies outside of what a calendar here has is as far as that goes.
    """
    start, end = (_moment(element.get(name)) for name in ("start", "end"))
    missing = (start is None or end is None) if both else (start is None and end is None)
    if missing or (start is not None and end is not None and start >= end):
        raise Refused(403, cal("valid-filter"))
    return Span(start, end)


def _moment(written: str | None) -> datetime | None:
    if written is None:
        return None
    try:
        if not _UTC.fullmatch(written):
            raise ValueError(written)
        return min(max(datetime.strptime(written, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), FIRST), LAST)
    except ValueError as error:
        raise Refused(403, cal("valid-filter")) from error
