"""Requests within requests: never in a circle, never too deep; damaged data end a walk instead of going round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from shared.errors import Conflict, Invalid

DEPTH = 10
"""So many requests lie above each other at the most."""

T = TypeVar("T")


def climbed(start: T | None, above: Callable[[T], T | None], key: Callable[[T], str]) -> tuple[list[T], bool]:
    """What lies above `start`, itself first, and whether the way up came to an end; each is there once."""
    found: list[T] = []
    seen: set[str] = set()
    here = start
    while here is not None:
        if key(here) in seen:
            return found, False
        seen.add(key(here))
        found.append(here)
        here = above(here)
    return found, True


def require_place(moving: tuple[str, str], above: Sequence[tuple[str, str]], height: int) -> None:
    """That the request `moving` (id and title) may lie below `above`: its new parent first, up to the top.

    `height`: so many levels hang together from it on downwards, 1 where it has no parts. Raises `Conflict` (`circle`,
    with the path) where it is above itself, `Invalid` (`too_deep`).
    """
    ids = [id_ for id_, _ in above]
    if moving[0] in ids:
        way = [title for _, title in above[: ids.index(moving[0]) + 1]]
        raise Conflict(
            "circle", " > ".join([way[-1], *reversed(way[:-1]), moving[1]]), path=[*reversed(ids), moving[0]]
        )
    if len(above) + height > DEPTH:
        raise Invalid({"parent": "too_deep"})
