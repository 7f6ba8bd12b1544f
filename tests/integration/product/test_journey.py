"""The main job, end to end: a document goes from draft to registered decision, and everybody sees it go."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import requests

from tests.integration.product.cast import BODY, Cast, if_match, key, problem
from tests.integration.product.database import sql
from tests.integration.product.listener import Listener
from tests.support.system import Api
from tests.support.waiting import until


def test_a_person_knows_who_they_are_and_finds_others(cast: Cast) -> None:
    me = cast.drafter.get("/me")
    assert me["person"]["name"] == cast.system.demo[cast.tenant]["people"]["drafter"]["name"]
    assert me["person"]["department"] and "drafter" in me["roles"]
    decider = cast.system.demo[cast.tenant]["people"]["decider"]
    found = cast.drafter.get("/people", params={"q": decider["name"]})
    assert cast.id("decider") in {person["id"] for person in found["items"]}
    assert {"id", "login", "name", "department", "position"} <= set(found["items"][0])
    assert cast.drafter.get("/people", params={"q": "zzzz아무도"})["items"] == []


def test_people_are_paged_without_gaps(cast: Cast) -> None:
    seen: list[str] = []
    cursor = None
    for _ in range(4):
        page = cast.drafter.get("/people", params={"limit": 25, **({"cursor": cursor} if cursor else {})})
        seen += [person["id"] for person in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 100


def test_a_draft_is_saved_by_itself_on_the_version_it_was_made_on(cast: Cast) -> None:
    made = cast.drafter.call("POST", "/documents", {"title": "자동 저장"})
    assert made.status_code == 201
    draft = made.json()
    assert made.headers["ETag"] == f'"{draft["version"]}"' and draft["state"] == "draft"
    path = f"/documents/{draft['id']}"
    saved = cast.drafter.call("PATCH", path, {"body": BODY}, headers=if_match(draft["version"]))
    assert saved.status_code == 200 and saved.headers["ETag"] == f'"{saved.json()["version"]}"'
    assert saved.json()["version"] > draft["version"]
    fields = {"summary": "요지", "keywords": ["예산"], "retention": "10", "line": cast.line("reviewer", "decider")}
    again = cast.drafter.call("PATCH", path, fields, headers=if_match(saved.json()["version"]))
    assert again.status_code == 200
    card = cast.card(draft["id"])
    assert (card["summary"], card["keywords"], card["retention"]) == ("요지", ["예산"], "10")
    assert [step["role"] for step in card["line"]] == ["review", "decide"]
    problem(cast.drafter.call("PATCH", path, {"title": "늦음"}, headers=if_match(draft["version"])), 412, "stale")
    problem(cast.drafter.call("PATCH", path, {"title": "모름"}), 428)
    assert cast.card(draft["id"])["title"] == "자동 저장"


@pytest.mark.journey
def test_an_attachment_comes_back_as_it_was_and_lies_encrypted(cast: Cast) -> None:
    draft = cast.draft("붙임")
    content = b"%PDF-1.7\n" + b"in the clear " * 20_000 + os.urandom(5)
    added = attach(cast.drafter, draft["id"], "계획(안).pdf", content)
    assert added["size"] == len(content) and added["sha256"] == hashlib.sha256(content).hexdigest()
    back = cast.drafter.call("GET", f"/documents/{draft['id']}/attachments/{added['id']}")
    assert back.status_code == 200 and back.content == content
    assert back.headers["Content-Type"] == "application/pdf"
    assert back.headers["Content-Disposition"].startswith("attachment")
    assert quote("계획(안).pdf", safe="") in back.headers["Content-Disposition"]
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert cast.card(draft["id"])["attachments"][0]["name"] == "계획(안).pdf"
    kept = [path for path in (cast.system.var / "objects").rglob("*") if path.is_file()]
    assert kept and not any(b"in the clear" in path.read_bytes() for path in kept)


def attach(api: Api, document: str, name: str, content: bytes) -> dict[str, object]:
    """Uploads; the attachment."""
    headers = {"Content-Type": "application/octet-stream", **key()}
    answer = api.call(
        "POST", f"/documents/{document}/attachments", params={"name": name}, data=content, headers=headers
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.json()
    return made


@pytest.mark.journey
def test_a_document_goes_from_draft_to_registered_decision(cast: Cast) -> None:
    roles = ("reviewer", "cooperator", "executive", "decider")
    document = cast.draft("다음 해 예산 편성 계획")["id"]
    for role in roles:
        cast.has_no_todo(role, document)
    cast.submit(document, *roles, parallel=("executive",))
    assert cast.card(document)["state"] == "in_approval"

    cast.has_todo("reviewer", document)
    cast.has_no_todo("cooperator", document)
    cast.decide("reviewer", document, opinion="검토하였습니다.")
    cast.has_no_todo("reviewer", document)

    for role in ("cooperator", "executive"):
        cast.has_todo(role, document)
    cast.has_no_todo("decider", document)
    cast.decide("executive", document)
    cast.has_no_todo("executive", document)
    cast.has_todo("cooperator", document)
    cast.has_no_todo("decider", document)
    cast.decide("cooperator", document)
    cast.has_todo("decider", document)

    cast.decide("decider", document, "return", opinion="금액을 다시 보십시오.")
    cast.has_no_todo("decider", document)
    cast.has_todo("drafter", document, "returned")
    card = cast.card(document)
    assert card["state"] == "returned" and card["number"] is None
    assert card["route"]["state"] == "returned"

    revised = {"title": "다음 해 예산 편성 계획(안)", "body": BODY.replace("보고", "다시 보고")}
    assert cast.drafter.call("PATCH", f"/documents/{document}", revised, headers=if_match(card["version"])).ok
    cast.submit(document, "reviewer", "decider")
    cast.has_no_todo("drafter", document)
    cast.decide("reviewer", document)
    cast.has_todo("decider", document)
    cast.decide("decider", document)

    card = cast.card(document)
    assert card["state"] == "approved"
    assert card["number"].startswith(f"{card['department']}-")
    assert card["decision"]["content_hash"] == card["content_hash"]
    assert [run["state"] for run in card["route"]["submissions"]] == ["approved", "returned"]
    first = card["route"]["submissions"][1]["steps"]
    assert [(step["role"], step["state"]) for step in first] == [
        ("draft", "approved"),
        ("review", "approved"),
        ("cooperate", "approved"),
        ("cooperate", "approved"),
        ("decide", "returned"),
    ]
    assert first[-1]["opinion"] == "금액을 다시 보십시오."
    acts = [entry["action"] for entry in card["history"]]
    assert acts[0] == "drafted" and acts.count("submitted") == 2 and "returned" in acts and acts[-1] == "registered"
    for role in ("drafter", *roles):
        cast.has_no_todo(role, document)


def test_what_was_decided_is_in_everybodys_boxes_and_in_the_register(cast: Cast) -> None:
    document = cast.submitted("문서함", "reviewer", "decider")
    until(lambda: document in box(cast, "drafter", "progress"))
    until(lambda: document in box(cast, "reviewer", "received"))
    cast.decide("reviewer", document)
    until(lambda: document in box(cast, "reviewer", "decided"))
    cast.decide("decider", document)
    card = cast.card(document)
    assert document in box(cast, "drafter", "finished")
    until(lambda: document not in box(cast, "drafter", "progress"))
    assert document in box(cast, "decider", "decided")
    row = cast.drafter.get("/documents?box=register&sort=-number&limit=1")["items"][0]
    assert (row["id"], row["number"]) == (document, card["number"])
    assert cast.drafter.get("/documents", params={"box": "register", "q": card["number"]})["items"][0]["id"] == document


def box(cast: Cast, role: str, name: str) -> set[str]:
    """The documents at the head of a person's box."""
    rows = cast.api(role).get(f"/documents?box={name}&limit=100")["items"]
    return {row.get("id") or row["document"] for row in rows}


