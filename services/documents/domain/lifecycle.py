"""The states of a produced document, and what each lets the drafter do.

| state         | submitted     | returned | withdrawn | approved |
| ------------- | ------------- | -------- | --------- | -------- |
| `draft`       | `in_approval` |          |           |          |
| `in_approval` |               | returned | draft     | approved |
| `returned`    | `in_approval` |          |           |          |

`approved` is the end: a change is a new draft that is approved again [Reg 17].
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.errors import Conflict, Unsettled

_AFTER = {"approved": "approved", "returned": "returned", "withdrawn": "draft"}
DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a document stands: its state, the number of its submissions, the last event of its route applied."""

    state: str
    submission: int
    sequence: int


def require_editable(state: str) -> None:
    """Raises `Conflict` unless a drafter may change a document in this state."""
    if state == "in_approval":
        raise Unsettled("in-approval", "withdraw it first")
    if state == "approved":
        raise Conflict("immutable", "a decided document is changed by a new one")


def require_submittable(state: str) -> None:
    """Raises `Conflict` for what has been submitted; it may have been withdrawn or returned a moment ago."""
    if state == "in_approval":
        raise Unsettled("already-submitted", state)
    if state == "approved":
        raise Conflict("already-submitted", state)


def require_deletable(standing: Standing) -> None:
    """Raises `Conflict` unless it was never submitted."""
    require_editable(standing.state)
    if standing.submission:
        raise Conflict("was-submitted", "what was once submitted stays on record")


def after(standing: Standing, told: str, submission: int, sequence: int) -> str | None:
    """The state after the approval service has told of `told`; None where that is old news.

    Events may come again and in any order: only the newest about the present submission has an effect.
    """
    current = standing.state == "in_approval" and submission == standing.submission
    return _AFTER[told] if current and sequence > standing.sequence else None


def is_behind(state: str, told: str | None) -> bool:
    """Whether the approval service has told of an end that is not applied here yet."""
    return state == "in_approval" and told not in (None, "in_approval")


def may(standing: Standing, is_drafter: bool) -> list[str]:
    """What the caller may do with it."""
    if not is_drafter or standing.state not in ("draft", "returned"):
        return []
    return ["edit", "submit", *(["delete"] if standing.submission == 0 else [])]
