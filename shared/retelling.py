"""Telling anew (`Retell`): a batch of a service's subjects, in the order of their ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.db import Tx
from shared.errors import Invalid

Teller = Callable[[Tx, str | None, int], dict[str, Any]]
"""Tells of a batch: those after an id, so many at the most."""


def retell(tx: Tx, asked: Mapping[str, Any], tellers: Mapping[str, Teller]) -> dict[str, Any]:
    """Tells anew of what is asked for. Raises `Invalid` for a `what` that the service tells nothing of."""
    teller = tellers.get(asked["what"])
    if teller is None:
        raise Invalid({"what": "not_a_choice"})
    return teller(tx, asked["after"], asked["limit"])


def retold(rows: Sequence[Any], limit: int, key: str = "id") -> dict[str, Any]:
    """What `retell` answers once it has told these rows, of `limit` at the most; `key` is the column of their ids."""
    return {"told": len(rows), "next": getattr(rows[-1], key) if len(rows) == limit else None}
