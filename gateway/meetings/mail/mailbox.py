"""Answers from a mailbox by IMAP, for where no mail server hands them over: looked into each minute.

Of all gateways one has the turn of a minute: the meetings service of the first tenant gives it. What was read is marked
as seen, and stays for people to look at; a mail that could not be brought to its meeting is read again.
"""

from __future__ import annotations

import imaplib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Flask

from gateway.core import backend, health
from gateway.meetings.mail.answers import MOST_BYTES, Answers
from shared import log
from shared.context import system
from shared.errors import Conflict, Problem
from shared.ids import new_id

_EACH = 60.0
# Seconds for each step of a conversation with the mailbox, and for all of a look.
PATIENCE, _LONGEST = 20.0, 50.0
_AT_ONCE = 200
_log = log.get("meetings.mailbox")


class Away(Exception):
    """The mailbox does not answer as it should."""


class Mailbox:
    """The mailbox of `settings.meeting_imap_url`."""

    def __init__(self, app: Flask, answers: Answers, *, clock: Callable[[], float] = time.time) -> None:
        self._app = app
        self._reached = backend.of(app)
        self._answers = answers
        self._clock = clock
        self._reader = new_id()

    def start(self) -> None:
        """Begins, for as long as the process lives."""
        threading.Thread(target=self._forever, name="answers-imap", daemon=True).start()

    def _forever(self) -> None:
        while True:
            try:
                self.look()
            except (Away, Problem, OSError, imaplib.IMAP4.error) as error:
                _log.warning("mailbox_away", error=type(error).__name__)
            except Exception as error:
                # Whatever it was, the next look is due.
                _log.error("mailbox_failed", exc_info=error)
            time.sleep(_EACH - self._clock() % _EACH)

    def look(self) -> int:
        """Reads what is new where it is this process's turn; how many mails. Raises what stands in the way."""
        if health.is_leaving(self._app) or not self._has_the_turn():
            return 0
        end, count = time.monotonic() + _LONGEST, 0
        with _opened(self._reached.settings.meeting_imap_url) as box:
            for uid in _new(box):
                if time.monotonic() > end:
                    break
                self._read(box, uid)
                _said(box.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
                count += 1
        return count

    def _has_the_turn(self) -> bool:
        tenants = self._reached.registry.active()
        if not tenants:
            return False
        context = replace(system(tenants[0].code), request_id=new_id())
        key = f"mailbox:{int(self._clock() // _EACH)}"
        try:
            asked = {"reader": self._reader}
            self._reached.client.call("meetings", "take_mailbox", context, asked, idempotency_key=key)
        except Conflict:
            return False
        return True

    def _read(self, box: imaplib.IMAP4, uid: str) -> None:
        """Takes one mail. Raises a `Problem` where it is to be read again: all that is left waits with it."""
        size = _found(_said(box.uid("FETCH", uid, "(RFC822.SIZE)")), b"RFC822.SIZE ")
        if size > MOST_BYTES:
            _log.warning("mail_too_large", size=size)
            return
        # One that somebody deleted meanwhile is no mail any more.
        content = next(
            (part[1] for part in _said(box.uid("FETCH", uid, "(BODY.PEEK[])")) if isinstance(part, tuple)), b""
        )
        if content:
            self._answers.take(content, None)


@contextmanager
def _opened(url: str) -> Iterator[imaplib.IMAP4]:
    """The mailbox, open for reading and marking. Raises `Away`, `OSError`, `imaplib.IMAP4.error`."""
    told = urlsplit(url)
    host, secure = told.hostname or "", told.scheme == "imaps"
    box: imaplib.IMAP4
    if secure:
        context = ssl.create_default_context()
        box = imaplib.IMAP4_SSL(host, told.port or 993, timeout=PATIENCE, ssl_context=context)
    else:
        box = imaplib.IMAP4(host, told.port or 143, timeout=PATIENCE)
    try:
        if not secure and "starttls" in parse_qs(told.query, keep_blank_values=True):
            box.starttls(ssl.create_default_context())
        box.login(unquote(told.username or ""), unquote(told.password or ""))
        folder = unquote(told.path.strip("/")) or "INBOX"
        _said(box.select(f'"{folder}"'))
        yield box
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            box.logout()


def _new(box: imaplib.IMAP4) -> list[str]:
    """The UIDs of what nobody has read, oldest first, not too many at once."""
    found = _said(box.uid("SEARCH", "UNSEEN"))
    return [uid.decode() for uid in (found[0] or b"").split()[:_AT_ONCE]]


def _said(answer: tuple[str, list[Any]]) -> list[Any]:
    """What the mailbox answered. Raises `Away` where it refused."""
    status, parts = answer
    if status != "OK":
        raise Away(status)
    return parts


def _found(parts: list[Any], name: bytes) -> int:
    """A number in an answer; 0 where it is not there."""
    text = b" ".join(part[0] if isinstance(part, tuple) else part or b"" for part in parts)
    digits = text.partition(name)[2].split(b")")[0].split(b" ")[0]
    return int(digits) if digits.isdigit() else 0
