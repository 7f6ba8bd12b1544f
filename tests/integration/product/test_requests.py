"""A request's whole life through the API: asked, divided, extended, handed in, sent back, closed; who sees what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.product.cast import Cast, if_match, key, problem
from tests.support.waiting import until

Doc = dict[str, Any]


def ask(cast: Cast, *roles: str, by: str = "drafter", **given: Any) -> Doc:
    """A request to these roles' people."""
    assignees = [{"person": cast.id(role)} for role in roles]
    made: Doc = cast.api(by).post("/requests", {"title": "예산 자료 제출", "assignees": assignees, **given}, 201)
    return made


def act(cast: Cast, role: str, request: str, act: str, **given: Any) -> Doc:
    """An act of the person in this role."""
    done: Doc = cast.api(role).post(f"/requests/{request}/acts", {"act": act, **given}, 200)
    return done


def waits(cast: Cast, role: str, request: str, asked: str) -> None:
    """Waits until the person is asked this on the desk."""

    def found() -> bool:
        items = cast.api(role).get("/desk/todos?kind=request&limit=100")["items"]
        return any((item["subject"], item["role"]) == (request, asked) for item in items)

    until(found)


@pytest.mark.journey
def test_a_request_is_followed_to_its_end(cast: Cast) -> None:
    before = cast.counts("reviewer")["request"]
    made = ask(cast, "reviewer", due="2099-05-08", body="<p>붙임 양식으로</p>")
    request = made["id"]
    assert (made["state"], made["due"]) == ("asked", "2099-05-08")
    waits(cast, "reviewer", request, "accept")
    until(lambda: cast.counts("reviewer")["request"] == before + 1)
    act(cast, "reviewer", request, "accept")
    waits(cast, "reviewer", request, "do")

    # Divided: a part to somebody else, whose progress counts.
    assignee = [{"person": cast.id("cooperator")}]
    part = {"title": "과별 합계", "assignees": assignee, "parent": request, "due": "2099-05-07"}
    inner = cast.api("reviewer").post("/requests", part, 201)["id"]
    act(cast, "cooperator", inner, "accept")
    act(cast, "cooperator", inner, "progress", percent=50, text="절반")
    tree = cast.drafter.get(f"/requests/{request}/tree")
    assert [(node["title"], node["progress"]) for node in tree["items"]] == [("과별 합계", 50.0)]
    assert cast.drafter.get(f"/requests/{request}")["progress"] == 50.0

    # Later than asked, with a word, a file and a talk.
    act(cast, "reviewer", request, "extend", due="2099-05-15", reason="자료가 늦습니다")
    waits(cast, "drafter", request, "answer_extension")
    assert act(cast, "drafter", request, "answer_extension", granted=True)["due"] == "2099-05-15"
    headers = {"Content-Type": "application/octet-stream", **key()}
    params = {"name": "자료.txt"}
    path = f"/requests/{request}/files"
    assert cast.api("reviewer").call("POST", path, params=params, data=b"figures", headers=headers).status_code == 201
    cast.api("reviewer").post(f"/requests/{request}/comments", {"text": "곧 냅니다"}, 201)
    act(cast, "reviewer", request, "hand_in", text="붙임과 같습니다")
    waits(cast, "drafter", request, "review")
    act(cast, "drafter", request, "send_back", reason="합계가 빠졌습니다")
    waits(cast, "reviewer", request, "redo")
    act(cast, "reviewer", request, "hand_in", text="다시 냅니다")
    act(cast, "drafter", request, "close")
    cast.has_no_todo("reviewer", request)
    card = cast.drafter.get(f"/requests/{request}")
    assert (card["state"], card["first_due"], len(card["files"])) == ("done", "2099-05-08", 1)
    happened = [entry["action"] for entry in reversed(card["history"])]
    assert happened == [
        *("asked", "accepted", "extension_asked", "extension_granted"),
        *("handed_in", "sent_back", "handed_in", "closed"),
    ]
    rows = cast.drafter.get("/requests?box=sent&running=false&sort=-at")["items"]
    assert request in [row["id"] for row in rows]
    this_year = card["handed_in_at"][:4]
    path = f"/requests/statistics?scope=asked&from={this_year}-01&to={int(this_year) + 1}-12"
    assert sum(row["done"] for row in cast.drafter.get(path)["items"]) >= 1


