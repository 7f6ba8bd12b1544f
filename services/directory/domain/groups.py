"""Groups of receivers: who may be in one, and how one is found by its name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from services.directory.domain import hangul

# Groups of one person or department.
MOST = 200


class Member(NamedTuple):
    """A `person` or a `department` in a group."""

    kind: str
    id: str


class Standing(NamedTuple):
    """How a member stands now: its name, what is told beside it, how many people it is, and why it is stale.

    `stale` is `left` of a person who works here no longer, `abolished` of a department, else empty.
    """

    name: str
    detail: str
    people: frozenset[str]
    stale: str


def problems(members: Sequence[Member], known: Mapping[Member, Standing], before: Collection[Member]) -> dict[str, str]:
    """What is wrong with the members of a group as it shall be: codes by field, empty if nothing.

    What is stale may stay where it was in the group `before`, and is not put into one.
    """
    found: dict[str, str] = {}
    codes = {"left": "inactive_person", "abolished": "abolished_department"}
    for number, member in enumerate(members):
        standing = known.get(member)
        if standing is None:
            found[f"members.{number}.id"] = f"unknown_{member.kind}"
        elif standing.stale and member not in before:
            found[f"members.{number}.id"] = codes[standing.stale]
    return found


def people(standings: Iterable[Standing]) -> int:
    """How many people these are, each counted once."""
    return len(frozenset[str]().union(*(standing.people for standing in standings)))


def nearness(name: str, words: Sequence[str]) -> int | None:
    """How near a name is to what was typed: 0 where it begins so, 1 where every word is in it, else None.

    Initial consonants (초성) find it as well, and blanks in the name do not matter.
    """
    plain = "".join(hangul.normal(name).split())
    forms = (plain, hangul.initials(plain))
    if not all(any(word in form for form in forms) for word in words):
        return None
    return 0 if not words or any(form.startswith(words[0]) for form in forms) else 1
