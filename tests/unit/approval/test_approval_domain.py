"""The rules of approval."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.approval.domain import places, route, saved, steps
from services.approval.domain.route import Run
from services.approval.domain.steps import Step
from shared.errors import Conflict, Forbidden, Invalid, Problem

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ENDS = ("approved", "returned", "withdrawn")


def person(id_: str) -> dict[str, Any]:
    return {"id": id_, "name": id_, "position": "주무관", "department": "총무과", "department_id": "d"}


def on_line(id_: str, role: str = "cooperate", parallel: bool = False) -> dict[str, Any]:
    return {"person": person(id_), "role": role, "parallel": parallel}


def begun(*line: dict[str, Any]) -> Run:
    return route.begin(Run(1, 2, "h", NOW, steps.from_line(list(line))), NOW)


def approved(run: Run, *people: str) -> Run:
    for id_ in people:
        run, _ = route.decide(run, person(id_), "approve", "", NOW)
    return run


def states(run: Run) -> list[str]:
    return [step.state for step in run.steps]


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Problem) as problem:
        act()
    return problem.value.slug


LINE = (on_line("a", "review"), on_line("b"), on_line("c", parallel=True), on_line("d", "decide"))


class TestRun:
    def test_a_group_becomes_active_together_and_the_next_when_all_of_it_have_approved(self) -> None:
        run = begun(*LINE)
        assert states(run) == ["active", "waiting", "waiting", "waiting"]
        run = approved(run, "a")
        assert states(run) == ["approved", "active", "active", "waiting"]
        run = approved(run, "c")
        assert states(run) == ["approved", "active", "approved", "waiting"]
        run = approved(run, "b")
        assert states(run) == ["approved", "approved", "approved", "active"]
        run = approved(run, "d")
        assert (run.state, run.ended_at, states(run)) == ("approved", NOW, ["approved"] * 4)

    def test_a_turn_that_came_keeps_its_time_while_others_of_the_group_decide(self) -> None:
        run = approved(begun(*LINE), "a")
        later, _ = route.decide(run, person("c"), "approve", "", NOW + timedelta(hours=1))
        assert later.steps[1].active_at == NOW
        assert later.steps[3].active_at is None

    def test_a_return_from_inside_a_group_ends_the_run_and_nobody_keeps_a_turn(self) -> None:
        run, index = route.decide(approved(begun(*LINE), "a"), person("c"), "return", "안 됩니다", NOW)
        assert (run.state, index) == ("returned", 2)
        assert states(run) == ["approved", "skipped", "returned", "skipped"]
        assert run.active == []

    def test_a_return_needs_an_opinion_and_an_approval_may_carry_a_differing_one(self) -> None:
        with pytest.raises(Invalid) as problem:
            route.decide(begun(*LINE), person("a"), "return", "", NOW)
        assert problem.value.fields == {"opinion": "required"}
        run, _ = route.decide(begun(*LINE), person("a"), "approve", "다른 의견", NOW)
        assert run.steps[0].opinion == "다른 의견"

    def test_a_decision_is_bound_to_what_was_decided_on_and_to_the_decider_of_the_moment(self) -> None:
        promoted = {**person("a"), "position": "과장"}
        run, _ = route.decide(begun(*LINE), promoted, "approve", "", NOW + timedelta(hours=1))
        step = run.steps[0]
        assert (step.version, step.content_hash, step.decided_at) == (2, "h", NOW + timedelta(hours=1))
        assert step.person["position"] == "과장"

    def test_who_may_not_decide_is_told_why(self) -> None:
        run = approved(begun(*LINE), "a")
        ended = approved(run, "b", "c", "d")
        back, _ = route.decide(run, person("b"), "return", "의견", NOW)
        for at, who, slug in (
            *((run, "a", "already-decided"), (run, "d", "not-your-turn"), (run, "x", "forbidden")),
            *((ended, "d", "already-decided"), (back, "c", "process-ended"), (back, "d", "process-ended")),
        ):
            assert refused(lambda at=at, who=who: route.decide(at, person(who), "approve", "", NOW)) == slug

    def test_a_withdrawal_is_possible_until_the_first_decision(self) -> None:
        run = begun(*LINE)
        back = route.withdraw(run, "오타", NOW)
        assert (back.state, back.reason, states(back)) == ("withdrawn", "오타", ["skipped"] * 4)
        assert refused(lambda: route.withdraw(back, "", NOW)) == "process-ended"
        assert refused(lambda: route.withdraw(approved(run, "a"), "", NOW)) == "too-late-to-withdraw"

    def test_one_may_do_what_would_not_be_refused(self) -> None:
        run = begun(*LINE)
        assert route.may(run, "a", False) == ["decide"]
        assert route.may(run, "z", True) == ["withdraw"]
        assert route.may(approved(run, "a"), "z", True) == []
        assert route.may(begun(on_line("z", "decide")), "z", True) == ["decide", "withdraw"]

    def test_somebody_met_twice_decides_each_step_in_its_turn(self) -> None:
        run = begun(on_line("a", "review"), on_line("b"), on_line("a", "decide"))
        assert refused(lambda: approved(run, "a", "a")) == "already-decided"
        assert approved(run, "a", "b", "a").state == "approved"
        together = begun(on_line("a"), on_line("a", parallel=True), on_line("d", "decide"))
        assert approved(together, "a", "a", "d").state == "approved"


class TestLine:
    @pytest.mark.parametrize(
        "line",
        [
            [],
            [on_line("a", "review")],
            [on_line("a", "decide"), on_line("b", "review")],
            [on_line("a", "decide"), on_line("b", "decide")],
            [on_line("a"), on_line("b", "decide", parallel=True)],
            [on_line("a", "boss"), on_line("b", "decide")],
            [{"person": "a", "role": "decide", "parallel": False}],
            [{"role": "decide"}],
            ["a"],
        ],
    )
    def test_no_process_runs_along_an_unfit_line(self, line: list[Any]) -> None:
        with pytest.raises(ValueError, match="line"):
            steps.from_line(line)

    def test_a_first_step_is_a_group_of_its_own_even_if_called_parallel(self) -> None:
        run = begun(on_line("a", parallel=True), on_line("b", parallel=True), on_line("c", "decide"))
        assert [list(group) for group in route.groups(run.steps)] == [[0, 1], [2]]

    def test_keeping_and_reading_back_changes_nothing(self) -> None:
        for step in approved(begun(*LINE), "a").steps:
            assert Step.of(orjson.loads(orjson.dumps(step.kept()))) == step


class TestPlaces:
    def test_each_person_has_one_place_and_the_drafter_waits_for_the_present_step(self) -> None:
        later = NOW + timedelta(hours=1)
        run, _ = route.decide(begun(*LINE), person("a"), "approve", "", later)
        found = places.places(run, "z")
        assert {p: (place.role, place.state, place.at) for p, place in found.items()} == {
            "z": ("draft", "approved", later),
            "a": ("review", "approved", later),
            "b": ("cooperate", "active", later),
            "c": ("cooperate", "active", later),
            "d": ("decide", "waiting", NOW),
        }

    def test_a_drafter_who_decides_alone_stands_as_decider(self) -> None:
        assert places.places(begun(on_line("z", "decide")), "z") == {"z": places.Place("decide", "active", NOW)}

    def test_of_somebody_met_twice_the_step_to_be_done_shows(self) -> None:
        run = begun(on_line("a", "review"), on_line("b"), on_line("a", "decide"))
        assert places.places(run, "z")["a"].role == "review"
        assert places.places(approved(run, "a"), "z")["a"] == places.Place("decide", "waiting", NOW)

    def test_nobody_has_a_place_after_the_end(self) -> None:
        assert places.places(approved(begun(on_line("a", "decide")), "a"), "z") == {}


class TestSavedLine:
    def test_people_are_shown_as_they_are_now_and_those_gone_by_their_last_name(self) -> None:
        asked = [{"person": id_, "role": "review", "parallel": False} for id_ in ("a", "b", "c")]
        kept, bad = saved.resolved(asked, {id_: person(id_) for id_ in ("a", "b", "c")})
        assert bad == {}
        now = {"a": {**person("a"), "position": "과장"}, "b": {**person("b"), "active": False}}
        shown, stale = saved.as_now(kept, now)
        assert stale == ["b", "c"]
        assert [step["person"]["position"] for step in shown] == ["과장", "주무관", "주무관"]
        assert all(set(step["person"]) == set(person("a")) for step in shown)

    def test_unfit_steps_are_named_by_their_place(self) -> None:
        asked = [{"person": id_, "role": "review", "parallel": False} for id_ in ("a", "a", "b", "x")]
        people = {"a": person("a"), "b": {**person("b"), "active": False}}
        assert saved.resolved(asked, people)[1] == {
            "steps.1.person": "duplicate_person",
            "steps.2.person": "inactive_person",
            "steps.3.person": "unknown_person",
        }


# -- whatever happens -------------------------------------------------------------------------------

PEOPLE = "abcdefg"
ROLES = st.sampled_from([("review", False), ("cooperate", False), ("cooperate", True)])


class Office(RuleBasedStateMachine):
    """Everybody acts whenever they like, on lines of any shape."""

    @initialize(roles=st.lists(ROLES, max_size=len(PEOPLE) - 1))
    def submitted(self, roles: list[tuple[str, bool]]) -> None:
        line = [on_line(id_, role, parallel) for id_, (role, parallel) in zip(PEOPLE, roles, strict=False)]
        self.run = begun(*line, on_line("z", "decide"))
        self.decided: list[str] = []
        self.clock = NOW

    def _act(self, who: str, action: str, opinion: str) -> None:
        before, self.clock = self.run, self.clock + timedelta(minutes=1)
        try:
            self.run, index = route.decide(before, person(who), action, opinion, self.clock)
        except (Conflict, Forbidden, Invalid) as problem:
            may = route.turn_of(before, who) is not None
            assert not may or isinstance(problem, Invalid)
            return
        assert before.state == route.OPEN
        assert before.steps[index].state == "active"
        assert self.run.steps[index].person["id"] == who
        self.decided.append(who)

    @rule(who=st.sampled_from(PEOPLE + "zx"))
    def approve(self, who: str) -> None:
        self._act(who, "approve", "")

    @precondition(lambda self: self.run.active)
    @rule(data=st.data())
    def approve_in_turn(self, data: st.DataObject) -> None:
        self._act(data.draw(st.sampled_from(self.run.active)).person["id"], "approve", "")

    @rule(who=st.sampled_from(PEOPLE + "zx"), opinion=st.sampled_from(["", "의견"]))
    def send_back(self, who: str, opinion: str) -> None:
        self._act(who, "return", opinion)

    @rule()
    def withdraw(self) -> None:
        if not self.decided and self.run.state == route.OPEN:
            self.run = route.withdraw(self.run, "", self.clock)
            return
        with pytest.raises(Conflict):
            route.withdraw(self.run, "", self.clock)

    @invariant()
    def an_open_run_has_exactly_one_active_group_and_an_ended_one_none(self) -> None:
        active = {i for i, step in enumerate(self.run.steps) if step.state == "active"}
        touched = [group for group in route.groups(self.run.steps) if active & set(group)]
        assert len(touched) == (1 if self.run.state == route.OPEN else 0)

    @invariant()
    def what_comes_before_the_active_group_is_approved_and_what_comes_after_waits(self) -> None:
        if self.run.state != route.OPEN:
            return
        seen_active = False
        for group in route.groups(self.run.steps):
            found = {self.run.steps[i].state for i in group}
            if "active" in found:
                assert found <= {"active", "approved"}
                seen_active = True
            else:
                assert found == ({"waiting"} if seen_active else {"approved"})

    @invariant()
    def no_run_is_approved_without_the_deciders_approval_and_everybody_elses(self) -> None:
        if self.run.state == "approved":
            assert {step.state for step in self.run.steps} == {"approved"}
            assert self.decided[-1] == "z"

    @invariant()
    def nobody_decides_twice(self) -> None:
        assert len(self.decided) == len(set(self.decided))
        assert set(self.decided) == {step.person["id"] for step in self.run.steps if step.decided_at}

    @invariant()
    def a_run_ends_with_a_time_and_its_boxes_are_empty(self) -> None:
        ended = self.run.state in ENDS
        assert (self.run.ended_at is not None) == ended
        assert (places.places(self.run, "q") == {}) == ended
        assert ended == (not any(step.state in ("active", "waiting") for step in self.run.steps))

    @invariant()
    def times_are_in_the_order_of_happening(self) -> None:
        for step in self.run.steps:
            assert (step.decided_at is None) == (step.version is None) == (step.content_hash is None)
            assert step.decided_at is None or (step.active_at is not None and step.active_at < step.decided_at)


TestOffice = Office.TestCase
TestOffice.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)


@given(st.lists(ROLES, max_size=6), st.randoms(use_true_random=False))
def test_a_run_in_which_everybody_approves_takes_as_many_decisions_as_there_are_steps(
    roles: list[tuple[str, bool]], chance: Any
) -> None:
    line = [on_line(PEOPLE[i], role, parallel) for i, (role, parallel) in enumerate(roles)]
    run = begun(*line, on_line("z", "decide"))
    count = 0
    while run.active:
        run, _ = route.decide(run, chance.choice(run.active).person, "approve", "", NOW)
        count += 1
    assert (run.state, count) == ("approved", len(run.steps))
