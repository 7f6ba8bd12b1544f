"""The state machine of an entry. Verification is of a version, never of the entry.

| state               | edit by the writer        | verify     | send back   | admit         |
| ------------------- | ------------------------- | ---------- | ----------- | ------------- |
| `to_verify`         | a version, `to_verify`    | `verified` | `sent_back` | 409           |
| `verified`          | a version, `to_verify`    | 409        | 409         | 409           |
| `sent_back`         | a version, `to_verify`    | 409        | 409         | 409           |
| `awaiting_approval` | a version, the same state | 409        | 409         | `to_verify`   |

In a month that was signed off every new version is `awaiting_approval`. What was verified before stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.errors import Conflict, Forbidden, Invalid, Problem

TO_VERIFY, VERIFIED, SENT_BACK, AWAITING = "to_verify", "verified", "sent_back", "awaiting_approval"
STATES = (TO_VERIFY, VERIFIED, SENT_BACK, AWAITING)
ACTS = ("verify", "send_back", "admit")


class Changed(Conflict):
    """409: somebody decides on a version that is no longer the present one; `changes` says what differs."""

    def __init__(self, seen: int, current: int, changes: list[dict[str, Any]]) -> None:
        super().__init__("other-version", f"version {current} is the present one", current=current)
        self.extra |= {"seen": seen, "changes": changes}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its present version, who wrote it, and what was decided on this version."""

    writer: str
    version: int
    state: str
    decided_by: dict[str, Any] | None = None
    decided_for: dict[str, Any] | None = None
    decided_at: datetime | None = None
    reason: str = ""


def begin(writer: str, *, closed: bool) -> Entry:
    """The first version."""
    return Entry(writer, 1, AWAITING if closed else TO_VERIFY)


def edit(entry: Entry, person: str, *, closed: bool) -> Entry:
    """The next version, to be verified again. Raises `Forbidden` for anybody but the writer."""
    if person != entry.writer:
        raise Forbidden("another's entry")
    waits = closed or entry.state == AWAITING
    return Entry(entry.writer, entry.version + 1, AWAITING if waits else TO_VERIFY)


def decide(
    entry: Entry, act: str, person: dict[str, Any], standing_for: dict[str, Any] | None, reason: str, now: datetime
) -> Entry:
    """The entry after `person` has verified it, sent it back, or admitted it into a closed month.

    `standing_for` is the verifier in whose place a deputy acts. Who wrote it decides nothing on it, in nobody's place,
    and nobody does so in the place of who wrote it: raises `Forbidden`. Raises `Conflict` where the state does not
    allow it, `Invalid` where it is sent back without a reason.
    """
    if entry.writer in {person["id"], (standing_for or person)["id"]}:
        raise Forbidden("one's own entry", "own-entry")
    if act == "send_back" and not reason:
        raise Invalid({"reason": "required"})
    if act == "admit":
        if entry.state != AWAITING:
            raise _refused(entry)
        return replace(entry, state=TO_VERIFY)
    if entry.state != TO_VERIFY:
        raise _refused(entry)
    state = VERIFIED if act == "verify" else SENT_BACK
    by = {"decided_by": person, "decided_for": standing_for, "decided_at": now, "reason": reason}
    return replace(entry, state=state, **by)  # type: ignore[arg-type]  # each has the type of its field


def _refused(entry: Entry) -> Problem:
    """Why it is not to be decided now."""
    if entry.state == VERIFIED:
        return Conflict("already-verified")
    if entry.state == SENT_BACK:
        return Conflict("already-sent-back")
    return Conflict("awaiting-approval") if entry.state == AWAITING else Conflict("not-awaiting-approval")


def acts(entry: Entry, person: str, *, verifies: bool, manages: bool) -> list[str]:
    """What somebody may do with it now."""
    found = ["edit"] if person == entry.writer else []
    if person != entry.writer:
        found += ["verify", "send_back"] if verifies and entry.state == TO_VERIFY else []
        found += ["admit"] if (verifies or manages) and entry.state == AWAITING else []
    return found


def is_counted(state: str) -> bool:
    """Whether an entry in this state counts as filled: in a closed month it does once it was admitted."""
    return state != AWAITING
