"""The desk as a page: bands with headings, what is urgent and late said in words, what only tells taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.core import format as formats
from shared.errors import Unavailable
from tests.unit.gateway.fake import TOKEN, FakeClient, application, browsing, signed_in

TODO: dict[str, Any] = {
    "id": "01900000-0000-7000-8000-0000000000a1",
    "noun": "documents",
    "subject": "01900000-0000-7000-8000-0000000000a2",
    "kind": "returned",
    "role": "revise",
    "title": "청사 <보수>",
    "since": "2026-03-02T00:00:00+00:00",
    "due": None,
    "urgency": 0,
    "sender": None,
    "dismissible": False,
    "params": {},
    "band": "undated",
}


@pytest.fixture
def bus() -> FakeClient:
    found = FakeClient()
    found.answers["desk", "counts"] = {"returned": 2, "total": 2}
    found.answers["desk", "pressing"] = {"items": [{"kind": "returned", "count": 1}]}
    found.answers["desk", "notices"] = {"items": [], "next": None}
    found.answers["approval", "box"] = {"items": [], "next": None}
    return found


@pytest.fixture
def browser(bus: FakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    with browsing(bus, tmp_path, TOKEN, monkeypatch) as client:
        yield client


def shown(bus: FakeClient, *todos: dict[str, Any], following: str | None = None) -> None:
    bus.answers["desk", "todos"] = {"items": [{**TODO, **todo} for todo in todos], "next": following}


def test_each_band_has_its_heading_once(browser: FlaskClient, bus: FakeClient) -> None:
    late = {"band": "overdue", "due": "2026-03-01T00:00:00+00:00"}
    shown(bus, {"band": "urgent", "urgency": 2}, late, late, {"band": "today"}, {}, {"band": "later"})
    page = browser.get("/desk").text
    headings = ["긴급", "기한 지남", "오늘", "기한 없음", "이후"]
    assert [page.count(f"<h3>{words}</h3>") for words in headings] == [1] * 5
    places = [page.index(f"<h3>{words}</h3>") for words in headings]
    assert places == sorted(places)
    assert 'badge-danger">긴급<' in page and "일 지남" in page and "기한 1)<" in page
    assert bus.asked[0][2] == {"sort": "due"}


def test_without_any_date_there_is_no_heading(browser: FlaskClient, bus: FakeClient) -> None:
    shown(bus, {}, {})
    page = browser.get("/desk").text
    assert "<h3>" not in page and "청사 &lt;보수&gt;" in page


def test_the_next_page_goes_on_in_the_band_it_was_in(browser: FlaskClient, bus: FakeClient) -> None:
    shown(bus, {"band": "today"}, following="more")
    assert "cursor=more&amp;after=today" in browser.get("/desk").text
    shown(bus, {"band": "today"}, {"band": "later"})
    page = browser.get("/desk/todos?cursor=more&after=today").text
    assert "<h3>오늘</h3>" not in page and page.count("<h3>이후</h3>") == 1


def test_what_only_tells_may_be_taken_off(browser: FlaskClient, bus: FakeClient) -> None:
    shown(bus, {"dismissible": True})
    assert f'action="/desk/todos/{TODO["id"]}/dismiss"' in browser.get("/desk").text
    shown(bus, {})
    assert "/dismiss" not in browser.get("/desk").text
    bus.answers["desk", "dismiss_todo"] = {}
    token = browser.get("/session").get_json()["csrf_token"]
    for kind, back in (("returned", "/desk?kind=returned"), ("", "/desk")):
        answer = browser.post(f"/desk/todos/{TODO['id']}/dismiss", data={"csrf_token": token, "kind": kind})
        assert (answer.status_code, answer.headers["Location"]) == (303, back)
    assert ("desk", "dismiss_todo", {"id": TODO["id"]}) in bus.asked


def test_while_what_is_pressing_is_not_told_the_rest_is_shown(browser: FlaskClient, bus: FakeClient) -> None:
    shown(bus, {})
    bus.answers["desk", "pressing"] = Unavailable("desk")
    page = browser.get("/desk")
    assert page.status_code == 200 and "기한 1)<" not in page.text and "청사" in page.text


def chips(page: str) -> list[str]:
    """What the chips above the list say, one after the other."""
    found = re.search(r'<nav class="desk-kinds".*?</nav>', page, re.S)
    links = re.findall(r"<a.*?</a>", found[0], re.S) if found else []
    return [" ".join(re.sub(r"<[^>]+>", "", link).split()) for link in links]


def test_of_each_kind_there_is_a_chip_with_how_many_and_how_many_of_them_are_due(
    browser: FlaskClient, bus: FakeClient
) -> None:
    bus.answers["desk", "counts"] = {"returned": 2, "memo": 0, "approval": 4, "total": 6}
    shown(bus, {})
    assert chips(browser.get("/desk").text) == ["모두 6", "결재 4", "반려 2 (기한 1)"]


def test_where_nothing_is_to_be_done_there_are_no_chips_but_the_way_back(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["desk", "counts"] = {"returned": 0, "memo": 0, "total": 0}
    shown(bus)
    assert chips(browser.get("/desk").text) == []
    assert chips(browser.get("/desk?kind=memo").text) == ["모두 0", "메모보고 0"]


def test_programs_ask_for_bands_and_for_what_presses(bus: FakeClient, tmp_path: Path) -> None:
    client = signed_in(application(bus, tmp_path))
    shown(bus, {"band": "today"})
    assert client.get("/api/v1/desk/todos?sort=due").get_json()["items"][0]["band"] == "today"
    assert client.get("/api/v1/desk/pressing").get_json() == {"items": [{"kind": "returned", "count": 1}]}


# 10:00 of a Monday in Seoul.
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "오늘 18:00까지"),
        (MIDNIGHT, "오늘까지"),
        (MIDNIGHT + timedelta(days=1), "내일까지"),
        (MIDNIGHT + timedelta(hours=9, minutes=30), "내일 09:30까지"),
        (MIDNIGHT + timedelta(days=3), "3. 5.(목)까지"),
        (MIDNIGHT + timedelta(days=2, hours=18), "3. 5.(목) 18:00까지"),
        (NOW, "방금 지남"),
        (NOW - timedelta(hours=2), "2시간 지남"),
        (MIDNIGHT - timedelta(days=1), "1일 지남"),
        (MIDNIGHT - timedelta(days=2), "2일 지남"),
        (None, ""),
    ],
)
def test_a_due_date_is_said_as_people_say_it(due: datetime | None, words: str, tmp_path: Path) -> None:
    with application(FakeClient(), tmp_path).test_request_context():
        assert formats.due(due, NOW) == words
