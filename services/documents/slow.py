"""What takes long by what a person sent: done here while it is small, in a worker process from some size on.

Measured with the worst of many contents: comparing two bodies of 2,000 characters each takes 70 ms of a core, of
8,000 each 350 ms. `shared/work/bodies.py` cleans.
"""

from __future__ import annotations

from services.documents.domain import compare
from shared.work.pool import Work

_COMPARED_HERE = 1_000
_REDLINE = Work("services.documents.domain.compare:redline", seconds=3)


def redline(left: str, right: str) -> str:
    """What differs between two bodies, as HTML. Raises `Unworkable`, `Unavailable`."""
    small = len(left) + len(right) <= _COMPARED_HERE
    found: str = compare.redline(left, right) if small else _REDLINE(left, right)
    return found
