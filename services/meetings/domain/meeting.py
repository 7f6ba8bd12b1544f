"""A meeting with the people of it, as far as its rules need it: who leads, who concludes, what somebody may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from services.meetings.domain import states

Ref = Mapping[str, Any]
CHAIR, REQUIRED, OPTIONAL, SECRETARY = "chair", "required", "optional", "secretary"
NONE, YES, NO, TENTATIVE = "none", "yes", "no", "tentative"
ANSWERS = (NONE, YES, NO, TENTATIVE)
AGREED, OBJECTED, SILENT = "confirmed", "objected", "silent"
# Who comes early may say so.
EARLY = timedelta(hours=1)


@dataclass(frozen=True)
class Who:
    """Who acts, with their roles."""

    ref: Ref
    roles: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """The person's id."""
        return str(self.ref["id"])


@dataclass(frozen=True)
class Person:
    """Somebody who is invited. `stands_for` is the id of whom they come instead of, `substitute` who comes instead.

    `present` is None while nobody has said; `review` is empty until they have spoken on the minutes; `member`: of the
    committee that meets. Who is no longer `active` was taken off it.
    """

    ref: Ref
    role: str
    answer: str = NONE
    word: str = ""
    substitute: Ref | None = None
    stands_for: str | None = None
    present: bool | None = None
    present_at: datetime | None = None
    review: str = ""
    note: str = ""
    member: bool = False
    active: bool = True
    since: datetime | None = None

    @property
    def id(self) -> str:
        """The person's id."""
        return str(self.ref["id"])

    @property
    def leads(self) -> bool:
        """Whether their role is to lead or to write."""
        return self.role in (CHAIR, SECRETARY)


@dataclass(frozen=True)
class Meeting:
    """A meeting as it stands. `review_due`: until then the minutes may be objected to; `lapsed`: that is past.

    `asks`: who has not answered is asked to: of a series at the next one only.
    """

    id: str
    state: str
    organiser: Ref
    starts_at: datetime
    ends_at: datetime
    people: tuple[Person, ...] = ()
    review_due: datetime | None = None
    lapsed: bool = False
    at: Mapping[str, datetime] = field(default_factory=dict)
    asks: bool = True

    @property
    def active(self) -> tuple[Person, ...]:
        """Everybody who is on it."""
        return tuple(each for each in self.people if each.active)

    def person(self, id_: str) -> Person | None:
        """Somebody who is on it."""
        return next((each for each in self.people if each.active and each.id == id_), None)

    @property
    def chair(self) -> str:
        """Who concludes: the chair, or who comes in the chair's stead; who has called it where there is none."""
        chairs = [each for each in self.active if each.role == CHAIR]
        present = [each for each in chairs if each.substitute is None]
        return next((each.id for each in (*present, *chairs)), str(self.organiser["id"]))

    @property
    def writers(self) -> list[str]:
        """Who writes the minutes: the secretaries, or who has called it."""
        return [each.id for each in self.active if each.role == SECRETARY] or [str(self.organiser["id"])]

    def is_led_by(self, who: Who) -> bool:
        """Whether somebody leads: the organiser, the chair, a secretary."""
        mine = self.person(who.id)
        return who.id == self.organiser["id"] or (mine is not None and mine.leads)

    @property
    def reviewers(self) -> tuple[Person, ...]:
        """Who confirms the minutes: those present who neither lead nor write; where nobody was marked, who said no
        is left out."""
        marked = any(each.present is not None for each in self.active)
        came = [each for each in self.active if (each.present if marked else each.answer != NO)]
        return tuple(each for each in came if not each.leads and each.id != self.organiser["id"])

    @property
    def open_reviews(self) -> tuple[Person, ...]:
        """Who has not spoken on the minutes yet."""
        return tuple(each for each in self.reviewers if not each.review)

    def with_person(self, person: Person, **changes: Any) -> Meeting:
        """With this person in the place of the one of the same id, or behind the others."""
        if any(each.id == person.id for each in self.people):
            people = tuple(person if each.id == person.id else each for each in self.people)
        else:
            people = (*self.people, person)
        return replace(self, people=people, **changes)


@dataclass(frozen=True)
class Moved:
    """A meeting after an act; `action` is empty where it changed nothing. `told` are ids of whom it concerns."""

    meeting: Meeting
    action: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    told: tuple[str, ...] = ()


def counts(people: Iterable[Person]) -> dict[str, int]:
    """How many have answered what."""
    found = dict.fromkeys(ANSWERS, 0)
    for each in people:
        found[each.answer] += each.active
    return found


def may(meeting: Meeting, who: Who, now: datetime) -> list[str]:
    """What somebody may do now."""
    state, mine = meeting.state, meeting.person(who.id)
    found = [act for act, moves in states.MOVES.items() if state in moves and act != "conclude"]
    found = found if meeting.is_led_by(who) else []
    if meeting.is_led_by(who):
        found += ["change"] if state == states.CALLED else []
        found += ["write", "decide"] if state in states.WRITTEN else []
        found += ["mark"] if state in (*states.AHEAD, states.MINUTES) else []
        found += ["ask"] if state not in (states.CALLED, states.CANCELLED) else []
    if state == states.CONFIRMING and who.id == meeting.chair and (meeting.lapsed or not meeting.open_reviews):
        found.append("conclude")
    if mine and state == states.CALLED:
        found.append("answer")
    if mine and is_open_for_attendance(meeting, now):
        found.append("attend")
    if state == states.CONFIRMING and who.id in {each.id for each in meeting.reviewers}:
        found.append("review")
    return found


def is_open_for_attendance(meeting: Meeting, now: datetime) -> bool:
    """Whether people may say themselves that they are there: from an hour before until it has ended."""
    early = meeting.state == states.CALLED and now >= meeting.starts_at - EARLY
    return meeting.state == states.HELD or early
