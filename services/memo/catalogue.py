"""What the catalogue is told of a memo (`shared.catalogue`).

Its audience are the people it went to, by name: a department or a group that it was addressed to would open it to those
who join later as well, who have no part in it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, bindparam, select

from services.memo.domain import delivery as deliveries
from services.memo.domain import lifecycle
from services.memo.models import Content, Delivery, Memo, Step
from shared import audience, catalogue
from shared import body as bodies
from shared.catalogue import Happening, Item, Link
from shared.contracts.search import HAPPENED_LIMIT, PEOPLE_LIMIT
from shared.db import Tx
from shared.retelling import retold

NOUN = "memo"
_OUT = (
    select(Memo.__table__, Content.body)
    .join(Content, Content.memo == Memo.id)
    .where(Memo.id > bindparam("after"), Memo.state.in_(lifecycle.OUT))
    .order_by(Memo.id)
    .limit(bindparam("most"))
)
_ONE = (
    select(Memo.__table__, Content.body).join(Content, Content.memo == Memo.id).where(Memo.id == bindparam("of_memo"))
)
_READERS = (
    select(Delivery.person)
    .where(Delivery.memo == bindparam("of_memo"), Delivery.place != deliveries.GONE)
    .order_by(Delivery.number)
)
_STEPS = (
    select(Step.code, Step.person, Step.at)
    .where(Step.memo == bindparam("of_memo"))
    .order_by(Step.sequence.desc())
    .limit(HAPPENED_LIMIT)
)


def tell(tx: Tx, memo: str) -> None:
    """Tells what a memo that is out is now; after its rows were changed."""
    row = tx.execute(_ONE, {"of_memo": memo}).first()
    assert row is not None
    catalogue.tell(tx, _item(tx, row))


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells again of a batch of memos that are out, as `Retell` describes."""
    rows = tx.execute(_OUT, {"after": after or "", "most": limit}).all()
    for row in rows:
        catalogue.tell(tx, _item(tx, row))
    return retold(rows, limit)


def _item(tx: Tx, row: Row[Any]) -> Item:
    readers = [each.person for each in tx.execute(_READERS, {"of_memo": row.id}).all()]
    steps = tx.execute(_STEPS, {"of_memo": row.id}).all()
    return Item(
        noun=NOUN,
        subject=row.id,
        sequence=row.sequence,
        title=row.title,
        state=row.state,
        at=row.sent_at,
        owner=row.sender,
        department_id=row.sender["department_id"] or None,
        department=row.sender["department"],
        people=[row.sender_id, *readers][:PEOPLE_LIMIT],
        audience={audience.role("auditor"), *map(audience.person, (row.sender_id, *readers))},
        links=[Link("based_on", source["noun"], source["subject"]) for source in row.sources],
        text="\n".join(bodies.lines(row.body)),
        happened=[Happening(step.code, step.person, step.at) for step in reversed(steps)],
    )
