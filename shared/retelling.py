"""Telling anew (`Retell`): a batch of a service's subjects, in the order of their ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def retold(rows: Sequence[Any], limit: int, key: str = "id") -> dict[str, Any]:
    """What `retell` answers once it has told these rows, of `limit` at the most; `key` is the column of their ids."""
    return {"told": len(rows), "next": getattr(rows[-1], key) if len(rows) == limit else None}
