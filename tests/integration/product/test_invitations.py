"""Invitations over the whole system: from a meeting to the guest's mailbox, once, and the answer back by SMTP."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from oneway.servers import free_port
from tests.integration.product.cast import Cast
from tests.support.mailserver import MailServer, mail_server
from tests.support.servers import Servers
from tests.support.system import System, started
from tests.support.waiting import until
from tests.unit.gateway.meetings.mail import samples
from tests.unit.gateway.meetings.mail.post import calendar_part, event_of, ours

HANA = {"name": "김하나", "email": "kim.hana@guest.example"}


class Outside:
    """A system of two gateways, with the guests' mail server and the port for their answers."""

    def __init__(self, system: System, mails: MailServer, port: int) -> None:
        self.system, self.mails, self.port = system, mails, port
        self.cast = Cast(system)

    def called(self, **given: Any) -> dict[str, Any]:
        starts = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
        content = {"title": "예산 협의 회의", "invite": [self.cast.id("reviewer")], "guests": [HANA], **given}
        content |= {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
        made: dict[str, Any] = self.cast.drafter.post("/meetings", content, 201)
        return made

    def letters(self, made: dict[str, Any]) -> list[EmailMessage]:
        """The mails about a meeting."""
        return [each for each in self.mails.mails if made["id"] in each["References"]]

    def guest(self, made: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.cast.drafter.get(f"/meetings/{made['id']}")["guests"][0]
        return found


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    with Servers() as servers, mail_server() as mails:
        port = free_port(1)
        settings: dict[str, Any] = {"ONEWAY_SMTP_URL": mails.url, "ONEWAY_MEETING_ADDRESS": "meetings@city.example"}
        settings |= {"ONEWAY_MEETING_SMTP_PORT": str(port), "ONEWAY_REPLICAS": "gateway=2,meetings=2"}
        with started(System("full", servers, **settings)) as system:
            yield Outside(system, mails, port)


def test_a_guest_is_invited_once_answers_and_hears_of_the_cancellation(outside: Outside) -> None:
    made = outside.called()
    until(lambda: outside.letters(made))
    (letter,) = outside.letters(made)
    assert (letter["X-To"], calendar_part(letter).get_param("method")) == (HANA["email"], "REQUEST")
    answer = samples.outlook(
        ours(letter), str(event_of(letter)["UID"]), HANA["email"], stamp=f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    )
    with smtplib.SMTP("127.0.0.1", outside.port, timeout=30) as client:
        client.sendmail(HANA["email"], [ours(letter)], answer)
    assert (outside.guest(made)["answer"], outside.guest(made)["letter"]) == ("yes", "sent")
    card = outside.cast.drafter.get(f"/meetings/{made['id']}")
    told = {"If-Match": f'"{card["version"]}"'}
    outside.cast.drafter.post(f"/meetings/{made['id']}/acts", {"act": "cancel", "reason": "일정 중복"}, headers=told)
    until(lambda: len(outside.letters(made)) > 1)
    methods = [calendar_part(each).get_param("method") for each in outside.letters(made)]
    assert methods == ["REQUEST", "CANCEL"]


def test_a_stranger_is_held_for_who_leads(outside: Outside) -> None:
    made = outside.called()
    until(lambda: outside.letters(made))
    (letter,) = outside.letters(made)
    answer = samples.thunderbird(ours(letter), str(event_of(letter)["UID"]), "friend@else.example")
    with smtplib.SMTP("127.0.0.1", outside.port, timeout=30) as client:
        client.sendmail("friend@else.example", [ours(letter)], answer)
    card = outside.cast.drafter.get(f"/meetings/{made['id']}")
    assert [each["address"] for each in card["held_answers"]] == ["friend@else.example"]
    assert outside.guest(made)["answer"] == "none"
