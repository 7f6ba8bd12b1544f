"""What there is under `/dav/`, each with what its properties are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gateway.core import backend
from gateway.core.auth import Principal, principal
from gateway.dav import service
from gateway.dav.paths import Place

_WRITERS = ("write", "own")


@dataclass(frozen=True)
class Resource:
    """Something at a place, as who is signed in has it."""

    place: Place
    me: Principal

    @property
    def href(self) -> str:
        """Its address."""
        return self.place.href

    @property
    def principal_href(self) -> str:
        """The address of who is signed in."""
        return Place("principal", self.me.person).href

    @property
    def home_href(self) -> str:
        """The address of their calendars."""
        return Place("home", self.me.person).href


@dataclass(frozen=True)
class Root(Resource):
    """Where everything begins."""


@dataclass(frozen=True)
class Person(Resource):
    """Who is signed in."""

    @cached_property
    def email(self) -> str:
        """Where mail reaches them; empty where it is not known."""
        return str(service.ask("person", {"id": self.me.person}, "directory")["email"])


@dataclass(frozen=True)
class Home(Resource):
    """Their calendars, and those that others let them read."""


@dataclass(frozen=True)
class Calendar(Resource):
    """A calendar, as `DavCalendar`."""

    told: dict[str, Any]

    @property
    def name(self) -> str:
        """What it is called: the organisation's own has the organisation's name."""
        return self.told["name"] or backend.tenant_name(self.me.tenant)

    @property
    def is_own(self) -> bool:
        """Whether it may be changed itself, and not its objects only."""
        return bool(self.told["access"] == "own")

    @property
    def is_writable(self) -> bool:
        """Whether there may be further objects in it."""
        return self.told["access"] in _WRITERS

    @property
    def sync_token(self) -> str:
        """Its sync state (RFC 6578)."""
        return token_of(self.told["id"], self.told["number"])


@dataclass(frozen=True)
class Item(Resource):
    """An object of a calendar, as `DavObject`; its text where that was asked for."""

    calendar: Calendar
    told: dict[str, Any]

    @property
    def etag(self) -> str:
        """Its entity tag, a strong one."""
        return etag(self.told["tag"])

    @property
    def is_writable(self) -> bool:
        """Whether it may be changed."""
        return self.calendar.is_writable and bool(self.told["writable"])


def etag(tag: str) -> str:
    """A tag as HTTP writes it."""
    return f'"{tag}"'


def token_of(calendar: str, number: int) -> str:
    """A calendar's sync state as an address (RFC 6578, 4): of this calendar and no other."""
    return f"urn:oneway:sync:{calendar}:{number}"


def number_of(token: str, calendar: str) -> int | None:
    """The number in a sync state; None for what is none of this calendar's."""
    start, _, number = token.rpartition(":")
    return (
        int(number) if f"{start}:" == token_of(calendar, 0)[:-1] and number.isdecimal() and len(number) < 16 else None
    )


def at(place: Place, *, text: bool = False) -> Resource:
    """What stands at a place, an object with its text where that is asked for. Raises `NotFound`."""
    service.require_own(place)
    me = principal()
    if place.kind == "root":
        return Root(place, me)
    if place.kind == "principal":
        return Person(place, me)
    if place.kind == "home":
        return Home(place, me)
    if place.kind == "calendar":
        return calendar_at(place)
    return Item(place, me, calendar_at(place.above()), service.one(place, text=text))


def calendar_at(place: Place) -> Calendar:
    """The calendar at a place. Raises `NotFound`."""
    return Calendar(place, principal(), service.calendar(place))


def within(resource: Resource, *, text: bool = False) -> Iterator[Resource]:
    """What stands right below."""
    if isinstance(resource, Home):
        me = resource.me
        for told in service.calendars():
            yield Calendar(Place("calendar", me.person, told["id"]), me, told)
    elif isinstance(resource, Calendar):
        for told in service.every(resource.told["id"], text=text):
            yield item(resource, told)


def item(calendar: Calendar, told: dict[str, Any]) -> Item:
    """An object of a calendar that was told of."""
    return Item(calendar.place.within(told["name"]), calendar.me, calendar, told)