def test_who_opened_it_and_when_is_on_record(cast: Cast) -> None:
    document = cast.submitted("열람", "reviewer", "decider")
    cast.has_todo("reviewer", document)
    assert cast.card(document)["route"]["submissions"][0]["steps"][1]["read_at"] is None
    for _ in range(2):
        cast.card(document, "reviewer")

    def readers() -> list[str]:
        rows = sql(cast.system, cast.tenant, "documents", "SELECT person FROM reading WHERE document = :d", d=document)
        people = (row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in rows)
        return [person["id"] for person in people]

    until(lambda: readers() == [cast.id("reviewer")] * 2)
    until(lambda: cast.card(document)["route"]["submissions"][0]["steps"][1]["read_at"])
    first = cast.card(document)["route"]["submissions"][0]["steps"][1]["read_at"]
    cast.card(document, "reviewer")
    assert cast.card(document)["route"]["submissions"][0]["steps"][1]["read_at"] == first


def test_every_version_is_kept_and_compared(cast: Cast) -> None:
    draft = cast.draft("판", body="<p>첫째 안이다.</p>")
    path = f"/documents/{draft['id']}"
    saved = cast.drafter.call("PATCH", path, {"body": "<p>둘째 안이다.</p>"}, headers=if_match(draft["version"])).json()
    versions = cast.drafter.get(f"{path}/versions")["items"]
    assert [row["version"] for row in versions] == [saved["version"], draft["version"]]
    first = cast.drafter.get(f"{path}/versions/{draft['version']}")
    assert first["body"] == "<p>첫째 안이다.</p>"
    told = cast.drafter.get(f"{path}/comparison", params={"left": draft["version"], "right": saved["version"]})
    assert "<del" in told["redline"] and "<ins" in told["redline"]
    assert told["left_body"] == "<p>첫째 안이다.</p>"


