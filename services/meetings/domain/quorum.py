"""Whether enough members of a committee are there (의사정족수)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.meetings.domain.meeting import Person

MAJORITY = "majority"


@dataclass(frozen=True)
class Quorum:
    """How many members there are, how many are needed, how many are there."""

    members: int
    needed: int
    present: int

    @property
    def met(self) -> bool:
        """Whether the committee may decide."""
        return self.present >= self.needed


def of(rule: str, people: Iterable[Person]) -> Quorum | None:
    """How a meeting stands; None where it is not a committee's. The rule is `majority`, or a number as text.

    Who comes in a member's stead does not count [as the bylaws of most committees have it].
    """
    members = [each for each in people if each.member and each.active]
    if not rule:
        return None
    needed = len(members) // 2 + 1 if rule == MAJORITY else int(rule)
    return Quorum(len(members), needed, sum(each.present is True for each in members))


def in_term(member: Mapping[str, Any], day: date) -> bool:
    """Whether somebody is a member on a day; a term includes both of its days, and may have no end."""
    return member["from"] <= day.isoformat() and (member["until"] is None or day.isoformat() <= member["until"])
