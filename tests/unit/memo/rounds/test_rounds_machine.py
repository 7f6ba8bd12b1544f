"""Rounds in any order of acts: what counts is what was received in time, and the desks show who has not answered."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shared.errors import Conflict, Problem
from tests.unit.memo.rounds import cast
from tests.unit.memo.rounds.test_rounds import on_desks, results, told, view

PEOPLE = st.integers(0, 5)
MINUTES = st.integers(1, 400)
CHOICES = st.sampled_from(["찬성", "반대"])


class Rounds(RuleBasedStateMachine):
    """One round of six people."""

    anonymous = False

    def __init__(self) -> None:
        super().__init__()
        self.memo = cast.opened()
        self.people = cast.hire(self.memo, 6)
        self.round = cast.start(self.memo, self.people, anonymous=self.anonymous)
        self.closes, self.state = cast.CLOSES, "open"
        self.said: dict[int, str] = {}
        self.late: set[int] = set()
        self.closings = self.extensions = 0

    def teardown(self) -> None:
        self.memo.close()

    @property
    def ended(self) -> bool:
        return self.state == "withdrawn" or self.memo.now >= self.closes

    @rule(minutes=MINUTES)
    def time_passes(self, minutes: int) -> None:
        self.memo.pass_until(self.memo.now + timedelta(minutes=minutes))
        if self.state == "open" and self.memo.now >= self.closes + timedelta(seconds=60):
            self.state = "closed"
            self.closings += 1

    @rule(who=PEOPLE, choice=CHOICES)
    def somebody_answers(self, who: int, choice: str) -> None:
        try:
            cast.answer(self.memo, self.round, self.people[who], choice)
        except Conflict:
            assert self.ended
            if self.state != "withdrawn":
                self.late.add(who)
            return
        assert not self.ended
        if not (self.anonymous and who in self.said):
            self.said[who] = choice

    @rule(minutes=MINUTES)
    def it_is_extended(self, minutes: int) -> None:
        closes = self.memo.now + timedelta(minutes=minutes)
        try:
            self.memo.call("extend_round", cast.ME, {"id": self.round, "closes_at": closes.isoformat()})
        except Conflict:
            seen = self.anonymous and self.state == "closed" and len(self.said) >= 5
            assert self.state == "withdrawn" or seen
            return
        self.closes, self.state = closes, "open"
        self.extensions += len(self.late)
        self.late = set()

    @rule()
    def it_is_closed_early(self) -> None:
        try:
            self.memo.call("close_round_early", cast.ME, {"id": self.round})
        except Conflict:
            assert self.state != "open"
            return
        self.closes = min(self.closes, self.memo.now)

    @precondition(lambda self: self.memo.now > cast.START + timedelta(hours=20))
    @rule()
    def it_is_withdrawn(self) -> None:
        try:
            self.memo.call("withdraw_round", cast.ME, {"id": self.round, "reason": "다시 묻겠습니다"})
            self.state = "withdrawn"
        except Problem:
            assert self.state != "open"

    @invariant()
    def counts_are_what_was_said_in_time(self) -> None:
        found = results(self.memo, self.round)
        counts = {each["option"]: each["count"] for each in found["questions"][0]["counts"]}
        said = list(self.said.values())
        expected = {} if found["hidden"] else {choice: said.count(choice) for choice in ("찬성", "반대")}
        assert {choice: count for choice, count in counts.items() if count} == {c: n for c, n in expected.items() if n}

    @invariant()
    def the_desks_show_who_has_not_answered(self) -> None:
        waiting = {person["id"] for number, person in enumerate(self.people) if number not in self.said}
        assert on_desks(self.memo) == (waiting if self.state == "open" else set())

    @invariant()
    def each_end_is_told_once_and_each_late_answer_once(self) -> None:
        assert len(told(self.memo, "round_closed")) == self.closings
        assert len(told(self.memo, "extended")) == self.extensions
        assert view(self.memo, self.round)["state"] == self.state


class AnonymousRounds(Rounds):
    """The same, anonymously."""

    anonymous = True


TestRounds = Rounds.TestCase
TestRounds.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestAnonymousRounds = AnonymousRounds.TestCase
TestAnonymousRounds.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
