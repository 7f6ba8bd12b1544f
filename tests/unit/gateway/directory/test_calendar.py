"""The organisation's calendar on its page and in the API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.errors import Invalid
from tests.unit.gateway.fake import PRINCIPAL, TOKEN, FakeClient, application, browsing, signed_in

OWN = {"off": {"2026-10-02": "시민의 날 <행사>"}, "working": ["2026-05-25", "2026-11-07"]}


@pytest.fixture
def bus() -> FakeClient:
    found = FakeClient()
    found.answers["directory", "session"] = {**PRINCIPAL, "roles": ["tenant_admin"]}
    found.answers["desk", "counts"] = {}
    found.answers["directory", "calendar"] = OWN
    return found


@pytest.fixture
def browser(bus: FakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    with browsing(bus, tmp_path, TOKEN, monkeypatch) as client:
        yield client


def post(browser: FlaskClient, path: str, **data: Any) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    return browser.post(path, data={"csrf_token": token, **data})


def test_a_year_shows_public_holidays_and_what_is_otherwise_here(browser: FlaskClient) -> None:
    page = browser.get("/admin/calendar?year=2026").text
    for words in ("10. 2.(금)", "시민의 날 &lt;행사&gt;", "5. 25.(월)", "11. 7.(토)", "12. 25.(금)", "근무하는 날"):
        assert words in page, words
    assert page.count('action="/admin/calendar/2026-') == 3
    assert "2025년" in page and "2027년" in page


@pytest.mark.parametrize("year", ["0", "99999", "x", "-1", "2101", ""])
def test_a_year_that_is_none_is_the_nearest_that_is_known(browser: FlaskClient, year: str) -> None:
    assert browser.get(f"/admin/calendar?year={year}").status_code == 200


def test_a_day_is_entered_and_taken_back(browser: FlaskClient, bus: FakeClient) -> None:
    given = {"day": "2026-10-02", "kind": "off", "name": "시민의 날"}
    bus.answers["directory", "save_holiday"] = given
    answer = post(browser, "/admin/calendar", **given)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/calendar?year=2026")
    assert ("directory", "save_holiday", given) in bus.asked
    bus.answers["directory", "delete_holiday"] = {"day": "2026-10-02", "deleted": True}
    assert post(browser, "/admin/calendar/2026-10-02/delete").headers["Location"] == "/admin/calendar?year=2026"


def test_what_was_typed_is_kept_when_it_is_refused(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "save_holiday"] = Invalid({"day": "off_anyway"})
    answer = post(browser, "/admin/calendar?year=2026", day="2026-10-03", kind="off", name="쉬는 <날>")
    assert answer.status_code == 422
    for words in ("이미 쉬는 날입니다", "쉬는 &lt;날&gt;", 'value="2026-10-03"'):
        assert words in answer.text


def test_others_do_not_see_the_page(bus: FakeClient, browser: FlaskClient) -> None:
    bus.answers["directory", "session"] = PRINCIPAL
    assert browser.get("/admin/calendar").status_code == 403


def test_programs_read_and_change_the_calendar(bus: FakeClient, tmp_path: Path) -> None:
    client = signed_in(application(bus, tmp_path))
    found = client.get("/api/v1/calendar?from=2026-05-23&to=2026-05-26").get_json()
    assert found == {
        "items": [
            {"day": "2026-05-24", "kind": "public", "name": "부처님오신날"},
            {"day": "2026-05-25", "kind": "working", "name": found["items"][1]["name"]},
        ],
        "working_days": 2,
    }
    bus.answers["directory", "save_holiday"] = {"day": "2026-10-02", "kind": "off", "name": "x"}
    bus.answers["directory", "delete_holiday"] = {}
    assert client.put("/api/v1/calendar/2026-10-02", json={"kind": "off", "name": "x"}).status_code == 200
    assert ("directory", "save_holiday", {"day": "2026-10-02", "kind": "off", "name": "x"}) in bus.asked
    assert client.delete("/api/v1/calendar/2026-10-02").status_code == 204


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("from=2026-05-02&to=2026-05-01", {"to": "not_after_start"}),
        ("from=2026-05-02&to=2036-05-01", {"to": "too_long"}),
        ("from=2026-13-02&to=2026-05-01", {"from": "not_valid"}),
        ("", {"from": "required", "to": "required"}),
        ("from=2026-05-01&to=2026-05-01&x=1", {"x": "unknown_field"}),
    ],
)
def test_a_period_that_is_none_is_refused(bus: FakeClient, tmp_path: Path, query: str, fields: dict[str, str]) -> None:
    answer = signed_in(application(bus, tmp_path)).get(f"/api/v1/calendar?{query}")
    assert (answer.status_code, answer.get_json()["fields"]) == (422, fields)
