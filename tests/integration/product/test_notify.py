"""Notifications over the whole system: from a submission to the reviewer's mailbox and phone, once."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
import requests

from tests.integration.product.cast import Cast
from tests.support.mailserver import MailServer, mail_server
from tests.support.pushserver import VAPID_KEY, Browser, PushServer, push_server
from tests.support.servers import Servers
from tests.support.system import System, started
from tests.support.waiting import until

PUBLIC_URL = "https://oneway.city.example"


class Outside:
    """A system of its own with what is outside: a mail server and a push service."""

    def __init__(self, system: System, mails: MailServer, pushes: PushServer) -> None:
        self.system, self.mails, self.pushes = system, mails, pushes
        self.cast = Cast(system)

    def set_(self, role: str, **changes: Any) -> None:
        answer = self.cast.api(role).call("PATCH", "/me/notifications", changes)
        assert answer.status_code == 200, answer.text

    def browser(self, role: str) -> Browser:
        found = self.pushes.browser()
        self.cast.api(role).post("/me/notifications/devices", {**found.subscription, "name": "휴대폰"}, 201)
        return found

    def about(self, document: str) -> list[EmailMessage]:
        """The mails about a document."""
        return [made for made in self.mails.mails if document in made.get_body(("plain",)).get_content()]  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    with Servers() as servers, mail_server() as mails, push_server() as pushes:
        settings = {"ONEWAY_SMTP_URL": mails.url, "ONEWAY_MAIL_FROM": "한빛시 <no-reply@city.example>"}
        settings |= {"ONEWAY_PUBLIC_URL": PUBLIC_URL, "ONEWAY_VAPID_KEY": VAPID_KEY}
        settings |= {"ONEWAY_PUSH_HOSTS": "http://127.0.0.1:*", "ONEWAY_REPLICAS": "gateway=2,notify=2"}
        with started(System("full", servers, **settings)) as system:
            found = Outside(system, mails, pushes)
            pushes.public_key = found.cast.drafter.get("/me/notifications/channels")["push"]
            yield found


@pytest.fixture(autouse=True)
def _as_always(outside: Outside) -> Iterator[None]:
    outside.mails.manner()
    yield
    outside.mails.manner()
    outside.system.release()


def test_who_is_to_decide_has_one_mail_and_one_push_and_neither_says_what_it_is_about(outside: Outside) -> None:
    outside.set_("reviewer", levels={"approval": {"mail": "now"}})
    browser = outside.browser("reviewer")
    document = outside.cast.submitted("아무도 몰라야 할 계획", "reviewer", "decider")
    until(lambda: outside.about(document) and browser.messages)
    (mail,), (told,) = outside.about(document), browser.messages
    assert told["url"] == f"{PUBLIC_URL}/documents/{document}"
    assert "결재" in str(mail["Subject"]) and "결재" in told["title"]
    assert "몰라야" not in mail.as_string() + str(mail["Subject"]) + str(told)
    # Told of again while it is the same, and of another after that: two gateways and two services send it once.
    again = outside.cast.submitted("그다음 계획", "reviewer", "decider")
    until(lambda: outside.about(again) and len(browser.messages) == 2)
    assert len(outside.about(document)) == len(outside.about(again)) == 1


def test_a_mail_server_that_stalls_holds_up_no_desk_and_no_push(outside: Outside) -> None:
    outside.set_("decider", levels={"approval": {"mail": "now"}})
    browser = outside.browser("decider")
    outside.mails.manner(rcpt="stall")
    first, second = (outside.cast.submitted("멈춘 메일", "decider") for _ in range(2))
    until(lambda: len(browser.messages) == 2)
    for document in (first, second):
        outside.cast.has_todo("decider", document)
    assert outside.about(first) == outside.about(second) == []


def test_the_service_away_for_a_while_tells_of_what_came_up_meanwhile(outside: Outside) -> None:
    outside.set_("executive", levels={"approval": {"mail": "now"}})
    for name in ("notify", "notify-2"):
        outside.system.kill(name, hold=True)
    document = outside.cast.submitted("그 사이의 계획", "executive", "decider")
    outside.cast.has_todo("executive", document)
    outside.system.release()
    until(lambda: outside.about(document), 60)
    assert len(outside.about(document)) == 1


def test_the_link_in_a_mail_ends_mails_of_its_kind(outside: Outside) -> None:
    outside.set_("reviewer", levels={"approval": {"mail": "now"}})
    document = outside.cast.submitted("마지막 메일", "reviewer", "decider")
    until(lambda: outside.about(document))
    (mail,) = outside.about(document)
    link = mail["List-Unsubscribe"].strip("<>").replace(PUBLIC_URL, outside.system.base_url)
    assert requests.get(link, timeout=30).status_code == 200
    assert outside.cast.api("reviewer").get("/me/notifications")["levels"]["approval"]["mail"] == "now"
    assert requests.post(link, {"List-Unsubscribe": "One-Click"}, timeout=30).status_code == 200
    assert outside.cast.api("reviewer").get("/me/notifications")["levels"]["approval"]["mail"] == "never"


def test_what_the_organisation_has_everybody_told_is_its_administrators_to_set(outside: Outside) -> None:
    given = {"levels": {"urgent": {"mail": "now"}}, "titles": False}
    assert outside.cast.drafter.call("PUT", "/notifications/minimum", given).status_code == 403
    admin = outside.cast.api("admin")
    kept = admin.call("PUT", "/notifications/minimum", given)
    assert kept.status_code == 200
    stale = admin.call("PUT", "/notifications/minimum", given, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    assert outside.cast.drafter.get("/me/notifications")["minimum"] == given["levels"]
    assert admin.get("/notifications/failures")["items"] == []
