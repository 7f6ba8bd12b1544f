"""Receivers and groups on pages and in the API: what is asked, shown and kept when it is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.core import receivers
from shared.errors import Forbidden, Invalid, Stale
from tests.unit.gateway.fake import PRINCIPAL, TOKEN, FakeClient, application, browsing, signed_in

GROUP = "01900000-0000-7000-8000-0000000000a1"
KIM, DIVISION = "01900000-0000-7000-8000-0000000000b1", "01900000-0000-7000-8000-0000000000c1"
VIEW: dict[str, Any] = {
    "id": GROUP,
    "name": "주간<b>회의",
    "owner_kind": "person",
    "owner": "홍길동",
    "count": 3,
    "stale": [{"name": "최퇴직", "why": "left"}],
    "editable": True,
    "version": 2,
}
WHOLE = {**VIEW, "members": [{"kind": "person", "id": KIM}, {"kind": "department", "id": DIVISION}]}
AWAY = {"absent": None}
CHOSEN = [
    {"kind": "person", "id": KIM, "name": "김주무", "detail": "주무관 · 총무과", "count": 0, **AWAY, "stale": True},
    {"kind": "department", "id": DIVISION, "name": "총무과", "detail": "", "count": 2, **AWAY, "stale": False},
]


@pytest.fixture
def bus() -> FakeClient:
    found = FakeClient()
    found.answers["desk", "counts"] = {}
    found.answers["directory", "groups"] = {"items": [VIEW], "keeps_department": False}
    found.answers["directory", "group"] = WHOLE
    found.answers["directory", "save_group"] = WHOLE
    found.answers["directory", "receivers_by_ids"] = {"items": CHOSEN}
    return found


@pytest.fixture
def browser(bus: FakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    with browsing(bus, tmp_path, TOKEN, monkeypatch) as client:
        yield client


def post(browser: FlaskClient, path: str, **data: Any) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    return browser.post(path, data={"csrf_token": token, **data})


def asked(bus: FakeClient, method: str) -> Any:
    return next(data for _, name, data in reversed(bus.asked) if name == method)


def test_groups_are_listed_with_what_is_stale(browser: FlaskClient) -> None:
    page = browser.get("/settings/groups").text
    assert "주간&lt;b&gt;회의" in page and "최퇴직: 퇴직·전출" in page and "정리 필요" in page
    assert "/settings/groups/new?of=department" not in page


def test_who_keeps_the_departments_groups_may_make_one(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "groups"] = {"items": [], "keeps_department": True}
    assert "/settings/groups/new?of=department" in browser.get("/settings/groups").text


def test_a_group_is_shown_with_its_members_as_chips(browser: FlaskClient, bus: FakeClient) -> None:
    page = browser.get(f"/settings/groups/{GROUP}").text
    assert f'name="members" value="person:{KIM}"' in page and f'value="department:{DIVISION}"' in page
    assert asked(bus, "receivers_by_ids") == {"receivers": [f"person:{KIM}", f"department:{DIVISION}"]}
    assert "퇴직·전출" in page


def test_a_group_that_others_keep_is_shown_without_a_form(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "group"] = {**WHOLE, "editable": False, "owner_kind": "department"}
    page = browser.get(f"/settings/groups/{GROUP}").text
    assert "receiver-picker" not in page and "김주무" in page and "관리합니다" in page


def test_a_group_is_saved(browser: FlaskClient, bus: FakeClient) -> None:
    values = [f"person:{KIM}", f"department:{DIVISION}"]
    answer = post(browser, f"/settings/groups/{GROUP}", name="회의", members=values, version="2")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/settings/groups")
    members = [{"kind": "person", "id": KIM}, {"kind": "department", "id": DIVISION}]
    assert asked(bus, "save_group") == {"id": GROUP, "version": 2, "name": "회의", "members": members}
    post(browser, "/settings/groups/new", name="과", members=values, of="department")
    assert asked(bus, "save_group")["department"] == PRINCIPAL["department_id"]


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Invalid({"members.0.id": "inactive_person", "name": "taken"}), "퇴직·전출자입니다"),
        (Stale(3), "notice-danger"),
    ],
)
def test_what_was_put_together_is_kept_when_it_is_refused(
    browser: FlaskClient, bus: FakeClient, problem: Exception, words: str
) -> None:
    bus.answers["directory", "save_group"] = problem
    answer = post(browser, "/settings/groups/new", name="내 <그룹>", members=[f"person:{KIM}"], of="person")
    assert answer.status_code == 422
    assert words in answer.text
    assert "내 &lt;그룹&gt;" in answer.text and f'value="person:{KIM}"' in answer.text


def test_a_group_is_deleted_and_who_may_not_is_told(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "delete_group"] = {"id": GROUP, "deleted": True}
    assert post(browser, f"/settings/groups/{GROUP}/delete", version="2").status_code == 303
    assert asked(bus, "delete_group") == {"id": GROUP, "version": 2}
    bus.answers["directory", "delete_group"] = Forbidden("group")
    assert post(browser, f"/settings/groups/{GROUP}/delete", version="2").status_code == 403


def test_programs_find_keep_and_delete(bus: FakeClient, tmp_path: Path) -> None:
    client = signed_in(application(bus, tmp_path))
    bus.answers["directory", "receivers"] = {"items": CHOSEN}
    bus.answers["directory", "delete_group"] = {}
    assert client.get("/api/v1/receivers?q=ㅊㅁ&limit=5").get_json() == {"items": CHOSEN}
    assert asked(bus, "receivers") == {"q": "ㅊㅁ", "limit": "5"}
    made = client.post("/api/v1/receiver-groups", json={"name": "회의", "members": []})
    assert (made.status_code, made.headers["Location"], made.headers["ETag"]) == (
        201,
        f"/api/v1/receiver-groups/{GROUP}",
        '"2"',
    )
    path = f"/api/v1/receiver-groups/{GROUP}"
    assert client.get(path).headers["ETag"] == '"2"'
    assert client.put(path, json={"name": "x", "members": []}, headers={"If-Match": '"2"'}).status_code == 200
    assert asked(bus, "save_group")["version"] == 2
    assert client.delete(path, headers={"If-Match": '"2"'}).status_code == 204
    assert client.get("/api/v1/receiver-groups").get_json()["items"] == [VIEW]


def test_what_a_picker_sends_is_told_apart_by_its_kind() -> None:
    assert receivers.split([f"person:{KIM}", "group:g", f"department:{DIVISION}"]) == {
        "people": [KIM],
        "departments": [DIVISION],
        "groups": ["g"],
    }
    with pytest.raises(Invalid) as refused:
        receivers.split(["role:auditor"], "to")
    assert refused.value.fields == {"to": "not_valid"}
