"""The meetings service behind the gateway's courier of letters, with guests whose mail server is a real one."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from flask import Flask
from icalendar import Calendar

from gateway.core import backend
from gateway.meetings.mail.courier import Courier
from services.meetings.service import MeetingsService
from shared.context import Context
from shared.testing import TENANT, LocalService
from tests.support.mailserver import MailServer
from tests.unit.gateway.fake import FakeClient, application
from tests.unit.meetings.cast import Doc, Town

HANA = {"name": "김하나", "email": "kim.hana@guest.example"}
DURI = {"name": "박두리", "email": "duri@guest.example"}
ADDRESS = "meetings@city.example"
BOSS = "boss@city.example"


class Ended(Exception):
    """The courier's process ended here."""


@dataclass
class Post:
    """The way from the service to the guests and back."""

    app: Flask
    town: Town
    bus: FakeClient
    server: MailServer

    def carry(self) -> None:
        """One round of a courier."""
        Courier(self.app, sleep=lambda _: None).rounds.round()

    def carried(self) -> list[EmailMessage]:
        """What came to the guests by one round."""
        self.server.clear()
        self.carry()
        return self.server.mails

    def ends_before_reporting(self) -> None:
        """A courier whose process ends when a letter was sent and not yet reported."""
        taken = self.bus.answers.pop(("meetings", "report_letters"))

        def end(context: Context, data: Doc) -> Doc:
            raise Ended

        self.bus.answers["meetings", "report_letters"] = end
        try:
            self.carry()
        except Ended:
            pass
        finally:
            self.bus.answers["meetings", "report_letters"] = taken

    def later(self, **by: float) -> None:
        self.town.service.now += timedelta(**by)

    def paper(self, made: Doc, content: bytes, name: str = "예산안.pdf") -> None:
        """A paper of the first agenda item, as it was uploaded."""
        item, who = self.town.card(made)["agenda"][0]["id"], self.town.as_(self.town.boss)
        asked = {"id": item, "name": name, "size": len(content)}
        ticket = self.town.service.call("begin_file", who, asked)
        backend.of(self.app).store.write(TENANT, ticket["object"], iter([content]), ticket["limit"])
        told = {"size": len(content), "sha256": sha256(content).hexdigest(), "head": b64encode(content[:512]).decode()}
        self.town.service.call("complete_file", who, {"id": item, "file": ticket["file"], "name": name, **told})

    def guest(self, made: Doc, name: str = "김하나") -> Doc:
        return dict(next(each for each in self.town.card(made)["guests"] if each["name"] == name))


@contextmanager
def post(server: MailServer, directory: Path, **changes: Any) -> Iterator[Post]:
    """A post office; `changes` are of the settings."""
    bus = FakeClient()
    settings = {"smtp_url": server.url, "meeting_address": ADDRESS, "meeting_papers": 100_000, **changes}
    app = application(bus, directory, **settings)
    with LocalService(MeetingsService) as service:
        town = Town(service)

        def of(method: str) -> Any:
            def answer(context: Context, data: Doc) -> Any:
                key = bus.keys[-1]
                return orjson.loads(service.answer(method, context, data, key))

            return answer

        mine = {"name": "한과장", "email": BOSS, "locale": "ko", "active": True}
        bus.answers["directory", "addresses"] = lambda context, data: {town.boss["id"]: mine}
        for method in ("claim_letters", "report_letters", "answer_by_mail", "take_mailbox", "bounce_letter"):
            bus.answers["meetings", method] = of(method)
        yield Post(app, town, bus, server)


# -- what arrives -----------------------------------------------------------------------------------


def calendar_part(made: EmailMessage) -> EmailMessage:
    """The calendar part of a mail."""
    return next(part for part in made.walk() if part.get_content_type() == "text/calendar")


def calendar_bytes(made: EmailMessage) -> bytes:
    content = calendar_part(made).get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def event_of(made: EmailMessage) -> Any:
    """The event in a mail, as another program reads it."""
    (event,) = Calendar.from_ical(calendar_bytes(made)).walk("VEVENT")
    return event


def text_of(made: EmailMessage, kind: str = "plain") -> str:
    part = made.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def ours(made: EmailMessage) -> str:
    """The address that the guest of a mail answers to."""
    return re.sub("^mailto:", "", str(event_of(made)["ORGANIZER"]), flags=re.IGNORECASE)
