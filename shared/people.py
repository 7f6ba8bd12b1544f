"""Snapshots of people, kept for a short time so that naming somebody costs no RPC."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from shared.context import Context

_LIFETIME = 30.0
_MOST = 20_000
TOPIC = "people_changed"

_REF = ("id", "name", "position", "department", "department_id")

Fetch = Callable[[Context, list[str]], dict[str, dict[str, Any]]]


def ref(person: Mapping[str, Any]) -> dict[str, Any]:
    """The `PersonRef` of somebody of whom more is known."""
    return {name: person[name] for name in _REF}


class PeopleCache:
    """At most 20,000 people; each for half a minute, or until the directory tells that they changed."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._kept: OrderedDict[tuple[str, str], tuple[float, dict[str, Any]]] = OrderedDict()

    def get(self, ctx: Context, ids: list[str]) -> dict[str, dict[str, Any]]:
        """The `PersonRef` (with `active`) of those that exist."""
        now = time.monotonic()
        found: dict[str, dict[str, Any]] = {}
        missing: list[str] = []
        for person in ids:
            kept = self._kept.get((ctx.tenant, person))
            if kept and now - kept[0] < _LIFETIME:
                found[person] = kept[1]
            else:
                missing.append(person)
        if missing:
            for person, ref in self._fetch(ctx, missing).items():
                found[person] = ref
                self._kept[(ctx.tenant, person)] = (now, ref)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return found

    def clear(self) -> None:
        """Forgets everybody."""
        self._kept.clear()

    def told(self, told: dict[str, Any]) -> None:
        """Forgets the people who changed; all of the tenant when none are named."""
        if told["topic"] != TOPIC:
            return
        named = set(told["people"])
        for key in [k for k in self._kept if k[0] == told["tenant"] and (not named or k[1] in named)]:
            self._kept.pop(key, None)
