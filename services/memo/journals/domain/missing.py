"""Who has not written what is due (미작성): of those expected, without those who are away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Person = dict[str, Any]
EACH, ANY = "each", "any"
"""Everybody who is expected writes one, or one of them is enough: a department's or a post's journal."""
WAYS = (EACH, ANY)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a period stands: who has yet to write, who is excused because they are away, and how many were expected."""

    expected: int
    missing: list[Person] = field(default_factory=list)
    excused: list[Person] = field(default_factory=list)


def standing(people: Iterable[Mapping[str, Any]], written: Collection[str], way: str) -> Standing:
    """Of `people` (as `expand` answers them, with `absent`), without the ids of those who have `written`.

    Where one is enough, all who are here are missing together until one of them has written.
    """
    everybody = [dict(person) for person in people]
    open_ = [person for person in everybody if person["id"] not in written]
    if way == ANY:
        open_ = [] if written else open_
    missing = [person for person in open_ if not person.get("absent")]
    excused = [person for person in open_ if person.get("absent")]
    if way == ANY:
        return Standing(min(1, len(everybody)), missing, excused)
    return Standing(len(everybody), missing, excused)


def count(found: Standing, way: str) -> int:
    """How many entries are missing: of those of whom one is enough it is one."""
    return min(1, len(found.missing)) if way == ANY else len(found.missing)


def expected_in(people: Iterable[Mapping[str, Any]], principals: Collection[str]) -> list[dict[str, Any]]:
    """Of the people of a journal those whom a shift names (by `person:…`, `department:…`, `group:…`); all for none."""
    if not principals:
        return [dict(person) for person in people]
    return [dict(person) for person in people if not set(principals).isdisjoint(_named_by(person))]


def _named_by(person: Mapping[str, Any]) -> set[str]:
    return {f"{each['kind']}:{each['id']}" for each in person.get("through", ())}
