"""An urgent memo that stays unread goes on: to the deputy, then up the line, never in a circle.

Who it goes to next is the first of the receiver's line that it has not gone to yet. It ends with whoever of them has
read it, with the end of the line, or after `MOST` steps.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

# Minutes, unless the organisation or the memo says otherwise.
DEFAULT = 30
MOST = 3


def line(superiors: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The people above somebody as the directory tells them (`superiors`): the deputy first; an absent head's deputy
    stands for the head."""
    found = [superiors["deputy"]] if superiors.get("deputy") else []
    for head in superiors["heads"]:
        deputy = (head.get("absent") or {}).get("deputy") or head.get("deputy")
        found.append(deputy if head.get("absent") and deputy else head)
    return found


def following(
    candidates: Sequence[Mapping[str, Any]], *, receiver: str, sender: str, gone_to: Collection[str]
) -> Mapping[str, Any] | None:
    """Who of the line is next; neither the receiver nor the sender nor anybody it has gone to. None at the end."""
    if len(gone_to) >= MOST:
        return None
    passed = {receiver, sender, *gone_to}
    return next((person for person in candidates if person["id"] not in passed), None)


def due(at: datetime, minutes: int) -> datetime:
    """When it goes on, from when it came."""
    return at + timedelta(minutes=minutes)
