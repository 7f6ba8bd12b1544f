"""Keeps the desks as what other services tell of. Indifferent to the order of events and to repeats."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from services.desk.domain import age, notices, todos
from services.desk.models import Notice, Process, Todo
from shared.db import Tx
from shared.events import Event

TOPIC = "desk"
_KINDS = ("approval", "returned")


def _taken_as_latest(dialect: Any) -> Any:
    """Keeps a document's highest sequence; a row comes back only if this one is it.

    One statement, which also makes those wait who handle another event of the document at the same moment.
    """
    row = dialect.insert(Process)
    values = {"sequence": row.excluded.sequence, "ended_at": row.excluded.ended_at}
    higher = Process.sequence < row.excluded.sequence
    return row.on_conflict_do_update(index_elements=["document"], set_=values, where=higher).returning(Process.document)


_LATEST = {"postgresql": _taken_as_latest(postgresql), "sqlite": _taken_as_latest(sqlite)}
_LATEST_OF_KNOWN = (
    update(Process)
    .where(Process.document == bindparam("of"), Process.sequence < bindparam("than"))
    .returning(Process.document)
)
_CLEARED = (
    delete(Todo)
    .where(Todo.subject == bindparam("of"), Todo.kind.in_(_KINDS))
    .returning(Todo.id, Todo.person, Todo.kind, Todo.role, Todo.title, Todo.since, Todo.sender)
)


def follow(tx: Tx, event: Event) -> None:
    """Brings the desks to where a process has come, unless a later event of it was heard before."""
    told = event.data
    ended_for: set[str] = set()
    if _is_latest(tx, event):
        before, after = _replace(tx, told)
        changed = todos.changed_for(before, after)
        if changed:
            # The drafter has no to-do in it, but looks on where the document is.
            tx.tell(changed | {told["drafter"]["id"]}, TOPIC)
        ended_for = {todo.person for todo in before if todo.kind == "approval"}
    # A return is told to the drafter even when the next submission was heard of first.
    _notify(tx, event, notices.of_process(told, ended_for, event.at))
    _forget(tx, event)


def registered(tx: Tx, event: Event) -> None:
    """Tells the drafter the number."""
    _notify(tx, event, [notices.of_registration(event.data)])
    _forget(tx, event)


def _is_latest(tx: Tx, event: Event) -> bool:
    told = event.data
    document, sequence = told["document"], told["sequence"]
    values = {"sequence": sequence, "ended_at": None if told["state"] == "in_approval" else tx.now}
    if age.is_too_late(event.at, tx.now):
        # Its document may have been forgotten: what nobody waits for any more must not come up again.
        result = tx.execute(_LATEST_OF_KNOWN, {"of": document, "than": sequence, **values})
    else:
        result = tx.execute(_LATEST[tx.connection.dialect.name], {"document": document, **values})
    return result.first() is not None


def _replace(tx: Tx, told: dict[str, Any]) -> tuple[list[todos.Todo], list[todos.Todo]]:
    """The document's to-dos before and after; one that stays the same keeps its id."""
    rows = tx.execute(_CLEARED, {"of": told["document"]}).all()
    before = {todos.Todo(row.person, row.kind, row.role, row.title, row.since, row.sender): row.id for row in rows}
    after = todos.of_process(told)
    tx.insert_many(Todo, [_row(told["document"], todo, before.get(todo) or tx.new_id()) for todo in after])
    return list(before), after


def _row(document: str, todo: todos.Todo, id_: str) -> dict[str, Any]:
    return {
        "id": id_,
        "person": todo.person,
        "kind": todo.kind,
        "subject": document,
        "title": todo.title,
        "role": todo.role,
        "sender": todo.sender,
        "since": todo.since,
    }


def _notify(tx: Tx, event: Event, told: Iterable[notices.Notice]) -> None:
    """Keeps what was not told before. Old news is not told any more: whether it was is forgotten."""
    if age.is_too_late(event.at, tx.now):
        return
    for notice in told:
        values = {"id": tx.new_id(), "person": notice.person, "code": notice.code, "occasion": notice.occasion}
        values |= {"subject": event.data["document"], "params": notice.params, "at": notice.at, "read": False}
        if tx.insert_new(Notice, **values):
            tx.tell([notice.person], TOPIC)


def _forget(tx: Tx, event: Event) -> None:
    if age.is_time_to_forget(event.id):
        before = age.forgotten_before(tx.now)
        tx.execute(delete(Process).where(Process.ended_at < before))
        tx.execute(delete(Notice).where(Notice.at < before))
