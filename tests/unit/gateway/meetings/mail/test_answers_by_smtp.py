"""The port that takes answers: for our own addresses, of a size, in time, and so many at once."""

from __future__ import annotations

import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.meetings.mail import listener as module
from gateway.meetings.mail.listener import MOST_CONNECTIONS, Listener
from oneway.servers import free_port
from shared.errors import Unavailable
from tests.support.mailserver import MailServer
from tests.unit.gateway.meetings.mail import samples
from tests.unit.gateway.meetings.mail.post import Post, post
from tests.unit.gateway.meetings.mail.test_answers_by_mail import GUEST, Inbox

ROOT = Path(__file__).parents[5]


@pytest.fixture(scope="module")
def port() -> int:
    return free_port(1)


@pytest.fixture(scope="module")
def listening(mail_process: MailServer, tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[Inbox]:
    """A port that runs for all the tests of this module."""
    mail_process.manner()
    with post(mail_process, tmp_path_factory.mktemp("smtp"), meeting_smtp_port=port) as office:
        inbox = Inbox(office)
        listener = Listener(office.app, inbox.answers)
        listener.start()
        assert listener.listening.wait(10)
        yield inbox


@pytest.fixture
def client(listening: Inbox, port: int) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as found:
        found.ehlo()
        yield found


def test_an_answer_that_the_mail_server_hands_over_is_applied(listening: Inbox, client: smtplib.SMTP) -> None:
    mail = samples.outlook(listening.ours, listening.uid, GUEST)
    assert client.sendmail(GUEST, [listening.ours], mail) == {}
    assert listening.guest[0] == "yes"


def test_a_bounce_without_a_sender_is_taken_and_dropped(listening: Inbox, client: smtplib.SMTP) -> None:
    assert client.sendmail("", [listening.ours], samples.bounce(listening.ours, GUEST)) == {}


@pytest.mark.parametrize(
    "recipient", ["meetings@city.example", "boss@city.example", GUEST, "meetings+town-aaaaaaaaaaaaaaaa@city.example"]
)
def test_nothing_is_taken_for_anybody_else_and_nothing_is_relayed(client: smtplib.SMTP, recipient: str) -> None:
    client.mail(GUEST)
    code, _ = client.rcpt(recipient)
    assert code == 550


def test_twenty_megabytes_are_refused_before_they_are_sent(listening: Inbox, client: smtplib.SMTP) -> None:
    code, _ = client.mail(GUEST, [f"SIZE={20_000_000}"])
    assert code == 552


def test_twenty_megabytes_that_nobody_told_of_end_the_connection(listening: Inbox, port: int) -> None:
    asked = len(listening.office.bus.asked)
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.helo("guest.example")
        client.mail(GUEST)
        client.rcpt(listening.ours)
        with pytest.raises((smtplib.SMTPException, OSError)):
            client.data((b"x" * 76 + b"\r\n") * (20_000_000 // 78))
        client.close()
    assert len(listening.office.bus.asked) == asked


def test_a_mail_a_little_too_large_is_answered(listening: Inbox, client: smtplib.SMTP) -> None:
    client.mail(GUEST)
    client.rcpt(listening.ours)
    code, _ = client.data((b"x" * 76 + b"\r\n") * 20_000)
    assert code == 552


def test_where_the_service_is_away_the_mail_server_is_asked_to_come_again(
    listening: Inbox, client: smtplib.SMTP
) -> None:
    bus = listening.office.bus
    taken, bus.answers["meetings", "answer_by_mail"] = (
        bus.answers["meetings", "answer_by_mail"],
        Unavailable("meetings"),
    )
    try:
        client.mail(GUEST)
        client.rcpt(listening.ours)
        mail = samples.outlook(listening.ours, listening.uid, GUEST, stamp="20260504T020000Z")
        assert client.data(mail)[0] == 451
    finally:
        bus.answers["meetings", "answer_by_mail"] = taken


def test_a_mail_has_few_recipients(listening: Inbox, client: smtplib.SMTP) -> None:
    client.mail(GUEST)
    codes = [client.rcpt(listening.ours)[0] for _ in range(11)]
    assert codes == [250] * 10 + [452]


def test_who_is_too_many_is_sent_away_and_room_comes_back(listening: Inbox, port: int) -> None:
    held = [socket.create_connection(("127.0.0.1", port), 20) for _ in range(MOST_CONNECTIONS)]
    try:
        assert all(each.recv(100).startswith(b"220") for each in held)
        with socket.create_connection(("127.0.0.1", port), 20) as one_more:
            assert one_more.recv(100).startswith(b"421")
            assert one_more.recv(100) == b""
    finally:
        for each in held:
            each.close()
    for _ in range(3):
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
            assert client.noop()[0] == 250


def test_who_says_nothing_and_who_takes_for_ever_are_sent_away(
    listening: Inbox, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("STEP", "LONGEST"):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, 0.3)
            with socket.create_connection(("127.0.0.1", port), 10) as silent:
                assert silent.recv(100).startswith(b"220")
                assert silent.recv(100) == b""


def test_the_second_process_waits_for_the_port(listening: Inbox, office: Post, port: int) -> None:
    second = Listener(office.app, listening.answers)
    second._settings = second._settings.model_copy(update={"meeting_smtp_port": port})
    second.start()
    assert not second.listening.wait(0.5)


_GREEN = """
from gevent import monkey; monkey.patch_all()
import smtplib, sys, threading, time
import gevent
from types import SimpleNamespace
from gateway.meetings.mail.listener import Listener
port, taken, ticks = int(sys.argv[1]), [], []
def take(mail, sender, recipients):
    time.sleep(0.2)
    taken.append(recipients)
    return "applied"
answers = SimpleNamespace(addresses=SimpleNamespace(domain="city.example"), is_for_us=lambda a: True, take=take)
settings = SimpleNamespace(meeting_smtp_host="127.0.0.1", meeting_smtp_port=port)
app = SimpleNamespace(extensions={"oneway.backend": SimpleNamespace(settings=settings)})
listener = Listener(app, answers)
listener.start()
assert listener.listening.wait(10)
def tick():
    while True:
        ticks.append(time.monotonic())
        gevent.sleep(0.01)
gevent.spawn(tick)
def send():
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.sendmail("a@b.example", ["c@city.example"], b"Subject: x\\r\\n\\r\\nx\\r\\n")
gevent.joinall([gevent.spawn(send) for _ in range(4)], raise_error=True)
assert len(taken) == 4, taken
print(max(b - a for a, b in zip(ticks, ticks[1:])))
"""


def test_in_a_green_gateway_requests_go_on_while_answers_are_taken() -> None:
    command = [sys.executable, "-W", "ignore", "-c", _GREEN, str(free_port(1))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.split()[-1]) < 0.2
