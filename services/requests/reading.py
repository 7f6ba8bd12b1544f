"""Who may read a request: who is on it, the departments that do it, and who may read what it lies within."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from services.requests import rows
from services.requests.domain import tree
from services.requests.models import AUDIENCE
from services.requests.models import Request as Row
from services.requests.rows import Kept
from shared import audience
from shared.context import Context
from shared.db import Tx
from shared.errors import NotFound

_PLACE = select(Row.id, Row.parent, Row.title).where(Row.id == bindparam("id"))


def above(tx: Tx, id_: str | None) -> list[Any]:
    """What a request lies within, itself first: rows of `id`, `parent`, `title`; each once, whatever the data say."""

    def find(id_: str | None) -> Any:
        return tx.execute(_PLACE, {"id": id_}).first() if id_ else None

    found, _ = tree.climbed(find(id_), lambda row: find(row.parent), lambda row: str(row.id))
    return found


def may_read(tx: Tx, ctx: Context, id_: str) -> bool:
    """Whether the caller may read a request."""
    readable = audience.readable(AUDIENCE, Row.id, ctx)
    if tx.scalar(select(Row.id).where(Row.id == id_, readable)):
        return True
    higher = [row.id for row in above(tx, id_)[1:]]
    return bool(higher and tx.scalar(select(Row.id).where(Row.id.in_(higher), readable).limit(1)))


def opened(tx: Tx, ctx: Context, id_: str, *, lock: bool = False) -> Kept:
    """A request the caller may read. Raises `NotFound` for who may not: nobody hears that there is one."""
    kept = rows.found(tx, id_, lock=lock)
    if not may_read(tx, ctx, id_):
        raise NotFound("request")
    return kept
