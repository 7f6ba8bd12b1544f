"""A meeting's whole life through the API: called, answered, held, decided, written down, confirmed, followed up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.calendar import SEOUL
from tests.integration.product.cast import Cast, if_match, problem
from tests.support.waiting import until

Doc = dict[str, Any]


def call(cast: Cast, *roles: str, by: str = "drafter", **given: Any) -> Doc:
    """A meeting of these roles' people that has just begun."""
    now = datetime.now(SEOUL).replace(microsecond=0)
    times = {"starts_at": now.isoformat(), "ends_at": (now + timedelta(hours=1)).isoformat()}
    agenda = [{"title": "지난 조치 결과", "minutes": 10}, {"title": "안내판 정비"}]
    data = {"title": "업무 회의", "invite": [cast.id(role) for role in roles], "agenda": agenda, **times, **given}
    made: Doc = cast.api(by).post("/meetings", data, 201)
    return made


def act(cast: Cast, meeting: str, act: str, by: str = "drafter", **given: Any) -> Doc:
    """An act of somebody's."""
    done: Doc = cast.api(by).post(f"/meetings/{meeting}/acts", {"act": act, **given}, 200)
    return done


def waits(cast: Cast, role: str, meeting: str, asked: str) -> None:
    """Waits until the person is asked this on the desk."""

    def found() -> bool:
        items = cast.api(role).get("/desk/todos?kind=meeting&limit=100")["items"]
        return any((item["subject"], item["role"]) == (meeting, asked) for item in items)

    until(found)


@pytest.mark.journey
def test_a_meeting_is_followed_to_its_confirmed_minutes_and_what_came_of_it(cast: Cast) -> None:
    word = f"희귀{uuid4().hex[:6]}"
    meeting = call(cast, "reviewer", "cooperator", title=f"안내판 {word}")["id"]
    path = f"/meetings/{meeting}"
    waits(cast, "reviewer", meeting, "answer")
    cast.api("reviewer").post(f"{path}/answers", {"answer": "yes"}, 200)
    cast.has_no_todo("reviewer", meeting)

    act(cast, meeting, "open")
    code = cast.drafter.get(f"{path}/attendance-code")["code"]
    problem(cast.api("executive").call("POST", f"{path}/attendance", {"code": code}), 404)
    for role in ("reviewer", "cooperator"):
        cast.api(role).post(f"{path}/attendance", {"code": code}, 200)
    cast.drafter.post(f"{path}/attendance", {"people": [{"person": cast.id("drafter"), "present": True}]}, 200)
    vote = cast.drafter.post(f"{path}/votes", {"question": "이번 달에 마칩니까?", "secret": True}, 200)["made_id"]
    for role, choice in (("reviewer", "for"), ("cooperator", "against"), ("drafter", "for")):
        cast.api(role).post(f"{path}/votes/{vote}/ballots", {"choice": choice}, 200)
    problem(cast.api("reviewer").call("POST", f"{path}/votes/{vote}/ballots", {"choice": "against"}), 409)
    cast.drafter.post(f"{path}/votes/{vote}/closing", {}, 200)
    cast.drafter.post(f"{path}/decisions", {"text": "이번 달에 마칩니다."}, 200)
    person = cast.id("cooperator")
    action = cast.drafter.post(f"{path}/actions", {"title": "시안 확정", "person": person, "due": "2099-05-08"}, 200)[
        "made_id"
    ]

    act(cast, meeting, "end")
    waits(cast, "drafter", meeting, "write_minutes")
    assert (
        cast.drafter.call(
            "PUT", f"{path}/minutes", {"body": f"<p>논의 요지 {word}</p>"}, headers=if_match(0)
        ).status_code
        == 200
    )
    act(cast, meeting, "ask_confirmation", due=(datetime.now(SEOUL) + timedelta(days=7)).isoformat())
    waits(cast, "reviewer", meeting, "confirm")
    cast.api("reviewer").post(f"{path}/minutes/confirmation", {"agree": True}, 200)
    cast.api("cooperator").post(f"{path}/minutes/confirmation", {"agree": False, "note": "기한을 확인해 주세요"}, 200)
    act(cast, meeting, "conclude")

    minutes = cast.api("reviewer").get(f"{path}/minutes")
    assert word in str(minutes) and "이번 달에 마칩니다." in str(minutes)
    refused = cast.drafter.call(
        "PUT", f"{path}/minutes", {"body": "<p>다르게</p>"}, headers=if_match(minutes["version"])
    )
    problem(refused, 409)

    # The action item is a request, once, and its state comes back.
    for _ in range(2):
        cast.drafter.post(f"{path}/actions/{action}/request", None, 200)
    (asked,) = [
        each for each in cast.api("cooperator").get("/requests?box=received")["items"] if each["title"] == "시안 확정"
    ]
    cast.api("cooperator").post(f"/requests/{asked['id']}/acts", {"act": "accept"}, 200)
    until(lambda: cast.drafter.get(path)["actions"][0]["state"] == "accepted")

    until(lambda: meeting in [each["subject"] for each in cast.api("reviewer").get(f"/search?q={word}")["items"]])
    assert meeting not in [each["subject"] for each in cast.api("executive").get(f"/search?q={word}")["items"]]
    problem(cast.api("executive").call("GET", path), 404)


def test_of_a_series_one_is_cancelled_and_the_others_stay(cast: Cast) -> None:
    title = f"주간 {uuid4().hex[:8]}"
    starts = (datetime.now(SEOUL) + timedelta(days=3)).replace(hour=10, minute=0, second=0, microsecond=0)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    first = call(cast, "reviewer", title=title, rule="FREQ=WEEKLY;COUNT=4", **times)["id"]

    def coming() -> list[Doc]:
        items = cast.api("reviewer").get("/meetings?limit=100")["items"]
        return [each for each in items if each["title"] == title and each["state"] == "called"]

    assert len(coming()) == 4
    act(cast, first, "cancel", reason="연휴")
    assert len(coming()) == 3
    cast.has_no_todo("reviewer", first)


def test_a_committee_needs_its_members(cast: Cast) -> None:
    members = [{"person": cast.id(role), "from": "2020-01-01"} for role in ("reviewer", "cooperator", "decider")]
    members[0]["role"] = "chair"
    name = f"위원회 {uuid4().hex[:6]}"
    committee = cast.drafter.post("/committees", {"name": name, "members": members, "quorum": "majority"}, 201)["id"]
    meeting = call(cast, committee=committee, kind="committee", by="reviewer")["id"]
    path = f"/meetings/{meeting}"
    act(cast, meeting, "open", by="reviewer")
    cast.api("reviewer").post(f"{path}/attendance", {"people": [{"person": cast.id("reviewer"), "present": True}]}, 200)
    told = problem(cast.api("reviewer").call("POST", f"{path}/decisions", {"text": "의결"}), 409)
    assert told["type"].endswith("no-quorum")
    there = [{"person": cast.id(role), "present": True} for role in ("cooperator", "decider")]
    cast.api("reviewer").post(f"{path}/attendance", {"people": there}, 200)
    cast.api("reviewer").post(f"{path}/decisions", {"text": "의결합니다."}, 200)
    year = datetime.now(SEOUL).year
    register = cast.api("reviewer").get(f"/committees/{committee}/register?year={year}")["items"]
    assert [each["number"] for each in register] == [f"{name}-{year}-1"]
