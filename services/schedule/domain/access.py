"""How far a calendar is open to somebody, and what of an entry they are shown.

A person's calendar shows when they are busy to everybody, and what they do to their department, until its owner says
otherwise; a department's is written by its people and read by everybody, the organisation's is read by everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEVELS = ("", "busy", "read", "write", "own")


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar, as far as it decides who sees it. `holder` is a principal."""

    id: str
    holder: str
    kind: str
    main: bool
    department: str | None
    by_rule: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """Who asks, and what is known of them and of the calendars in question."""

    person: str
    department: str
    principals: frozenset[str]
    roles: frozenset[str]
    shares: Iterable[tuple[str, str, str]]
    viewers: Mapping[str, Iterable[str]]
    writers: Mapping[str, Iterable[str]]
    stands_in_for: frozenset[str]


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may do, and why where it is in somebody's place: `deputy` or `secretary`."""

    level: str
    mark: str = ""

    def gives(self, level: str) -> bool:
        """Whether it gives at least this."""
        return LEVELS.index(self.level) >= LEVELS.index(level)


def access(calendar: Calendar, facts: Facts) -> Access:
    """How far a calendar is open to who asks."""
    if calendar.holder == f"person:{facts.person}":
        return Access("own")
    owner = calendar.holder.partition(":")[2]
    found = [level for id_, principal, level in facts.shares if id_ == calendar.id and principal in facts.principals]
    found.append(_by_kind(calendar, facts))
    marked = Access("")
    if calendar.kind == "person" and calendar.main:
        if facts.person in facts.writers.get(owner, ()):
            marked = Access("write", "secretary")
        elif owner in facts.stands_in_for:
            marked = Access("read", "deputy")
        if not facts.principals.isdisjoint(facts.viewers.get(owner, ())):
            found.append("read")
    best = max(found, key=LEVELS.index)
    return marked if LEVELS.index(marked.level) >= LEVELS.index(best) and marked.level else Access(best)


def _by_kind(calendar: Calendar, facts: Facts) -> str:
    if calendar.kind == "organisation":
        return "own" if "tenant_admin" in facts.roles else "read"
    if calendar.kind == "department":
        return "write" if calendar.holder == f"department:{facts.department}" else "read"
    if calendar.kind == "person" and calendar.by_rule:
        return "read" if facts.department and calendar.department == facts.department else "busy"
    return ""


def shown(level: str, visibility: str) -> str:
    """How far somebody with this access to its calendar sees an entry: what is private is its owner's alone."""
    if visibility == "private":
        return level if level == "own" else "busy"
    if visibility == "busy" and level == "read":
        return "busy"
    return level
