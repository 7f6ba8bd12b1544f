"""A journal's whole life through the API: built, opened on desks, written, sent back, verified, signed off."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from tests.browser.stock.journals import BAD, WELL, journal
from tests.integration.product.cast import Cast, if_match, problem, together
from tests.support.waiting import until

Doc = dict[str, Any]


def put(cast: Cast, role: str, entry: str, body: Doc, version: int | None = None) -> Any:
    headers = if_match(version) if version else {}
    return cast.api(role).call("PUT", f"/journals/entries/{entry}", body, headers=headers)


def decide(cast: Cast, role: str, entry: str, **body: Any) -> Any:
    return cast.api(role).call("POST", f"/journals/entries/{entry}/decisions", body)


@pytest.mark.journey
def test_a_journal_is_written_sent_back_verified_changed_and_signed_off(cast: Cast) -> None:
    made = journal(cast)
    today = cast.drafter.get("/journals/today")["items"]
    assert [item["state"] for item in today if item["journal"]["id"] == made] == ["open"]
    missing = cast.drafter.get(f"/journals/{made}/missing")["items"][0]
    assert {person["id"] for person in missing["missing"]} == {cast.id("drafter"), cast.id("cooperator")}

    entry, body = str(uuid4()), {"journal": made, "values": {**WELL, "pressure": "2.50"}}
    sent = [answer.json() for answer in together(*[partial(put, cast, "drafter", entry, body)] * 3)]
    assert [each["repeated"] for each in sent].count(False) == 1
    assert {each["version"] for each in sent} == {1}
    until(lambda: "verify" in {kind for kind, _ in cast.todos("reviewer")})
    found = cast.api("reviewer").get(f"/journals/{made}/entries")["items"]
    assert [item["id"] for item in found] == [entry]

    problem(decide(cast, "drafter", entry, version=1, act="verify"), 403)
    assert decide(cast, "reviewer", entry, version=1, act="send_back", reason="압력을 다시 재세요.").ok
    until(lambda: "journal" in {kind for kind, _ in cast.todos("drafter")})
    changed = {"journal": made, "values": {**BAD, "pressure": "１２．５"}}
    assert put(cast, "drafter", entry, changed, 1).json()["version"] == 2
    told = problem(decide(cast, "reviewer", entry, version=1, act="verify"), 409, "other-version")
    assert {each["key"] for each in told["changes"]} == {"door", "pressure"}
    assert decide(cast, "reviewer", entry, version=2, act="verify").json()["state"] == "verified"

    month = found[0]["day"][:7]
    sheet = cast.drafter.get(f"/journals/{made}/months/{month}/sheet")
    assert sheet["rows"][0]["verifier"]["id"] == cast.id("reviewer")
    assert put(cast, "drafter", entry, {"journal": made, "values": WELL}, 2).json()["state"] == "to_verify"
    again = cast.drafter.call("GET", f"/journals/{made}/months/{month}/sheet", params={"as_of": sheet["as_of"]})
    assert again.json() == sheet

    assert cast.api("reviewer").call("PUT", f"/journals/{made}/months/{month}/signature").ok
    late = str(uuid4())
    assert put(cast, "cooperator", late, body).json()["state"] == "awaiting_approval"
    assert decide(cast, "reviewer", late, version=1, act="admit").json()["state"] == "to_verify"
    path = f"/journals/{made}/months/{month}"
    problem(cast.drafter.call("POST", f"{path}/reopening", {"reason": "빠짐"}), 403)
    cast.api("reviewer").post(f"{path}/reopening", {"reason": "빠진 일지가 있습니다."}, 200)
    assert cast.drafter.get(path)["reopened"][0]["reason"] == "빠진 일지가 있습니다."
    assert put(cast, "drafter", entry, {"journal": made, "values": BAD}, 3).json()["state"] == "to_verify"
    lines = cast.drafter.call("GET", f"/journals/{made}/months/{month}.csv").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(lines)))) == 3
    assert cast.drafter.call("GET", f"/journals/{made}/months/{month}.xlsx").content[:2] == b"PK"


def test_what_was_found_is_found_by_who_may_read_it(cast: Cast, others: Cast) -> None:
    word = uuid4().hex[:8]
    made = journal(cast)
    values = {"door": {"result": "abnormal", "note": f"누수 {word}"}}
    assert put(cast, "drafter", str(uuid4()), {"journal": made, "values": values}).ok
    until(lambda: cast.drafter.get(f"/search?q={word}")["items"])
    assert cast.api("clerk").get(f"/search?q={word}")["items"] == []
    problem(others.drafter.call("GET", f"/journals/{made}"), 404)
    problem(cast.api("clerk").call("GET", f"/journals/{made}"), 404)


def test_what_is_typed_wrong_is_refused_by_its_field_and_nothing_is_kept(cast: Cast) -> None:
    made = journal(cast)
    body = {"journal": made, "values": {**WELL, "pressure": "12,5", "unheard": 1}}
    told = problem(put(cast, "drafter", str(uuid4()), body), 422, "invalid")
    assert told["fields"] == {"values.pressure": "not_a_number", "values.unheard": "unknown_field"}
    many = [{"key": f"k{n}", "type": "check", "label": "항목"} for n in range(1_000)]
    settings = {"title": "너무 큰 서식", "fields": many, "writers": [f"person:{cast.id('drafter')}"]}
    settings |= {"schedule": {"kind": "day"}, "verifiers": [cast.id("reviewer")]}
    told = problem(cast.api("admin").call("POST", "/journals", settings), 422)
    assert set(told["fields"]) == {"fields"}
    assert cast.drafter.get(f"/journals/{made}/entries")["items"] == []
