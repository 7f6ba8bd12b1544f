"""The courier of letters to guests: claims what is due, sends each as a mail of its own, and reports what came of it.

Each gateway process has one where mail is set up: the service gives a letter to one of them at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from email.errors import MessageError
from email.message import EmailMessage
from typing import Any

from flask import Flask

from gateway.core import backend, rounds
from gateway.core.rounds import Rounds
from gateway.core.smtp import Outcome, Server, reason
from gateway.meetings.mail import envelopes, letters
from gateway.meetings.mail.addresses import Addresses
from gateway.meetings.mail.envelopes import Paper, Sender
from shared import log
from shared.context import Context, system
from shared.contracts.meetings import TOPIC
from shared.ids import new_id
from shared.storage import Damaged
from shared.tenants import Tenant

Doc = Mapping[str, Any]
# Letters of one claim, the seconds nobody else sends them, and claims of one tenant before the next has its turn.
_AT_ONCE, _LEASE, _IN_A_ROW = 10, 300, 10
_log = log.get("meetings.courier")


class Courier:
    """Sends the letters of all tenants. Raises `ValueError` where our address is none."""

    def __init__(self, app: Flask, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._app = app
        self._reached = backend.of(app)
        self._addresses = Addresses(self._reached.settings)
        self._server = Server(self._reached.settings)
        self._sleep = sleep
        self.rounds = Rounds(app, "meetings", TOPIC, self._serve, rests=self._server.rests, sleep=sleep)

    def _serve(self, tenant: Tenant) -> float:
        """Sends what is due in one tenant; seconds until its next letter is."""
        context = replace(system(tenant.code), request_id=new_id())
        asked = {"limit": _AT_ONCE, "lease": _LEASE}
        for _ in range(_IN_A_ROW):
            found = self._reached.client.call("meetings", "claim_letters", context, asked)
            if not found["items"]:
                return rounds.until(found["next"])
            for letter, outcome in self._sent(tenant, context, found["items"]):
                # Each by itself: a process that ends repeats one letter, and not all of a claim.
                self._report(context, letter, outcome)
            if self._server.rests():
                break
        return rounds.SHORTEST

    def _sent(self, tenant: Tenant, context: Context, items: list[Doc]) -> Iterator[tuple[Doc, Outcome]]:
        people = {"ids": sorted({letter["organiser"]["id"] for letter in items})}
        known = self._reached.client.call("directory", "addresses", context, people, repeatable=True)
        with self._server.conversation() as conversation:
            for letter in items:
                found = self._mail(tenant, letter, known.get(letter["organiser"]["id"], {}))
                if isinstance(found, EmailMessage):
                    (ours,), (to,) = found["From"].addresses, found["To"].addresses
                    # What cannot be delivered comes back to where answers do.
                    found = conversation.send(ours.addr_spec, to.addr_spec, found.as_bytes())
                yield letter, found

    def _mail(self, tenant: Tenant, letter: Doc, organiser: Doc) -> EmailMessage | Outcome:
        """The mail of a letter, or why there is none."""
        if self._addresses.is_ours(letter["address"]):
            return "refused", "our own address"
        try:
            name = f"{letter['organiser']['name']} ({tenant.name})"
            address = self._addresses.of(tenant.code, letter["uid"], letter["address"])
            papers = self._papers(tenant, letter)
            words = letters.written(self._app, tenant, letter, attached=len(papers))
            sender = Sender(address, name, organiser.get("email", ""))
            return envelopes.mail(letter, tenant.code, sender, words, papers)
        except (ValueError, MessageError) as error:
            return "refused", reason(error) or type(error).__name__
        except Exception as error:
            # A defect of ours, or the store is away: it is to hold up no other letter.
            _log.error("letter_unwritten", letter=letter["id"], exc_info=error)
            return "again", type(error).__name__

    def _papers(self, tenant: Tenant, letter: Doc) -> list[Paper]:
        """The papers that go with it: as many, in their order, as the setting lets out; none that is damaged."""
        left, found = self._reached.settings.meeting_papers, list[Paper]()
        for paper in letter["papers"]:
            if paper["size"] > left:
                continue
            try:
                content = b"".join(self._reached.store.read(tenant.code, paper["object"]))
            except Damaged as error:
                _log.error("paper_damaged", letter=letter["id"], exc_info=error)
                continue
            left -= paper["size"]
            found.append(Paper(paper["name"], paper["type"], content))
        return found

    def _report(self, context: Context, letter: Doc, outcome: Outcome) -> None:
        said = "refused" if outcome[0] == "bounced" else outcome[0]
        result = {"id": letter["id"], "lease": letter["lease"], "outcome": said, "reason": outcome[1]}

        def tell() -> None:
            # The service takes what was signed a moment ago.
            signed = replace(context, request_id=new_id())
            report = {"courier": "gateway", "results": [result]}
            self._reached.client.call("meetings", "report_letters", signed, report, repeatable=True)

        rounds.insist(tell, self._sleep)
