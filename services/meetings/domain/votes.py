"""Votes: one for each person who is present; of a secret one only how many is known."""

from __future__ import annotations

from collections.abc import Mapping

from services.meetings.domain.meeting import Meeting, Who
from shared.errors import Conflict, Forbidden

FOR, AGAINST, ABSTAIN = "for", "against", "abstain"


def require_voter(meeting: Meeting, who: Who) -> None:
    """That somebody may vote: who is invited and there; of a committee, its members. Raises `Forbidden`, `Conflict`."""
    mine = meeting.person(who.id)
    if mine is None:
        raise Forbidden("not invited")
    if any(each.member for each in meeting.active) and not mine.member:
        raise Forbidden("not a member")
    if not mine.present:
        raise Conflict("not-present")


def carried(tally: Mapping[str, int]) -> bool:
    """Whether more are for it than against it; who abstains is for neither."""
    return tally[FOR] > tally[AGAINST]
