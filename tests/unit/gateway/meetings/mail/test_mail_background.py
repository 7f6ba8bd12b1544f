"""What a gateway process begins for meetings: what is set up, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.meetings import background
from gateway.meetings.mail.addresses import Addresses
from gateway.meetings.mail.listener import Listener
from gateway.meetings.mail.mailbox import Mailbox
from shared.settings import Settings
from tests.unit.gateway.fake import FakeClient, application

ALL = {
    "meeting_address": "회의 <meetings@city.example>",
    "smtp_url": "smtp://127.0.0.1:1",
    "meeting_smtp_port": 2525,
    "meeting_imap_url": "imap://a:b@127.0.0.1:1/INBOX",
}


@pytest.mark.parametrize(
    ("without", "begun"),
    [
        ("", ["courier", "port", "mailbox"]),
        ("smtp_url", ["port", "mailbox"]),
        ("meeting_smtp_port", ["courier", "mailbox"]),
        ("meeting_imap_url", ["courier", "port"]),
        ("meeting_address", []),
    ],
)
def test_what_is_set_up_begins(without: str, begun: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[str] = []
    monkeypatch.setattr("gateway.core.rounds.Rounds.start", lambda self: found.append("courier"))
    monkeypatch.setattr(Listener, "start", lambda self: found.append("port"))
    monkeypatch.setattr(Mailbox, "start", lambda self: found.append("mailbox"))
    given = {name: value for name, value in ALL.items() if name != without}
    background.start(application(FakeClient(), tmp_path, **given))
    assert found == begun


def test_an_address_that_is_none_begins_nothing_and_stops_no_gateway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Listener, "start", lambda self: pytest.fail("began"))
    background.start(application(FakeClient(), tmp_path, **{**ALL, "meeting_address": "meetings"}))


def addresses(keys: str = "key") -> Addresses:
    return Addresses(Settings(cookie_key=keys, meeting_address="Meetings@한국.kr"))


def test_an_address_of_a_guest_is_one_that_every_mail_server_takes() -> None:
    made = addresses().of("town-hall", "uid", "kim@guest.example")
    assert made.isascii() and made.startswith("Meetings+town-hall-") and made.endswith("@xn--3e0b707e.kr")
    told = addresses().read(made.upper())
    assert told is not None and told.tenant == "town-hall"
    assert addresses().proves(told, "uid", "MAILTO:Kim@Guest.example")


def test_a_guest_in_a_domain_in_hangul_answers_from_it_in_ascii() -> None:
    told = addresses().read(addresses().of("city", "uid", "kim@한국.kr"))
    assert told is not None and addresses().proves(told, "uid", "kim@xn--3e0b707e.kr")


def test_letters_sent_before_the_key_was_changed_are_still_answered() -> None:
    told = addresses().read(addresses("old").of("city", "uid", "kim@guest.example"))
    assert told is not None
    assert addresses("new,old").proves(told, "uid", "kim@guest.example")
    assert not addresses("new").proves(told, "uid", "kim@guest.example")


def test_an_address_that_would_be_too_long_is_not_made() -> None:
    with pytest.raises(ValueError, match="too long"):
        addresses().of("t" * 40, "uid", "kim@guest.example")
