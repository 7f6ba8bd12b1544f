"""What moves a meeting from state to state, and what people say of its minutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.meetings.domain import states
from services.meetings.domain.meeting import AGREED, OBJECTED, SILENT, Meeting, Moved, Person, Who
from shared.errors import Conflict, Forbidden, Invalid

LONGEST_REVIEW = timedelta(days=60)


def require_leads(meeting: Meeting, who: Who) -> None:
    """That somebody leads the meeting. Raises `Forbidden`."""
    if not meeting.is_led_by(who):
        raise Forbidden("neither organiser nor chair nor secretary")


def _moved(meeting: Meeting, act: str, now: datetime, **changes: Any) -> Meeting:
    state = states.moved(meeting.state, act)
    return replace(meeting, state=state, at={**meeting.at, state: now}, **changes)


def open_(meeting: Meeting, who: Who, now: datetime) -> Moved:
    """It begins."""
    require_leads(meeting, who)
    return Moved(_moved(meeting, "open", now), "opened")


def end(meeting: Meeting, who: Who, now: datetime) -> Moved:
    """It is over: the minutes are to be written."""
    require_leads(meeting, who)
    return Moved(_moved(meeting, "end", now), "ended")


def ended_by_clock(meeting: Meeting, now: datetime) -> Moved:
    """Nobody has opened it, and its time is over; of another one nothing."""
    if meeting.state != states.CALLED or now < meeting.ends_at:
        return Moved(meeting)
    return Moved(_moved(meeting, "end", now), "lapsed")


def cancel(meeting: Meeting, who: Who, now: datetime, reason: str) -> Moved:
    """It does not take place. Raises `Invalid` without a reason."""
    require_leads(meeting, who)
    if meeting.state == states.CANCELLED:
        return Moved(meeting)
    after = _moved(meeting, "cancel", now)
    if not reason:
        raise Invalid({"reason": "required"})
    return Moved(after, "cancelled", {"reason": reason}, tuple(each.id for each in meeting.active))


def ask_confirmation(meeting: Meeting, who: Who, now: datetime, due: datetime, *, written: bool) -> Moved:
    """Sends the minutes round: who says nothing until `due` agrees.

    Raises `Invalid`, `Conflict` (`nothing-written`).
    """
    require_leads(meeting, who)
    states.moved(meeting.state, "ask_confirmation")
    if not written:
        raise Conflict("nothing-written", state=meeting.state)
    if not now < due <= now + LONGEST_REVIEW:
        raise Invalid({"due": "past" if due <= now else "too_late"})
    people = tuple(replace(each, review="", note="") for each in meeting.people)
    after = _moved(meeting, "ask_confirmation", now, people=people, review_due=due, lapsed=False)
    return Moved(after, "confirmation_asked", {"due": due.isoformat()})


def take_back(meeting: Meeting, who: Who, now: datetime, reason: str) -> Moved:
    """The minutes are written on; what people said of them is in the history."""
    require_leads(meeting, who)
    people = tuple(replace(each, review="", note="") for each in meeting.people)
    after = _moved(meeting, "take_back", now, people=people, review_due=None, lapsed=False)
    return Moved(after, "taken_back", {"reason": reason})


def review(meeting: Meeting, who: Who, *, agree: bool, note: str) -> Moved:
    """Agrees with the minutes, or objects; the last word counts. Raises `Forbidden`, `Conflict`, `Invalid`."""
    states.require(meeting.state, frozenset((states.CONFIRMING,)), "review")
    mine = next((each for each in meeting.reviewers if each.id == who.id), None)
    if mine is None:
        raise Forbidden("not of those who confirm")
    if not agree and not note:
        raise Invalid({"note": "required"})
    said = replace(mine, review=AGREED if agree else OBJECTED, note=note)
    if said == mine:
        return Moved(meeting)
    after = meeting.with_person(said)
    if agree:
        return Moved(after, "agreed", {"note": note})
    told = tuple(dict.fromkeys((meeting.chair, *meeting.writers, str(meeting.organiser["id"]))))
    return Moved(after, "objected", {"note": note}, told)


def lapse(meeting: Meeting, now: datetime) -> Moved:
    """The date is past: who has said nothing agrees by silence."""
    due = meeting.review_due
    if meeting.state != states.CONFIRMING or meeting.lapsed or due is None or now < due:
        return Moved(meeting)
    silent = {each.id for each in meeting.open_reviews}
    people = tuple(replace(each, review=SILENT) if each.id in silent else each for each in meeting.people)
    return Moved(replace(meeting, people=people, lapsed=True), "review_ended", {"silent": len(silent)})


def conclude(meeting: Meeting, who: Who, now: datetime) -> Moved:
    """The chair confirms the minutes for good. Raises `Conflict` (`reviews-open`) while somebody may still object."""
    after = _moved(meeting, "conclude", now)
    if who.id != meeting.chair:
        raise Forbidden("not the chair")
    if not meeting.lapsed and meeting.open_reviews:
        raise Conflict("reviews-open", open=len(meeting.open_reviews), state=meeting.state)
    return Moved(after, "confirmed", {}, tuple(each.id for each in meeting.active))


def mark(meeting: Meeting, who: Who, now: datetime, present: dict[str, bool]) -> Moved:
    """The list of who is there, by who leads. Raises `Invalid` for somebody who is not on it."""
    require_leads(meeting, who)
    states.require(meeting.state, states.AHEAD | {states.MINUTES}, "mark")
    after = meeting
    for n, (id_, there) in enumerate(present.items()):
        person = meeting.person(id_)
        if person is None:
            raise Invalid({f"people.{n}.person": "not_invited"})
        after = after.with_person(_there(person, now, there=there))
    return Moved(after, "marked", {"people": len(present)}) if after != meeting else Moved(meeting)


def attend(meeting: Meeting, who: Who, now: datetime, *, is_open: bool) -> Moved:
    """Somebody says that they are there."""
    mine = meeting.person(who.id)
    if mine is None:
        raise Forbidden("not invited")
    if not is_open:
        raise states.refused(meeting.state, "attend")
    after = meeting.with_person(_there(mine, now, there=True))
    return Moved(after, "attended") if after != meeting else Moved(meeting)


def _there(person: Person, now: datetime, *, there: bool) -> Person:
    return person if person.present is there else replace(person, present=there, present_at=now if there else None)
