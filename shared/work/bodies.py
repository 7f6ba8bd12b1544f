"""Bodies as they come in: cleaned here while they are small, in a worker process from some size on.

Measured with the worst of many contents: cleaning 10,000 characters takes 12 ms of a core.
"""

from __future__ import annotations

from shared import body as bodies
from shared.contracts.common import BODY_LIMIT
from shared.errors import TooLarge
from shared.work.pool import Work

_CLEANED_HERE = 10_000
# A body of the greatest size takes 1.2 s of a core that is free.
_ACCEPTED = Work("shared.body:accepted", seconds=10)


def accepted(html: str) -> str:
    """A body as it comes in, cleaned.

    Raises `Invalid` for one nested too deeply, `TooLarge`, `Unworkable`, `Unavailable`.
    """
    cleaned: str = bodies.accepted(html) if len(html) <= _CLEANED_HERE else _ACCEPTED(html)
    if len(cleaned) > BODY_LIMIT:
        raise TooLarge(BODY_LIMIT)
    return cleaned
