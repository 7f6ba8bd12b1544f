"""Push messages over a push service that checks who signed them, to browsers that decrypt them."""

from __future__ import annotations

import pytest

from gateway.notify import letters
from gateway.notify.push import Push, may_reach
from shared.settings import Settings
from tests.unit.gateway.notify.office import PUBLIC_URL, Office
from tests.unit.notify.cast import ADMIN, ME, OTHER


def test_a_browser_reads_what_kind_of_thing_waits_and_nothing_of_what_is_in_it(at_work: Office) -> None:
    browser = at_work.browser()
    subject = at_work.waits(params={"opinion": "비밀"})
    at_work.push()
    (told,) = browser.messages
    assert told["title"] == "결재 · 홍길동 (총무과)"
    assert told["url"] == f"{PUBLIC_URL}/documents/{subject}"
    assert "비밀" not in str(told)
    assert len(str(told)) < 500
    (headers,) = browser.headers
    assert (headers["Content-Encoding"], headers["Urgency"]) == ("aes128gcm", "normal")


def test_what_is_urgent_wakes_a_phone_and_is_said_to_be(at_work: Office) -> None:
    browser = at_work.browser(OTHER)
    at_work.waits(OTHER, urgency=2)
    at_work.push()
    assert browser.headers[0]["Urgency"] == "high"
    assert browser.messages[0]["title"].startswith("[Urgent]")


def test_a_message_that_comes_twice_replaces_itself(at_work: Office) -> None:
    browser = at_work.browser()
    at_work.waits()
    at_work.waits()
    for _ in range(2):
        at_work.push()
    at_work.later(minutes=5)
    at_work.push()
    one, other = browser.messages
    assert one["tag"] != other["tag"]
    assert [headers["Topic"] for headers in browser.headers] == [one["tag"], other["tag"]]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_subscribed_no_more_is_forgotten(at_work: Office, status: int) -> None:
    browser = at_work.browser()
    browser.status = status
    at_work.waits()
    at_work.push()
    assert at_work.service.call("settings", ME)["devices"] == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_push_service_that_cannot_now_is_asked_again(at_work: Office, status: int) -> None:
    browser = at_work.browser()
    browser.status = status
    at_work.waits()
    at_work.push()
    browser.status = 201
    at_work.later(minutes=1)
    at_work.push()
    assert len(browser.messages) == 1


def test_a_push_service_leads_nobody_elsewhere(at_work: Office) -> None:
    browser = at_work.browser()
    browser.status = 307
    at_work.waits()
    at_work.push()
    (lost,) = at_work.service.call("failures", ADMIN)["items"]
    assert (lost["outcome"], lost["reason"]) == ("refused", "307")


def test_keys_that_are_none_end_the_subscription(at_work: Office) -> None:
    given = {**at_work.pushes.browser().subscription, "p256dh": "B" * 87}
    at_work.service.call("subscribe", ME, given)
    at_work.waits()
    at_work.push()
    assert at_work.service.call("settings", ME)["devices"] == []


def test_an_endpoint_that_is_not_allowed_any_more_is_not_reached(at_work: Office) -> None:
    at_work.service.call(
        "subscribe", ME, {"endpoint": "https://169.254.169.254/x", "p256dh": "B" * 87, "auth": "a" * 22}
    )
    at_work.waits()
    at_work.push()
    assert at_work.service.call("settings", ME)["devices"] == []


def test_a_browser_is_tried_out(at_work: Office) -> None:
    browser = at_work.browser()
    (device,) = at_work.service.call("settings", ME)["devices"]
    at_work.service.call("test_device", ME, {"id": device["id"]})
    at_work.push()
    assert [told["tag"] for told in browser.messages] == ["test"]


def test_a_crash_between_sending_and_reporting_sends_the_same_once_more(at_work: Office) -> None:
    browser = at_work.browser()
    at_work.waits()
    at_work.ends_before_reporting(Push(at_work.settings))
    at_work.later(minutes=5)
    at_work.push()
    at_work.later(hours=1)
    at_work.push()
    first, second = browser.messages
    assert first == second


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
        "https://web.push.apple.com/abc",
    ],
)
def test_the_push_services_of_the_browsers_are_reached(endpoint: str) -> None:
    assert may_reach(Settings(), endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com@127.0.0.1/x",
        "https://127.0.0.1/fcm.googleapis.com",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilnotify.windows.com/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https:///x",
        "https://fcm.googleapis.com:99999/x",
        "ftp://fcm.googleapis.com/x",
        "https://fcm.googleapis.com\\@127.0.0.1/x",
    ],
)
def test_nothing_else_is_reached(endpoint: str) -> None:
    assert not may_reach(Settings(), endpoint)


def test_a_pattern_with_a_scheme_holds_for_the_whole_origin() -> None:
    settings = Settings(push_hosts="http://127.0.0.1:*")
    assert may_reach(settings, "http://127.0.0.1:8123/x")
    assert not may_reach(settings, "http://127.0.0.1:80@evil.example/x")
    assert not may_reach(settings, "https://127.0.0.1/x")


@pytest.mark.parametrize(
    ("mail_from", "public_url"), [("", "http://127.0.0.1:8080"), ("", "https://city.example"), ("a@b.example", "")]
)
def test_a_push_service_is_told_whom_it_may_ask_whatever_is_set(
    at_work: Office, mail_from: str, public_url: str
) -> None:
    browser = at_work.browser()
    at_work.waits()
    settings = at_work.settings.model_copy(update={"mail_from": mail_from, "public_url": public_url})
    at_work.carry(Push(settings))
    assert len(browser.messages) == 1


def test_a_message_without_words_holds_up_no_other(at_work: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = at_work.browser()
    good = letters.push
    calls: list[object] = []

    def once(*args: object) -> object:
        calls.append(args)
        if len(calls) == 1:
            raise KeyError("number")
        return good(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(letters, "push", once)
    at_work.waits()
    at_work.waits()
    at_work.push()
    assert len(browser.messages) == 1
    at_work.later(minutes=1)
    at_work.push()
    assert len(browser.messages) == 2
