"""Finding, through the API, in both modes: what a person may read is found, and nothing else."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.integration.product.cast import Cast, problem
from tests.support.waiting import until


def found(cast: Cast, role: str, q: str, **asked: Any) -> list[str]:
    """The subjects this person finds."""
    page = cast.api(role).get("/search", params={"q": q, **asked})
    return [each["subject"] for each in page["items"]]


def test_a_person_finds_what_they_may_read_and_nothing_else(cast: Cast, others: Cast) -> None:
    mark = f"zq{uuid4().hex[:10]}"
    draft = cast.draft(f"하수관로 정비사업 {mark}", body=f"<p>주민설명회를 <b>개최</b>합니다. {mark}</p>")
    until(lambda: found(cast, "drafter", mark) == [draft["id"]])
    assert found(cast, "decider", mark) == []
    cast.submit(draft["id"], "decider")
    until(lambda: found(cast, "decider", mark) == [draft["id"]])
    assert found(cast, "executive", mark) == []
    cast.decide("decider", draft["id"])
    until(lambda: found(cast, "executive", mark) == [draft["id"]])
    for q in (f"하수관로 {mark}", f"하수관로를 {mark}", f"하수 관로 {mark}", f"주민설명회 {mark}"):
        assert found(cast, "executive", q) == [draft["id"]], q
    page = cast.api("executive").get("/search", params={"q": mark, "kind": "documents"})
    (line,) = page["items"]
    assert line["state"] == "approved" and line["number"]
    assert {line["excerpt"][begin:end] for begin, end in line["marks"]} == {mark}
    assert page["facets"] == [{"noun": "documents", "count": 1}]
    assert found(others, "drafter", mark) == []


def test_what_was_deleted_is_not_found_any_more(cast: Cast) -> None:
    mark = f"zq{uuid4().hex[:10]}"
    draft = cast.draft(f"지울 문서 {mark}")
    until(lambda: found(cast, "drafter", mark) == [draft["id"]])
    assert cast.drafter.call("DELETE", f"/documents/{draft['id']}").status_code == 204
    until(lambda: found(cast, "drafter", mark) == [])


@pytest.mark.parametrize("q", ['"', "*", "-", "NEAR(a b)", "title:x", "a & b | !c", "\\", "'; --"])
def test_operators_are_letters_and_nothing_else(cast: Cast, q: str) -> None:
    assert cast.drafter.call("GET", "/search", params={"q": f"{q} {uuid4().hex}"}).json()["items"] == []


def test_what_cannot_be_asked_is_refused_with_its_field(cast: Cast) -> None:
    for asked, field in (({"q": "가" * 400}, "q"), ({"from": "yesterday"}, "from"), ({"cursor": "x"}, "cursor")):
        told = problem(cast.drafter.call("GET", "/search", params=asked), 422)
        assert set(told["fields"]) == {field}
