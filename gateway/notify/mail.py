"""Mail by SMTP: one connection for the messages of a claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from gateway.core.smtp import Server
from gateway.notify import letters
from gateway.notify.carriers import Doc, Outcome, Route, reason, unworded
from shared import mailbox
from shared.settings import Settings


class Mail:
    """The carrier of mails; the server is `settings.smtp_url`."""

    channel = "mail"

    def __init__(self, settings: Settings) -> None:
        self._name, address = parseaddr(settings.mail_from)
        self._from = mailbox.encoded(address)
        self._domain = self._from.rpartition("@")[2]
        self._server = Server(settings)

    def rests(self) -> float:
        """See `Carrier`."""
        return self._server.rests()

    def carry(self, route: Route, messages: Sequence[Doc]) -> Iterator[tuple[Doc, Outcome]]:
        """See `Carrier`. Where the server is away, what is left is not tried at all."""
        with self._server.conversation() as conversation:
            for message in messages:
                found = self._addressed(route, message)
                if isinstance(found, EmailMessage):
                    (to,) = found["To"].addresses
                    found = conversation.send(self._from, to.addr_spec, found.as_bytes())
                yield message, found

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
