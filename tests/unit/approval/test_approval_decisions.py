"""The approval service: submissions, decisions, withdrawals; what is kept, refused and told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from services.approval.models import Base, Decision, EarlierRun, Place, Process
from shared.bus import news
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Poison, Problem
from shared.ids import new_id
from shared.testing import LocalService, context
from tests.support.waiting import LIMIT, until
from tests.unit.approval.cast import (
    HASH,
    ME,
    Doc,
    as_,
    asked,
    box,
    decide,
    ends,
    hire,
    on_desks,
    ref,
    resubmit,
    route,
    send_back,
    states,
    step,
    stranger,
    submission,
    submit,
    todo,
    withdraw,
)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may be on its way is not waited for."""
    monkeypatch.setattr(news, "_LONGEST", 0.0)


@pytest.fixture
def document(service: LocalService, reviewer: Doc, cooperator: Doc, decider: Doc) -> str:
    return submit(service, step(reviewer, "review"), step(cooperator, "cooperate"), step(decider, "decide"))


@pytest.fixture
def together(service: LocalService, reviewer: Doc, cooperator: Doc, second: Doc, decider: Doc) -> str:
    """A document with two who cooperate at the same time."""
    return submit(
        service,
        *(step(reviewer, "review"), step(cooperator, "cooperate"), step(second, "cooperate", True)),
        step(decider, "decide"),
    )


