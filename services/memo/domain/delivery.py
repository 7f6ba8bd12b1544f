"""A memo with one receiver: its states, and what it puts on the receiver's desk.

| state      | read   | answer     | recall     |
| ---------- | ------ | ---------- | ---------- |
| `waiting`  | `read` | `answered` | `recalled` |
| `read`     |        | `answered` |            |
| `answered` |        | `answered` |            |
| `recalled` |        |            |            |

An answer is a reading as well. What was read stays read: `read_at` is set once, and a recall passes over it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import Conflict, Invalid

WAITING, READ, ANSWERED, RECALLED = "waiting", "read", "answered", "recalled"
# In which of the receiver's lists it lies.
INBOX, SNOOZED, ARCHIVED, GONE = "inbox", "snoozed", "archived", "gone"
# Answers that say something only in words.
_IN_WORDS = ("opinion", "instructed")


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the memo stands with its receiver. `asks`: an answer is asked of them."""

    state: str
    asks: bool
    place: str = INBOX
    unread: bool = True
    read_at: datetime | None = None
    channel: str | None = None
    answer: str | None = None
    text: str = ""
    answered_at: datetime | None = None


def require_there(delivery: Delivery) -> None:
    """Raises `Conflict` for one that was recalled before it was read."""
    if delivery.state == RECALLED:
        raise Conflict("recalled")


def read(delivery: Delivery, channel: str, now: datetime) -> Delivery:
    """With the whole memo before its receiver: a receipt, unless there is one. Raises `Conflict`."""
    require_there(delivery)
    if delivery.state != WAITING:
        return replace(delivery, unread=False)
    return replace(delivery, state=READ, unread=False, read_at=now, channel=channel)


def answered(delivery: Delivery, answer: str, text: str, channel: str, now: datetime) -> Delivery:
    """The delivery with an answer, which counts as reading. Raises `Conflict`, `Invalid` where words are missing."""
    seen = read(delivery, channel, now)
    if answer in _IN_WORDS and not text:
        raise Invalid({"text": "required"})
    return replace(seen, state=ANSWERED, answer=answer, text=text, answered_at=now)


def todo(delivery: Delivery) -> str:
    """What the receiver is to do: `read`, `answer`, or nothing. One that is put off asks nothing meanwhile."""
    if delivery.place in (SNOOZED, GONE):
        return ""
    if delivery.state == WAITING:
        return "read"
    return "answer" if delivery.asks and delivery.state == READ else ""


def may(delivery: Delivery, *, sent: bool, no_forward: bool) -> list[str]:
    """What the receiver may do; `sent`: the memo was not recalled from others."""
    if delivery.state == RECALLED:
        return []
    return ["answer", "comment", "mark", *(["forward"] if sent and not no_forward else [])]
