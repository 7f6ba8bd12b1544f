"""Who receives what goes to people, departments and groups: everybody once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Named(NamedTuple):
    """What a sender named: a `person`, a `department` or a `group`, by its id and the name it has now."""

    kind: str
    id: str
    name: str


def gathered(named: Iterable[tuple[Named, Iterable[str]]]) -> dict[str, list[Named]]:
    """Each person once, in the order first named, with everything that named the person, each of it once."""
    found: dict[str, dict[Named, None]] = {}
    for source, people in named:
        for person in people:
            found.setdefault(person, {})[source] = None
    return {person: list(sources) for person, sources in found.items()}


def stands_in(person: str, away: Mapping[str, str | None], here: Iterable[str]) -> str | None:
    """Who stands in for somebody who is away: the deputy, or the deputy's deputy where that one is away too.

    `away` has the deputy whom each person who is away named, `here` everybody who is not. None where nobody was named,
    the last one left, or those who are away name each other.
    """
    present = frozenset(here)
    seen = {person}
    deputy = away.get(person)
    while deputy is not None and deputy not in seen:
        if deputy in present:
            return deputy
        seen.add(deputy)
        deputy = away.get(deputy)
    return None
