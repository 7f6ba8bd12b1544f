"""A person's own to-dos, counts and notices: each one statement on an index of that person."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_

from services.desk.models import Notice, Todo
from shared import paging
from shared.contracts.desk import TODO_KINDS
from shared.db import Tx
from shared.errors import Invalid

_TODO = (Todo.id, Todo.kind, Todo.subject, Todo.title, Todo.role, Todo.sender, Todo.since)
_NOTICE = (Notice.id, Notice.code, Notice.subject, Notice.params, Notice.at, Notice.read)


def todos(tx: Tx, person: str, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a person's to-dos, the longest waiting first. Raises `Invalid` for a broken cursor."""
    query = select(*_TODO).where(Todo.person == person)
    if asked["kind"]:
        query = query.where(Todo.kind == asked["kind"])
    if asked["cursor"]:
        since, last = paging.decode(asked["cursor"], 2)
        query = query.where(tuple_(Todo.since, Todo.id) > tuple_(_time(since), _ident(last)))
    rows = tx.all(query.order_by(Todo.since, Todo.id).limit(asked["limit"] + 1))
    shown, following = paging.page(rows, asked["limit"], lambda row: (row.since, row.id))
    return {"items": [dict(row._mapping) for row in shown], "next": following}


def counts(tx: Tx, person: str) -> dict[str, int]:
    """How many to-dos a person has of each kind, and in all."""
    rows = tx.all(select(Todo.kind, func.count().label("how_many")).where(Todo.person == person).group_by(Todo.kind))
    found: dict[str, int] = dict.fromkeys(TODO_KINDS, 0) | {row.kind: row.how_many for row in rows}
    return {**found, "total": sum(found.values())}


def notices(tx: Tx, person: str, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a person's notices, the newest first. Raises `Invalid` for a broken cursor."""
    query = select(*_NOTICE).where(Notice.person == person)
    if asked["cursor"]:
        query = query.where(Notice.id < _ident(paging.decode(asked["cursor"], 1)[0]))
    rows = tx.all(query.order_by(Notice.id.desc()).limit(asked["limit"] + 1))
    shown, following = paging.page(rows, asked["limit"], lambda row: (row.id,))
    return {"items": [dict(row._mapping) for row in shown], "next": following}


def _ident(value: Any) -> str:
    try:
        return str(UUID(value))
    except (ValueError, TypeError, AttributeError) as error:
        raise Invalid({"cursor": "broken_cursor"}) from error


def _time(value: Any) -> datetime:
    try:
        if value.tzinfo is None:
            raise ValueError(value)
        found: datetime = value.astimezone(UTC)
        return found
    except (ValueError, AttributeError, OverflowError) as error:
        raise Invalid({"cursor": "broken_cursor"}) from error
