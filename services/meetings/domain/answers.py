"""Answers to an invitation, from here and by mail, and who comes in somebody's stead."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.meetings.domain import states
from services.meetings.domain.meeting import CHAIR, NO, REQUIRED, SECRETARY, Meeting, Moved, Person, Ref, Who
from shared.errors import Forbidden, Invalid

PARTSTATS = {"ACCEPTED": "yes", "DECLINED": "no", "TENTATIVE": "tentative"}
_MISSED = (CHAIR, REQUIRED, SECRETARY)


def answer(meeting: Meeting, who: Who, now: datetime, said: str, word: str, substitute: Ref | None) -> Moved:
    """What somebody answers; with a substitute, who is invited in their stead. Raises `Forbidden`, `Invalid`."""
    mine = meeting.person(who.id)
    if mine is None:
        raise Forbidden("not invited")
    states.require(meeting.state, frozenset((states.CALLED,)), "answer")
    if substitute is not None and said != NO:
        raise Invalid({"substitute": "only_with_no"})
    after = _without(meeting, mine) if _id(mine.substitute) != _id(substitute) else meeting
    if substitute is not None and _id(mine.substitute) != _id(substitute):
        after = _invited(after, mine, substitute, now)
    after = after.with_person(replace(mine, answer=said, word=word, substitute=substitute))
    if after == meeting:
        return Moved(meeting)
    detail = {"answer": said, "word": word, "substitute": substitute["name"] if substitute else ""}
    missed = said == NO and substitute is None and mine.role in _MISSED
    told = (str(meeting.organiser["id"]),) if missed else ()
    return Moved(after, "answered", detail, told)


def _invited(meeting: Meeting, mine: Person, substitute: Ref, now: datetime) -> Meeting:
    if substitute["id"] == mine.id:
        raise Invalid({"substitute": "oneself"})
    if meeting.person(str(substitute["id"])):
        raise Invalid({"substitute": "already_invited"})
    return meeting.with_person(Person(substitute, mine.role, stands_for=mine.id, since=now))


def _without(meeting: Meeting, mine: Person) -> Meeting:
    """Who was to come in somebody's stead does not any more."""
    former = meeting.person(_id(mine.substitute)) if mine.substitute else None
    if former is None or former.stands_for != mine.id:
        return meeting
    # And whoever was to come in that person's stead.
    return _without(meeting, former).with_person(replace(former, active=False))


def _id(ref: Ref | None) -> str:
    return str(ref["id"]) if ref else ""


def is_news(kept: tuple[int, datetime | None], told: tuple[int, datetime]) -> bool:
    """Whether a mail's answer says more than what is kept: SEQUENCE first, then DTSTAMP [RFC 5546 2.1.5]."""
    if told[0] != kept[0]:
        return told[0] > kept[0]
    return kept[1] is None or told[1] > kept[1]


def normal(address: str) -> str:
    """An address as it is compared: without `mailto:` in any case, the whole of it without case."""
    found = address.strip()
    while found[:7].lower() == "mailto:":
        found = found[7:]
    return found.casefold()
