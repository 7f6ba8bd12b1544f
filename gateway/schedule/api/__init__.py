"""Schedules, rooms and presence for programs."""

from __future__ import annotations

from typing import Any

from flask import request

from gateway.core.http import query


def listed(*names: str, **told: Any) -> dict[str, Any]:
    """The arguments of the query; those of `names` are lists, repeated or with commas between (`people=a,b`)."""
    found = query(**told)
    for name in names:
        if name in found:
            found[name] = [each for given in request.args.getlist(name) for each in given.split(",") if each]
    return found
