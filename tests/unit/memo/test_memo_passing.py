"""Memos are forwarded, kept from being forwarded, and recalled."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from shared.contracts import memo_views as views
from shared.contracts import sources
from shared.ids import new_id
from shared.testing import LocalService
from tests.unit.memo.cast import (
    AUDITOR,
    ME,
    Doc,
    answer,
    as_,
    audited,
    box,
    desk,
    forward,
    hire,
    holds,
    item,
    notices,
    read,
    receipts,
    refusal,
    seen,
    send,
)


def test_a_forwarded_memo_comes_with_a_note_and_its_sender_knows(memo: LocalService, kim: Doc, lee: Doc) -> None:
    made = send(memo, kim)
    done = forward(memo, as_(kim), made, lee, note="처리 바랍니다.", way="down")
    assert [person["name"] for person in done["reached"]] == ["이주무"]
    mine = seen(memo, made, as_(lee))["mine"]
    assert (mine["via"], mine["by"]["name"], mine["note"], mine["role"]) == (
        *("forwarded", "김과장", "처리 바랍니다."),
        "cc",
    )
    assert [code for code, _ in notices(memo, ME.person)] == ["forwarded"]
    assert f"person:{lee['id']}" in item(memo, made)["audience"]
    assert seen(memo, made)["counts"]["receivers"] == 2
    assert desk(memo)[lee["id"]]["sender"]["name"] == "김과장"


def test_who_has_it_gets_it_no_second_time(memo: LocalService, kim: Doc, lee: Doc) -> None:
    made = send(memo, kim, lee)
    done = forward(memo, as_(kim), made, lee)
    assert (done["reached"], [person["name"] for person in done["already"]]) == ([], ["이주무"])
    assert len(receipts(memo, made)) == 2
    assert refusal(memo, "forward", as_(kim), id=made, to=[new_id()]).fields == {"to.0": "unknown_person"}
    assert refusal(memo, "forward", as_(kim), id=made, to=[ME.person]).status == 422


WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "forward": ("forward", {"to": ["{park}"]}),
    "quote, as a request, a document or a copied file does": ("quote", {}),
    "a new memo made from it": (
        "send_memo",
        {"to": ["{park}"], "title": "전달", "sources": [{"noun": "memo", "subject": "{memo}"}]},
    ),
    "a draft made from it": ("create_draft", {"sources": [{"noun": "memo", "subject": "{memo}"}]}),
    "bringing somebody into the thread": ("comment", {"text": "보세요", "mentions": ["{park}"]}),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_memo_kept_from_being_passed_on_is_passed_on_in_no_way_and_each_try_is_on_record(
    memo: LocalService, kim: Doc, park: Doc, way: str
) -> None:
    """CASES MEM-06."""
    made = send(memo, kim, no_forward=True)
    method, data = WAYS[way]
    filled = _filled(data, memo=made, park=park["id"])
    if method in ("forward", "quote", "comment"):
        filled["id"] = made
    refused = refusal(memo, method, as_(kim), **filled)
    assert (refused.status, refused.slug) == (403, "no-forwarding")
    assert audited(memo, made).count("memo.passing.refused") == 1
    assert box(memo, park) == [] and box(memo, kim, "sent") == box(memo, kim, "drafts") == []
    assert f"person:{park['id']}" not in item(memo, made)["audience"]
    assert park["id"] not in desk(memo)


def _filled(value: Any, **names: str) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each, **names) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, **names) for each in value]
    return value.format(**names) if isinstance(value, str) else value


def test_its_sender_may_add_somebody_who_sees_it_from_then(memo: LocalService, kim: Doc, lee: Doc) -> None:
    made = send(memo, kim, no_forward=True)
    answer(memo, kim, made, "opinion", text="의견")
    forward(memo, ME, made, lee)
    found = seen(memo, made, as_(lee))
    assert (found["mine"]["via"], found["answers"], "forward" in found["may"]) == ("added", [], False)
    assert "memo.added" in audited(memo, made)
    assert refusal(memo, "forward", as_(lee), id=made, to=[kim["id"]]).slug == "no-forwarding"


@pytest.mark.parametrize("after", ["answer", "archive", "recall", "copy"])
def test_the_flag_stays_whatever_happens(memo: LocalService, kim: Doc, park: Doc, after: str) -> None:
    made = send(memo, kim, no_forward=True)
    read(memo, kim, made)
    if after == "answer":
        answer(memo, kim, made)
    elif after == "archive":
        memo.call("mark", as_(kim), {"id": made, "archived": True})
    elif after == "recall":
        memo.call("recall", ME, {"id": made})
    else:
        copy = memo.call("create_draft", ME, {"copy": made})["id"]
        assert seen(memo, copy)["no_forward"] is True
    assert refusal(memo, "forward", as_(kim), id=made, to=[park["id"]]).slug == "no-forwarding"
    assert refusal(memo, "quote", as_(kim), id=made).slug == "no-forwarding"


# -- recalled ---------------------------------------------------------------------------------------


def test_a_recall_takes_it_from_who_has_not_read_it_and_from_nobody_else(
    memo: LocalService, kim: Doc, lee: Doc
) -> None:
    made = send(memo, kim, lee)
    read(memo, kim, made)
    done = memo.call("recall", ME, {"id": made, "reason": "수치가 틀렸습니다."})
    holds(views.RecallResult, done)
    assert (done["recalled"], done["kept"]) == (1, 1)
    assert box(memo, kim) == [made] and box(memo, lee) == []
    assert seen(memo, made, as_(kim))["body"]
    assert refusal(memo, "memo", as_(lee), id=made).slug == "memo-recalled"
    assert refusal(memo, "read", as_(lee), id=made).slug == "memo-recalled"
    assert desk(memo) == {}
    # Not what it was about: it is gone for them.
    assert [(code, "title" in params) for code, params in notices(memo, lee["id"])] == [("recalled", False)]
    assert f"person:{lee['id']}" not in item(memo, made)["audience"]
    assert f"person:{kim['id']}" in item(memo, made)["audience"]
    assert [each["state"] for each in receipts(memo, made)] == ["read", "recalled"]


def test_a_recalled_memo_is_recalled_once_and_goes_on_to_nobody(memo: LocalService, kim: Doc, lee: Doc) -> None:
    made = send(memo, kim)
    read(memo, kim, made)
    memo.call("recall", ME, {"id": made})
    assert refusal(memo, "recall", ME, id=made).slug == "recalled"
    assert refusal(memo, "forward", ME, id=made, to=[lee["id"]]).slug == "recalled"
    assert refusal(memo, "forward", as_(kim), id=made, to=[lee["id"]]).slug == "recalled"
    answer(memo, kim, made, "agreed")
    assert refusal(memo, "recall", as_(kim), id=made).status == 403


def test_pins_and_snoozes_of_a_recalled_memo_are_gone(memo: LocalService, kim: Doc) -> None:
    made = send(memo, kim)
    memo.call("mark", as_(kim), {"id": made, "pinned": True})
    memo.call("recall", ME, {"id": made})
    assert box(memo, kim, "pinned") == []
    assert refusal(memo, "mark", as_(kim), id=made, pinned=True).slug == "memo-recalled"


def test_an_auditor_reads_a_recalled_memo(memo: LocalService, kim: Doc) -> None:
    made = send(memo, kim)
    memo.call("recall", ME, {"id": made})
    assert seen(memo, made, AUDITOR)["state"] == "recalled"


def test_quoting_gives_title_body_and_files(memo: LocalService, kim: Doc) -> None:
    made = send(memo, kim)
    found = memo.call("quote", as_(kim), {"id": made})
    holds(sources.QuoteView, found)
    assert (found["noun"], found["subject"], found["title"]) == ("memo", made, "청사 점검 결과")
    assert (found["body"], found["files"]) == ("<p>이상 없습니다.</p>", [])


def test_the_record_names_who_tried_to_pass_it_on(memo: LocalService, kim: Doc) -> None:
    made = send(memo, kim, no_forward=True)
    hire(memo, "박주무")
    refusal(memo, "quote", as_(kim), id=made)
    with memo.tx() as tx:
        rows = tx.all(text("SELECT entry FROM audit WHERE action = 'memo.passing.refused'"))
    assert len(rows) == 1 and kim["id"] in rows[0].entry
