"""Urgent memos: on top at once, and on to the deputy and up the line while they stay unread."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.memo.domain import escalation
from shared.contracts import memo_views as views
from shared.errors import Unavailable
from shared.testing import LocalService, context
from tests.unit.memo.cast import (
    AT,
    ME,
    Doc,
    answer,
    as_,
    box,
    desk,
    head,
    hire,
    holds,
    notices,
    office,
    read,
    receipts,
    refusal,
    seen,
    send,
)

HALF_HOUR = timedelta(minutes=30)
ADMIN = context(roles=frozenset({"tenant_admin"}))


@pytest.fixture
def chief(memo: LocalService, lee: Doc, kim: Doc) -> Doc:
    """A head above Lee, with Kim as Lee's deputy and a director above the head."""
    chief, director = hire(memo, "정과장"), hire(memo, "최국장")
    heads = [head(chief), head(director)]
    office(memo).above[lee["id"]] = {"deputy": kim, "absent": {"reason": "leave", "until": None}, "heads": heads}
    return chief


def gone_to(memo: LocalService, made: str) -> list[str]:
    return [each["person"]["name"] for each in receipts(memo, made)]


def test_an_urgent_memo_is_most_urgent_on_the_desk_and_in_the_banner_until_it_is_read(
    memo: LocalService, kim: Doc
) -> None:
    made = send(memo, kim, kind="urgent")
    todo = desk(memo)[kim["id"]]
    assert (todo["urgency"], todo["dismissible"], todo["params"]["kind"]) == (2, False, "urgent")
    found = memo.call("alerts", as_(kim))
    holds(views.Alerts, found)
    assert [each["id"] for each in found["items"]] == [made]
    read(memo, kim, made)
    assert memo.call("alerts", as_(kim))["items"] == []


def test_unread_it_goes_to_the_deputy_then_up_the_line_each_step_on_record_and_no_further(
    memo: LocalService, lee: Doc, chief: Doc
) -> None:
    made = send(memo, lee, urgent=True)
    assert gone_to(memo, made) == ["이주무"]
    names = ["이주무", "김과장", "정과장", "최국장"]
    for n in range(1, 6):
        memo.pass_until(AT + n * HALF_HOUR)
        assert gone_to(memo, made) == names[: n + 1]
    steps = [(s["params"]["from"], s["params"]["to"]) for s in seen(memo, made)["history"] if s["code"] == "escalated"]
    assert steps == [("이주무", name) for name in names[1:]]
    assert [(each["via"], each["state"]) for each in receipts(memo, made)[1:]] == [("escalated", "waiting")] * 3
    assert [code for code, _ in notices(memo, ME.person)] == ["escalated"] * 3
    assert len(desk(memo)) == 4


def test_it_stops_where_somebody_has_read_it(memo: LocalService, lee: Doc, kim: Doc, chief: Doc) -> None:
    made = send(memo, lee, urgent=True)
    memo.pass_until(AT + HALF_HOUR)
    read(memo, kim, made)
    memo.pass_until(AT + 10 * HALF_HOUR)
    assert gone_to(memo, made) == ["이주무", "김과장"]
    assert receipts(memo, made, "read")[0]["person"]["name"] == "김과장"


@pytest.mark.parametrize("by", [read, answer])
def test_it_does_not_begin_once_it_was_read(memo: LocalService, lee: Doc, chief: Doc, by: object) -> None:
    made = send(memo, lee, urgent=True)
    (read if by is read else answer)(memo, lee, made)
    memo.pass_until(AT + 10 * HALF_HOUR)
    assert gone_to(memo, made) == ["이주무"]


def test_it_stops_with_a_recall(memo: LocalService, lee: Doc, chief: Doc) -> None:
    made = send(memo, lee, urgent=True)
    memo.call("recall", ME, {"id": made})
    memo.pass_until(AT + 10 * HALF_HOUR)
    assert gone_to(memo, made) == ["이주무"]


def test_it_never_goes_in_a_circle_or_to_its_sender(memo: LocalService, lee: Doc, kim: Doc) -> None:
    me = hire(memo, "홍길동", id=ME.person)
    office(memo).above[lee["id"]] = {"deputy": kim, "absent": None, "heads": [head(me), head(kim), head(lee)]}
    made = send(memo, lee, urgent=True)
    memo.pass_until(AT + 10 * HALF_HOUR)
    assert gone_to(memo, made) == ["이주무", "김과장"]


