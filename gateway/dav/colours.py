"""Colours of calendars: ours are eight, programs choose any."""

from __future__ import annotations

import re

# As the pages paint them, by number: the tones of gateway/schedule/styles/entries.css.
PALETTE = ("#256ef4", "#228738", "#0b78cb", "#9e6a00", "#d63d4a", "#346fb2", "#de3412", "#6d7882")
_HEX = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})(?:[0-9a-fA-F]{2})?")


def written(number: int) -> str:
    """The colour of a number, as programs write it: with how opaque it is."""
    return f"{PALETTE[number % len(PALETTE)].upper()}FF"


def nearest(colour: str) -> int | None:
    """The number of the colour that is most like it; None for what is no colour."""
    given = _parts(colour)
    if given is None:
        return None
    return min(range(len(PALETTE)), key=lambda number: _distance(given, _parts(PALETTE[number]) or given))


def _parts(colour: str) -> tuple[int, ...] | None:
    found = _HEX.fullmatch(colour.strip())
    return tuple(int(part, 16) for part in found.groups()) if found else None


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))
