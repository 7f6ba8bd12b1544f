"""What the catalogue is told of a round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from services.memo.rounds.models import Asked, OpinionRound
from shared import audience, catalogue
from shared import body as bodies
from shared.catalogue import Happening, Item, Link
from shared.contracts.search import AUDIENCE_LIMIT, PEOPLE_LIMIT
from shared.db import Tx
from shared.retelling import retold

NOUN = "rounds"
_EVERY = (
    select(OpinionRound.__table__)
    .where(OpinionRound.id > bindparam("after"))
    .order_by(OpinionRound.id)
    .limit(bindparam("most"))
)


def tell(tx: Tx, row: Mapping[str, Any]) -> None:
    """Tells what the round of these columns is now."""
    some = select(Asked.person).where(Asked.round == row["id"]).order_by(Asked.person).limit(AUDIENCE_LIMIT)
    catalogue.tell(tx, item(row, [each.person for each in tx.all(some)]))


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells it again of a batch of rounds, as `Retell` describes."""
    found = tx.execute(_EVERY, {"after": after or "", "most": limit}).all()
    for row in found:
        tell(tx, {**row._mapping})
    return retold(found, limit)


def item(row: Mapping[str, Any], people: list[str]) -> Item:
    """The round as an item; of very many people those are in its audience who are named by their departments."""
    of_departments = [audience.department(each["id"]) for each in row["departments"]]
    everybody = [audience.person(row["asker_id"]), *map(audience.person, people)]
    readers = everybody if len(everybody) <= AUDIENCE_LIMIT else [everybody[0], *of_departments, *everybody[1:]]
    ended = [Happening(row["state"], None, row["ended_at"])] if row["ended_at"] else []
    return Item(
        noun=NOUN,
        subject=row["id"],
        sequence=row["sequence"],
        title=row["title"],
        state=row["state"],
        at=row["at"],
        owner=row["asker"],
        department_id=row["asker"]["department_id"] or None,
        department=row["asker"]["department"],
        people=people[:PEOPLE_LIMIT],
        audience=readers[:AUDIENCE_LIMIT],
        links=[Link("based_on", each["noun"], each["subject"]) for each in row["sources"]],
        text="\n".join([*(each["words"] for each in row["questions"]), *bodies.lines(row["body"])]),
        happened=[Happening("started", row["asker"], row["at"]), *ended],
    )
