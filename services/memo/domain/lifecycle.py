"""The states of a memo, and what each lets its sender do.

| state       | send now | send later  | take back | its time comes | recall     |
| ----------- | -------- | ----------- | --------- | -------------- | ---------- |
| `draft`     | `held`   | `scheduled` |           |                |            |
| `scheduled` |          |             | `draft`   | `sent`         |            |
| `held`      |          |             | `draft`   | `sent`         |            |
| `sent`      |          |             |           |                | `recalled` |

A memo that is held waits some seconds before it goes out (undo). `recalled` is the end for whoever had not read it; who
had read it keeps it.
"""

from __future__ import annotations

from shared.contracts.memo import KINDS
from shared.errors import Conflict

DRAFT, SCHEDULED, HELD, SENT, RECALLED, DELETED = "draft", "scheduled", "held", "sent", "recalled", "deleted"
WAITING_TO_GO = (SCHEDULED, HELD)
OUT = (SENT, RECALLED)
# In which of the sender's boxes a memo lies.
SHELVES = {
    DRAFT: "drafts",
    SCHEDULED: "scheduled",
    HELD: "scheduled",
    SENT: "sent",
    RECALLED: "sent",
    DELETED: "deleted",
}
URGENT = "urgent"
assert URGENT in KINDS


def is_urgent(kind: str, urgent: bool) -> bool:
    """A report of an urgent situation (긴급상황보고) is urgent, and any other where its sender says so."""
    return urgent or kind == URGENT


def require_draft(state: str) -> None:
    """Raises `Conflict` unless the memo may still be changed and sent."""
    if state in WAITING_TO_GO:
        raise Conflict("waits-to-be-sent", "take it back first")
    if state in OUT:
        raise Conflict("already-sent")


def require_waiting(state: str) -> None:
    """Raises `Conflict` unless the memo waits to go out and can be taken back."""
    if state in OUT:
        raise Conflict("already-sent")
    if state not in WAITING_TO_GO:
        raise Conflict("not-sent")


def require_sent(state: str) -> None:
    """Raises `Conflict` unless the memo is out and was not recalled."""
    if state == RECALLED:
        raise Conflict("recalled")
    if state != SENT:
        raise Conflict("not-sent")


def may_of_sender(state: str) -> list[str]:
    """What the sender may do with a memo in this state."""
    return {
        DRAFT: ["edit", "send", "delete"],
        SCHEDULED: ["take_back"],
        HELD: ["take_back"],
        SENT: ["recall", "add", "comment", "copy"],
        RECALLED: ["comment", "copy"],
    }[state]
