"""The life of a request: asked, taken, reported, handed in, closed or sent back; passed on; who is told what."""

from __future__ import annotations

import pytest

from shared.contracts import requests as contract
from shared.contracts import sources
from shared.errors import Problem
from shared.ids import new_id
from shared.testing import context
from tests.unit.requests.cast import DISTRIBUTOR, Doc, Town, holds


def refused(town: Town, person: Doc, made: Doc, act: str, **given: object) -> Problem:
    with pytest.raises(Problem) as problem:
        town.act(person, made, act, **given)
    return problem.value


# -- the main road ------------------------------------------------------------------------------------


def test_a_line_and_a_date_suffice_and_it_is_followed_to_its_end(town: Town) -> None:
    made = town.ask(town.worker, due="2026-05-08")
    holds(contract.RequestResult, made)
    assert (made["state"], made["due"], made["warnings"]) == ("asked", "2026-05-08", [])
    assert town.todos(made) == {"서나래": "accept"}
    town.act(town.worker, made, "accept")
    assert town.todos(made) == {"서나래": "do"}
    done = town.act(town.worker, made, "progress", percent=40, text="자료를 모았습니다")
    assert (done["state"], done["progress"]) == ("in_progress", 40.0)
    handed = town.act(town.worker, made, "hand_in", text="붙임과 같습니다")
    assert (handed["state"], handed["progress"]) == ("handed_in", 100.0)
    assert town.todos(made) == {"한시장": "review"}
    assert town.act(town.boss, made, "close", text="고맙습니다")["state"] == "done"
    assert town.todos(made) == {}
    card = town.card(made)
    holds(contract.RequestView, card)
    assert town.actions(made) == ["asked", "accepted", "progressed", "handed_in", "closed"]
    assert card["word"]["text"] == "고맙습니다"
    assert town.notices(made) == [("한시장", "accepted"), ("서나래", "closed")]


def test_what_was_sent_back_is_done_again(town: Town) -> None:
    made = town.ask(town.worker)
    town.handed_in(made, town.worker)
    assert refused(town, town.boss, made, "send_back").fields == {"reason": "required"}
    town.act(town.boss, made, "send_back", reason="표가 빠졌습니다")
    assert town.card(made)["state"] == "sent_back"
    assert town.todos(made) == {"서나래": "redo"}
    town.act(town.worker, made, "progress", percent=90)
    assert town.card(made)["progress"] == 90.0
    town.act(town.worker, made, "hand_in")
    town.act(town.boss, made, "close")


def test_who_declines_says_why_and_the_asker_gives_it_to_somebody_else(town: Town) -> None:
    made = town.ask(town.worker)
    assert refused(town, town.worker, made, "decline").fields == {"reason": "required"}
    town.act(town.worker, made, "decline", reason="담당이 아닙니다")
    assert town.card(made)["state"] == "declined"
    assert town.todos(made) == {"한시장": "reassign"}
    town.act(town.boss, made, "reassign", to={"person": town.third["id"]}, reason="담당 부서로")
    assert town.todos(made) == {"윤여름": "accept"}
    entry = town.card(made)["history"][0]
    assert (entry["action"], entry["detail"]["from"], entry["detail"]["to"]) == ("reassigned", "서나래", "윤여름")
    # Who had it still reads it, and is asked no more.
    assert town.card(made, town.worker)["may"] == []


def test_an_assignee_passes_it_on_to_a_colleague(town: Town) -> None:
    made = town.ask(town.worker)
    town.act(town.worker, made, "accept")
    town.act(town.worker, made, "progress", percent=30)
    town.act(town.worker, made, "hand_over", to={"person": town.other["id"]}, reason="휴가")
    assert town.todos(made) == {"송겨울": "accept"}
    town.act(town.other, made, "accept")
    assert town.card(made)["progress"] == 30.0
    assert refused(town, town.worker, made, "hand_in").status == 403
    assert refused(town, town.other, made, "hand_over", to={"person": town.other["id"]}).fields == {
        "to.person": "same_person"
    }
    assert refused(town, town.other, made, "hand_over", to={"person": town.boss["id"]}).fields == {
        "to.person": "oneself"
    }


def test_a_withdrawn_request_leaves_every_desk(town: Town) -> None:
    made = town.ask(town.worker, town.other)
    town.act(town.boss, made, "withdraw", reason="필요 없게 되었습니다")
    assert town.todos(made) == {}
    assert town.notices(made) == [("서나래", "withdrawn"), ("송겨울", "withdrawn")]
    assert refused(town, town.worker, made, "accept").slug == "finished"
    before = town.card(made)["version"]
    assert town.act(town.boss, made, "withdraw")["version"] == before


