"""`sync-collection` (RFC 6578): what has changed in a calendar since a state that a client was told of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response

from gateway.dav import asked, multistatus, resources, service
from gateway.dav.asked import Asked
from gateway.dav.refusals import Refused
from gateway.dav.resources import Calendar, Resource, number_of, token_of
from gateway.dav.xml import Element, dav, el, text_of
from shared.contracts.dav import SYNC_LIMIT
from shared.errors import Problem

Told = dict[str, Any]


class _Changes:
    """What has changed, part after part, and the state that this comes to."""

    def __init__(self, calendar: Calendar, since: int | None, most: int | None) -> None:
        self._calendar = calendar
        self._most = most
        self.number = since
        self.truncated = False

    def __iter__(self) -> Iterator[list[Told]]:
        left = self._most
        while left is None or left > 0:
            limit = SYNC_LIMIT if left is None else min(left, SYNC_LIMIT)
            found = _asked(self._calendar.told["id"], self.number, limit)
            self.number = found["number"]
            yield found["items"]
            left = left if left is None else left - len(found["items"])
            self.truncated = found["more"]
            if not found["more"]:
                return


def answer(resource: Resource, root: Element) -> Response:
    """207, with the state to ask with next. Raises `Refused` (`valid-sync-token`) for a state that is none.

    Where there is more than the client has room for, 507 stands for the calendar; the state is that of what is told.
    """
    assert isinstance(resource, Calendar)
    if asked.depth("0") != "0":
        raise Problem(400, "bad-depth", "The depth of this report is 0")
    if text_of(root.find(dav("sync-level"))) not in ("1", "infinite"):
        raise Problem(400, "bad-xml", "Say the level of the report")
    want = asked.of(root, report=True)
    changes = _Changes(resource, _since(resource, root), _most(root))
    responses = _responses(resource, changes, want, asked.is_brief())
    return multistatus.answer(
        responses, lambda: el(dav("sync-token"), token_of(resource.told["id"], changes.number or 0))
    )


def _since(calendar: Calendar, root: Element) -> int | None:
    token = text_of(root.find(dav("sync-token")))
    if not token:
        return None
    number = number_of(token, calendar.told["id"])
    if number is None:
        raise Refused(403, dav("valid-sync-token"))
    return number


def _most(root: Element) -> int | None:
    written = text_of(root.find(f"{dav('limit')}/{dav('nresults')}"))
    if not written:
        return None
    if not written.isdecimal() or int(written[:9]) == 0:
        raise Refused(403, dav("number-of-matches-within-limits"))
    return int(written[:9])


def _asked(calendar: str, since: int | None, limit: int) -> Told:
    try:
        found: Told = service.ask("dav_changes", {"calendar": calendar, "since": since, "limit": limit})
    except Problem as problem:
        if problem.slug == "sync-token-unknown":
            raise Refused(403, dav("valid-sync-token")) from problem
        raise
    return found


def _responses(calendar: Calendar, changes: _Changes, want: Asked, brief: bool) -> Iterator[Element]:
    for part in changes:
        texts = _texts(calendar, part) if want.needs_text else {}
        for change in part:
            item = resources.item(calendar, {"writable": True, "text": None, **change, **texts.get(change["name"], {})})
            gone = change["tag"] is None or (want.needs_text and change["name"] not in texts)
            yield multistatus.without(item.href, 404) if gone else multistatus.told(item, want, brief)
    if changes.truncated:
        limits = multistatus.error(dav("number-of-matches-within-limits"))
        yield multistatus.without(calendar.href, 507, limits)


def _texts(calendar: Calendar, part: list[Told]) -> dict[str, Told]:
    names = [change["name"] for change in part if change["tag"] is not None]
    return {one["name"]: one for one in service.named(calendar.told["id"], names, text=True)}
