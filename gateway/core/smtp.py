"""Mails over the installation's mail server (`settings.smtp_url`): one connection for those of a claim."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qs, unquote, urlsplit

from shared import log
from shared.settings import Settings

Outcome = tuple[str, str]
"""`sent`, `again`, `bounced` (the address is refused for good), `refused` (this mail is); and why."""
REASON = 200
# Seconds for each step of a conversation with the mail server.
PATIENCE = 20.0
# Seconds after which a server that was away is tried again, whoever's mails wait.
_REST = 20.0
# A mailbox that is full (5.2.2), and what is a matter of rules (5.7): the address is right all the same.
_NOT_THE_ADDRESS = ("5.2.2", "5.7.")
_log = log.get("smtp")


class Away(Exception):
    """The mail server cannot be used now, or not by us: for none of the mails."""


class Server:
    """The mail server, which rests for a while after it was away."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._rests_until = 0.0

    def rests(self) -> float:
        """Seconds for which nothing is to be claimed, as the server is away."""
        return max(0.0, self._rests_until - time.monotonic())

    @contextmanager
    def conversation(self) -> Iterator[Conversation]:
        """A connection, made with the first mail and closed at the end."""
        found = Conversation(self, self._settings)
        try:
            yield found
        finally:
            found.close()

    def rest(self) -> None:
        """The server was away a moment ago."""
        self._rests_until = time.monotonic() + _REST


class Conversation:
    """Mails by one connection. Where the server is away, what is left is not tried at all."""

    def __init__(self, owner: Server, settings: Settings) -> None:
        self._owner = owner
        self._settings = settings
        self._server: smtplib.SMTP | None = None
        self._away = ""

    def send(self, sender: str, to: str, mail: bytes) -> Outcome:
        """What comes of a mail to one address."""
        if self._away:
            return "again", self._away
        try:
            self._server = self._server or connect(self._settings)
            return _send(self._server, sender, to, mail)
        except (Away, OSError, smtplib.SMTPException) as error:
            self._away = reason(error) or type(error).__name__
            self._owner.rest()
            _log.warning("mail_server_away", error=self._away)
            return "again", self._away

    def close(self) -> None:
        """Ends it."""
        if self._server:
            with suppress(OSError, smtplib.SMTPException):
                self._server.close() if self._away else self._server.quit()


def _send(server: smtplib.SMTP, sender: str, to: str, mail: bytes) -> Outcome:
    """What the server says of a mail. Raises `Away` and smtplib's errors where it says nothing of this one."""
    code, said = server.mail(sender)
    if code != 250:
        # It is our own address that it does not like.
        raise Away(f"{code} {_text(said)}")
    code, said = server.rcpt(to)
    if code not in (250, 251):
        return _refused(server, code, _text(said), "bounced")
    code, said = server.data(mail)
    return ("sent", "") if code == 250 else _refused(server, code, _text(said), "refused")


def _refused(server: smtplib.SMTP, code: int, said: str, ends: str) -> Outcome:
    if code == 421:
        raise Away(f"{code} {said}")
    with suppress(smtplib.SMTPException, OSError):
        server.rset()
    if code < 500:
        return "again", reason(f"{code} {said}")
    return "refused" if said.startswith(_NOT_THE_ADDRESS) else ends, reason(f"{code} {said}")


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace")


def reason(words: object) -> str:
    """A reason as it is kept: one line, without what may be an address."""
    return " ".join(part for part in str(words).split() if "@" not in part)[:REASON]


def connect(settings: Settings) -> smtplib.SMTP:
    """A connection to the mail server. Raises `OSError` or smtplib's errors."""
    url = urlsplit(settings.smtp_url)
    host, port = url.hostname or "", url.port or (465 if url.scheme == "smtps" else 25)
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port, timeout=PATIENCE)
    try:
        if "starttls" in parse_qs(url.query, keep_blank_values=True):
            server.starttls(context=ssl.create_default_context())
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server