@pytest.mark.parametrize(
    ("act", "given", "slug"),
    [
        ("hand_in", {}, "not-accepted"),
        ("progress", {"percent": 10}, "not-accepted"),
    ],
)
def test_work_begins_with_acceptance(town: Town, act: str, given: Doc, slug: str) -> None:
    made = town.ask(town.worker)
    problem = refused(town, town.worker, made, act, **given)
    assert (problem.status, problem.slug) == (409, slug)


def test_only_who_asked_closes_and_only_what_was_handed_in(town: Town) -> None:
    made = town.ask(town.worker)
    assert refused(town, town.boss, made, "close").slug == "not-handed-in"
    town.handed_in(made, town.worker)
    assert refused(town, town.worker, made, "close").status == 403
    assert refused(town, town.boss, made, "reassign", to={"person": town.other["id"]}).slug == "handed-in"


def test_what_an_act_needs_is_asked_for_by_name(town: Town) -> None:
    made = town.ask(town.worker, due="2026-05-08")
    town.act(town.worker, made, "accept")
    for person, act, field in (
        (town.worker, "progress", "percent"),
        (town.worker, "extend", "due"),
        (town.worker, "hand_over", "to.person"),
        (town.boss, "answer_extension", "granted"),
        (town.boss, "reassign", "to"),
    ):
        assert refused(town, person, made, act).fields == {field: "required"}, act


def test_a_change_on_an_old_version_is_refused(town: Town) -> None:
    made = town.ask(town.worker)
    town.act(town.worker, made, "accept", version=1)
    problem = refused(town, town.worker, made, "hand_in", version=1)
    assert (problem.status, problem.extra) == (412, {"current": 2})


# -- several ------------------------------------------------------------------------------------------


def test_each_hands_in_and_the_lead_concludes(town: Town) -> None:
    made = town.ask(assignees=[{"person": town.worker["id"]}, {"person": town.third["id"], "lead": True}])
    town.act(town.worker, made, "accept")
    town.act(town.third, made, "accept")
    problem = refused(town, town.third, made, "hand_in")
    assert (problem.slug, problem.extra["waiting_for"]) == ("parts-open", ["서나래"])
    town.act(town.worker, made, "hand_in", text="총무과 몫")
    assert town.card(made)["state"] == "in_progress"
    assert town.card(made)["progress"] == 50.0
    assert town.todos(made) == {"윤여름": "conclude"}
    town.act(town.third, made, "send_back", part=1, reason="한 줄 더")
    assert town.todos(made) == {"서나래": "redo", "윤여름": "do"}
    town.act(town.worker, made, "hand_in")
    town.act(town.third, made, "hand_in", text="모두 모았습니다")
    assert town.card(made)["state"] == "handed_in"
    town.act(town.boss, made, "close")
    assert [part["state"] for part in town.card(made)["parts"]] == ["done", "done"]


def test_one_who_declines_leaves_the_others_to_it(town: Town) -> None:
    made = town.ask(town.worker, town.third)
    town.act(town.third, made, "decline", reason="무관")
    assert town.todos(made) == {"한시장": "reassign", "서나래": "accept"}
    town.handed_in(made, town.worker)
    assert town.card(made)["state"] == "handed_in"


def test_a_department_is_asked_by_its_distributor(town: Town) -> None:
    distributor = town.hire("총무과", "구배분", DISTRIBUTOR)
    made = town.ask(assignees=[{"department": town.department("총무과")}])
    assert town.todos(made) == {"구배분": "assign"}
    assert refused(town, town.worker, made, "assign", to={"person": town.other["id"]}).status == 403
    assert refused(town, distributor, made, "assign", to={"person": town.third["id"]}).fields == {
        "to.person": "not_of_department"
    }
    town.act(distributor, made, "assign", to={"person": town.worker["id"]})
    assert town.todos(made) == {"서나래": "accept"}
    town.act(town.worker, made, "accept")
    assert town.card(made)["parts"][0]["department"]["name"] == "총무과"
    assert refused(town, distributor, made, "assign", to={"person": town.other["id"]}).slug == "not-now"