def test_a_head_who_is_away_is_stood_in_for(memo: LocalService, lee: Doc, kim: Doc, park: Doc) -> None:
    away = head(kim, absent={"reason": "leave", "until": None}, deputy=park)
    office(memo).above[lee["id"]] = {"deputy": None, "absent": None, "heads": [away]}
    made = send(memo, lee, urgent=True)
    memo.pass_until(AT + HALF_HOUR)
    assert gone_to(memo, made) == ["이주무", "박주무"]


def test_two_under_one_head_reach_that_head_once(memo: LocalService, lee: Doc, park: Doc) -> None:
    chief, director = hire(memo, "정과장"), hire(memo, "최국장")
    for person in (lee, park):
        office(memo).above[person["id"]] = {"deputy": None, "absent": None, "heads": [head(chief), head(director)]}
    made = send(memo, lee, park, urgent=True)
    memo.pass_until(AT + HALF_HOUR)
    assert gone_to(memo, made) == ["이주무", "박주무", "정과장"]
    read(memo, chief, made)
    memo.pass_until(AT + 10 * HALF_HOUR)
    assert gone_to(memo, made) == ["이주무", "박주무", "정과장"]


def test_a_copy_goes_on_from_nobody(memo: LocalService, lee: Doc, park: Doc, chief: Doc) -> None:
    made = send(memo, park, cc=[lee["id"]], urgent=True)
    memo.pass_until(AT + 10 * HALF_HOUR)
    assert gone_to(memo, made) == ["박주무", "이주무"]


def test_the_time_is_the_memos_or_the_organisations(memo: LocalService, lee: Doc, chief: Doc) -> None:
    memo.call("save_settings", ADMIN, {"escalate_after": 60})
    assert memo.call("settings", ME) == {"escalate_after": 60}
    slow, quick = send(memo, lee, urgent=True), send(memo, lee, urgent=True, escalate_after=5)
    memo.pass_until(AT + timedelta(minutes=5))
    assert (len(gone_to(memo, slow)), len(gone_to(memo, quick))) == (1, 2)
    memo.pass_until(AT + timedelta(minutes=60))
    assert len(gone_to(memo, slow)) == 2
    assert refusal(memo, "save_settings", ME, escalate_after=5).status == 403


def test_a_directory_that_is_away_is_asked_again(memo: LocalService, lee: Doc, chief: Doc) -> None:
    made = send(memo, lee, urgent=True)
    there = memo.answers["directory", "superiors"]

    def away(ctx: object, asked: object) -> object:
        raise Unavailable("directory")

    memo.answers["directory", "superiors"] = away
    memo.pass_until(AT + HALF_HOUR + timedelta(seconds=4))
    assert gone_to(memo, made) == ["이주무"]
    memo.answers["directory", "superiors"] = there
    memo.pass_until(AT + HALF_HOUR + timedelta(seconds=10))
    assert gone_to(memo, made) == ["이주무", "김과장"]


def test_many_unread_ones_are_gone_through_in_batches(memo: LocalService) -> None:
    chief = hire(memo, "정과장")
    people = [hire(memo, f"직원{n}") for n in range(45)]
    for person in people:
        office(memo).above[person["id"]] = {"deputy": None, "absent": None, "heads": [head(chief)]}
    made = send(memo, *people, urgent=True)
    memo.pass_until(AT + HALF_HOUR + timedelta(seconds=1))
    steps = [s["params"]["from"] for s in seen(memo, made)["history"] if s["code"] == "escalated"]
    assert steps == [person["name"] for person in people]
    assert len(receipts(memo, made)) == 46
    assert box(memo, chief) == [made]


def test_the_line_ends_after_three() -> None:
    heads: list[Doc] = [{"id": str(n), "absent": None, "deputy": None} for n in range(5)]
    line = escalation.line({"deputy": None, "heads": heads})
    gone: list[str] = []
    while (following := escalation.following(line, receiver="x", sender="y", gone_to=gone)) is not None:
        gone.append(following["id"])
    assert gone == ["0", "1", "2"]
