"""The page of one person, for an administrator: taking away the second factor of a lost device."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.errors import Conflict
from tests.unit.gateway.fake import ME, PRINCIPAL, TOKEN, FakeClient, browsing

OTHER = "01900000-0000-7000-8000-000000000002"
PERSON: dict[str, Any] = {
    "id": OTHER,
    "login": "narae",
    "name": "서나래",
    "posts": [],
    "roles": [],
    "clearance": 0,
    "locked_until": None,
    "totp": True,
    "active": True,
    "version": 1,
}
BUTTON = "2단계 인증 해제"


@pytest.fixture
def bus() -> FakeClient:
    found = FakeClient()
    found.answers["directory", "session"] = {**PRINCIPAL, "roles": ["tenant_admin"]}
    found.answers["directory", "departments"] = {"items": []}
    found.answers["directory", "person"] = PERSON
    found.answers["desk", "counts"] = {}
    return found


@pytest.fixture
def browser(bus: FakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    with browsing(bus, tmp_path, TOKEN, monkeypatch) as client:
        yield client


def submit(browser: FlaskClient) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    return browser.post(f"/admin/people/{OTHER}/second-factor-removal", data={"csrf_token": token})


@pytest.mark.parametrize(("changed", "offered"), [({}, True), ({"totp": False}, False), ({"id": ME}, False)])
def test_it_is_offered_for_somebody_else_who_has_one(
    browser: FlaskClient, bus: FakeClient, changed: dict[str, Any], offered: bool
) -> None:
    bus.answers["directory", "person"] = {**PERSON, **changed}
    page = browser.get(f"/admin/people/{OTHER}")
    assert page.status_code == 200
    assert (BUTTON in page.text) == offered


def test_it_is_taken_away_and_told(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "reset_totp"] = {"id": OTHER, "totp": False}
    answer = submit(browser)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/admin/people/{OTHER}")
    assert ("directory", "reset_totp", {"id": OTHER}) in bus.asked
    assert "2단계 인증을 지웠습니다" in browser.get(f"/admin/people/{OTHER}").text


def test_what_is_gone_already_is_told(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "reset_totp"] = Conflict("totp-off")
    assert submit(browser).status_code == 409