def test_the_distributor_says_no_for_a_department(town: Town) -> None:
    distributor = town.hire("총무과", "구배분", DISTRIBUTOR)
    made = town.ask(assignees=[{"department": town.department("총무과")}])
    town.act(distributor, made, "decline", reason="우리 부서의 일이 아닙니다")
    assert town.card(made)["state"] == "declined"


def test_whoever_of_a_department_without_a_distributor_is_first_takes_it(town: Town) -> None:
    made = town.ask(assignees=[{"department": town.department("총무과")}])
    assert town.todos(made) == {"서나래": "accept", "송겨울": "accept"}
    town.act(town.other, made, "accept")
    problem = refused(town, town.worker, made, "accept")
    assert (problem.status, problem.slug, problem.extra["by"]["name"]) == (409, "taken", "송겨울")


# REQ-07, here one after the other; tests/integration/requests has them at once.
def test_the_first_of_a_pool_has_it_the_others_hear_who_and_pressing_again_changes_nothing(town: Town) -> None:
    made = town.ask(town.worker, town.other, town.third, pool=True)
    first = town.act(town.worker, made, "accept")
    for person in (town.other, town.third):
        problem = refused(town, person, made, "accept")
        assert (problem.status, problem.slug, problem.detail) == (409, "taken", "서나래")
    assert town.act(town.worker, made, "accept") == first
    assert town.actions(made) == ["asked", "accepted"]
    assert town.notices(made) == [("한시장", "accepted")]


def test_who_of_a_pool_says_no_steps_back_and_the_last_declines_it(town: Town) -> None:
    made = town.ask(town.worker, town.other, pool=True)
    town.act(town.worker, made, "decline", reason="바쁩니다")
    assert town.todos(made) == {"송겨울": "accept"}
    town.act(town.other, made, "decline", reason="저도 바쁩니다")
    assert town.card(made)["state"] == "declined"


# -- whom one can ask ---------------------------------------------------------------------------------


def test_who_cannot_be_asked_is_named_by_field(town: Town) -> None:
    gone, unknown = town.hire("총무과", "전출자"), new_id()
    town.leave(gone)
    empty, dissolved = town.department("빈 부서"), town.department("폐지된 부서")
    town.dissolved.add(dissolved)
    cases: list[tuple[Doc, str]] = [
        ({"person": gone["id"]}, "assignees.0.person=left"),
        ({"person": unknown}, "assignees.0.person=unknown_person"),
        ({"person": town.boss["id"]}, "assignees.0.person=oneself"),
        ({"department": empty}, "assignees.0.department=nobody"),
        ({"department": dissolved}, "assignees.0.department=dissolved"),
        ({"group": unknown}, "assignees.0.group=unknown_group"),
        ({"person": town.worker["id"], "tenant": "district"}, "assignees.0.tenant=other_organisation"),
        ({}, "assignees.0=one_of_person_department"),
    ]
    for assignee, expected in cases:
        with pytest.raises(Problem) as problem:
            town.ask(assignees=[assignee])
        assert [f"{name}={code}" for name, code in problem.value.fields.items()] == [expected]
    with pytest.raises(Problem) as problem:
        town.ask()
    assert problem.value.fields == {"assignees": "required"}


def test_somebody_named_twice_is_asked_once(town: Town) -> None:
    made = town.ask(town.worker, town.worker)
    assert len(town.card(made)["parts"]) == 1


def test_the_own_organisation_may_be_told(town: Town) -> None:
    made = town.ask(assignees=[{"person": town.worker["id"], "tenant": "city"}])
    assert made["state"] == "asked"


# -- spoken -------------------------------------------------------------------------------------------


def test_who_was_told_by_word_of_mouth_enters_it_and_the_superior_confirms(town: Town) -> None:
    made = town.ask(by=town.worker, kind="instruction", asker=town.boss["id"], title="현장을 살펴볼 것")
    card = town.card(made)
    assert (card["asker"]["name"], card["entered_by"]["name"], card["unconfirmed"]) == ("한시장", "서나래", True)
    assert (card["state"], town.todos(made)) == ("accepted", {"한시장": "confirm", "서나래": "do"})
    town.act(town.boss, made, "confirm")
    assert (town.todos(made), town.card(made)["unconfirmed"]) == ({"서나래": "do"}, False)
    before = town.card(made)["version"]
    assert town.act(town.boss, made, "confirm")["version"] == before


