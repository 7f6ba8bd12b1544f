"""Answers that came by mail, whichever way: each is brought to the meeting it is for, and nothing is ever sent back."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import orjson
from flask import Flask
from prometheus_client import Counter

from gateway.core import backend
from gateway.meetings.mail import reading
from gateway.meetings.mail.addresses import Addresses, one_form
from shared import log
from shared.context import system
from shared.errors import NotFound, Problem, Unworkable
from shared.ids import new_id
from shared.work.pool import Work
from shared.work.process import Failed

Doc = dict[str, Any]
MOST_BYTES = 1_000_000
# At once: a mail that takes long is to hold up few others.
_AT_ONCE = 4
_READ = Work("gateway.meetings.mail.reading:read", seconds=5)
_log = log.get("meetings.answers")
MAILS = Counter(
    "oneway_meeting_mails_total",
    "Mails that came to the address of meetings, by what became of them",
    ["outcome"],
)
OUTCOMES = (
    *("applied", "outdated", "held", "unknown"),
    *(reading.BOUNCED, reading.AUTOMATIC, reading.LOOP, reading.OTHER, reading.UNREADABLE),
)
for _outcome in OUTCOMES:
    MAILS.labels(_outcome)


class Answers:
    """What takes mails. Raises `ValueError` where our address is none."""

    def __init__(self, app: Flask) -> None:
        self._reached = backend.of(app)
        self.addresses = Addresses(self._reached.settings)
        self._turns = threading.Semaphore(_AT_ONCE)

    def is_for_us(self, recipient: str) -> bool:
        """Whether a mail to this address may be an answer: it is told to a guest of a tenant that there is."""
        told = self.addresses.read(recipient)
        if told is None:
            return False
        try:
            self._reached.registry.get(told.tenant)
        except NotFound:
            return False
        return True

    def take(self, mail: bytes, envelope: str | None, recipients: Iterable[str] = ()) -> str:
        """What became of a mail. `recipients` are those by SMTP; without them its header has them.

        Raises a `Problem` (500 or more) where the service cannot take it now: the mail is to come again.
        """
        with self._turns:
            outcome = self._taken(mail, envelope, list(recipients))
        MAILS.labels(outcome).inc()
        return outcome

    def _taken(self, mail: bytes, envelope: str | None, recipients: list[str]) -> str:
        if len(mail) > MOST_BYTES:
            return reading.UNREADABLE
        try:
            found: Doc = _READ(mail, envelope)
        except (Unworkable, Failed) as error:
            _log.warning("mail_unreadable", error=str(error))
            return reading.UNREADABLE
        ours = next((each for each in recipients or found["to"] if self.is_for_us(each)), None)
        if found["kind"] == reading.BOUNCED and found["letter"] and ours:
            self._came_back(found, ours)
        if found["kind"] != reading.ANSWER:
            return str(found["kind"])
        if self.addresses.is_ours(found["from"]):
            return reading.LOOP
        return self._brought(found, ours) if ours else reading.OTHER

    def _came_back(self, found: Doc, ours: str) -> None:
        """Tells that a letter did not arrive. Its id is known to nobody but its guest, and who carried it."""
        told = self.addresses.read(ours)
        assert told is not None
        context = replace(system(told.tenant), request_id=new_id())
        said = {"id": found["letter"], "reason": f"bounced {found['status']}".strip()}
        self._reached.client.call("meetings", "bounce_letter", context, said, repeatable=True)

    def _brought(self, found: Doc, ours: str) -> str:
        """Brings an answer to its meeting. It counts only where sender, attendee and our address say the same guest."""
        told = self.addresses.read(ours)
        assert told is not None
        said = {name: found[name] for name in ("uid", "rid", "sequence", "stamp", "partstat", "comment")}
        sure = one_form(found["from"]) == one_form(found["attendee"])
        sure = sure and self.addresses.proves(told, found["uid"], found["attendee"])
        said |= {"address": found["attendee"] if sure else found["from"] or found["attendee"], "sure": sure}
        # The same answer that comes by two ways, or twice, is one.
        key = hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
        context = replace(system(told.tenant), request_id=new_id())
        call = self._reached.client.call
        try:
            taken = call("meetings", "answer_by_mail", context, said, idempotency_key=f"mail:{key}")
        except Problem as problem:
            if problem.status >= 500:
                raise
            _log.warning("mail_refused", tenant=told.tenant, problem=problem.slug)
            return reading.UNREADABLE
        return str(taken["outcome"])
