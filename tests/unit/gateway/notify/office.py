"""The notification service behind the gateway's couriers, with people whose addresses the directory knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from flask import Flask

from gateway.core import backend
from gateway.notify.carriers import Carrier
from gateway.notify.courier import Courier
from gateway.notify.mail import Mail
from gateway.notify.push import Push
from services.notify.service import NotifyService
from shared.context import Context
from shared.settings import Settings
from shared.testing import LocalService
from tests.support.mailserver import MailServer
from tests.support.pushserver import VAPID_KEY, Browser, PushServer
from tests.unit.gateway.fake import FakeClient, application
from tests.unit.notify import cast
from tests.unit.notify.cast import AT_ONCE, ME, MONDAY, OTHER

Doc = dict[str, Any]
PUBLIC_URL = "https://oneway.city.example"


class Ended(Exception):
    """The courier's process ended here."""


@dataclass
class Office:
    """Two people: I read Korean, the other one English."""

    app: Flask
    service: LocalService
    bus: FakeClient
    pushes: PushServer
    addresses: dict[str, Doc] = field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        return backend.of(self.app).settings

    def carry(self, carrier: Carrier | None = None) -> None:
        """One round of a courier, of mails unless told."""
        Courier(self.app, carrier or Mail(self.settings), sleep=lambda _: None).round()

    def push(self) -> None:
        self.carry(Push(self.settings))

    def ends_before_reporting(self, carrier: Carrier | None = None) -> None:
        """A courier whose process ends when a message was sent and not yet reported."""
        taken = self.bus.answers.pop(("notify", "report"))

        def end(context: Context, data: Doc) -> Doc:
            raise Ended

        self.bus.answers["notify", "report"] = end
        try:
            self.carry(carrier)
        except Ended:
            pass
        finally:
            self.bus.answers["notify", "report"] = taken

    def waits(self, *people: Context, **changes: Any) -> str:
        return cast.waits(self.service, *people, **changes)

    def browser(self, who: Context = ME) -> Browser:
        """A browser of somebody that has subscribed."""
        found = self.pushes.browser()
        self.service.call("subscribe", who, {**found.subscription, "name": "휴대폰"})
        return found

    def later(self, **by: float) -> None:
        self.service.now += timedelta(**by)


@contextmanager
def office(mails: MailServer, pushes: PushServer, directory: Path) -> Iterator[Office]:
    bus = FakeClient()
    settings = {"smtp_url": mails.url, "mail_from": "한빛시 <no-reply@city.example>", "public_url": PUBLIC_URL}
    app = application(bus, directory, vapid_key=VAPID_KEY, push_hosts="http://127.0.0.1:*", **settings)
    with LocalService(NotifyService) as service:
        service.now = MONDAY
        found = Office(app, service, bus, pushes)
        people = {ME: ("hong@city.example", "ko"), OTHER: ("kim@city.example", "en")}
        for who, (email, locale) in people.items():
            cast.set_(service, AT_ONCE, who)
            found.addresses[who.person] = {"name": who.name, "email": email, "locale": locale, "active": True}

        def of(method: str) -> Any:
            return lambda context, data: orjson.loads(service.answer(method, context, data))

        bus.answers["directory", "addresses"] = lambda context, data: {i: found.addresses[i] for i in data["ids"]}
        for method in ("claim", "report", "unsubscribe"):
            bus.answers["notify", method] = of(method)
        pushes.public_key = Push(found.settings).public_key
        yield found