def test_the_superior_corrects_what_was_entered(town: Town) -> None:
    made = town.ask(by=town.worker, kind="instruction", asker=town.boss["id"], title="현장을 살펴볼 것")
    change = {"id": made["id"], "title": "현장을 내일까지 살펴볼 것", "due": "2026-05-06"}
    with pytest.raises(Problem) as problem:
        town.service.call("change", town.as_(town.worker), change)
    assert problem.value.status == 403
    town.service.call("change", town.as_(town.boss), change)
    card = town.card(made)
    assert (card["title"], card["due"], card["first_due"]) == (change["title"], "2026-05-06", "2026-05-06")
    assert card["history"][0]["action"] == "corrected"
    assert ("서나래", "corrected") in town.notices(made)


def test_what_was_spoken_is_entered_by_who_received_it(town: Town) -> None:
    for given, fields in (
        ({"kind": "request"}, {"asker": "not_an_instruction"}),
        ({"asker": town.worker["id"]}, {"asker": "oneself"}),
        ({"asker": new_id()}, {"asker": "unknown_person"}),
        ({"assignees": [{"person": town.third["id"]}]}, {"assignees": "without_oneself"}),
    ):
        with pytest.raises(Problem) as problem:
            town.ask(by=town.worker, **{"kind": "instruction", "asker": town.boss["id"], **given})
        assert problem.value.fields == fields


# -- who reads it -------------------------------------------------------------------------------------


def test_it_is_read_by_those_on_it_and_their_departments_and_by_nobody_else(town: Town) -> None:
    made = town.ask(town.worker)
    assert town.card(made, town.other)["may"] == []
    with pytest.raises(Problem) as problem:
        town.card(made, town.third)
    assert problem.value.status == 404
    assert refused(town, town.third, made, "accept").status == 404
    assert town.service.call("card", context(person=new_id(), roles=frozenset({"auditor"})), {"id": made["id"]})
    town.act(town.worker, made, "hand_over", to={"person": town.third["id"]})
    assert town.card(made, town.third)["may"] == ["accept", "decline", "hand_over"]
    # Their colleagues have nothing to do with it any more; who had it has.
    with pytest.raises(Problem):
        town.card(made, town.other)
    assert town.card(made, town.worker)


def test_it_is_quoted_to_who_may_read_it(town: Town) -> None:
    made = town.ask(town.worker, body="<p>표로 <script>alert(1)</script>주세요</p>")
    quote = town.service.call("quote", town.as_(town.worker), {"id": made["id"]})
    holds(sources.QuoteView, quote)
    assert quote["body"] == "<p>표로 주세요</p>"
    with pytest.raises(Problem):
        town.service.call("quote", town.as_(town.third), {"id": made["id"]})


def test_what_waits_for_another_says_so_until_that_is_done(town: Town) -> None:
    first = town.ask(town.worker, title="현황 조사")
    made = town.ask(town.third, waits_for=first["id"])
    assert town.card(made)["waits_for"] == {
        "id": first["id"],
        "title": "현황 조사",
        "state": "asked",
        "due": None,
    }
    told = [event.data for event in town.service.events if event.type == "requests.desk"][-1]
    assert told["slots"][0]["todo"]["params"] == {"kind": "request", "waits": True}
    # It is shown, not forced.
    town.act(town.third, made, "accept")
    town.handed_in(first, town.worker)
    town.act(town.boss, first, "close")
    assert ("윤여름", "released") in town.notices(made)
    assert town.actions(made)[-1] == "released"


def test_a_comment_is_told_to_those_on_it_and_a_mention_to_who_is_named(town: Town) -> None:
    made = town.ask(town.worker)
    given = {"id": made["id"], "text": "언제쯤?", "mentions": [town.worker["id"]]}
    town.service.call("comment", town.as_(town.boss), given)
    assert town.notices(made) == [("서나래", "mentioned")]
    town.service.call("comment", town.as_(town.worker), {"id": made["id"], "text": "내일입니다"})
    assert town.notices(made, "commented") == [("한시장", "commented")]
    # What is said is no change of what was asked.
    assert town.card(made)["version"] == 1


def test_what_somebody_was_just_asked_is_not_asked_of_them_anew(town: Town) -> None:
    made = town.ask(town.worker)
    same = {"person": town.worker["id"]}
    assert refused(town, town.boss, made, "reassign", to=same, reason="다시").fields == {"to.person": "same_person"}
    town.act(town.worker, made, "decline", reason="담당이 아닙니다")
    town.act(town.boss, made, "reassign", to=same, reason="다시 부탁합니다")
    assert town.card(made)["state"] == "asked"