def refused(act: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(Problem) as problem:
        act()
    return problem.value.status, problem.value.slug


def count(service: LocalService, model: Any) -> int:
    with service.tx() as tx:
        return int(tx.scalar(select(func.count()).select_from(model)))


def record(service: LocalService, action: str) -> list[Doc]:
    """What the record holds of an action, oldest first."""
    audit = Base.metadata.tables["audit"]
    with service.tx() as tx:
        rows = tx.all(select(audit.c.entry).where(audit.c.action == action).order_by(audit.c.id))
    return [orjson.loads(row.entry) for row in rows]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Does all of this at the same time; the results, or the problems."""

    def outcome(act: Callable[[], object]) -> object:
        try:
            return act()
        except Problem as problem:
            return problem

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(outcome, acts))


# -- submitted --------------------------------------------------------------------------------------


def test_a_submission_starts_with_the_first_step(service: LocalService, reviewer: Doc, document: str) -> None:
    (told,) = on_desks(service)
    assert (told["noun"], told["subject"], told["title"]) == ("documents", document, "청사 보수 계획")
    assert (told["sequence"], told["clear"], told["ended"]) == (1, 1, False)
    assert asked(told) == [(reviewer["id"], "review")]
    assert told["slots"][0]["todo"]["sender"] == ME.person_ref
    assert (ends(service), told["notices"]) == ([], [])
    assert states(service, document) == ["active", "waiting", "waiting"]
    (entry,) = record(service, "approval.started")
    assert (entry["person"], entry["after"]["content_hash"]) == (ME.person, HASH)


def test_a_submission_told_again_changes_nothing(service: LocalService, decider: Doc) -> None:
    told = submission(step(decider, "decide"))
    first = service.deliver("documents.submitted", told)
    service.deliver("documents.submitted", told, id=first.id)
    service.deliver("documents.submitted", told)
    decide(service, decider, told["document"])
    service.deliver("documents.submitted", told)
    assert [e.type for e in service.events] == ["approval.desk", "approval.approved", "approval.desk"]
    assert route(service, told["document"])["state"] == "approved"


def test_an_older_submission_that_arrives_late_is_passed_over(
    service: LocalService, decider: Doc, reviewer: Doc
) -> None:
    first = submission(step(reviewer, "decide"))
    resubmit(service, first["document"], step(decider, "decide"))
    service.deliver("documents.submitted", first)
    found = route(service, first["document"])
    assert [run["submission"] for run in found["submissions"]] == [2]
    assert todo(service, decider) == [first["document"]]
    assert todo(service, reviewer) == []


def test_a_newer_submission_overtakes_a_run_that_is_still_open(
    service: LocalService, reviewer: Doc, decider: Doc, document: str
) -> None:
    resubmit(service, document, step(decider, "decide"))
    assert [run["state"] for run in route(service, document)["submissions"]] == ["in_approval", "withdrawn"]
    assert todo(service, reviewer) == []
    assert todo(service, decider) == [document]
    assert [told["sequence"] for told in on_desks(service)] == [1, 2]


@pytest.mark.parametrize(
    "change",
    [
        {"line": []},
        {"line": [{"person": ME.person_ref, "role": "review", "parallel": False}]},
        {"line": [{"person": "x", "role": "decide"}]},
        {"document": "x"},
        {"content_hash": None},
        {"drafter": {"id": "x"}},
        {"disclosure": "open"},
        {"submitted_at": "yesterday"},
        {"submitted_at": "2026-03-02T01:00:00"},
    ],
)
def test_a_malformed_submission_is_parked_and_nothing_is_begun(
    service: LocalService, decider: Doc, change: Doc
) -> None:
    told = submission(step(decider, "decide")) | change
    with pytest.raises(Poison):
        service.deliver("documents.submitted", told)
    assert count(service, Process) == count(service, Place) == 0


def test_what_a_later_version_of_the_event_adds_does_not_matter(service: LocalService, decider: Doc) -> None:
    told = submission(step(decider, "decide")) | {"urgent": True}
    service.deliver("documents.submitted", told)
    assert todo(service, decider) == [told["document"]]


# -- along the line ---------------------------------------------------------------------------------


def test_a_document_goes_along_its_line_to_the_decision(
    service: LocalService, reviewer: Doc, cooperator: Doc, decider: Doc, document: str
) -> None:
    assert decide(service, reviewer, document)["state"] == "in_approval"
    assert todo(service, reviewer) == []
    assert todo(service, cooperator) == [document]
    decide(service, cooperator, document, opinion="예산을 줄이면 좋겠습니다")
    last = decide(service, decider, document)
    assert (last["state"], last["step"]) == ("approved", 3)
    assert [told["sequence"] for told in on_desks(service)] == [1, 2, 3, 4]
    assert [asked(told) for told in on_desks(service)] == [
        *([(reviewer["id"], "review")], [(cooperator["id"], "cooperate")], [(decider["id"], "decide")], []),
    ]
    assert [told["ended"] for told in on_desks(service)] == [False, False, False, True]
    (end,) = ends(service)
    assert (end["state"], end["sequence"], end["content_hash"], end["version"]) == ("approved", 4, HASH, 2)
    assert end["decision"] == {
        "person": ref(decider),
        "role": "decide",
        "action": "approve",
        "opinion": "",
        "at": last["decided_at"],
    }
    assert route(service, document)["submissions"][0]["steps"][2]["opinion"] == "예산을 줄이면 좋겠습니다"
    assert count(service, Place) == 0


def test_each_decision_is_on_record_with_what_was_decided_on(
    service: LocalService, reviewer: Doc, document: str
) -> None:
    decide(service, reviewer, document, opinion="의견")
    (entry,) = record(service, "approval.step.decided")
    after = entry["after"]
    assert (entry["person"], after["action"], after["opinion"], after["step"]) == (reviewer["id"], "approve", "의견", 1)
    assert (after["version"], after["content_hash"], after["submission"]) == (2, HASH, 1)
    assert entry["before"] == {"state": "in_approval", "step": "active"}


def test_cooperation_at_the_same_time_goes_on_when_all_have_approved(
    service: LocalService, reviewer: Doc, cooperator: Doc, second: Doc, decider: Doc, together: str
) -> None:
    decide(service, reviewer, together)
    assert {person for person, _ in asked(on_desks(service)[-1])} == {cooperator["id"], second["id"]}
    decide(service, second, together)
    assert (todo(service, cooperator), todo(service, decider)) == ([together], [])
    decide(service, cooperator, together)
    assert todo(service, decider) == [together]


def test_a_return_from_inside_a_group_leaves_nobody_with_a_to_do(
    service: LocalService, reviewer: Doc, cooperator: Doc, second: Doc, decider: Doc, together: str
) -> None:
    decide(service, reviewer, together)
    assert send_back(service, second, together)["state"] == "returned"
    assert states(service, together) == ["approved", "skipped", "returned", "skipped"]
    assert [todo(service, who) for who in (reviewer, cooperator, second, decider)] == [[], [], [], []]
    (told,) = ends(service)
    assert (told["state"], told["decision"]["opinion"]) == ("returned", "고쳐 주세요")
    assert asked(on_desks(service)[-1]) == [(ME.person, "revise")]
    assert count(service, Place) == 0


def test_a_return_without_an_opinion_is_refused_and_changes_nothing(
    service: LocalService, reviewer: Doc, document: str
) -> None:
    for opinion in ("", "  "):
        with pytest.raises(Invalid) as problem:
            decide(service, reviewer, document, "return", opinion=opinion)
        assert problem.value.fields == {"opinion": "required"}
    assert states(service, document)[0] == "active"
    assert len(on_desks(service)) == 1


def test_a_drafter_may_decide_alone(service: LocalService) -> None:
    document = submit(service, step(ME.person_ref, "decide"))
    assert route(service, document)["may"] == ["decide", "withdraw"]
    assert [row["role"] for row in box(service, ME, "progress")] == ["decide"]
    assert decide(service, ME, document)["state"] == "approved"


def test_somebody_met_twice_on_a_line_decides_each_step(service: LocalService, reviewer: Doc, second: Doc) -> None:
    line = (step(reviewer, "review"), step(second, "cooperate"), step(reviewer, "decide"))
    document = submit(service, *line)
    for who in (reviewer, second, reviewer):
        decide(service, who, document)
    assert route(service, document)["state"] == "approved"
    assert [row["role"] for row in box(service, as_(reviewer), "decided")] == ["decide"]


# -- refused ----------------------------------------------------------------------------------------


def test_a_decision_out_of_turn_says_what_is_the_matter(
    service: LocalService, reviewer: Doc, decider: Doc, document: str
) -> None:
    assert refused(lambda: decide(service, decider, document)) == (409, "not-your-turn")
    decide(service, reviewer, document)
    assert refused(lambda: decide(service, reviewer, document)) == (409, "already-decided")
    assert len(on_desks(service)) == 2


def test_who_is_not_on_the_line_may_not_decide_and_strangers_learn_nothing(service: LocalService, decider: Doc) -> None:
    document = submit(service, step(decider, "decide"))
    assert refused(lambda: decide(service, ME, document)) == (403, "forbidden")
    assert refused(lambda: decide(service, stranger(), document)) == (404, "not-found")
    assert refused(lambda: decide(service, context(person=new_id()), document)) == (404, "not-found")
    decide(service, decider, document)
    assert refused(lambda: decide(service, stranger(), document)) == (403, "forbidden")


def test_after_the_decision_nothing_more_is_decided(
    service: LocalService, reviewer: Doc, cooperator: Doc, decider: Doc, document: str
) -> None:
    for who in (reviewer, cooperator, decider):
        decide(service, who, document)
    for who in (reviewer, decider):
        assert refused(lambda who=who: decide(service, who, document)) == (409, "already-decided")
    assert refused(lambda: withdraw(service, ME, document)) == (409, "process-ended")


@pytest.mark.usefixtures("impatient")
def test_after_a_return_those_whose_turn_never_came_are_told_that_it_ended(
    service: LocalService, reviewer: Doc, decider: Doc, document: str
) -> None:
    send_back(service, reviewer, document)
    assert refused(lambda: decide(service, decider, document)) == (409, "process-ended")
    assert refused(lambda: decide(service, reviewer, document)) == (409, "already-decided")
    assert refused(lambda: withdraw(service, ME, document)) == (409, "process-ended")


def test_a_decision_on_another_version_is_refused(service: LocalService, reviewer: Doc, document: str) -> None:
    with pytest.raises(Conflict) as problem:
        decide(service, reviewer, document, version=1)
    assert (problem.value.slug, problem.value.extra) == ("other-version", {"current": 2})
    assert decide(service, reviewer, document, version=2)["step"] == 1


@pytest.mark.usefixtures("impatient")
def test_what_was_never_submitted_is_not_decided(service: LocalService, reviewer: Doc) -> None:
    with pytest.raises(NotFound):
        decide(service, reviewer, new_id())
    with pytest.raises(NotFound):
        withdraw(service, ME, new_id())


def test_a_decision_that_comes_before_the_submission_waits_for_it(service: LocalService, decider: Doc) -> None:
    told = submission(step(decider, "decide"))
    early = lambda: decide(service, decider, told["document"])  # noqa: E731
    answer, _ = at_once(early, lambda: service.deliver("documents.submitted", told))
    assert isinstance(answer, dict)
    assert answer["state"] == "approved"


def test_a_decision_that_waits_is_woken_by_the_submission(
    service: LocalService, decider: Doc, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound in ("_LONGEST", "_LOOK"):
        monkeypatch.setattr(news, bound, LIMIT)
    told = submission(step(decider, "decide"))
    with ThreadPoolExecutor(1) as pool:
        early = pool.submit(decide, service, decider, told["document"])
        until(lambda: service._runtime._news.waiting)
        service.deliver("documents.submitted", told)
        assert early.result(LIMIT)["state"] == "approved"


def test_a_decision_that_comes_before_the_next_submission_waits_for_it(
    service: LocalService, reviewer: Doc, decider: Doc
) -> None:
    document = submit(service, step(reviewer, "review"), step(decider, "decide"))
    send_back(service, reviewer, document)
    early = lambda: decide(service, decider, document)  # noqa: E731
    answer, _ = at_once(early, lambda: resubmit(service, document, step(decider, "decide")))
    assert isinstance(answer, dict)
    assert answer["state"] == "approved"


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({"action": "reject"}, {"action": "not_a_choice"}),
        ({"document": "x"}, {"document": "not_an_id"}),
        ({"opinion": "가" * 4001}, {"opinion": "too_long"}),
        ({"vote": 1}, {"vote": "unknown_field"}),
    ],
)
def test_a_malformed_decision_is_refused_by_field(
    service: LocalService, reviewer: Doc, document: str, asked: Doc, fields: Doc
) -> None:
    with pytest.raises(Invalid) as problem:
        service.call("decide", as_(reviewer), {"document": document, "action": "approve", **asked})
    assert list(problem.value.fields) == list(fields)
    assert states(service, document)[0] == "active"


# -- withdrawn --------------------------------------------------------------------------------------


def test_a_drafter_withdraws_before_the_first_decision(service: LocalService, reviewer: Doc, document: str) -> None:
    done = withdraw(service, ME, document, reason="금액 오타")
    assert (done["state"], done["step"]) == ("withdrawn", None)
    (told,) = ends(service)
    assert (told["state"], told["sequence"], told["decision"]) == ("withdrawn", 2, None)
    run = route(service, document)["submissions"][0]
    assert (run["state"], run["reason"], run["ended_at"]) == ("withdrawn", "금액 오타", done["decided_at"])
    assert states(service, document) == ["skipped", "skipped", "skipped"]
    assert todo(service, reviewer) == []
    assert record(service, "approval.withdrawn")[0]["after"]["reason"] == "금액 오타"


def test_after_the_first_decision_it_is_too_late_to_withdraw(
    service: LocalService, reviewer: Doc, document: str
) -> None:
    decide(service, reviewer, document)
    assert refused(lambda: withdraw(service, ME, document)) == (409, "too-late-to-withdraw")
    assert route(service, document)["may"] == []


def test_only_the_drafter_withdraws(service: LocalService, reviewer: Doc, document: str) -> None:
    with pytest.raises(Forbidden):
        withdraw(service, as_(reviewer), document)
    with pytest.raises(NotFound):
        withdraw(service, stranger(), document)


# -- again ------------------------------------------------------------------------------------------


def test_a_returned_document_runs_again_and_old_decisions_do_not_count(
    service: LocalService, reviewer: Doc, cooperator: Doc, decider: Doc, document: str
) -> None:
    decide(service, reviewer, document)
    send_back(service, cooperator, document)
    resubmit(service, document, step(reviewer, "review"), step(decider, "decide"), title="고친 계획")
    assert states(service, document) == ["active", "waiting"]
    assert refused(lambda: decide(service, cooperator, document)) == (403, "forbidden")
    decide(service, reviewer, document)
    decide(service, decider, document)
    runs = route(service, document)["submissions"]
    assert [(run["submission"], run["state"], run["version"]) for run in runs] == [
        *((2, "approved", 3), (1, "returned", 2)),
    ]
    assert [s["content_hash"] for s in runs[0]["steps"]] == ["b" * 64] * 3
    assert [s["state"] for s in runs[1]["steps"]] == ["approved", "approved", "returned", "skipped"]
    assert [told["sequence"] for told in on_desks(service)] == [1, 2, 3, 4, 5, 6]
    assert [(told["submission"], told["sequence"]) for told in ends(service)] == [(1, 3), (2, 6)]
    assert count(service, EarlierRun) == 1


def test_each_person_has_one_row_of_a_document_decided_in_two_runs(
    service: LocalService, reviewer: Doc, decider: Doc, document: str
) -> None:
    send_back(service, reviewer, document)
    assert [row["step_state"] for row in box(service, as_(reviewer), "decided")] == ["returned"]
    resubmit(service, document, step(reviewer, "review"), step(decider, "decide"), title="고친 계획")
    decide(service, reviewer, document)
    (row,) = box(service, as_(reviewer), "decided")
    assert (row["title"], row["step_state"], row["state"]) == ("고친 계획", "approved", "in_approval")
    assert count(service, Decision) == 1


def test_a_withdrawn_document_is_submitted_again(service: LocalService, decider: Doc, document: str) -> None:
    withdraw(service, ME, document)
    resubmit(service, document, step(decider, "decide"))
    assert decide(service, decider, document)["state"] == "approved"
    assert [told["sequence"] for told in on_desks(service)] == [1, 2, 3, 4]


def test_a_repeated_request_is_answered_the_same_and_counted_once(
    service: LocalService, reviewer: Doc, document: str
) -> None:
    first = decide(service, reviewer, document, key="k")
    assert decide(service, reviewer, document, key="k") == first
    assert [e.type for e in service.events] == ["approval.desk", "approval.desk"]
    with pytest.raises(Conflict) as problem:
        decide(service, reviewer, document, "return", key="k", opinion="의견")
    assert problem.value.slug == "idempotency-key-reused"


def test_a_return_repeated_under_its_key_is_answered_the_same(
    service: LocalService, reviewer: Doc, document: str
) -> None:
    first = decide(service, reviewer, document, "return", key="k", opinion="의견")
    assert decide(service, reviewer, document, "return", key="k", opinion="의견") == first
    assert len(on_desks(service)) == 2


# -- at once ----------------------------------------------------------------------------------------


def test_a_doubled_decision_counts_once(service: LocalService, reviewer: Doc, document: str) -> None:
    found = at_once(*[lambda: decide(service, reviewer, document)] * 8)
    assert sum(isinstance(answer, dict) for answer in found) == 1
    assert {answer.slug for answer in found if isinstance(answer, Problem)} == {"already-decided"}
    assert len(on_desks(service)) == 2


def test_a_request_sent_twice_at_once_under_one_key_is_answered_once_and_the_same(
    service: LocalService, reviewer: Doc, document: str
) -> None:
    found = at_once(*[lambda: decide(service, reviewer, document, key="k")] * 8)
    assert all(answer == found[0] for answer in found)
    assert len(on_desks(service)) == 2


def test_all_of_a_group_decide_at_once_and_the_document_goes_on_once(
    service: LocalService, reviewer: Doc, decider: Doc
) -> None:
    group = [hire(service, f"협조{n}") for n in range(8)]
    line = [step(who, "cooperate", n > 0) for n, who in enumerate(group)]
    document = submit(service, step(reviewer, "review"), *line, step(decider, "decide"))
    decide(service, reviewer, document)
    at_once(*[lambda who=who: decide(service, who, document) for who in group])
    assert states(service, document) == ["approved"] * 9 + ["active"]
    # Each once; what was committed at once may be told in another order, which desks put right.
    assert sorted(told["sequence"] for told in on_desks(service)) == list(range(1, 11))
    assert todo(service, decider) == [document]


@pytest.mark.usefixtures("impatient")
def test_of_approval_and_return_in_one_group_at_once_the_run_has_one_end(
    service: LocalService, cooperator: Doc, second: Doc, decider: Doc
) -> None:
    line = (step(cooperator, "cooperate"), step(second, "cooperate", True), step(decider, "decide"))
    for _ in range(5):
        document = submit(service, *line)
        at_once(
            lambda document=document: send_back(service, cooperator, document),
            lambda document=document: decide(service, second, document),
        )
        assert states(service, document) in (["returned", "approved", "skipped"], ["returned", "skipped", "skipped"])
    assert (todo(service, second), todo(service, decider)) == ([], [])


@pytest.mark.usefixtures("impatient")
def test_of_a_withdrawal_and_an_approval_at_once_exactly_one_wins(
    service: LocalService, reviewer: Doc, decider: Doc
) -> None:
    for _ in range(10):
        document = submit(service, step(reviewer, "review"), step(decider, "decide"))
        found = at_once(
            lambda document=document: withdraw(service, ME, document),
            lambda document=document: decide(service, reviewer, document),
        )
        won = [answer for answer in found if isinstance(answer, dict)]
        lost = [answer for answer in found if isinstance(answer, Problem)]
        assert [len(won), len(lost)] == [1, 1]
        assert lost[0].status == 409
        assert route(service, document)["state"] == won[0]["state"]
        assert len([told for told in on_desks(service) if told["subject"] == document]) == 2


# -- cost -------------------------------------------------------------------------------------------


def statements(act: Callable[[], object]) -> list[str]:
    """Every statement that this sends, its table with the verb."""
    seen: list[str] = []

    def listen(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        words = statement.split()
        at = {"INSERT": 2, "DELETE": 2, "UPDATE": 1}.get(words[0])
        seen.append(words[0] if at is None else f"{words[0]} {words[at]}")

    event.listen(Engine, "before_cursor_execute", listen)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", listen)
    return [s for s in seen if s not in ("BEGIN", "COMMIT", "PRAGMA")]


def test_a_journey_sends_few_statements(service: LocalService, reviewer: Doc, decider: Doc) -> None:
    told = submission(step(reviewer, "review"), step(decider, "decide"))
    told_of = ["INSERT audit", "INSERT outbox"]
    assert statements(lambda: service.deliver("documents.submitted", told)) == [
        *("INSERT inbox", "SELECT", "INSERT process", "INSERT place", *told_of),
    ]
    assert statements(lambda: decide(service, reviewer, told["document"])) == [
        *("SELECT", "INSERT decision", "UPDATE process", "UPDATE place", *told_of),
    ]
    assert statements(lambda: decide(service, decider, told["document"])) == [
        # The documents service is told of the end, and the desks are.
        *("SELECT", "INSERT decision", "UPDATE process", "DELETE place", *told_of, "INSERT outbox"),
    ]