@pytest.mark.journey
def test_the_drafter_is_told_what_happened_and_can_say_it_was_read(cast: Cast) -> None:
    document = cast.approved("알림")
    number = cast.card(document)["number"]

    def told() -> list[dict[str, object]]:
        items: list[dict[str, object]] = cast.drafter.get("/desk/notices?limit=100")["items"]
        return [notice for notice in items if notice["subject"] == document]

    (notice,) = until(told)
    assert notice["code"] == "registered" and notice["params"]["number"] == number  # type: ignore[index]
    cast.drafter.post("/desk/notices/read", {}, 204)
    assert all(notice["read"] for notice in told())


def test_before_a_submission_it_is_said_what_will_happen(cast: Cast) -> None:
    draft = cast.draft("미리 보기", line=cast.line("reviewer", "decider"))
    told = cast.drafter.get(f"/documents/{draft['id']}/submission/preview")
    codes = [what["code"] for what in told["will"]]
    assert codes.index("goes_to") < codes.index("then_goes_to") < codes.index("then_registered_as")
    assert told["problems"] == []


def test_the_drafter_takes_back_what_nobody_has_decided_on(cast: Cast) -> None:
    document = cast.submitted("회수", "reviewer", "decider")
    cast.has_todo("reviewer", document)
    taken = cast.drafter.post(f"/documents/{document}/withdrawal", {"reason": "잘못 올림"}, 200)
    assert taken["state"] == "withdrawn"
    cast.has_no_todo("reviewer", document)
    assert cast.card(document)["state"] == "draft"
    cast.submit(document, "decider")
    cast.decide("decider", document)
    assert cast.card(document)["state"] == "approved"


def test_what_somebody_has_decided_on_is_not_taken_back(cast: Cast) -> None:
    document = cast.submitted("늦은 회수", "reviewer", "decider")
    cast.decide("reviewer", document)
    problem(cast.drafter.call("POST", f"/documents/{document}/withdrawal", {}), 409)
    assert cast.card(document)["state"] == "in_approval"


def test_an_approved_document_stays_as_it_is(cast: Cast) -> None:
    document = cast.approved("고칠 수 없음")
    card = cast.card(document)
    changed = cast.drafter.call("PATCH", f"/documents/{document}", {"title": "다름"}, headers=if_match(card["version"]))
    problem(changed, 409)
    problem(cast.drafter.call("DELETE", f"/documents/{document}", headers=if_match(card["version"])), 409)
    problem(cast.drafter.call("POST", f"/documents/{document}/submission", {"line": cast.line("decider")}), 409)
    assert cast.card(document) == card


# -- the live channel -------------------------------------------------------------------------------


@pytest.fixture
def listeners() -> Iterator[list[Listener]]:
    """Pages that are closed at the end."""
    found: list[Listener] = []
    yield found
    for listener in found:
        listener.close()


@pytest.mark.parametrize("cookie", [False, True], ids=["token", "cookie"])
def test_an_open_page_of_the_next_person_hears_of_it(cast: Cast, listeners: list[Listener], cookie: bool) -> None:
    listener = Listener(cast.system, cast.api("reviewer").token, cookie=cookie)
    listeners.append(listener)
    others = Listener(cast.system, cast.api("clerk").token, cookie=cookie)
    listeners.append(others)
    before = cast.counts("reviewer")["approval"]
    cast.submitted("실시간", "reviewer", "decider")
    until(lambda: "desk" in listener.heard)
    assert cast.counts("reviewer")["approval"] == before + 1
    assert others.heard == []


def test_nobody_listens_without_having_signed_in(cast: Cast) -> None:
    answer = requests.get(f"{cast.system.base_url}/live", timeout=10, headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code in (303, 401) or "/sign-in" in answer.url


def test_counts_are_those_of_the_lists(cast: Cast) -> None:
    document = cast.submitted("개수", "reviewer", "decider")
    cast.has_todo("reviewer", document)
    kinds = [kind for kind, _ in cast.todos("reviewer")]
    counts = cast.counts("reviewer")
    assert counts["total"] == len(kinds) and counts["approval"] == kinds.count("approval")
    one = cast.api("reviewer").get("/desk/todos?kind=approval&limit=1")
    assert len(one["items"]) == 1 and {"id", "kind", "subject", "title", "since"} <= set(one["items"][0])