def test_a_request_is_found_by_who_may_read_it_and_related_to_what_it_comes_from(cast: Cast) -> None:
    document = cast.draft("청사 관리 계획")["id"]
    source = {"noun": "documents", "subject": document}
    made = ask(cast, "reviewer", title="희귀낱말 점검", sources=[source])["id"]
    until(lambda: made in [i["subject"] for i in cast.api("reviewer").get("/search?q=희귀낱말")["items"]])
    assert made not in [i["subject"] for i in cast.api("executive").get("/search?q=희귀낱말")["items"]]
    problem(cast.api("executive").call("GET", f"/requests/{made}"), 404)


def test_a_spoken_instruction_is_entered_and_confirmed(cast: Cast) -> None:
    spoken = {"kind": "instruction", "title": "현장을 살펴볼 것", "asker": cast.id("decider")}
    made = cast.api("reviewer").post("/requests", spoken, 201)["id"]
    waits(cast, "decider", made, "confirm")
    waits(cast, "reviewer", made, "do")
    act(cast, "decider", made, "confirm")
    assert not cast.api("decider").get(f"/requests/{made}")["unconfirmed"]


def test_what_cannot_be_is_refused_by_name_and_repeats_change_nothing(cast: Cast) -> None:
    drafter, somebody = cast.drafter, {"person": cast.id("reviewer")}
    for given, fields in (
        ({"assignees": []}, {"assignees": "required"}),
        ({"assignees": [{"person": cast.id("drafter")}]}, {"assignees.0.person": "oneself"}),
        ({"assignees": [{**somebody, "tenant": "garam"}]}, {"assignees.0.tenant": "other_organisation"}),
        ({"due": "2000-01-01"}, {"due": "past"}),
        ({"due": "2101-01-01"}, {"due": "beyond_2100"}),
        ({"title": " "}, {"title": "required"}),
    ):
        told = drafter.call("POST", "/requests", {"title": "자료", "assignees": [somebody], **given})
        assert problem(told, 422, "invalid")["fields"] == fields
    headers = key()
    twice = [
        drafter.call("POST", "/requests", {"title": "한 번만", "assignees": [somebody]}, headers=headers).json()
        for _ in range(2)
    ]
    assert twice[0] == twice[1]
    made = twice[0]["id"]
    change = {"title": "고친 제목"}
    assert drafter.call("PATCH", f"/requests/{made}", change, headers=if_match(1)).status_code == 200
    problem(drafter.call("PATCH", f"/requests/{made}", change, headers=if_match(1)), 412, "stale")
    problem(drafter.call("PATCH", f"/requests/{made}", change), 428)


def test_due_days_are_counted_by_the_calendar(cast: Cast) -> None:
    found = cast.drafter.get("/requests/reckoning?received=2026-08-14&days=1")
    assert (found["due"], [day["name"] for day in found["skipped"]]) == (
        "2026-08-18",
        ["광복절", "", "광복절 대체 휴일"],
    )


def test_the_rule_of_reminders_is_the_administrators(cast: Cast) -> None:
    rule = cast.api("admin").get("/request-reminders")
    kept = {name: value for name, value in rule.items() if name != "version"}
    problem(cast.drafter.call("PUT", "/request-reminders", kept), 403)
    saved = cast.api("admin").call("PUT", "/request-reminders", kept, headers=if_match(rule["version"]))
    assert (saved.status_code, saved.json()["version"]) == (200, rule["version"] + 1)
