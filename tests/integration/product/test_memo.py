"""A memo's whole life through the API: written, sent, read, answered, passed on, found, recalled, on the record."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.integration.product.cast import Cast, key, problem, together
from tests.support.system import System
from tests.support.waiting import until

READERS = ("reviewer", "cooperator", "decider", "executive")


def send(cast: Cast, *roles: str, **content: Any) -> str:
    """The drafter sends a memo to these people; its id."""
    asked = {"to": [cast.id(role) for role in roles], "title": "청사 점검 결과", "body": "<p>누수를 찾았습니다.</p>"}
    memo: str = cast.drafter.post("/memos", {**asked, **content}, 201)["id"]
    return memo


@pytest.mark.journey
def test_a_memo_from_the_first_word_to_the_answer(system: System) -> None:
    cast = Cast(system)
    reviewer = cast.api("reviewer")
    draft = cast.drafter.post("/memos/drafts", {"title": "누수 점검"}, 201)
    headers = {"If-Match": f'"{draft["version"]}"', **key()}
    path = f"/memos/{draft['id']}"
    assert cast.drafter.call("PATCH", path, {"to": [cast.id("reviewer")], "asks": True}, headers=headers).ok
    upload = {"Content-Type": "application/octet-stream", **key()}
    added = cast.drafter.call("POST", f"{path}/files", params={"name": "사진.txt"}, data=b"leak", headers=upload)
    assert added.status_code == 201
    assert cast.drafter.post(f"{path}/sending", {}, 202)["state"] == "sent"
    cast.has_todo("reviewer", draft["id"], "memo")
    assert cast.counts("reviewer")["memo"] >= 1
    found = reviewer.get(path)
    assert [file["name"] for file in found["files"]] == ["사진.txt"]
    assert reviewer.call("GET", f"{path}/files/{found['files'][0]['id']}").content == b"leak"
    assert reviewer.post(f"{path}/reading", {"channel": "web"}, 200)["first"]
    reviewer.post(f"{path}/answers", {"answer": "instructed", "text": "오늘 안에 고치세요."}, 200)
    cast.has_no_todo("reviewer", draft["id"])
    (receipt,) = cast.drafter.get(f"{path}/receipts")["items"]
    assert (receipt["answer"], receipt["channel"]) == ("instructed", "web")
    until(lambda: "answered" in {n["code"] for n in cast.drafter.get("/desk/notices")["items"]})
    until(lambda: draft["id"] in {each["subject"] for each in reviewer.get("/search?q=누수&kind=memo")["items"]})
    assert draft["id"] not in {each["subject"] for each in cast.api("clerk").get("/search?q=누수&kind=memo")["items"]}


def test_a_recall_and_a_reading_at_once_have_one_winner_for_each_receiver(system: System) -> None:
    cast = Cast(system)
    for _ in range(5):
        _race(cast, send(cast, *READERS))


def _race(cast: Cast, memo: str) -> None:
    path = f"/memos/{memo}"
    apis = [cast.api(role) for role in READERS]
    reads = [partial(api.call, "POST", f"{path}/reading", {}) for api in apis]
    done = together(partial(cast.drafter.call, "POST", f"{path}/recall", {}), *reads)
    recalled, won = done[0].json(), [answer.status_code == 200 for answer in done[1:]]
    assert (recalled["recalled"], recalled["kept"]) == (won.count(False), won.count(True))
    states = {r["person"]["id"]: r["state"] for r in cast.drafter.get(f"{path}/receipts")["items"]}
    for role, api, read in zip(READERS, apis, won, strict=True):
        assert states[cast.id(role)] == ("read" if read else "recalled")
        assert api.call("GET", path).status_code == (200 if read else 403)


def test_a_draft_sent_twice_at_once_goes_out_once(system: System) -> None:
    cast = Cast(system)
    asked = {"to": [cast.id("reviewer")], "title": "한 번만"}
    draft = cast.drafter.post("/memos/drafts", asked, 201)["id"]
    path = f"/memos/{draft}/sending"
    done = together(*(lambda: cast.drafter.call("POST", path, {}) for _ in range(4)))
    assert sorted(answer.status_code for answer in done) == [202, 409, 409, 409]
    assert len(cast.drafter.get(f"/memos/{draft}/receipts")["items"]) == 1


def test_what_is_held_goes_out_by_itself_and_what_is_taken_back_does_not(system: System) -> None:
    cast = Cast(system)
    held, back = send(cast, "reviewer", hold=2), send(cast, "reviewer", hold=2)
    assert cast.drafter.call("DELETE", f"/memos/{back}/sending", headers=key()).json()["state"] == "draft"
    until(lambda: cast.drafter.get(f"/memos/{held}")["state"] == "sent")
    cast.has_todo("reviewer", held, "memo")
    assert cast.drafter.get(f"/memos/{back}")["state"] == "draft"


def test_a_memo_to_a_department_reaches_everybody_in_it_and_nobody_later(system: System) -> None:
    cast = Cast(system)
    department = cast.drafter.get("/me")["person"]["department_id"]
    sent = cast.drafter.post("/memos", {"to": [f"department:{department}"], "title": "부서 공지"}, 201)
    assert sent["reach"]["myself"] and sent["reach"]["receivers"] >= 1
    people = {r["person"]["id"] for r in cast.drafter.get(f"/memos/{sent['id']}/receipts?limit=100")["items"]}
    assert len(people) == sent["reach"]["receivers"] and cast.id("drafter") not in people


def test_a_document_made_from_a_memo_and_the_memo_are_related_both_ways(system: System) -> None:
    cast = Cast(system)
    memo = cast.drafter.post("/memos", {"to": [cast.id("reviewer")], "title": "누수 보고"}, 201)["id"]
    source = {"noun": "memo", "subject": memo}
    made = cast.drafter.post("/documents", {"title": "보수 계획", "sources": [source]}, 201)["id"]
    assert cast.drafter.get(f"/documents/{made}")["sources"] == [source]

    def related(subject: str, role: str = "drafter") -> list[tuple[str, str, str]]:
        answer = cast.api(role).call("GET", f"/search/{subject}/related")
        # The catalogue hears of an object within a second.
        items = answer.json()["items"] if answer.ok else []
        return [(item["subject"], item["role"], item["direction"]) for item in items]

    until(lambda: related(memo) == [(made, "based_on", "from")])
    until(lambda: related(made) == [(memo, "based_on", "to")])
    assert related(memo, "reviewer") == [], "a draft is its drafter's alone"


def test_a_memo_kept_from_being_passed_on_stays_where_it_is(system: System) -> None:
    cast = Cast(system)
    memo = send(cast, "reviewer", no_forward=True)
    reviewer = cast.api("reviewer")
    to = {"to": [cast.id("decider")]}
    problem(reviewer.call("POST", f"/memos/{memo}/forwards", to), 403, "no-forwarding")
    made = {**to, "title": "전달", "sources": [{"noun": "memo", "subject": memo}]}
    problem(reviewer.call("POST", "/memos", made), 403, "no-forwarding")
    problem(cast.api("decider").call("GET", f"/memos/{memo}"), 404)
    assert cast.drafter.post(f"/memos/{memo}/forwards", to, 200)["reached"]
    assert cast.api("decider").get(f"/memos/{memo}")["mine"]["via"] == "added"
