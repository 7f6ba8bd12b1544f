"""What takes long by what a person sent: done here while it is small, in a worker process from some size on.

Measured with the worst of many contents: cleaning 10,000 characters takes 12 ms of a core, comparing two bodies of
2,000 each 70 ms, of 8,000 each 350 ms.
"""

from __future__ import annotations

from services.documents.domain import body as bodies
from services.documents.domain import compare
from shared.contracts.common import BODY_LIMIT
from shared.errors import TooLarge
from shared.work.pool import Work

_CLEANED_HERE, _COMPARED_HERE = 10_000, 1_000
# A body of the greatest size takes 1.2 s of a core that is free.
_ACCEPTED = Work("services.documents.domain.body:accepted", seconds=10)
_REDLINE = Work("services.documents.domain.compare:redline", seconds=3)


def accepted(html: str) -> str:
    """A body as it comes in, cleaned.

    Raises `Invalid` for one nested too deeply, `TooLarge`, `Unworkable`, `Unavailable`.
    """
    cleaned: str = bodies.accepted(html) if len(html) <= _CLEANED_HERE else _ACCEPTED(html)
    if len(cleaned) > BODY_LIMIT:
        raise TooLarge(BODY_LIMIT)
    return cleaned


def redline(left: str, right: str) -> str:
    """What differs between two bodies, as HTML. Raises `Unworkable`, `Unavailable`."""
    small = len(left) + len(right) <= _COMPARED_HERE
    found: str = compare.redline(left, right) if small else _REDLINE(left, right)
    return found
