"""`If-Match` and `If-None-Match` (RFC 9110, 13.1), as the schedule takes them."""

from __future__ import annotations

import re
from typing import Any

from flask import request

from gateway.dav import service
from gateway.dav.paths import Place
from shared.errors import NotFound, Problem

_TAG = re.compile(r'(W/)?"([^"]*)"|([^\s",]+)')
_LONGEST = 100


def of_change(place: Place) -> dict[str, Any]:
    """`tag` and `absent` for a change of what is at a place. Raises a `Problem` (412) where they are not met."""
    wanted, unwanted = _tags("If-Match"), _tags("If-None-Match")
    if wanted is None and unwanted is None:
        return {"tag": None}
    if wanted is None and unwanted == ["*"]:
        return {"absent": True}
    if unwanted is None and wanted is not None and len(wanted) == 1 and wanted != ["*"]:
        return {"tag": wanted[0]}
    current = _current(place)
    _require(wanted is None or (current is not None and (wanted == ["*"] or current in wanted)))
    _require(unwanted is None or current is None or (unwanted != ["*"] and current not in unwanted))
    # What was found is what may be changed, and nothing that has come meanwhile.
    return {"tag": current} if current is not None else {"absent": True}


def of_reading(tag: str) -> bool:
    """Whether the client knows it already. Raises a `Problem` (412) where it asks for another version."""
    wanted, known = _tags("If-Match"), _tags("If-None-Match", weak=True)
    _require(wanted is None or wanted == ["*"] or tag in wanted)
    return known is not None and (known == ["*"] or tag in known)


def of_removal(place: Place) -> dict[str, Any]:
    """`tag` for taking away what is at a place. Raises a `Problem` (412)."""
    given = of_change(place)
    _require(not given.pop("absent", False))
    return given


def _current(place: Place) -> str | None:
    try:
        tag: str = service.one(place, text=False)["tag"]
    except NotFound:
        return None
    return tag


def _require(met: bool) -> None:
    if not met:
        raise Problem(412, "stale", "Somebody has changed this meanwhile")


def _tags(header: str, *, weak: bool = False) -> list[str] | None:
    """The tags of a header, `*` alone for any; None where it is not there. Weak ones are good for reading alone."""
    given = request.headers.get(header)
    if given is None:
        return None
    if given.strip() == "*":
        return ["*"]
    found = [(is_weak, quoted or bare) for is_weak, quoted, bare in _TAG.findall(given)]
    tags = [tag for is_weak, tag in found if (weak or not is_weak) and tag != "*" and len(tag) <= _LONGEST]
    # Of a header with nothing in it that could be met nothing is.
    return tags or ["\0"]
