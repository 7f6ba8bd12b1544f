"""The mails that people are told by: what each tells of, and whether anything was told twice."""

from __future__ import annotations

import email
import email.policy
import re
from collections import defaultdict
from email.message import EmailMessage
from pathlib import Path

from tests.support.mailserver import MailServer

PUBLIC_URL = "https://oneway.city.example"
# What is told of at once: a document or a memo is on somebody's desk once, so of each there is one mail to each person.
LEVELS = {"approval": {"mail": "now"}, "memo": {"mail": "now"}}
_SUBJECT = re.compile(rf"{re.escape(PUBLIC_URL)}/(?:documents|memos)/([0-9a-f-]{{36}})")


class Mailbox:
    """All mails since the beginning of the run. A mail that came twice under one id is one: mail programs show it once.

    That happens where a courier ends between sending and saying so (services/notify/README.md).
    """

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._seen: set[Path] = set()
        self._told: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    @property
    def settings(self) -> dict[str, str]:
        """What a system sends by."""
        sender = "한빛시 <no-reply@city.example>"
        return {"ONEWAY_SMTP_URL": self._server.url, "ONEWAY_MAIL_FROM": sender, "ONEWAY_PUBLIC_URL": PUBLIC_URL}

    def told(self) -> dict[tuple[str, str], set[str]]:
        """The ids of the mails by whom they told of what."""
        for path in set(self._server.directory.glob("*.eml")) - self._seen:
            self._seen.add(path)
            self._take(email.message_from_bytes(path.read_bytes(), policy=email.policy.default))
        return self._told

    def of(self, person: str, subject: str) -> set[str]:
        """The ids of the mails by which the person of this login and organisation (`login@code`) was told of this."""
        return self.told().get((f"{person}.example", subject), set())

    def _take(self, mail: EmailMessage) -> None:
        text = mail.get_body(("plain",))
        assert text is not None
        for subject in set(_SUBJECT.findall(text.get_content())):
            self._told[str(mail["X-To"]), subject].add(str(mail["Message-ID"]))
