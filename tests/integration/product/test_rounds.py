"""An opinion round's whole life through the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.integration.product.cast import Cast
from tests.support.waiting import until

QUESTIONS = [
    {"kind": "choice", "words": "점심시간을 옮길까요?", "options": ["예", "아니오"]},
    {"kind": "text", "words": "이유", "required": False},
]
ASKED = ("reviewer", "cooperator", "decider", "executive", "clerk")


def started(cast: Cast, **more: Any) -> str:
    closes_at = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    people = [cast.id(role) for role in ASKED]
    asked = {"title": "점심시간", "questions": QUESTIONS, "people": people, "closes_at": closes_at}
    made = cast.drafter.post("/rounds", {**asked, **more}, 201)
    assert made["asked"] == len(ASKED)
    return str(made["id"])


def answered(cast: Cast, round_: str, role: str, choice: str, why: str = "") -> None:
    answers = [{"question": 0, "value": [choice]}] + ([{"question": 1, "value": [why]}] if why else [])
    cast.api(role).post(f"/rounds/{round_}/answers", {"answers": answers}, 200)


def on_the_desk(cast: Cast, role: str, round_: str) -> bool:
    return ("opinion", round_) in cast.todos(role)


def test_a_round_is_asked_answered_extended_closed_and_counted(cast: Cast) -> None:
    round_ = started(cast)
    until(lambda: all(on_the_desk(cast, role, round_) for role in ASKED))
    answered(cast, round_, "reviewer", "예", "붐비지 않는다")
    answered(cast, round_, "cooperator", "아니오")
    until(lambda: not on_the_desk(cast, "reviewer", round_))
    results = cast.drafter.get(f"/rounds/{round_}/results")
    assert (results["asked"], results["answered"], results["hidden"]) == (5, 2, "")
    assert results["questions"][0]["counts"] == [{"option": "예", "count": 1}, {"option": "아니오", "count": 1}]
    later = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    cast.drafter.post(f"/rounds/{round_}/extension", {"closes_at": later}, 200)
    table = cast.drafter.get(f"/rounds/{round_}/answers?limit=100")["items"]
    assert {row["person"]["id"] for row in table if row["answers"]} == {cast.id("reviewer"), cast.id("cooperator")}
    cast.drafter.post(f"/rounds/{round_}/closing", {}, 200)
    answers = {"answers": [{"question": 0, "value": ["예"]}]}
    refused = cast.api("decider").call("POST", f"/rounds/{round_}/answers", answers)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:oneway:problem:round-closed")
    assert cast.api("admin").call("GET", f"/rounds/{round_}").status_code == 404


def test_an_anonymous_round_shows_nothing_while_it_is_open_and_no_table_ever(cast: Cast) -> None:
    round_ = started(cast, anonymous=True)
    for role in ASKED:
        answered(cast, round_, role, "예", "비밀")
    assert cast.drafter.get(f"/rounds/{round_}/results")["hidden"] == "still_open"
    assert cast.drafter.call("GET", f"/rounds/{round_}/answers").status_code == 403
    until(lambda: not any(on_the_desk(cast, role, round_) for role in ASKED))


def test_one_that_is_withdrawn_leaves_the_desks(cast: Cast) -> None:
    round_ = started(cast)
    until(lambda: on_the_desk(cast, "executive", round_))
    cast.drafter.post(f"/rounds/{round_}/withdrawal", {"reason": "다시 묻겠습니다"}, 200)
    until(lambda: not on_the_desk(cast, "executive", round_))
