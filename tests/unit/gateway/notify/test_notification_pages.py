"""The pages of notifications: one's own settings, the organisation's, the end of mails by their link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.core import backend
from gateway.notify import links
from gateway.notify.links import Named
from shared.errors import Conflict, Invalid, Stale, Unavailable
from tests.support.pushserver import VAPID_KEY
from tests.unit.gateway.fake import ME, PRINCIPAL, TOKEN, FakeClient, application, browsing
from tests.unit.gateway.notify.office import PUBLIC_URL

DEVICE = "01900000-0000-7000-8000-0000000000d9"
KEPT: dict[str, Any] = {
    "levels": {"approval": {"mail": "now"}},
    "quiet_from": 1320,
    "quiet_until": 420,
    "digest_hour": 8,
    "version": 3,
    "minimum": {"returned": {"mail": "digest"}},
    "defaults": {"todo": {"mail": "digest", "push": "now"}, "news": {"mail": "never", "push": "never"}},
    "devices": [{"id": DEVICE, "name": "Chrome · Windows", "created_at": "2026-03-02T00:00:00+00:00"}],
    "bounced": None,
}
PERSON = {"email": "hong@city.example"}
LOST = {"id": DEVICE, "channel": "mail", "person": ME, "outcome": "bounced", "reason": "550 no", "tries": 1}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def bus() -> FakeClient:
    bus = FakeClient()
    bus.answers |= {
        ("desk", "counts"): {"total": 0},
        ("notify", "settings"): KEPT,
        ("directory", "person"): PERSON,
        ("notify", "minimum"): {"levels": {"urgent": {"mail": "now"}}, "titles": False, "version": 2},
        ("notify", "failures"): {"items": [{**LOST, "at": "2026-03-02T00:00:00+00:00"}], "next": None},
        ("directory", "people_by_ids"): {ME: {"name": "홍길동"}},
    }
    return bus


@pytest.fixture
def browser(bus: FakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    with browsing(bus, tmp_path, TOKEN, monkeypatch) as client:
        reached: Any = client.application.extensions["oneway.backend"]
        more = {"public_url": PUBLIC_URL, "smtp_url": "smtp://mail", "mail_from": "a@b.example", "vapid_key": VAPID_KEY}
        reached.settings = reached.settings.model_copy(update=more)
        yield client


def page(browser: FlaskClient, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status
    return answer.text


def press(browser: FlaskClient, path: str, **form: str) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    return browser.post(path, data={"csrf_token": token, **form})


def chosen(text: str, name: str) -> tuple[str, list[str]]:
    """What a select has chosen, and all it offers."""
    found = re.search(rf'<select[^>]*name="{re.escape(name)}".*?</select>', text, re.S)
    assert found, name
    options = re.findall(r'<option value="([^"]*)" (selected)?', found[0])
    return next(value for value, selected in options if selected), [value for value, _ in options]


def administers(bus: FakeClient) -> None:
    bus.answers["directory", "session"] = {**PRINCIPAL, "roles": ["tenant_admin"]}


# -- one's own --------------------------------------------------------------------------------------


def test_each_kind_has_its_levels_and_nothing_beneath_what_the_organisation_has(browser: FlaskClient) -> None:
    text = page(browser, "/settings/notifications")
    assert chosen(text, "mail.approval") == ("now", ["now", "digest", "never"])
    assert chosen(text, "push.approval") == ("now", ["now", "never"])
    assert chosen(text, "mail.returned") == ("digest", ["now", "digest"])
    assert chosen(text, "mail.news.documents")[0] == "never"
    assert "기관에서 정한 알림" in text and 'value="22:00"' in text and 'value="07:00"' in text
    assert chosen(text, "digest_hour")[0] == "8"


def test_the_form_is_saved_as_it_was_filled_in(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["notify", "save_settings"] = KEPT
    form = {"mail.approval": "digest", "push.approval": "never", "mail.news.documents": "now", "mail.unheard": "now"}
    form |= {"quiet": "yes", "quiet_from": "23:30", "quiet_until": "06:00", "digest_hour": "", "version": "3"}
    assert press(browser, "/settings/notifications", **form).status_code == 303
    (data,) = [data for _, method, data in bus.asked if method == "save_settings"]
    assert data == {
        "levels": {"approval": {"mail": "digest", "push": "never"}, "news.documents": {"mail": "now"}},
        "quiet_from": 23 * 60 + 30,
        "quiet_until": 360,
        "digest_hour": None,
        "version": 3,
    }


@pytest.mark.parametrize("problem", [Stale(4), Invalid({"quiet_from": "out_of_range"})])
def test_what_is_refused_is_said_and_the_page_is_there(browser: FlaskClient, bus: FakeClient, problem: Any) -> None:
    bus.answers["notify", "save_settings"] = problem
    answer = press(browser, "/settings/notifications", version="3")
    assert answer.status_code == 422 and "notice-danger" in answer.text


def test_a_time_that_is_none_is_said_at_its_field(browser: FlaskClient) -> None:
    answer = press(browser, "/settings/notifications", quiet="yes", quiet_from="99:99", quiet_until="07:00")
    assert answer.status_code == 422 and 'id="quiet_from-error"' in answer.text


def test_an_address_that_bounces_is_told_while_it_is_the_persons(browser: FlaskClient, bus: FakeClient) -> None:
    bounced = {"address": PERSON["email"], "at": "2026-03-02T00:00:00+00:00", "reason": "550"}
    bus.answers["notify", "settings"] = {**KEPT, "bounced": bounced}
    assert "hong@city.example 주소로 메일이 가지 않습니다" in page(browser, "/settings/notifications")
    bus.answers["directory", "person"] = {"email": "new@city.example"}
    assert "메일이 가지 않습니다" not in page(browser, "/settings/notifications")
    bus.answers["notify", "clear_bounce"] = {"cleared": True}
    assert press(browser, "/settings/notifications/bounce").status_code == 303


def test_browsers_are_listed_tried_out_and_taken_away(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["notify", "settings"] = {**KEPT, "devices": [{**KEPT["devices"][0], "name": HOSTILE}]}
    text = page(browser, "/settings/notifications")
    assert HOSTILE not in text and "&lt;script&gt;" in text
    bus.answers |= {("notify", "test_device"): {}, ("notify", "remove_device"): {}}
    for what in ("test", "removal"):
        assert press(browser, f"/settings/notifications/devices/{DEVICE}/{what}").status_code == 303
    assert [(m, d) for _, m, d in bus.asked if m.endswith("_device")] == [
        ("test_device", {"id": DEVICE}),
        ("remove_device", {"id": DEVICE}),
    ]


def test_without_the_service_the_page_says_so(browser: FlaskClient, bus: FakeClient) -> None:
    bus.answers["notify", "settings"] = Unavailable("notify")
    assert "잠시 보여 드릴 수 없습니다" in page(browser, "/settings/notifications")


def test_the_worker_is_where_browsers_look_for_it(app: Flask) -> None:
    answer = app.test_client().get("/push-sw.js")
    assert answer.status_code == 200 and "javascript" in answer.content_type
    assert answer.headers["Cache-Control"] == "no-cache"


# -- the link in a mail -----------------------------------------------------------------------------


@pytest.fixture
def app(bus: FakeClient, tmp_path: Path) -> Flask:
    return application(bus, tmp_path, public_url=PUBLIC_URL, cookie_key="new,old")


def link(app: Flask, topic: str = "approval", **settings: str) -> str:
    used = backend.of(app).settings.model_copy(update=settings)
    return links.ending(used, Named("city", ME, topic)).removeprefix(PUBLIC_URL)


def test_who_follows_the_link_is_asked_first_for_scanners_follow_links_too(app: Flask, bus: FakeClient) -> None:
    answer = app.test_client().get(link(app))
    assert answer.status_code == 200 and "‘결재’" in answer.text
    assert [method for _, method, _ in bus.asked if method == "unsubscribe"] == []


def test_a_mail_program_ends_mails_by_one_request_without_a_session(app: Flask, bus: FakeClient) -> None:
    bus.answers["notify", "unsubscribe"] = {"unsubscribed": True}
    answer = app.test_client().post(link(app), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert ("notify", "unsubscribe", {"person": ME, "topic": "approval"}) in bus.asked
    (context,) = [c for c, (_, method, _) in zip(bus.contexts, bus.asked, strict=True) if method == "unsubscribe"]
    assert (context.tenant, context.roles) == ("city", {"platform_operator"})


def test_a_link_under_a_former_key_still_holds_and_no_other_does(app: Flask, bus: FakeClient) -> None:
    bus.answers["notify", "unsubscribe"] = {"unsubscribed": True}
    client = app.test_client()
    assert client.post(link(app, cookie_key="old")).status_code == 200
    for wrong in (link(app, cookie_key="another"), link(app)[:-2], "/unsubscribe/x", f"/unsubscribe/{'.' * 50}"):
        assert client.get(wrong).status_code == 404
        assert client.post(wrong).status_code == 404


def test_a_link_of_a_tenant_that_is_gone_leads_nowhere(app: Flask) -> None:
    used = backend.of(app).settings
    path = links.ending(used, Named("gone", ME, "approval")).removeprefix(PUBLIC_URL)
    assert app.test_client().post(path).status_code == 404


def test_every_other_form_still_needs_its_token(browser: FlaskClient) -> None:
    assert browser.post("/settings/notifications", data={}).status_code == 403


# -- the organisation's -----------------------------------------------------------------------------


def test_administrators_see_the_channels_what_everybody_is_told_and_what_did_not_arrive(
    browser: FlaskClient, bus: FakeClient
) -> None:
    administers(bus)
    text = page(browser, "/admin/notifications")
    assert chosen(text, "mail.urgent")[0] == "now" and chosen(text, "mail.approval")[0] == "never"
    assert "홍길동" in text and "없는 주소" in text and "550 no" in text


def test_the_minimum_is_saved(browser: FlaskClient, bus: FakeClient) -> None:
    administers(bus)
    bus.answers["notify", "save_minimum"] = {}
    form = {"mail.urgent": "now", "push.urgent": "never", "titles": "yes", "version": "2"}
    assert press(browser, "/admin/notifications", **form).status_code == 303
    (data,) = [data for _, method, data in bus.asked if method == "save_minimum"]
    assert data == {"levels": {"urgent": {"mail": "now", "push": "never"}}, "titles": True, "version": 2}


def test_nobody_else_is_shown_the_organisations_page(browser: FlaskClient) -> None:
    page(browser, "/admin/notifications", 403)


# -- for programs -----------------------------------------------------------------------------------


def api(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    return client


def test_settings_have_their_version_as_tag_and_are_changed_by_it(app: Flask, bus: FakeClient) -> None:
    client = api(app)
    assert client.get("/api/v1/me/notifications").headers["ETag"] == '"3"'
    bus.answers["notify", "save_settings"] = {**KEPT, "version": 4}
    given = {"digest_hour": 7}
    answer = client.patch("/api/v1/me/notifications", json=given, headers={"If-Match": '"3"'})
    assert answer.headers["ETag"] == '"4"'
    assert ("notify", "save_settings", {**given, "version": 3}) in bus.asked


def test_a_browser_subscribes_only_with_a_push_service_that_is_allowed(app: Flask, bus: FakeClient) -> None:
    bus.answers["notify", "subscribe"] = {"id": DEVICE}
    keys = {"p256dh": "B" * 87, "auth": "a" * 22}
    for endpoint, status in {"https://fcm.googleapis.com/x": 201, "http://169.254.169.254/latest": 422}.items():
        answer = api(app).post("/api/v1/me/notifications/devices", json={"endpoint": endpoint, **keys})
        assert answer.status_code == status
    assert answer.get_json()["fields"] == {"endpoint": "not_a_push_service"}


def test_one_browser_too_many_is_refused(app: Flask, bus: FakeClient) -> None:
    bus.answers["notify", "subscribe"] = Conflict("too-many-devices", "20")
    given = {"endpoint": "https://fcm.googleapis.com/x", "p256dh": "B" * 87, "auth": "a" * 22}
    assert api(app).post("/api/v1/me/notifications/devices", json=given).status_code == 409


def test_programs_are_told_which_channels_there_are(app: Flask) -> None:
    assert api(app).get("/api/v1/me/notifications/channels").get_json() == {"mail": False, "push": None}
