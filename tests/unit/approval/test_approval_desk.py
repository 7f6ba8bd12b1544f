"""What a process puts on people's desks, and what it tells them."""

from __future__ import annotations

import pytest

from shared.errors import Invalid, Problem
from shared.ids import new_id
from shared.testing import LocalService, context
from tests.unit.approval.cast import (
    ME,
    Doc,
    asked,
    decide,
    on_desks,
    ref,
    resubmit,
    send_back,
    step,
    submit,
    withdraw,
)

OPERATOR = context(person="", roles=frozenset({"platform_operator"}))


def test_everybody_whose_turn_it_is_has_it_on_the_desk_and_the_others_look_on(
    service: LocalService, reviewer: Doc, cooperator: Doc, second: Doc, decider: Doc
) -> None:
    line = (step(reviewer, "review"), step(cooperator, "cooperate"), step(second, "cooperate", True))
    document = submit(service, *line, step(decider, "decide"))
    at = decide(service, reviewer, document)["decided_at"]
    told = on_desks(service)[-1]
    assert asked(told) == [(cooperator["id"], "cooperate"), (second["id"], "cooperate")]
    assert {(slot["kind"], slot["todo"]["since"], slot["todo"]["dismissible"]) for slot in told["slots"]} == {
        ("approval", at, False)
    }
    assert set(told["watchers"]) == {ME.person, *(p["id"] for p in (reviewer, cooperator, second, decider))}


def test_a_person_twice_at_once_on_a_line_has_it_once_for_the_first_step(service: LocalService, reviewer: Doc) -> None:
    submit(service, step(reviewer, "cooperate"), step(reviewer, "review", True), step(reviewer, "decide"))
    assert asked(on_desks(service)[-1]) == [(reviewer["id"], "cooperate")]


def test_a_returned_document_is_the_drafters_to_revise_who_is_told_why(
    service: LocalService, reviewer: Doc, decider: Doc
) -> None:
    document = submit(service, step(reviewer, "review"), step(decider, "decide"))
    at = send_back(service, reviewer, document)["decided_at"]
    told = on_desks(service)[-1]
    ((slot,), (notice,)) = told["slots"], told["notices"]
    assert (slot["person"], slot["kind"], slot["todo"]["role"]) == (ME.person, "returned", "revise")
    assert (slot["todo"]["since"], slot["todo"]["sender"], slot["todo"]["dismissible"]) == (at, ref(reviewer), True)
    assert (notice["person"], notice["code"], notice["at"]) == (ME.person, "returned", at)
    assert notice["params"] == {"person": "김검토", "opinion": "고쳐 주세요"}
    assert told["ended"]
    resubmit(service, document, step(decider, "decide"))
    told = on_desks(service)[-1]
    assert (asked(told), told["clear"], told["ended"]) == ([(decider["id"], "decide")], 3, False)


def test_each_return_is_an_occasion_of_its_own(service: LocalService, reviewer: Doc) -> None:
    document = submit(service, step(reviewer, "decide"))
    send_back(service, reviewer, document)
    resubmit(service, document, step(reviewer, "decide"))
    send_back(service, reviewer, document)
    assert [n["occasion"] for told in on_desks(service) for n in told["notices"]] == [2, 4]


def test_a_withdrawal_is_told_to_those_who_had_it_on_the_desk(
    service: LocalService, reviewer: Doc, cooperator: Doc, decider: Doc
) -> None:
    line = (step(reviewer, "cooperate"), step(cooperator, "cooperate", True), step(decider, "decide"))
    document = submit(service, *line)
    withdraw(service, ME, document)
    told = on_desks(service)[-1]
    assert (told["slots"], told["clear"], told["ended"]) == ([], 2, True)
    assert {notice["person"] for notice in told["notices"]} == {reviewer["id"], cooperator["id"]}
    assert {(n["code"], n["params"]["person"]) for n in told["notices"]} == {("withdrawn", ME.name)}


def test_who_withdraws_from_themselves_is_not_told(service: LocalService) -> None:
    document = submit(service, step({**ME.person_ref}, "decide"))
    withdraw(service, ME, document)
    assert on_desks(service)[-1]["notices"] == []


# -- told anew --------------------------------------------------------------------------------------


def test_what_is_on_a_desk_is_told_anew_in_batches_just_as_it_was(
    service: LocalService, reviewer: Doc, decider: Doc
) -> None:
    running, returned, decided, withdrawn = (
        submit(service, step(reviewer, "review"), step(decider, "decide")) for _ in range(4)
    )
    decide(service, reviewer, running)
    send_back(service, reviewer, returned)
    decide(service, reviewer, decided)
    decide(service, decider, decided)
    withdraw(service, ME, withdrawn)
    last = {told["subject"]: {**told, "watchers": []} for told in on_desks(service)}
    before, after, batches = len(service.events), None, []
    while not batches or after:
        answer = service.call("retell", OPERATOR, {"what": "desk", "after": after, "limit": 1})
        batches.append(answer["told"])
        after = answer["next"]
    anew = [event.data for event in service.events[before:]]
    assert anew == [last[running], last[returned]]
    assert batches == [1, 1, 0]


def test_only_the_operator_has_it_told_anew_and_only_what_there_is(service: LocalService) -> None:
    with pytest.raises(Problem) as refused:
        service.call("retell", ME, {"what": "desk"})
    assert refused.value.status == 403
    for what in ("item", "everything"):
        with pytest.raises(Invalid) as invalid:
            service.call("retell", OPERATOR, {"what": what})
        assert invalid.value.fields == {"what": "not_a_choice"}
    assert service.call("retell", OPERATOR, {"what": "desk", "after": new_id()}) == {"told": 0, "next": None}
