"""The mail of a letter, in the shape that Outlook, Gmail and Thunderbird show as an invitation (RFC 6047)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from gateway.meetings.mail.letters import Words
from gateway.meetings.mail.reading import MARK
from shared import mailbox
from shared.calendar import SEOUL
from shared.ical import itip
from shared.ical.content import Attendee, Content, Organizer
from shared.ical.objects import Object

Doc = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a letter comes from: our address for its guest, the organiser's name and own address (or empty)."""

    address: str
    name: str
    own: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that goes with a letter."""

    name: str
    type: str
    content: bytes


def mail(letter: Doc, tenant: str, sender: Sender, words: Words, papers: Iterable[Paper] = ()) -> EmailMessage:
    """The mail: text, page and calendar part as alternatives, then the papers.

    A letter that is sent again has the same Message-ID. Raises `ValueError` or a `MessageError` for an address that
    is none.
    """
    made = EmailMessage(policy.SMTP)
    ours = Address(sender.name, addr_spec=sender.address)
    domain = ours.domain
    made["From"] = ours
    made["Reply-To"] = ours
    made["To"] = Address(letter["name"], addr_spec=mailbox.encoded(letter["address"]))
    made["Subject"] = words.subject
    made["Date"] = format_datetime(datetime.fromisoformat(letter["stamp"]))
    made["Message-ID"] = f"<{letter['id']}.{tenant}@{domain}>"
    made["References"] = f"<{letter['meeting']}.{tenant}@{domain}>"
    # Nobody's absence is to answer it.
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    made[MARK] = letter["id"]
    made.set_content(words.text)
    made.add_alternative(words.html, subtype="html")
    # Without the method here Outlook shows no buttons, and with another than in the calendar Exchange refuses it.
    method = {"method": letter["method"]}
    part = calendar(letter, sender).decode()
    made.add_alternative(part, subtype="calendar", charset="utf-8", cte="base64", params=method)
    made.make_mixed()
    for paper in papers:
        kind, _, subtype = paper.type.partition("/")
        made.add_attachment(paper.content, maintype=kind, subtype=subtype, filename=paper.name)
    return made


def calendar(letter: Doc, sender: Sender) -> bytes:
    """The calendar part of a letter: who is answered is us, at the address that only this guest is told."""
    starts, ends = (datetime.fromisoformat(letter[name]).astimezone(SEOUL) for name in ("starts_at", "ends_at"))
    guests = [{"name": letter["name"], "address": letter["address"]}, *letter["others"]]
    content = Content(
        title=letter["title"],
        start=starts,
        end=ends,
        zone=SEOUL.key,
        place=letter["place"],
        link=letter["link"] or "",
        description=_description(letter),
        organizer=Organizer(sender.address, sender.name, sender.own),
        attendees=tuple(Attendee(guest["address"], guest["name"]) for guest in guests),
        sequence=letter["sequence"],
    )
    stamp = datetime.fromisoformat(letter["stamp"])
    made = Object.new(content, letter["uid"], stamp)
    return itip.message(made, letter["method"], letter["address"], stamp)


def _description(letter: Doc) -> str:
    lines = [letter["purpose"], *(f"{n}. {item['title']}" for n, item in enumerate(letter["agenda"], 1))]
    lines.append(letter["link"] or "")
    return "\n".join(filter(None, lines))
