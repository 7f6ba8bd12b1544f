"""What is asked of the schedule for calendar programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gateway.core import backend
from gateway.core.auth import principal
from gateway.dav.paths import Place
from shared.contracts.dav import NAMES_LIMIT
from shared.errors import NotFound
from shared.ids import new_id

Told = dict[str, Any]
# How many texts are carried at once: some have long descriptions, and the first of them is to be on its way soon.
_TEXTS = 200
assert _TEXTS <= NAMES_LIMIT


def ask(method: str, data: Told, service: str = "schedule") -> Any:
    """The answer to a question. Raises the service's `Problem`."""
    return backend.backend().client.call(service, method, backend.context(), data, repeatable=True)


def tell(method: str, data: Told) -> Any:
    """The answer to a change. Raises the service's `Problem`.

    Calendar programs bring no idempotency key: theirs is the entity tag.
    """
    client = backend.backend().client
    return client.call("schedule", method, backend.context(), data, idempotency_key=new_id())


def calendars() -> list[Told]:
    """The calendars that who is signed in may read, as `DavCalendar`."""
    found: list[Told] = ask("dav_calendars", {})["items"]
    return found


def calendar(place: Place) -> Told:
    """The calendar at a place, or that an object at it is in. Raises `NotFound`."""
    require_own(place)
    found = next((one for one in calendars() if one["id"] == place.id), None)
    if found is None:
        raise NotFound("calendar")
    return found


def require_own(place: Place) -> None:
    """Raises `NotFound` for a place of somebody else's: what others share stands among one's own calendars."""
    if place.kind != "root" and place.person != principal().person:
        raise NotFound()


def every(calendar_id: str, *, text: bool, **narrowed: Any) -> Iterator[Told]:
    """The objects of a calendar as `DavObject`, as they come; `narrowed` by uid, names or time."""
    after: str | None = ""
    while after is not None:
        data = {"calendar": calendar_id, "text": text, "after": after, **narrowed}
        found = ask("dav_objects", {**data, "limit": _TEXTS} if text else data)
        yield from found["items"]
        after = found["next"]


def named(calendar_id: str, names: Sequence[str], *, text: bool) -> Iterator[Told]:
    """Those objects of these names that there are."""
    for start in range(0, len(names), _TEXTS):
        yield from every(calendar_id, text=text, names=list(names[start : start + _TEXTS]))


def one(place: Place, *, text: bool) -> Told:
    """The object at a place. Raises `NotFound`."""
    found = next(named(place.id, [place.name], text=text), None)
    if found is None:
        raise NotFound("object")
    return found
