"""The addresses under `/dav/`: what stands at one, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit
from uuid import UUID, uuid5

ROOT = "/dav/"
WELL_KNOWN = "/.well-known/caldav"
# What stands in a segment of a path as it is (RFC 3986, 3.3).
_PLAIN = "-._~!$'()*+,;=:@"
RULES = {
    "root": "/dav/",
    "principal": "/dav/principals/<person>/",
    "home": "/dav/calendars/<person>/",
    "calendar": "/dav/calendars/<person>/<calendar>/",
    "object": "/dav/calendars/<person>/<calendar>/<name>",
}


@dataclass(frozen=True, slots=True)
class Place:
    """What an address names: the root, or the `principal`, `home`, a `calendar` or an `object` of a person's."""

    kind: str
    person: str = ""
    calendar: str = ""
    name: str = ""

    @property
    def href(self) -> str:
        """Its address."""
        if self.kind == "root":
            return ROOT
        if self.kind == "principal":
            return f"{ROOT}principals/{_quoted(self.person)}/"
        folders = "".join(f"{_quoted(part)}/" for part in (self.person, self.calendar) if part)
        return f"{ROOT}calendars/{folders}{_quoted(self.name)}"

    @property
    def id(self) -> str:
        """The id of the calendar.

        A client may choose any address for a calendar that it makes (RFC 4791, 5.3.1); where that is no id, one is
        derived from it, the same for this person every time.
        """
        try:
            return str(UUID(self.calendar))
        except ValueError:
            return str(uuid5(UUID(self.person), self.calendar))

    def within(self, name: str) -> Place:
        """What is called so in this calendar."""
        return Place("object", self.person, self.calendar, name)

    def above(self) -> Place:
        """The calendar of an object."""
        return Place("calendar", self.person, self.calendar)


@lru_cache(1_000)
def _quoted(part: str) -> str:
    # The folders of thousands of objects are the same.
    return quote(part, safe=_PLAIN)


def place_of(href: str) -> Place | None:
    """What an address names, whole or from the root; None where there can be nothing."""
    try:
        path = urlsplit(href.strip()).path
    except ValueError:
        return None
    parts = [unquote(part) for part in path.split("/")]
    if parts[:2] != ["", "dav"] or any("/" in part or part in (".", "..") for part in parts):
        return None
    inner = parts[2:-1] if parts[-1] == "" else parts[2:]
    if not inner or "" in inner:
        return None if inner else Place("root")
    first, *rest = inner
    if first == "principals":
        return Place("principal", *rest) if len(rest) == 1 else None
    kind = {1: "home", 2: "calendar", 3: "object"}.get(len(rest), "")
    return Place(kind, *rest) if first == "calendars" and kind else None
