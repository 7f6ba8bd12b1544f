"""Whatever people do with a meeting in whatever order: its states follow the table, and what may be done can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.meetings.domain import acts, answers, audience, desk, states
from services.meetings.domain.meeting import (
    ANSWERS,
    CHAIR,
    NO,
    OPTIONAL,
    REQUIRED,
    SECRETARY,
    Meeting,
    Moved,
    Person,
    Who,
    counts,
    is_open_for_attendance,
    may,
)
from shared.errors import Problem
from shared.testing import new_person

START = datetime(2026, 5, 4, tzinfo=UTC)
NAMES = ("한시장", "서나래", "송겨울", "윤여름", "강가을")
ORGANISER, SECRETARY_, FIRST, SECOND, FREE = (Who(new_person(name, "총무과", department_id="d")) for name in NAMES)
EVERYBODY = [ORGANISER, SECRETARY_, FIRST, SECOND, FREE]
# What leads a meeting from one state to another; README.md has the same table.
ALLOWED = {
    "called": {"called", "held", "minutes", "cancelled"},
    "held": {"held", "minutes"},
    "minutes": {"minutes", "confirming"},
    "confirming": {"confirming", "minutes", "confirmed"},
    "confirmed": {"confirmed"},
    "cancelled": {"cancelled"},
}


class Meetings(RuleBasedStateMachine):
    """One meeting of four, somebody who is not invited, and a clock."""

    meeting: Meeting

    @initialize(chair=st.sampled_from([ORGANISER, FIRST]))
    def called(self, chair: Who) -> None:
        self.now = START
        roles = [(ORGANISER, REQUIRED), (SECRETARY_, SECRETARY), (FIRST, REQUIRED), (SECOND, OPTIONAL)]
        people = [Person(who.ref, CHAIR if who is chair else role, since=START) for who, role in roles]
        starts = START + timedelta(days=2)
        ends = starts + timedelta(hours=1)
        at = {states.CALLED: START}
        self.meeting = Meeting("m", states.CALLED, ORGANISER.ref, starts, ends, tuple(people), at=at)

    def _try(self, who: Who | None, act: str, does: Callable[[], Moved]) -> None:
        """Does it; what `may` promises is not refused, and what is refused changes nothing."""
        before = self.meeting
        promised = who is not None and act in may(before, who, self.now)
        try:
            moved = does()
        except Problem as problem:
            assert not promised or problem.status == 422, (act, problem)
            return
        assert bool(moved.action) == (moved.meeting != before)
        assert moved.meeting.state in ALLOWED[before.state], (before.state, act)
        assert promised or who is None or not moved.action or act == "cancel", act
        self.meeting = moved.meeting

    @rule(hours=st.integers(1, 80))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self._try(None, "", lambda: acts.ended_by_clock(self.meeting, self.now))
        self._try(None, "", lambda: acts.lapse(self.meeting, self.now))

    @rule(who=st.sampled_from(EVERYBODY), act=st.sampled_from(sorted(states.MOVES)), text=st.sampled_from(("", "사유")))
    def move(self, who: Who, act: str, text: str) -> None:
        due = self.now + timedelta(days=2)
        does: dict[str, Callable[[], Moved]] = {
            "open": lambda: acts.open_(self.meeting, who, self.now),
            "end": lambda: acts.end(self.meeting, who, self.now),
            "cancel": lambda: acts.cancel(self.meeting, who, self.now, text),
            "ask_confirmation": lambda: acts.ask_confirmation(self.meeting, who, self.now, due, written=True),
            "take_back": lambda: acts.take_back(self.meeting, who, self.now, text),
            "conclude": lambda: acts.conclude(self.meeting, who, self.now),
        }
        self._try(who, act, does[act])

    @rule(who=st.sampled_from(EVERYBODY), said=st.sampled_from(ANSWERS[1:]), other=st.sampled_from([None, *EVERYBODY]))
    def answer(self, who: Who, said: str, other: Who | None) -> None:
        ref = other.ref if other else None
        self._try(who, "answer", lambda: answers.answer(self.meeting, who, self.now, said, "", ref))

    @rule(who=st.sampled_from(EVERYBODY), of=st.sampled_from(EVERYBODY), there=st.booleans())
    def mark(self, who: Who, of: Who, there: bool) -> None:
        self._try(who, "mark", lambda: acts.mark(self.meeting, who, self.now, {of.id: there}))

    @rule(who=st.sampled_from(EVERYBODY))
    def attend(self, who: Who) -> None:
        is_open = is_open_for_attendance(self.meeting, self.now)
        self._try(who, "attend", lambda: acts.attend(self.meeting, who, self.now, is_open=is_open))

    @rule(who=st.sampled_from(EVERYBODY), agree=st.booleans(), note=st.sampled_from(("", "틀렸습니다")))
    def review(self, who: Who, agree: bool, note: str) -> None:
        self._try(who, "review", lambda: acts.review(self.meeting, who, agree=agree, note=note))

    @invariant()
    def each_person_is_on_it_once_and_a_substitute_for_somebody_who_does_not_come(self) -> None:
        ids = [each.id for each in self.meeting.people]
        assert len(ids) == len(set(ids))
        for each in self.meeting.active:
            if each.stands_for:
                principal = self.meeting.person(each.stands_for)
                assert principal is None or (principal.answer == NO and principal.substitute is not None)

    @invariant()
    def desks_have_one_thing_each_and_only_while_there_is_something_to_do(self) -> None:
        slots = desk.slots(self.meeting, [SECOND.id], START + timedelta(days=1))
        assert len({slot.person for slot in slots}) == len(slots)
        assert self.meeting.state not in states.FINISHED or not slots
        if self.meeting.state in (states.HELD, states.MINUTES, states.CONFIRMING):
            assert slots

    @invariant()
    def the_answers_are_counted(self) -> None:
        assert sum(counts(self.meeting.people).values()) == len(self.meeting.active)

    @invariant()
    def who_is_not_on_it_is_not_in_its_audience(self) -> None:
        found = audience.of(self.meeting, closed=True)
        active = {each.id for each in self.meeting.active} | {ORGANISER.id}
        people = {each.partition(":")[2] for each in found if each.startswith("person:")}
        assert people == active
        assert ("role:auditor" in found) == (self.meeting.state == states.CONFIRMED)


TestMeetings = Meetings.TestCase
TestMeetings.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_the_chair_cannot_conclude_before_all_have_spoken_or_the_date_is_past() -> None:
    people = (Person(ORGANISER.ref, CHAIR, present=True), Person(FIRST.ref, REQUIRED, present=True))
    due = START + timedelta(days=1)
    meeting = Meeting("m", states.CONFIRMING, ORGANISER.ref, START, due, people, review_due=due)
    refused: Any = None
    try:
        acts.conclude(meeting, ORGANISER, START)
    except Problem as problem:
        refused = problem
    assert refused.slug == "reviews-open" and refused.extra["open"] == 1
    spoken = acts.review(meeting, FIRST, agree=True, note="").meeting
    assert acts.conclude(spoken, ORGANISER, START).meeting.state == states.CONFIRMED
    lapsed = acts.lapse(meeting, due).meeting
    assert acts.conclude(lapsed, ORGANISER, due).meeting.people[1].review == "silent"


def test_who_comes_in_somebodys_stead_goes_when_that_person_comes_after_all() -> None:
    people = (Person(ORGANISER.ref, CHAIR), Person(FIRST.ref, REQUIRED))
    meeting = Meeting("m", states.CALLED, ORGANISER.ref, START, START + timedelta(hours=1), people)
    sent = answers.answer(meeting, FIRST, START, "no", "출장", FREE.ref).meeting
    assert sent.person(FREE.id) == Person(FREE.ref, REQUIRED, stands_for=FIRST.id, since=START)
    back = answers.answer(sent, FIRST, START, "yes", "", None).meeting
    assert back.person(FREE.id) is None
    again = answers.answer(back, FIRST, START, "no", "", FREE.ref).meeting
    assert again.person(FREE.id) == replace(Person(FREE.ref, REQUIRED, stands_for=FIRST.id, since=START))
