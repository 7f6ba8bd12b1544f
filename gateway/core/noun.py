"""What a noun says of itself once, in its `NOUN`: menus, shortcuts, the desk and the search are made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Words = str
"""What people read, by `lazy_gettext`: in the language of who reads it."""
Told = Mapping[str, Any]
Table = Callable[[], Mapping[str, str]]
"""Sentences by code, made when they are asked for."""


def nothing() -> Mapping[str, str]:
    """A table without a sentence."""
    return {}


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the navigation. `name` is what its page sets as `here`; `order` counts over all nouns.

    `key` goes there after `g`. Only who has `role` is shown it. `count` is the kind of to-do counted beside it,
    `short` its words in the bar at the bottom of a phone, for the few that are in it.
    """

    name: str
    href: str
    icon: str
    label: Words
    order: int
    group: Words = ""
    key: str = ""
    role: str = ""
    count: str = ""
    short: Words = ""


@dataclass(frozen=True, slots=True)
class Create:
    """Something one can make: `c` and its letter lead there from anywhere, and `key` alone where it has one.

    One that is short is written `beside` the page one is on (the side panel).
    """

    letter: str
    href: str
    icon: str
    label: Words
    name: Words
    short: Words
    order: int
    key: str = ""
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """A further shortcut, which the noun's own script hears."""

    key: str
    label: Words


def _its_kind(_: Told) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of to-do: its name, its badge's tone; `asks` says of one what is asked, where that is more."""

    label: Words
    asks: Callable[[Told], str] = _its_kind
    tone: str = "primary"


@dataclass(frozen=True, slots=True)
class Banner:
    """What cannot wait: a part that every page shows above its content.

    `call` (service, method, data) is asked along with what a page asks; `template` shows its answer, `told`, or
    nothing. `href` answers the same part alone, for an open page that hears of something new.
    """

    href: str
    template: str
    call: tuple[str, str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Noun:
    """One noun. `url` is an object's page with `{id}` in it; `notices` say what happened, by code, from its params.

    `problems` are sentences about a field that was refused, `refusals` about an act, by their codes. `label` is what an
    object is called, where another one or a notification names it, `states` how it stands, by code.
    `quote` is the method (`service.method`) by which another object is begun from one, where it can be.
    """

    name: str
    order: int
    icon: str
    url: str = ""
    places: tuple[Place, ...] = ()
    creates: tuple[Create, ...] = ()
    keys: tuple[Key, ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    notices: Mapping[str, Callable[[Told], str]] = field(default_factory=dict)
    problems: Table = nothing
    refusals: Table = nothing
    label: Words = ""
    states: Table = nothing
    quote: str = ""
    banner: Banner | None = None

    def url_of(self, subject: str) -> str:
        """The page of one object; empty where the noun has no pages of objects."""
        return self.url.format(id=subject)
