"""The page of app passwords: made for calendars, shown once with what else a program asks for, listed, ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.errors import Forbidden, Invalid
from tests.unit.gateway.fake import ME, PRINCIPAL, TOKEN, FakeClient, browsing

MADE_AT = "2026-03-02T00:00:00+00:00"
SECRET = "ow1.city." + "s" * 43


def held(name: str, scope: str, **more: str) -> dict[str, Any]:
    times = {"created_at": MADE_AT, "seen_at": MADE_AT, "expires_at": "2029-03-01T00:00:00+00:00"}
    session = {"id": ME, "kind": "program", "scope": scope, "name": name, "address": "", "agent": "", "current": False}
    return {**session, **times, **more}


@pytest.fixture
def bus() -> FakeClient:
    found = FakeClient()
    found.answers["directory", "session"] = PRINCIPAL
    sessions = [held("통계 연계", ""), held("아이폰 캘린더", "calendar")]
    found.answers["directory", "sessions"] = {"items": sessions}
    found.answers["desk", "counts"] = {}
    made = {
        "id": ME,
        "name": "썬더버드",
        "scope": "calendar",
        "token": SECRET,
        "expires_at": "2029-03-01T00:00:00+00:00",
    }
    found.answers["directory", "create_program_token"] = made
    return found


@pytest.fixture
def browser(bus: FakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    with browsing(bus, tmp_path, TOKEN, monkeypatch) as client:
        yield client


def make(browser: FlaskClient, **form: str) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    return browser.post("/settings/app-passwords", data={"csrf_token": token, **form})


def test_it_is_made_for_calendars_and_shown_once_with_the_address_and_the_login(
    browser: FlaskClient, bus: FakeClient
) -> None:
    answer = make(browser, name="썬더버드")
    asked = [(data, key) for _, method, data, key in _asked(bus) if method == "create_program_token"]
    assert asked == [({"name": "썬더버드", "days": 1095, "scope": "calendar"}, None)]
    for shown in (SECRET, "http://localhost/dav/", ">hong<"):
        assert shown in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert SECRET not in browser.get("/settings/app-passwords").text


def _asked(bus: FakeClient) -> list[tuple[str, str, Any, str | None]]:
    return [(*asked, key) for asked, key in zip(bus.asked, bus.keys, strict=True)]


def test_app_passwords_and_programs_tokens_are_listed_apart(browser: FlaskClient) -> None:
    passwords, tokens = (browser.get(f"/settings/{tab}").text for tab in ("app-passwords", "tokens"))
    assert "아이폰 캘린더</strong>" in passwords and "통계 연계" not in passwords
    assert "통계 연계" in tokens and "아이폰 캘린더</strong>" not in tokens


@pytest.mark.parametrize(
    ("seen_at", "told"), [(MADE_AT, "아직 쓰지 않음"), ("2026-03-05T00:00:00+00:00", "마지막 사용")]
)
def test_one_that_was_never_used_says_so(browser: FlaskClient, bus: FakeClient, seen_at: str, told: str) -> None:
    bus.answers["directory", "sessions"] = {"items": [held("아이폰 캘린더", "calendar", seen_at=seen_at)]}
    assert told in browser.get("/settings/app-passwords").text


def test_one_without_a_name_is_asked_for_it(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "create_program_token"] = Invalid({"name": "too_short"})
    answer = make(browser, name="")
    assert answer.status_code == 422 and "너무 짧습니다" in answer.text


def test_ending_one_leads_back_to_the_list(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "revoke_session"] = {"id": ME, "revoked": True}
    token = browser.get("/session").get_json()["csrf_token"]
    form = {"csrf_token": token, "from": "app-passwords"}
    assert browser.post(f"/settings/sessions/{ME}/revoke", data=form).headers["Location"] == "/settings/app-passwords"
    form["from"] = "//evil.example"
    assert browser.post(f"/settings/sessions/{ME}/revoke", data=form).headers["Location"] == "/settings/sessions"


def test_a_program_makes_none(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "create_program_token"] = Forbidden("not with a program's token")
    assert make(browser, name="또").status_code == 422
