"""A mailbox of answers on a real IMAP server: read once, by one process at a time, and again where that failed."""

from __future__ import annotations

import imaplib
import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from gateway.meetings.mail.mailbox import Away, Mailbox
from shared.errors import Problem, Unavailable
from tests.support.imapserver import ImapServer, imap_server
from tests.support.mailserver import MailServer
from tests.unit.gateway.meetings.mail import samples
from tests.unit.gateway.meetings.mail.post import post
from tests.unit.gateway.meetings.mail.test_answers_by_mail import GUEST, Inbox


@pytest.fixture(scope="module")
def imap() -> Iterator[ImapServer]:
    with imap_server() as server:
        yield server


@pytest.fixture
def inbox(mail_process: MailServer, imap: ImapServer, tmp_path: Path) -> Iterator[Inbox]:
    mail_process.manner()
    imap.clear()
    with post(mail_process, tmp_path, meeting_imap_url=imap.url) as office:
        yield Inbox(office)


def mailbox(inbox: Inbox) -> Mailbox:
    """A process that looks, each time a minute later."""
    minutes = count(0, 60)
    return Mailbox(inbox.office.app, inbox.answers, clock=lambda: float(next(minutes)))


def test_what_is_new_is_read_once_and_marked_as_seen(inbox: Inbox, imap: ImapServer) -> None:
    imap.put(samples.gmail(inbox.ours, inbox.uid, GUEST), samples.bounce(inbox.ours, "x@guest.example"))
    reader = mailbox(inbox)
    assert (reader.look(), imap.unseen(), inbox.guest[0]) == (2, 0, "yes")
    assert reader.look() == 0


def test_a_mail_that_is_too_large_is_passed_over_unread(inbox: Inbox, imap: ImapServer) -> None:
    asked = len(inbox.office.bus.asked)
    imap.put(inbox.plain() + b"x" * 1_100_000)
    assert mailbox(inbox).look() == 1
    assert (imap.unseen(), inbox.guest[0]) == (0, "none")
    assert [method for _, method, _ in inbox.office.bus.asked[asked:]] == ["take_mailbox"]


def test_where_the_service_is_away_the_mail_is_read_again(inbox: Inbox, imap: ImapServer) -> None:
    imap.put(inbox.plain())
    bus, reader = inbox.office.bus, mailbox(inbox)
    taken, bus.answers["meetings", "answer_by_mail"] = (
        bus.answers["meetings", "answer_by_mail"],
        Unavailable("meetings"),
    )
    with pytest.raises(Problem):
        reader.look()
    assert imap.unseen() == 1
    bus.answers["meetings", "answer_by_mail"] = taken
    assert (reader.look(), inbox.guest[0]) == (1, "yes")


def test_one_process_has_the_turn_of_a_minute(inbox: Inbox, imap: ImapServer) -> None:
    imap.put(inbox.plain())
    readers = [Mailbox(inbox.office.app, inbox.answers, clock=lambda: 600.0) for _ in range(3)]
    assert [reader.look() for reader in readers] == [1, 0, 0]
    imap.put(inbox.plain(stamp="20260504T020000Z", partstat="DECLINED"))
    later = Mailbox(inbox.office.app, inbox.answers, clock=lambda: 660.0)
    assert (later.look(), inbox.guest[0]) == (1, "no")


def test_a_mailbox_that_is_away_or_refuses_us_is_told(inbox: Inbox, imap: ImapServer) -> None:
    reader = mailbox(inbox)
    settings = inbox.office.app.extensions["oneway.backend"].settings
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"imap://a:b@127.0.0.1:{closed.getsockname()[1]}/INBOX"
    for url in (nobody, imap.url.replace("p%40ss", "wrong"), imap.url.replace("INBOX", "Nowhere")):
        settings.meeting_imap_url = url
        with pytest.raises((Away, OSError, imaplib.IMAP4.error)):
            reader.look()
