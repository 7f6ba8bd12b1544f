"""Memos are written, sent, held, taken back, sent at a time; to whom they come, and what stands in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.contracts import memo_views as views
from shared.ids import new_id
from shared.testing import LocalService, new_person
from tests.unit.memo.cast import (
    AT,
    ME,
    Doc,
    answer,
    as_,
    audited,
    box,
    desk,
    draft,
    hire,
    holds,
    item,
    notices,
    office,
    read,
    receipts,
    refusal,
    rows,
    seen,
    send,
    sent,
)


def test_a_memo_is_sent_at_once_and_comes_to_each_receiver(memo: LocalService, kim: Doc, lee: Doc) -> None:
    made = sent(memo, kim, cc=[lee["id"]])
    assert (made["state"], made["sends_at"], made["reach"]["receivers"]) == ("sent", None, 2)
    assert [(each["person"]["id"], each["role"]) for each in receipts(memo, made["id"])] == [
        (kim["id"], "to"),
        (lee["id"], "cc"),
    ]
    assert box(memo, kim) == box(memo, lee) == box(memo, ME, "sent") == [made["id"]]
    assert {person: todo["role"] for person, todo in desk(memo).items()} == {kim["id"]: "read", lee["id"]: "read"}
    assert audited(memo, made["id"]) == ["memo.draft.created", "memo.sent"]


def test_somebody_named_by_several_ways_gets_it_once_in_the_strongest_role(
    memo: LocalService, kim: Doc, lee: Doc, park: Doc
) -> None:
    """CASES MEM-02."""
    me = hire(memo, "홍길동", id=ME.person)
    gone = hire(memo, "최퇴직", active=False)
    general = office(memo).part("총무과", kim, lee)
    everybody = office(memo).part("전직원", kim, lee, park, gone)
    made = sent(
        memo,
        kim,
        me,
        f"group:{general}",
        cc=[lee["id"], park["id"], f"group:{everybody}"],
    )
    assert made["reach"]["receivers"] == 3
    assert made["reach"]["myself"] is True
    assert [person["name"] for person in made["reach"]["left"]] == ["최퇴직"]
    found = [(each["person"]["name"], each["role"]) for each in receipts(memo, made["id"])]
    assert found == [("김과장", "to"), ("이주무", "to"), ("박주무", "cc")]
    told = [slot["person"] for event in memo.events if event.type == "memo.desk" for slot in event.data["slots"]]
    assert sorted(told) == sorted(person["id"] for person in (kim, lee, park))
    assert box(memo, ME) == []
    # Who joins the group later has no part in it.
    late = hire(memo, "윤신입")
    office(memo).parts[general] = ("총무과", [kim["id"], lee["id"], late["id"]])
    assert box(memo, late) == []
    assert refusal(memo, "memo", as_(late), id=made["id"]).status == 404
    assert item(memo, made["id"])["audience"] == sorted(
        ["role:auditor", *(f"person:{person['id']}" for person in (me, kim, lee, park))]
    )


@pytest.mark.parametrize("named", ["nobody", "only_yourself", "left", "unknown", "dissolved", "empty"])
def test_a_memo_that_reaches_nobody_is_refused_and_nothing_is_kept(memo: LocalService, named: str) -> None:
    me = hire(memo, "홍길동", id=ME.person)
    gone = hire(memo, "최퇴직", active=False)
    old, stranger = new_id(), new_person("정외부")
    office(memo).dissolved[old] = "옛 부서"
    empty = office(memo).part("빈 부서")
    to, field = {
        "nobody": ([], {"to": "required"}),
        "only_yourself": ([me["id"]], {"to": "only_yourself"}),
        "left": ([gone["id"]], {"to": "nobody"}),
        "unknown": ([stranger["id"]], {"to.0": "unknown_person"}),
        "dissolved": ([f"department:{old}"], {"to.0": "dissolved_department"}),
        "empty": ([f"department:{empty}"], {"to": "nobody"}),
    }[named]
    assert refusal(memo, "send_memo", ME, to=to, title="제목").fields == field
    assert box(memo, ME, "sent") == box(memo, ME, "drafts") == []


def test_a_memo_needs_a_title_and_a_receiver_only_to_be_sent(memo: LocalService) -> None:
    made = draft(memo, title="")
    refused = refusal(memo, "send_draft", ME, id=made["id"])
    assert refused.fields == {"title": "required", "to": "required"}


def test_who_is_away_is_named_before_and_with_the_sending(memo: LocalService, lee: Doc) -> None:
    absent = {"reason": "leave", "until": "2026-03-06", "deputy": lee}
    kim = hire(memo, "김과장", absent=absent)
    department = office(memo).part("총무과", kim)
    for reach in (
        memo.call("check_receivers", ME, {"to": [f"department:{department}"]}),
        sent(memo, f"department:{department}")["reach"],
    ):
        holds(views.Reach, reach)
        (away,) = reach["absent"]
        assert (away["person"]["name"], away["deputy"]["name"]) == ("김과장", "이주무")


def test_a_draft_keeps_what_is_typed_in_versions(memo: LocalService, kim: Doc) -> None:
    made = draft(memo)
    saved = memo.call("save_draft", ME, {"id": made["id"], "version": 1, "title": "점검", "to": [kim["id"]]})
    holds(views.DraftResult, saved)
    assert saved["version"] == 2
    again = memo.call("save_draft", ME, {"id": made["id"], "version": 2, "title": "점검"})
    assert again["version"] == 2
    assert refusal(memo, "save_draft", ME, id=made["id"], version=1, title="옛것").status == 412
    found = seen(memo, made["id"])
    assert (found["title"], found["to"][0]["name"], found["state"]) == ("점검", "김과장", "draft")
    assert box(memo, ME, "drafts") == [made["id"]]


def test_a_body_is_cleaned(memo: LocalService, kim: Doc) -> None:
    made = send(memo, kim, body='<p onclick="x()">글<script>alert(1)</script></p>')
    assert seen(memo, made, as_(kim))["body"] == "<p>글</p>"


def test_a_draft_is_its_writers_alone(memo: LocalService, kim: Doc) -> None:
    made = draft(memo, kim)["id"]
    for method in ("memo", "send_draft", "delete_draft", "save_draft"):
        assert refusal(memo, method, as_(kim), id=made).status == 404
    assert memo.call("delete_draft", ME, {"id": made})["deleted"]
    assert refusal(memo, "memo", ME, id=made).status == 404
    assert box(memo, ME, "drafts") == []


def test_a_memo_that_is_held_can_be_taken_back_until_it_goes_out(memo: LocalService, kim: Doc) -> None:
    made = sent(memo, kim, hold=5)
    assert (made["state"], made["sends_at"]) == ("held", (AT + timedelta(seconds=5)).isoformat())
    memo.pass_until(AT + timedelta(seconds=4))
    assert box(memo, kim) == [] and desk(memo) == {}
    assert memo.call("take_back", ME, {"id": made["id"]})["state"] == "draft"
    memo.pass_until(AT + timedelta(minutes=1))
    assert box(memo, kim) == [] and box(memo, ME, "drafts") == [made["id"]]
    memo.call("send_draft", ME, {"id": made["id"], "hold": 5})
    memo.pass_until(AT + timedelta(minutes=2))
    assert box(memo, kim) == [made["id"]]
    assert refusal(memo, "take_back", ME, id=made["id"]).slug == "already-sent"


def test_a_memo_is_sent_once_however_often_it_is_asked_for(memo: LocalService, kim: Doc) -> None:
    made = draft(memo, kim)["id"]
    first = memo.call("send_draft", ME, {"id": made, "hold": 5}, key="once")
    assert memo.call("send_draft", ME, {"id": made, "hold": 5}, key="once") == first
    assert refusal(memo, "send_draft", ME, id=made).slug == "waits-to-be-sent"
    memo.pass_until(AT + timedelta(minutes=1))
    assert refusal(memo, "send_draft", ME, id=made).slug == "already-sent"
    assert len(receipts(memo, made)) == 1


def test_a_memo_goes_out_at_its_time_to_those_meant_then(memo: LocalService, kim: Doc, lee: Doc) -> None:
    department = office(memo).part("총무과", kim)
    tomorrow = AT + timedelta(days=1)
    made = sent(memo, f"department:{department}", send_at=tomorrow.isoformat())
    assert made["state"] == "scheduled"
    assert box(memo, ME, "scheduled") == [made["id"]]
    office(memo).parts[department] = ("총무과", [lee["id"]])
    memo.pass_until(tomorrow)
    assert (box(memo, kim), box(memo, lee)) == ([], [made["id"]])
    assert seen(memo, made["id"])["sent_at"] == tomorrow.isoformat()


def test_a_time_that_has_passed_is_now_and_one_in_two_years_is_refused(memo: LocalService, kim: Doc) -> None:
    assert sent(memo, kim, send_at=(AT - timedelta(days=1)).isoformat())["state"] == "sent"
    far = (AT + timedelta(days=800)).isoformat()
    refused = refusal(memo, "send_memo", ME, to=[kim["id"]], title="제목", send_at=far)
    assert refused.fields == {"send_at": "too_far"}


def test_a_memo_whose_receivers_have_all_left_by_then_is_a_draft_again_and_its_sender_is_told(
    memo: LocalService, kim: Doc
) -> None:
    made = sent(memo, kim, send_at=(AT + timedelta(days=1)).isoformat())["id"]
    memo.people[kim["id"]] = {**kim, "active": False}
    memo.pass_until(AT + timedelta(days=2))
    found = seen(memo, made)
    assert found["state"] == "draft"
    assert notices(memo, ME.person) == [("unsent", {"reason": "nobody", "person": "", "title": found["title"]})]


def test_a_copy_begins_with_what_an_own_memo_said(memo: LocalService, kim: Doc, lee: Doc) -> None:
    made = send(memo, kim, title="주간 점검", body="<p>글</p>", asks=True)
    copy = memo.call("create_draft", ME, {"copy": made})["id"]
    found = seen(memo, copy)
    assert (found["title"], found["body"], found["to"][0]["id"], found["state"]) == (
        *("주간 점검", "<p>글</p>", kim["id"]),
        "draft",
    )
    assert refusal(memo, "create_draft", as_(lee), copy=made).status == 404
    assert refusal(memo, "create_draft", as_(kim), copy=made).status == 403


def test_a_department_has_templates_of_its_own(memo: LocalService, kim: Doc) -> None:
    asked = {"name": "일일 점검", "title": "점검", "body": "<p>이상 없음</p>", "kind": "occasional"}
    made = memo.call("save_template", ME, asked)
    holds(views.TemplateView, made)
    again = memo.call("save_template", as_(kim), {**asked, "title": "오늘 점검"})
    assert again["id"] == made["id"]
    (found,) = memo.call("templates", ME)["items"]
    assert (found["title"], found["person"]["name"]) == ("오늘 점검", "김과장")
    begun = memo.call("create_draft", ME, {"template": made["id"], "to": [kim["id"]]})["id"]
    assert (seen(memo, begun)["title"], seen(memo, begun)["kind"]) == ("오늘 점검", "occasional")
    elsewhere = hire(memo, "정세무", department="세무과", department_id=new_id())
    assert memo.call("templates", as_(elsewhere))["items"] == []
    assert refusal(memo, "delete_template", as_(elsewhere), id=made["id"]).status == 404


def test_the_last_receivers_are_proposed(memo: LocalService, kim: Doc, lee: Doc, park: Doc) -> None:
    for person in (kim, lee, kim, park):
        memo.now += timedelta(minutes=1)
        send(memo, person)
    found = memo.call("recent_receivers", ME)
    holds(views.Proposal, found)
    assert [each["name"] for each in found["recent"]] == ["박주무", "김과장", "이주무"]


def test_ten_thousand_receivers_are_twenty_events_and_one_more_is_refused(memo: LocalService) -> None:
    people = [hire(memo, f"직원{n}") for n in range(10_001)]
    made = sent(memo, *people[:10_000])
    assert made["reach"]["receivers"] == 10_000
    told = [event for event in memo.events if event.type == "memo.desk"]
    assert len(told) == 20 and all(len(event.data["slots"]) == 500 for event in told)
    assert len(item(memo, made["id"])["audience"]) == 10_002
    assert box(memo, people[9_999]) == [made["id"]]
    read(memo, people[9_999], made["id"])
    assert seen(memo, made["id"])["counts"] == {"receivers": 10_000, "read": 1, "answered": 0}
    refused = refusal(memo, "send_memo", ME, title="제목", to=[person["id"] for person in people])
    assert "to" in refused.fields


def test_the_boxes_are_filtered_and_show_what_a_row_needs(memo: LocalService, kim: Doc, lee: Doc) -> None:
    plain = send(memo, kim, title="회의 결과")
    memo.now += timedelta(minutes=1)
    urgent = send(memo, kim, lee, title="정전 보고", kind="urgent", asks=True)
    read(memo, kim, plain)
    answer(memo, lee, urgent, "agreed")
    assert box(memo, kim, unread=True) == box(memo, kim, urgent=True) == box(memo, kim, kind="urgent") == [urgent]
    assert box(memo, kim, q="회의") == [plain]
    (row,) = rows(memo, ME, "sent", urgent=True)
    assert (row["counts"], [each["name"] for each in row["to"]]) == (
        {"receivers": 2, "read": 1, "answered": 1},
        ["김과장", "이주무"],
    )
    (row,) = rows(memo, kim, unread=True)
    assert (row["unread"], row["asks"], row["role"]) == (True, True, "to")


def test_sources_are_links_and_a_memo_one_cannot_read_is_none(memo: LocalService, kim: Doc, lee: Doc) -> None:
    document = new_id()
    source: Any = [{"noun": "documents", "subject": document}]
    made = send(memo, kim, sources=source)
    assert item(memo, made)["links"] == [{"role": "based_on", "noun": "documents", "subject": document}]
    other = send(memo, lee, who=as_(kim))
    refused = refusal(memo, "send_memo", ME, to=[lee["id"]], title="x", sources=[{"noun": "memo", "subject": other}])
    assert refused.fields == {"sources.0": "unknown_memo"}
