"""Requests within requests: moved without a circle, also by two at once, and shown as a tree."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from services.requests import keeping, reading, rows
from services.requests.domain import due as dues
from services.requests.domain import extensions, tree
from services.requests.domain.acts import holder
from services.requests.domain.due import Due
from services.requests.domain.request import LATE_STATES, Moved, Who
from services.requests.models import Request as Row
from services.requests.models import TreeLock
from services.requests.rows import Kept
from shared.context import Context
from shared.contracts.requests import TREE_LIMIT
from shared.db import Tx
from shared.errors import Conflict, Forbidden, Invalid
from shared.progress import percent

_THE = 1
_NODE = (Row.id, Row.parent, Row.title, Row.state, Row.weight, Row.progress, Row.due_at, Row.whole_day)
_WITHIN = (
    select(*_NODE)
    .where(Row.parent.in_(bindparam("ids", expanding=True)))
    .order_by(Row.parent, Row.id)
    .limit(bindparam("most"))
)
_DUE = select(Row.due_at, Row.whole_day).where(Row.id == bindparam("id"))


def require_room(tx: Tx, parent: str) -> None:
    """That one more level fits below a request. Raises `Invalid` (`too_deep`)."""
    if len(reading.above(tx, parent)) >= tree.DEPTH:
        raise Invalid({"parent": "too_deep"})


def due_of(tx: Tx, id_: str) -> Due | None:
    """The due date of a request that another lies within."""
    row = tx.execute(_DUE, {"id": id_}).first()
    return rows.due(row.due_at, row.whole_day) if row else None


def move(tx: Tx, ctx: Context, data: dict[str, Any]) -> Kept:
    """Puts a request below another. Raises `Conflict` (`circle`, with the path), `Invalid`, `Forbidden`.

    Moves follow each other: each sees what the one before has done.
    """
    tx.insert_new(TreeLock, id=_THE)
    tx.one(select(TreeLock.id).where(TreeLock.id == _THE).with_for_update())
    kept = reading.opened(tx, ctx, data["id"], lock=True)
    keeping.require_version(kept, data["version"])
    who = Who(ctx.person_ref, ctx.roles)
    parent = data["parent"]
    if not kept.request.is_asked_by(who):
        raise Forbidden("not who asked")
    if parent is not None:
        _require_place(tx, ctx, kept, parent, who)
    if (parent, data["weight"]) == (kept.row["parent"], kept.row["weight"]):
        return kept
    detail = {"parent": parent, "weight": data["weight"]}
    return keeping.save(tx, ctx, kept, Moved(kept.request, "moved", detail), parent=parent, weight=data["weight"])


def _require_place(tx: Tx, ctx: Context, kept: Kept, parent: str, who: Who) -> None:
    above = reading.opened(tx, ctx, parent).request
    higher = [(row.id, row.title) for row in reading.above(tx, parent)]
    tree.require_place((kept.request.id, kept.row["title"]), higher, _height(tx, kept.request.id))
    if not above.is_asked_by(who) and above.held_by(who) is None:
        raise Forbidden("not on it")
    if above.is_finished:
        raise Conflict("finished", state=above.state)
    extensions.require_within(kept.request.due, above.due)


def _height(tx: Tx, id_: str) -> int:
    """How many levels hang together from a request on downwards, as far as it matters."""
    levels, here, seen = 1, [id_], {id_}
    while levels <= tree.DEPTH:
        found = tx.execute(_WITHIN, {"ids": here, "most": TREE_LIMIT}).all()
        here = [row.id for row in found if row.id not in seen]
        if not here:
            break
        seen.update(here)
        levels += 1
    return levels


def shown(tx: Tx, ctx: Context, id_: str) -> dict[str, Any]:
    """What lies below a request, as `TreeView`: whoever may read the whole sees how far its parts are."""
    reading.opened(tx, ctx, id_)
    below: dict[str, list[tuple[int, Any]]] = {}
    count, here, seen, cut, depth = 0, [id_], {id_}, False, 0
    while here and depth <= tree.DEPTH and not cut:
        depth += 1
        found = tx.execute(_WITHIN, {"ids": here, "most": TREE_LIMIT + 1}).all()
        fresh = [row for row in found if row.id not in seen]
        cut = count + len(fresh) > TREE_LIMIT
        here = []
        for row in fresh[: TREE_LIMIT - count]:
            seen.add(row.id)
            here.append(row.id)
            below.setdefault(row.parent, []).append((depth, row))
        count += len(here)
    nodes = _in_order(below, id_)
    parts = rows.parts_of(tx, [row.id for _, row in nodes])
    return {"items": [_node(tx, depth, row, parts[row.id]) for depth, row in nodes], "cut": cut}


def _in_order(below: dict[str, list[tuple[int, Any]]], id_: str) -> list[tuple[int, Any]]:
    """Each before what lies within it. Every node was found once, so this ends."""
    found: list[tuple[int, Any]] = []
    waiting = list(reversed(below.get(id_, [])))
    while waiting:
        depth, row = waiting.pop()
        found.append((depth, row))
        waiting += reversed(below.get(row.id, []))
    return found


def _node(tx: Tx, depth: int, row: Any, parts: list[Any]) -> dict[str, Any]:
    due = rows.due(row.due_at, row.whole_day)
    open_ = row.state in LATE_STATES
    return {
        "id": row.id,
        "parent": row.parent,
        "depth": depth,
        "title": row.title,
        "state": row.state,
        "holders": [holder(part) for part in parts if part.is_active],
        "weight": row.weight,
        "progress": percent(row.progress),
        "due": due.told if due else None,
        "due_at": row.due_at,
        "late": dues.late(row.due_at, tx.now) if open_ else 0,
    }
