"""Opinion rounds on pages and in the API, over the real service: asked, answered, refused, shown."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from shared.testing import LocalService
from tests.unit.gateway.fake import TOKEN, browsing
from tests.unit.gateway.memo.conftest import MemoBus
from tests.unit.memo.rounds.cast import CLOSES, HOUR, ME, Doc, answer, expanded, hire, opened, start

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def service() -> Iterator[LocalService]:
    with opened() as found:
        found.people[ME.person] = {**ME.person_ref, "active": True}
        yield found


@pytest.fixture
def bus(service: LocalService) -> MemoBus:
    found = MemoBus(service)
    found.answers["directory", "expand"] = lambda _, asked: expanded(service, asked)
    return found


@pytest.fixture
def browser(bus: MemoBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    with browsing(bus, tmp_path, TOKEN, monkeypatch) as client:
        yield client


def csrf(browser: FlaskClient, path: str) -> str:
    page = browser.get(path).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def send(browser: FlaskClient, path: str, seen: str = "", **form: Any) -> Any:
    return browser.post(path, data={"csrf_token": csrf(browser, seen or path), **form})


def form_of(people: list[Doc], **changes: Any) -> Doc:
    asked: Doc = {
        "title": "점심시간 조정",
        "to": [f"person:{person['id']}" for person in people],
        "question-0-words": "찬성하십니까?",
        "question-0-kind": "choice",
        "question-0-options": "찬성\n반대\n",
        "question-0-required": "yes",
        "question-4-words": "이유",
        "question-4-kind": "text",
        "closes_at": "2026-07-01T18:00",
    }
    return asked | changes


def test_a_round_is_begun_from_the_form_in_the_order_of_its_questions(
    browser: FlaskClient, service: LocalService
) -> None:
    people = hire(service, 3)
    made = send(browser, "/rounds/new", **form_of(people))
    assert made.status_code == 303
    round_ = service.call("opinion_round", ME, {"id": made.location.rpartition("/")[2]})
    assert [(q["words"], q["kind"], q["options"]) for q in round_["questions"]] == [
        ("찬성하십니까?", "choice", ["찬성", "반대"]),
        ("이유", "text", []),
    ]
    assert (round_["asked"], round_["closes_at"]) == (3, CLOSES.isoformat())


def test_a_form_that_is_refused_keeps_all_that_was_typed(browser: FlaskClient, service: LocalService) -> None:
    people = hire(service, 3)
    refused = send(browser, "/rounds/new", **form_of(people, title=HOSTILE, anonymous="yes"))
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "대상자가 5명 이상이어야 합니다" in page
    assert "찬성하십니까?" in page and "찬성\n반대" in page
    assert HOSTILE not in page
    assert all(person["id"] in page for person in people)


def test_an_answer_is_sent_and_can_be_changed_until_the_end(
    browser: FlaskClient, bus: MemoBus, service: LocalService
) -> None:
    (person,) = people = hire(service, 1)
    round_ = start(service, people)
    bus.sign_in(person)
    assert send(browser, f"/rounds/{round_}/answers", f"/rounds/{round_}", **{"answer-0": "찬성"}).status_code == 303
    page = browser.get(f"/rounds/{round_}").get_data(as_text=True)
    assert "다시 제출" in page
    assert re.search(r'name="answer-0" value="찬성" checked', page)


def test_an_answer_that_comes_too_late_stays_on_the_page_and_is_offered_as_a_comment(
    browser: FlaskClient, bus: MemoBus, service: LocalService
) -> None:
    (person,) = people = hire(service, 1)
    round_ = start(service, people, late="comment")
    bus.sign_in(person)
    token = csrf(browser, f"/rounds/{round_}")
    service.now = CLOSES + timedelta(seconds=1)
    given = {"csrf_token": token, "answer-0": "반대", "answer-1": "너무 이르다"}
    late = browser.post(f"/rounds/{round_}/answers", data=given)
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "마감된 의견수렴입니다" in page
    assert "너무 이르다" in page and 'id="late-text"' in page
    kept = browser.post(f"/rounds/{round_}/comments", data={"csrf_token": token, "text": "너무 이르다"})
    assert kept.status_code == 303
    thread = service.call("thread", ME, {"id": round_})
    assert [each["text"] for each in thread["items"]] == ["너무 이르다"]


def test_what_is_said_stands_in_its_order_as_text_and_once_where_it_is_sent_twice(
    browser: FlaskClient, service: LocalService
) -> None:
    round_ = start(service, hire(service, 1))
    for key, text in (("first", "언제까지입니까?"), ("first", "언제까지입니까?"), ("second", HOSTILE)):
        said = {"text": text, "idempotency_key": key}
        assert send(browser, f"/rounds/{round_}/comments", f"/rounds/{round_}", **said).status_code == 303
    page = browser.get(f"/rounds/{round_}").get_data(as_text=True)
    said_ = re.findall(r'<p class="thread-said">(.*?)</p>', page, re.S)
    assert said_ == ["언제까지입니까?", "&lt;script&gt;alert(1)&lt;/script&gt;"]
    assert re.search(r'name="idempotency_key" value="[^"]+"', page)


def test_who_asks_sees_bars_and_who_answered(browser: FlaskClient, service: LocalService) -> None:
    people = hire(service, 3)
    round_ = start(service, people)
    answer(service, round_, people[0], why=HOSTILE)
    page = browser.get(f"/rounds/{round_}").get_data(as_text=True)
    assert "3명 중 1명 응답" in page
    assert '<rect width="100.0"' in page
    assert HOSTILE not in page
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"/rounds/{round_}/results.xlsx").data))
    assert book.sheetnames == ["결과", "서술형 응답", "응답자"]
    assert [row[2] for row in book["결과"].iter_rows(min_row=2, max_row=3, values_only=True)] == [1, 0]
    assert book["응답자"].max_row == 4


def test_of_an_anonymous_round_the_page_shows_nothing_while_it_is_open(
    browser: FlaskClient, service: LocalService
) -> None:
    people = hire(service, 6)
    round_ = start(service, people, anonymous=True)
    for person in people:
        answer(service, round_, person)
    page = browser.get(f"/rounds/{round_}").get_data(as_text=True)
    assert "마감한 뒤에 볼 수 있습니다" in page
    assert "명 응답" not in page and "응답자별 현황" not in page
    assert browser.get(f"/rounds/{round_}/results.xlsx").status_code == 409
    service.pass_until(CLOSES + HOUR)
    page = browser.get(f"/rounds/{round_}").get_data(as_text=True)
    assert "6명 중 6명 응답" in page and "결과 보고하기" in page


def test_answers_of_nobody_are_kept_under_a_key(browser: FlaskClient, bus: MemoBus, service: LocalService) -> None:
    people = hire(service, 5)
    round_ = start(service, people, anonymous=True)
    bus.sign_in(people[0])
    headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "mine"}
    given = {"answers": [{"question": 0, "value": ["찬성"]}]}
    for changed in (True, False):
        told = browser.post(f"/api/v1/rounds/{round_}/answers", json=given, headers=headers)
        assert (told.status_code, told.get_json()["changed"]) == (200, changed)
    with service.tx() as tx:
        from services.memo.models import Base

        assert tx.all(Base.metadata.tables["idempotency"].select()) == []


def test_deadline_closing_and_taking_back_are_acts_of_who_asks(browser: FlaskClient, service: LocalService) -> None:
    people = hire(service, 2)
    round_ = start(service, people)
    path = f"/rounds/{round_}"
    assert send(browser, f"{path}/extension", path, closes_at="2026-07-02T18:00").status_code == 303
    assert send(browser, f"{path}/extension", path, closes_at="어제").status_code == 422
    assert send(browser, f"{path}/withdrawal", path, reason="").status_code == 422
    assert send(browser, f"{path}/closing", path).status_code == 303
    assert service.call("opinion_round", ME, {"id": round_})["closes_at"] <= service.now.isoformat()


@pytest.mark.parametrize("box", ["asked", "mine", "ended"])
def test_lists_show_what_there_is_and_say_when_there_is_nothing(
    browser: FlaskClient, service: LocalService, box: str
) -> None:
    assert 'class="empty' in browser.get(f"/rounds?box={box}").get_data(as_text=True)
    start(service, hire(service, 2), title=HOSTILE)
    page = browser.get(f"/rounds?box={box}").get_data(as_text=True)
    assert HOSTILE not in page
    assert ("2명" in page) == (box == "mine")
