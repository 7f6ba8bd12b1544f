"""Whatever people do with a request in whatever order: its states follow the table, and what may be done can be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.requests.domain import acts, desk, due, extensions, states
from services.requests.domain.request import ACCEPT, ASSIGN, LATE_STATES, Moved, Part, Request, Who, is_late, may
from shared.errors import Conflict, Problem
from shared.testing import new_person

START = datetime(2026, 5, 4, tzinfo=UTC)
ASKER = Who(new_person("한시장", "시장실", department_id="m"))
PEOPLE = [Who(new_person(name, "총무과", department_id="d")) for name in ("서나래", "송겨울", "윤여름")]
DISTRIBUTOR = Who(new_person("구배분", "총무과", department_id="d"), frozenset({"requests_distributor"}))
EVERYBODY = [ASKER, *PEOPLE, DISTRIBUTOR]
FREE = Who(new_person("강가을", "총무과", department_id="d"))

# What leads a request from one state to another; README.md has the same table.
ALLOWED = {
    states.ASKED: {"asked", "accepted", "declined", "in_progress", "withdrawn"},
    states.ACCEPTED: {"accepted", "asked", "in_progress", "handed_in", "declined", "withdrawn"},
    states.IN_PROGRESS: {"in_progress", "asked", "accepted", "handed_in", "declined", "withdrawn"},
    states.HANDED_IN: {"handed_in", "sent_back", "done", "withdrawn"},
    states.SENT_BACK: {"sent_back", "in_progress", "handed_in", "asked", "accepted", "declined", "withdrawn"},
    states.DECLINED: {"declined", "asked", "withdrawn"},
    states.DONE: {"done"},
    states.WITHDRAWN: {"withdrawn"},
}


class Requests(RuleBasedStateMachine):
    """One request, one to three parts, and five people who press what they like."""

    request: Request

    @initialize(shape=st.sampled_from(("one", "several", "pool", "department", "offered")), spoken=st.booleans())
    def asked(self, shape: str, spoken: bool) -> None:
        self.now = START
        refs = [who.ref for who in PEOPLE]
        where = {"id": "d", "name": "총무과"}
        parts = {
            "one": [Part(1, True, "asked", START, refs[0])],
            "several": [Part(n, n == 2, "asked", START, ref) for n, ref in enumerate(refs, 1)],
            "pool": [Part(1, True, "asked", START, candidates=tuple(refs), offers=ACCEPT)],
            "department": [
                Part(1, True, "asked", START, department=where, candidates=(DISTRIBUTOR.ref,), offers=ASSIGN)
            ],
            "offered": [Part(1, True, "asked", START, department=where, candidates=tuple(refs), offers=ACCEPT)],
        }[shape]
        until = due.Due(START + timedelta(days=4), False)
        entered = PEOPLE[0].ref if spoken else None
        self.request = Request(
            id="r",
            kind="instruction",
            asker=ASKER.ref,
            state="asked",
            parts=tuple(parts),
            due=until,
            first_due=until,
            asked_at=START,
            entered_by=entered,
            unconfirmed=spoken,
        )
        self.log: list[str] = []

    def _try(self, who: Who, act: str, does: Callable[[], Moved]) -> None:
        """Does it; what `may` promises is not refused, and what is refused changes nothing."""
        before, promised = self.request, act in may(self.request, who)
        try:
            moved = does()
        except Problem as problem:
            allowed = {"parts-open", "taken"} if isinstance(problem, Conflict) else set()
            assert not promised or problem.slug in allowed or problem.status == 422, (act, problem)
            return
        if moved.action:
            self.log.append(moved.action)
            # Who reports as far as before has a line of their own to say.
            assert moved.request != before or moved.action == "progressed"
        else:
            assert moved.request == before
        self.request = moved.request
        assert moved.request.state in ALLOWED[before.state], (before.state, act, moved.request.state)

    @rule(hours=st.integers(1, 72))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(who=st.sampled_from(EVERYBODY))
    def accept(self, who: Who) -> None:
        self._try(who, "accept", lambda: acts.accept(self.request, who, self.now))

    @rule(who=st.sampled_from(EVERYBODY))
    def decline(self, who: Who) -> None:
        self._try(who, "decline", lambda: acts.decline(self.request, who, self.now, "사유"))

    @rule(who=st.sampled_from(EVERYBODY), percent=st.integers(0, 99))
    def progress(self, who: Who, percent: int) -> None:
        before = self.request
        self._try(who, "progress", lambda: acts.progress(before, who, self.now, percent, f"{self.now} {len(self.log)}"))

    @rule(who=st.sampled_from(EVERYBODY))
    def hand_in(self, who: Who) -> None:
        self._try(who, "hand_in", lambda: acts.hand_in(self.request, who, self.now, ""))

    @rule(who=st.sampled_from(EVERYBODY))
    def hand_over(self, who: Who) -> None:
        self._try(who, "hand_over", lambda: acts.hand_over(self.request, who, self.now, FREE.ref, "휴가"))

    @rule(who=st.sampled_from(EVERYBODY), to=st.sampled_from(PEOPLE))
    def assign(self, who: Who, to: Who) -> None:
        self._try(who, "assign", lambda: acts.assign(self.request, who, self.now, to.ref, None))

    @rule(who=st.sampled_from(EVERYBODY), number=st.integers(1, 3), to=st.sampled_from([*PEOPLE, FREE]))
    def reassign(self, who: Who, number: int, to: Who) -> None:
        part = Part(1, False, "asked", self.now, to.ref)
        # Of the part that is named: what is in is not given away, nor one there is not.
        known = self.request.part(number)
        if known and known.state in states.MOVES["reassign"]:
            self._try(who, "reassign", lambda: acts.reassign(self.request, who, self.now, number, part, "조정"))

    @rule(who=st.sampled_from(EVERYBODY))
    def close(self, who: Who) -> None:
        self._try(who, "close", lambda: acts.close(self.request, who, self.now, ""))

    @rule(who=st.sampled_from([ASKER, *PEOPLE]), number=st.none() | st.integers(1, 3))
    def send_back(self, who: Who, number: int | None) -> None:
        try:
            moved = acts.send_back(self.request, who, self.now, "다시", number)
        except Problem:
            return
        assert "send_back" in may(self.request, who)
        assert moved.request.state in ALLOWED[self.request.state]
        self.request = moved.request

    @precondition(lambda self: len(self.log) > 4)
    @rule(who=st.sampled_from(EVERYBODY))
    def withdraw(self, who: Who) -> None:
        self._try(who, "withdraw", lambda: acts.withdraw(self.request, who, self.now, ""))

    @rule(who=st.sampled_from(EVERYBODY))
    def confirm(self, who: Who) -> None:
        self._try(who, "confirm", lambda: acts.confirm(self.request, who))

    @rule(who=st.sampled_from(EVERYBODY), days=st.integers(1, 9))
    def extend(self, who: Who, days: int) -> None:
        later = due.Due(max(self.now, self.request.due.at if self.request.due else START) + timedelta(days=days), False)
        self._try(who, "extend", lambda: extensions.ask(self.request, who, self.now, later, "", str(len(self.log))))

    @rule(who=st.sampled_from(EVERYBODY), granted=st.booleans())
    def answer_extension(self, who: Who, granted: bool) -> None:
        does = lambda: extensions.answer(self.request, who, self.now, granted, None, "")  # noqa: E731
        self._try(who, "answer_extension", does)

    # -- what always holds ------------------------------------------------------------------------

    @invariant()
    def one_part_leads_and_nobody_has_two(self) -> None:
        parts = self.request.parts
        assert sum(part.lead for part in parts) == 1
        held = [part.person["id"] for part in parts if part.person and part.is_active]
        assert len(held) == len(set(held))

    @invariant()
    def the_state_follows_from_the_parts(self) -> None:
        request = self.request
        if not request.is_finished:
            assert request.state == states.overall((part.lead, part.state) for part in request.parts)
        assert (request.state == "handed_in") == (request.handed_in_at is not None and not request.is_finished) or (
            request.is_finished
        )
        assert is_late(request, self.now) <= (request.state in LATE_STATES)

    @invariant()
    def the_whole_is_done_where_every_part_is(self) -> None:
        if self.request.state in ("handed_in", "done"):
            assert self.request.own == 1000
            assert self.request.extension is None

    @invariant()
    def somebody_is_to_do_something_until_its_end(self) -> None:
        slots = desk.slots(self.request, False)
        people = [slot.person for slot in slots]
        assert len(people) == len(set(people))
        assert bool(slots) == (not self.request.is_finished)
        by_person: dict[str, Any] = {who.id: who for who in [*EVERYBODY, FREE]}
        acts_of = {
            "accept": {"accept"},
            "assign": {"assign"},
            "do": {"progress", "hand_in"},
            "redo": {"progress", "hand_in"},
            "conclude": {"hand_in"},
            "review": {"close", "send_back"},
            "answer_extension": {"answer_extension"},
            "reassign": {"reassign"},
            "confirm": {"confirm"},
        }
        for slot in slots:
            assert slot.todo is not None
            assert acts_of[slot.todo.role] <= set(may(self.request, by_person[slot.person])), slot.todo.role


Requests.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
TestRequests = Requests.TestCase
