"""Memos are read, answered, put off, talked about: receipts, the desk, the receiver's own lists."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.contracts import memo_views as views
from shared.ids import new_id
from shared.testing import LocalService, context
from tests.unit.memo.cast import (
    AT,
    AUDITOR,
    ME,
    Doc,
    answer,
    as_,
    audited,
    box,
    desk,
    draft,
    forward,
    holds,
    notices,
    read,
    receipts,
    refusal,
    rows,
    seen,
    send,
)


def test_only_opening_it_whole_is_reading_and_only_the_first_time_counts(memo: LocalService, kim: Doc) -> None:
    """CASES MEM-05."""
    made = send(memo, kim)
    seen(memo, made, as_(kim))
    box(memo, kim)
    memo.call("alerts", as_(kim))
    assert receipts(memo, made)[0]["read_at"] is None
    memo.now = AT + timedelta(minutes=3)
    first = read(memo, kim, made, channel="web")
    assert (first["first"], first["read_at"]) == (True, memo.now.isoformat())
    memo.now = AT + timedelta(minutes=9)
    assert read(memo, kim, made, channel="mobile") == {**first, "first": False}
    (receipt,) = receipts(memo, made)
    assert (receipt["state"], receipt["read_at"], receipt["channel"]) == ("read", first["read_at"], "web")
    assert desk(memo) == {}
    assert audited(memo, made).count("memo.read") == 1


def test_marking_as_unread_changes_the_own_list_and_no_receipt(memo: LocalService, kim: Doc) -> None:
    made = send(memo, kim)
    read(memo, kim, made)
    marked = memo.call("mark", as_(kim), {"id": made, "unread": True})
    holds(views.MarkResult, marked)
    assert box(memo, kim, unread=True) == [made]
    assert receipts(memo, made)[0]["state"] == "read"
    assert seen(memo, made)["counts"]["read"] == 1
    read(memo, kim, made)
    assert box(memo, kim, unread=True) == []
    assert seen(memo, made)["counts"]["read"] == 1


def test_several_are_marked_at_once_and_what_is_not_in_ones_lists_is_passed_over(
    memo: LocalService, kim: Doc, lee: Doc
) -> None:
    first, second, others, recalled = send(memo, kim), send(memo, kim), send(memo, lee), send(memo, kim)
    memo.call("recall", ME, {"id": recalled})
    asked = {"ids": [second, others, recalled, first, first, new_id()], "archived": True}
    done = memo.call("mark_several", as_(kim), asked, key="k")
    holds(views.MarksResult, done)
    assert done["marked"] == sorted([first, second]) and {others, recalled} < set(done["missed"])
    assert sorted(box(memo, kim, box="archived")) == sorted([first, second])
    assert box(memo, kim) == []
    assert memo.call("mark_several", as_(kim), asked, key="k") == done
    memo.call("mark_several", as_(kim), {"ids": done["marked"], "archived": False})
    assert sorted(box(memo, kim)) == sorted([first, second])
    assert receipts(memo, first)[0]["read_at"] is None


def test_an_auditors_or_administrators_view_is_on_the_record_and_is_no_receipt(memo: LocalService, kim: Doc) -> None:
    made = send(memo, kim)
    for ctx in (AUDITOR, context(person=new_id(), roles=frozenset({"tenant_admin"}))):
        found = seen(memo, made, ctx)
        assert (found["may"], found["mine"]) == ([], None)
        assert memo.call("read", ctx, {"id": made})["read_at"] is None
        for method in ("answer", "mark", "forward"):
            data = {"answer": {"answer": "noted"}, "mark": {"pinned": True}, "forward": {"to": [kim["id"]]}}[method]
            assert refusal(memo, method, ctx, id=made, **data).status == 403
    assert receipts(memo, made)[0]["state"] == "waiting"
    assert audited(memo, made).count("memo.viewed") == 2
    unsent = draft(memo, kim)["id"]
    assert refusal(memo, "memo", AUDITOR, id=unsent).status == 404


def test_who_has_no_part_in_it_finds_nothing(memo: LocalService, kim: Doc, lee: Doc) -> None:
    made = send(memo, kim)
    for method in ("memo", "read", "receipts", "quote", "thread"):
        assert refusal(memo, method, as_(lee), id=made).status == 404
    assert refusal(memo, "receipts", as_(kim), id=made).status == 403


@pytest.mark.parametrize("word", ["noted", "agreed", "opinion", "instructed"])
def test_an_answer_is_kept_counted_and_told_and_counts_as_reading(memo: LocalService, kim: Doc, word: str) -> None:
    made = send(memo, kim, asks=True)
    told = answer(memo, kim, made, word, text="금요일까지", channel="mobile")
    (receipt,) = receipts(memo, made, "answered")
    assert (receipt["state"], receipt["answer"], receipt["text"]) == ("answered", word, "금요일까지")
    assert (receipt["channel"], receipt["answered_at"]) == ("mobile", told["answered_at"])
    assert receipt["read_at"] == receipt["answered_at"]
    found = seen(memo, made)
    assert found["counts"] == {"receivers": 1, "read": 1, "answered": 1}
    assert [(each["answer"], each["person"]["name"]) for each in found["answers"]] == [(word, "김과장")]
    params = {"answer": word, "text": "금요일까지", "person": "김과장", "title": found["title"]}
    assert notices(memo, ME.person) == [("answered", params)]
    assert desk(memo) == {}


def test_words_are_needed_for_an_opinion_and_an_instruction(memo: LocalService, kim: Doc) -> None:
    made = send(memo, kim)
    for word in ("opinion", "instructed"):
        assert refusal(memo, "answer", as_(kim), id=made, answer=word).fields == {"text": "required"}
    assert receipts(memo, made)[0]["state"] == "waiting"


def test_the_latest_answer_counts_and_every_answer_stays_on_record(memo: LocalService, kim: Doc) -> None:
    made = send(memo, kim)
    answer(memo, kim, made, "noted")
    again = answer(memo, kim, made, "noted")
    answer(memo, kim, made, "opinion", text="다시 봅시다.")
    assert again["answered_at"] == AT.isoformat()
    found = seen(memo, made)
    assert [step["params"].get("answer") for step in found["history"]] == [None, "noted", "opinion"]
    assert [each["answer"] for each in found["answers"]] == ["opinion"]
    assert found["counts"]["answered"] == 1


def test_an_asked_answer_stays_on_the_desk_after_reading(memo: LocalService, kim: Doc, lee: Doc) -> None:
    made = send(memo, kim, cc=[lee["id"]], asks=True)
    read(memo, kim, made)
    read(memo, lee, made)
    assert {person: todo["role"] for person, todo in desk(memo).items()} == {kim["id"]: "answer"}
    answer(memo, kim, made)
    assert desk(memo) == {}


def test_a_snoozed_memo_comes_back_on_top_at_its_time(memo: LocalService, kim: Doc) -> None:
    made = send(memo, kim)
    memo.now += timedelta(minutes=1)
    other = send(memo, kim)
    till = AT + timedelta(hours=3)
    memo.call("mark", as_(kim), {"id": made, "snooze_till": till.isoformat()})
    assert (box(memo, kim), box(memo, kim, "snoozed"), desk(memo, made)) == ([other], [made], {})
    memo.pass_until(till)
    assert (box(memo, kim), box(memo, kim, "snoozed")) == ([made, other], [])
    assert desk(memo, made)[kim["id"]]["since"] == till.isoformat()
    assert receipts(memo, made)[0]["state"] == "waiting"
    past = refusal(memo, "mark", as_(kim), id=made, snooze_till=AT.isoformat())
    assert past.fields == {"snooze_till": "in_the_past"}


def test_a_snooze_that_was_ended_does_not_ring(memo: LocalService, kim: Doc) -> None:
    made = send(memo, kim)
    till = AT + timedelta(hours=3)
    memo.call("mark", as_(kim), {"id": made, "snooze_till": till.isoformat()})
    memo.call("mark", as_(kim), {"id": made, "snooze_till": None})
    assert box(memo, kim) == [made]
    (before,) = rows(memo, kim)
    memo.pass_until(till)
    assert rows(memo, kim) == [before]


def test_pinned_and_archived_ones_have_lists_of_their_own(memo: LocalService, kim: Doc) -> None:
    made = send(memo, kim)
    memo.call("mark", as_(kim), {"id": made, "pinned": True, "archived": True})
    assert (box(memo, kim), box(memo, kim, "pinned"), box(memo, kim, "archived")) == ([], [made], [made])
    found = memo.call("mark", as_(kim), {"id": made, "pinned": False, "archived": False})
    assert (found["pinned"], found["archived"]) == (False, False)
    assert (box(memo, kim), box(memo, kim, "pinned")) == ([made], [])


def test_those_on_a_memo_talk_under_it_and_are_told(memo: LocalService, kim: Doc, lee: Doc, park: Doc) -> None:
    made = send(memo, kim, lee)
    memo.call("comment", as_(kim), {"id": made, "text": "사진도 있나요?", "mentions": [lee["id"]]})
    assert [code for code, _ in notices(memo, ME.person)] == ["commented"]
    assert [code for code, _ in notices(memo, lee["id"])] == ["commented"]
    assert notices(memo, kim["id"]) == []
    assert refusal(memo, "comment", as_(park), id=made, text="저도").status == 404
    assert refusal(memo, "comment", AUDITOR, id=made, text="저도").status == 403
    unsent = draft(memo, kim)["id"]
    assert refusal(memo, "comment", ME, id=unsent, text="메모").slug == "not-sent"


def test_who_came_later_sees_earlier_replies_only_where_that_was_said(
    memo: LocalService, kim: Doc, lee: Doc, park: Doc
) -> None:
    made = send(memo, kim)
    memo.call("comment", as_(kim), {"id": made, "text": "처음"})
    answer(memo, kim, made, "opinion", text="의견")
    memo.now += timedelta(minutes=1)
    forward(memo, ME, made, lee)
    forward(memo, ME, made, park, replies=True)
    late, told = seen(memo, made, as_(lee)), seen(memo, made, as_(park))
    assert (late["answers"], [step["code"] for step in late["history"]]) == ([], ["sent", "added", "added"])
    assert [each["text"] for each in told["answers"]] == ["의견"]
    assert memo.call("thread", as_(lee), {"id": made})["items"] == []
    assert [each["text"] for each in memo.call("thread", as_(park), {"id": made})["items"]] == ["처음"]


def test_the_sender_looks_again_when_it_is_read_and_both_when_it_is_answered(memo: LocalService, kim: Doc) -> None:
    made = send(memo, kim)
    read(memo, kim, made)
    last = [event.data for event in memo.events if event.type == "memo.desk"][-1]
    assert last["watchers"] == [ME.person]
    answer(memo, kim, made)
    last = [event.data for event in memo.events if event.type == "memo.desk"][-1]
    assert last["watchers"] == [ME.person, kim["id"]]


def test_a_reader_is_told_no_reading_times_of_others(memo: LocalService, kim: Doc, lee: Doc) -> None:
    made = send(memo, kim, lee)
    read(memo, kim, made)
    found = seen(memo, made, as_(lee))
    assert found["mine"]["person"]["id"] == lee["id"]
    assert found["counts"] == {"receivers": 2, "read": 1, "answered": 0}
    assert "read" not in {step["code"] for step in found["history"]}
