"""Mail by SMTP: one connection for the messages of a claim."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from gateway.notify import letters
from gateway.notify.carriers import Doc, Outcome, Route, reason, unworded
from shared import log, mailbox
from shared.settings import Settings

# Seconds for each step of a conversation with the mail server.
PATIENCE = 20.0
# Seconds after which a server that was away is tried again, whoever's messages wait.
_REST = 20.0
# A mailbox that is full (5.2.2), and what is a matter of rules (5.7): the address is right all the same.
_NOT_THE_ADDRESS = ("5.2.2", "5.7.")
_log = log.get("notify.mail")


class Away(Exception):
    """The mail server cannot be used now, or not by us: for none of the messages."""


class Mail:
    """The carrier of mails; the server is `settings.smtp_url`."""

    channel = "mail"

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._name, address = parseaddr(settings.mail_from)
        self._from = mailbox.encoded(address)
        self._domain = self._from.rpartition("@")[2]
        self._rests_until = 0.0

    def rests(self) -> float:
        """See `Carrier`."""
        return max(0.0, self._rests_until - time.monotonic())

    def carry(self, route: Route, messages: Sequence[Doc]) -> Iterator[tuple[Doc, Outcome]]:
        """See `Carrier`. Where the server is away, what is left is not tried at all."""
        server: smtplib.SMTP | None = None
        away = ""
        try:
            for message in messages:
                found = self._addressed(route, message)
                if isinstance(found, EmailMessage):
                    try:
                        if not away:
                            server = server or connect(self._settings)
                        found = ("again", away) if away or server is None else self._send(server, found)
                    except (Away, OSError, smtplib.SMTPException) as error:
                        away = reason(error) or type(error).__name__
                        found = ("again", away)
                        self._rests_until = time.monotonic() + _REST
                        _log.warning("mail_server_away", tenant=route.tenant.code, error=away)
                yield message, found
        finally:
            if server:
                with suppress(OSError, smtplib.SMTPException):
                    server.close() if away else server.quit()

    def _addressed(self, route: Route, message: Doc) -> EmailMessage | Outcome:
        """The mail, or why there is none."""
        person = route.addresses.get(message["person"])
        if person is None or not person["active"]:
            return "nobody", "left"
        if not person["email"]:
            return "nobody", "no address"
        if person["email"] == message["bounced"]:
            return "nobody", "the address bounces"
        try:
            letter = letters.mail(route.app, route.settings, route.tenant, message, person["locale"])
        except Exception as error:
            return unworded(message, error)
        try:
            return self._mail(route, message, person, letter)
        except (ValueError, MessageError) as error:
            return "nobody", reason(error)

    def _mail(self, route: Route, message: Doc, person: Doc, letter: letters.Letter) -> EmailMessage:
        """Raises `ValueError` or a `MessageError` for an address that is none."""
        made = EmailMessage(policy.SMTP)
        made["From"] = Address(self._name, addr_spec=self._from)
        made["To"] = Address(person["name"], addr_spec=mailbox.encoded(person["email"]))
        made["Subject"] = letter.subject
        made["Date"] = format_datetime(datetime.fromisoformat(message["made_at"]))
        made["Message-ID"] = f"<{message['id']}.{route.tenant.code}@{self._domain}>"
        if letter.thread:
            made["References"] = f"<{letter.thread}.{route.tenant.code}@{self._domain}>"
        made["List-Unsubscribe"] = f"<{letter.ending}>"
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(letter.text)
        made.add_alternative(letter.html, subtype="html")
        return made

    def _send(self, server: smtplib.SMTP, made: EmailMessage) -> Outcome:
        """What the server says of a mail. Raises `Away` and smtplib's errors where it says nothing of this one."""
        (to,) = made["To"].addresses
        code, said = server.mail(self._from)
        if code != 250:
            # It is our own address that it does not like.
            raise Away(f"{code} {_text(said)}")
        code, said = server.rcpt(to.addr_spec)
        if code not in (250, 251):
            return self._refused(server, code, _text(said), "bounced")
        code, said = server.data(made.as_bytes())
        return ("sent", "") if code == 250 else self._refused(server, code, _text(said), "refused")

    def _refused(self, server: smtplib.SMTP, code: int, said: str, ends: str) -> Outcome:
        if code == 421:
            raise Away(f"{code} {said}")
        with suppress(smtplib.SMTPException, OSError):
            server.rset()
        if code < 500:
            return "again", reason(f"{code} {said}")
        return "refused" if said.startswith(_NOT_THE_ADDRESS) else ends, reason(f"{code} {said}")


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace")


def connect(settings: Settings) -> smtplib.SMTP:
    """A connection to the mail server. Raises `Away`, `OSError` or smtplib's errors."""
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
