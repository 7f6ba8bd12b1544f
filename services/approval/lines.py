"""개인 결재선: the lines somebody keeps for themselves, shown with their people as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update

from services.approval.domain import saved
from services.approval.domain.saved import SavedSteps
from services.approval.models import SavedLine
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid, NotFound

LIMIT = 100
"""Saved lines of one person at the most."""


def every(tx: Tx, ctx: Context) -> list[Any]:
    """The caller's saved lines by name, as rows."""
    columns = (SavedLine.id, SavedLine.name, SavedLine.steps)
    return tx.all(select(*columns).where(SavedLine.person == ctx.person).order_by(SavedLine.name))


def save(tx: Tx, ctx: Context, name: str, steps: SavedSteps) -> str:
    """Keeps a line, in place of the one of the same name; its id. Raises `Invalid` where there are too many."""
    kept = {row.name: row.id for row in every(tx, ctx)}
    line = kept.get(name)
    if line is None:
        if len(kept) >= LIMIT:
            raise Invalid({"name": "too_many"})
        line = tx.new_id()
        tx.insert(SavedLine, id=line, person=ctx.person, name=name, steps=steps)
    else:
        tx.change(update(SavedLine).where(SavedLine.id == line), {"steps": steps})
    tx.audit("approval.line.saved", subject=line, after={"name": name, "people": saved.ids(steps)})
    return line


def remove(tx: Tx, ctx: Context, line: str) -> None:
    """Deletes one of the caller's saved lines. Raises `NotFound`."""
    mine = (SavedLine.id == line, SavedLine.person == ctx.person)
    if tx.execute(delete(SavedLine).where(*mine)).rowcount != 1:
        raise NotFound("line")
    tx.audit("approval.line.deleted", subject=line)


def view(line: str, name: str, steps: SavedSteps, people: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """As `SavedLine`."""
    shown, stale = saved.as_now(steps, people)
    return {"id": line, "name": name, "steps": shown, "stale": stale}
