"""Tells the desks how a memo stands with those it went to, and its sender what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, bindparam, exists, or_, select

from services.memo.domain import lifecycle
from services.memo.models import Delivery, Memo, Step
from shared import desk
from shared.columns import Utc
from shared.db import Tx
from shared.desk import Notice, Slot, Todo
from shared.retelling import retold

NOUN = KIND = "memo"
_TODOS = select(Delivery.__table__).where(Delivery.memo == bindparam("of_memo"), Delivery.todo != "")
_NEWS = (
    select(Step.__table__)
    .where(Step.memo == bindparam("of_memo"), Step.at > bindparam("since", type_=Utc))
    .order_by(Step.sequence)
)
_TO_TELL = (
    select(Memo.id, Memo.sequence, Memo.title, Memo.kind, Memo.sender)
    .where(
        Memo.id > bindparam("after"),
        Memo.state != lifecycle.DELETED,
        or_(
            exists().where(Delivery.memo == Memo.id, Delivery.todo != ""),
            exists().where(Step.memo == Memo.id, Step.at > bindparam("since", type_=Utc)),
        ),
    )
    .order_by(Memo.id)
    .limit(bindparam("most"))
)


def slot(memo: Any, delivery: Any) -> Slot:
    """What the memo asks of one receiver; empty where it asks nothing."""
    if not delivery["todo"]:
        return Slot(delivery["person"], KIND)
    todo = Todo(
        delivery["todo"],
        delivery["since"],
        urgency=2 if delivery["urgent"] else 0,
        sender=delivery["by"] or memo.sender,
        dismissible=delivery["todo"] == "read" and not delivery["urgent"],
        params={"kind": memo.kind, "role": delivery["role"], "via": delivery["via"]},
    )
    return Slot(delivery["person"], KIND, todo)


def step(
    tx: Tx,
    memo: Any,
    sequence: int,
    code: str,
    person: dict[str, Any] | None,
    notified: Iterable[str] = (),
    **params: Any,
) -> list[Notice]:
    """Keeps what happened, under the sequence with which it is told, and on the record; what is told of it to whom."""
    kept = {"sequence": sequence, "code": code, "person": person, "at": tx.now, "params": params}
    kept["notified"] = list(dict.fromkeys(notified))
    tx.insert(Step, memo=memo.id, **kept)
    tx.audit(f"memo.{code}", subject=memo.id, after={"person": person and person["id"], **params})
    return _notices(kept, memo.title)


def _notices(step: Any, title: str) -> list[Notice]:
    params = step["params"] | {"person": step["person"]["name"] if step["person"] else ""}
    # Who may no longer see a memo is not told again what it was about.
    params |= {} if step["code"] == "recalled" else {"title": title}
    return [Notice(person, step["code"], step["sequence"], step["at"], params) for person in step["notified"]]


def tell(
    tx: Tx,
    memo: Any,
    sequence: int,
    *,
    slots: Iterable[Slot] = (),
    told: Iterable[Notice] = (),
    watchers: Iterable[str] = (),
) -> None:
    """Says what has changed on whose desk; whose pages of the memo look again."""
    looking = list(dict.fromkeys([memo.sender["id"], *watchers]))
    desk.tell(tx, NOUN, memo.id, sequence, title=memo.title, slots=slots, notices=told, watchers=looking)


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Says it again of a batch of the memos that are on a desk or whose news are news yet, as `Retell` describes."""
    since = tx.now - desk.NEWS
    rows = tx.execute(_TO_TELL, {"after": after or "", "since": since, "most": limit}).all()
    for row in rows:
        _retell(tx, row, since)
    return retold(rows, limit)


def _retell(tx: Tx, row: Row[Any], since: Any) -> None:
    deliveries = tx.execute(_TODOS, {"of_memo": row.id}).all()
    steps = tx.execute(_NEWS, {"of_memo": row.id, "since": since}).all()
    desk.tell(
        tx,
        NOUN,
        row.id,
        row.sequence,
        title=row.title,
        clear=row.sequence,
        slots=[slot(row, delivery._mapping) for delivery in deliveries],
        notices=[notice for step in steps for notice in _notices(step._mapping, row.title)],
    )
