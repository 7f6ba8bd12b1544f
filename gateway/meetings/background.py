"""What a gateway process does for meetings beside its requests: letters to guests out, their answers in."""

from __future__ import annotations

from flask import Flask

from gateway.core import backend
from gateway.meetings.mail.answers import Answers
from gateway.meetings.mail.courier import Courier
from gateway.meetings.mail.listener import Listener
from gateway.meetings.mail.mailbox import Mailbox
from shared import log


def start(app: Flask) -> None:
    """Begins what is set up: nothing without an address to which guests answer."""
    settings = backend.of(app).settings
    if not settings.meeting_address:
        return
    try:
        answers = Answers(app)
    except ValueError as error:
        log.get("meetings").error("meeting_address_unusable", error=str(error))
        return
    if settings.smtp_url:
        Courier(app).rounds.start()
    if settings.meeting_smtp_port:
        Listener(app, answers).start()
    if settings.meeting_imap_url:
        Mailbox(app, answers).start()
