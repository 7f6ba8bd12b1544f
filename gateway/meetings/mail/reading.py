"""What a mail that came to our address is: an answer, or something that is dropped. Pure; run beside the gateway.

Only the calendar part counts (RFC 6047). What somebody writes in words is not guessed at.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from datetime import datetime
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses
from typing import Any

from shared.calendar import SEOUL
from shared.ical import addresses, itip, lines
from shared.ical.itip import Reply
from shared.ical.reading import MOST_BYTES_OF_ONE, NotACalendarObject

Doc = dict[str, Any]
MARK = "X-Oneway-Letter"
"""The header by which we know a mail of our own that comes back."""
ANSWER = "answer"
# Why a mail is dropped: delivery failed; a program wrote it; it is our own; it has no answer; nobody can read it.
BOUNCED, AUTOMATIC, LOOP, OTHER, UNREADABLE = "bounced", "automatic", "loop", "other", "unreadable"
_MOST_PARTS, _MOST_HOPS = 200, 50
_MOST_ADDRESSES = 50
_MOST_COMMENT = 500
_CALENDARS = ("text/calendar", "application/ics")
_BY_PROGRAMS = ("bulk", "junk", "list", "auto_reply")
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
# Of whose coming nothing is said, or who sends somebody else.
_PARTSTATS = {"ACCEPTED": "ACCEPTED", "DECLINED": "DECLINED", "TENTATIVE": "TENTATIVE", "DELEGATED": "DECLINED"}
_LETTER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CHARSET = re.compile(r"[A-Za-z0-9_.:-]{1,40}")


def read(mail: bytes, envelope: str | None) -> Doc:
    """`{kind, from, to}` and, of an answer, what it says; `envelope` is its sender by SMTP, None where not known."""
    try:
        return _read(mail, envelope)
    except (MessageError, RecursionError, ValueError, LookupError, TypeError, AttributeError):
        # The library's parser stumbles in these ways over what is no mail.
        return {"kind": UNREADABLE, "from": "", "to": []}


def _read(mail: bytes, envelope: str | None) -> Doc:
    made = email.message_from_bytes(mail)
    senders = _addresses(made, "From")
    told = {"from": senders[0] if len(senders) == 1 else "", "to": _addresses(made, *_TO)}
    if made[MARK] is not None or len(made.get_all("Received", ())) > _MOST_HOPS:
        return {**told, "kind": LOOP}
    path = envelope if envelope is not None else _path(made)
    report = made.get_content_type() == "multipart/report"
    if path == "" or (report and str(made.get_param("report-type")).lower() == "delivery-status"):
        return {**told, "kind": BOUNCED, **_bounced(made)}
    reply = _reply(made)
    if report or _is_automatic(made, has_answer=reply is not None):
        return {**told, "kind": AUTOMATIC}
    if reply is None or (reply.partstat not in _PARTSTATS and reply.proposed is None):
        return {**told, "kind": OTHER}
    return {**told, "kind": ANSWER, **_said(reply)}


def _bounced(made: Message) -> Doc:
    """Which of our letters did not arrive for good, and why (RFC 3464); nothing of one that is only late."""
    letter, status, failed = "", "", False
    for number, part in enumerate(made.walk()):
        if number >= _MOST_PARTS:
            break
        failed = failed or str(part["Action"] or "").strip().lower() == "failed"
        status = status or str(part["Status"] or "").strip()[:20]
        head = part
        if part.get_content_type() == "text/rfc822-headers":
            head = email.message_from_bytes(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
        letter = letter or str(head[MARK] or "").strip()
    return {"letter": letter if failed and _LETTER.fullmatch(letter) else "", "status": status}


def _path(made: Message) -> str | None:
    """The sender by SMTP as the mailbox tells it: empty for what is not to be answered; None where it does not."""
    path = made["Return-Path"]
    return None if path is None else str(path).strip().strip("<>").strip()


def _is_automatic(made: Message, *, has_answer: bool) -> bool:
    """Whether a program wrote it (RFC 3834). Google's calendar says so of the answers people give by its buttons."""
    submitted = str(made["Auto-Submitted"] or "no").partition(";")[0].strip().lower()
    if submitted != "no" and not (submitted == "auto-generated" and has_answer):
        return True
    if str(made["Precedence"] or "").strip().lower() in _BY_PROGRAMS:
        return True
    return any(made[name] is not None for name in ("X-Autoreply", "X-Autorespond", "List-Id"))


def _addresses(made: Message, *names: str) -> list[str]:
    headers = [str(value) for name in names for value in made.get_all(name, ())]
    return [address for _, address in getaddresses(headers)[:_MOST_ADDRESSES] if "@" in address]


def _reply(made: Message) -> Reply | None:
    """The first answer in it."""
    for part in _calendars(made):
        try:
            return _with_comment(itip.read_reply(part, or_counter=True), part)
        except NotACalendarObject:
            continue
    return None


def _calendars(made: Message) -> Iterator[bytes]:
    """The calendar parts, in UTF-8. Raises `ValueError` where there are too many parts."""
    for number, part in enumerate(made.walk()):
        if number >= _MOST_PARTS:
            raise ValueError("too many parts")
        if part.get_content_type() not in _CALENDARS or part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and len(content) <= MOST_BYTES_OF_ONE:
            yield _utf8(content, str(part.get_param("charset") or ""))


def _utf8(content: bytes, charset: str) -> bytes:
    """Older Outlooks write in the charset of their Windows."""
    if not _CHARSET.fullmatch(charset) or charset.lower() in ("utf-8", "us-ascii"):
        return content
    return content.decode(charset, "replace").encode()


def _with_comment(reply: Reply, part: bytes) -> Reply:
    """With the note as Google keeps it, where there is no other."""
    if reply.comment:
        return reply
    for top in lines.parse(lines.unfold(part)):
        for node in top.children:
            for line in node.all("ATTENDEE"):
                if note := line.param("X-RESPONSE-COMMENT"):
                    return Reply(**{**vars(reply), "comment": note})
    return reply


def _said(reply: Reply) -> Doc:
    """An answer as the service takes it. Who proposes another time has not agreed to this one."""
    partstat, notes = _PARTSTATS.get(reply.partstat, "TENTATIVE"), []
    if reply.proposed is not None:
        partstat = "TENTATIVE" if partstat == "ACCEPTED" else partstat
        notes.append(f"↔ {_times(*reply.proposed)}")
    notes.append(reply.comment)
    return {
        "uid": reply.uid[:255],
        "rid": re.sub("[-:]", "", reply.rid) or None,
        "sequence": reply.sequence,
        "stamp": reply.stamp.isoformat(),
        "attendee": addresses.bare(reply.attendee),
        "partstat": partstat,
        "comment": _line(" ".join(filter(None, notes))),
    }


def _times(start: Any, end: Any) -> str:
    return "~".join(_time(moment) for moment in (start, end))


def _time(moment: Any) -> str:
    if not isinstance(moment, datetime):
        return f"{moment:%Y-%m-%d}"
    return f"{moment if moment.tzinfo is None else moment.astimezone(SEOUL):%Y-%m-%d %H:%M}"


def _line(text: str) -> str:
    """On one line, without what is no text."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_MOST_COMMENT]
