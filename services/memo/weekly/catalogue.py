"""What the catalogue is told of a report.

A department's joined report is an object of its own; a person's is not: its lines are found in the joined one, under
the name of who wrote them, and until it is handed in it is nobody else's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from services.memo.weekly import rows
from services.memo.weekly.domain import lines as rules
from services.memo.weekly.domain import states
from services.memo.weekly.domain.lines import Line
from services.memo.weekly.models import WeeklyReport
from shared import audience, catalogue
from shared.catalogue import Happening, Item, Link
from shared.contracts.search import CARDS_LIMIT, PEOPLE_LIMIT
from shared.db import Tx
from shared.retelling import retold

NOUN = "weekly"
_EVERY = (
    select(WeeklyReport.__table__)
    .where(WeeklyReport.id > bindparam("after"), WeeklyReport.kind == "department")
    .where(WeeklyReport.submitted_at.is_not(None))
    .order_by(WeeklyReport.id)
    .limit(bindparam("most"))
)


def tell(tx: Tx, row: Mapping[str, Any]) -> None:
    """Tells what the report of these columns is now, where it is a department's that was handed in."""
    if row["kind"] == "department" and row["submitted_at"] is not None:
        catalogue.tell(tx, item(row, rows.lines(tx, row["id"]), _joining(tx, row)))


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells it again of a batch of reports, as `Retell` describes."""
    found = tx.execute(_EVERY, {"after": after or "", "most": limit}).all()
    for row in found:
        tell(tx, {**row._mapping})
    return retold(found, limit)


def item(row: Mapping[str, Any], lines: Sequence[Line], joining: Sequence[str]) -> Item:
    """The report as an item; while it is written anew it is open to its writer alone."""
    said = rules.shown(lines)
    handed_in = row["state"] in states.HANDED_IN
    readers = [audience.person(each) for each in (row["writer_id"], row["deputy_id"]) if each]
    if handed_in:
        readers += [audience.department(row["unit"]), *map(audience.person, joining)]
    writers = {ref["id"]: None for line in said for ref in rules.credited(lines, line)}
    cards = {card: None for line in said for card in line.cards}
    return Item(
        noun=NOUN,
        subject=row["id"],
        sequence=row["sequence"],
        title=row["title"],
        state=row["state"],
        at=row["submitted_at"],
        owner=row["writer"],
        department_id=row["unit"],
        department=row["unit_name"],
        people=[*writers][:PEOPLE_LIMIT],
        audience=set(readers),
        cards=[*cards][:CARDS_LIMIT],
        links=[Link("follows", NOUN, row["previous"])] if row["previous"] else [],
        text="\n".join(line.text for line in said) if handed_in else "",
        happened=_happened(row),
    )


def _happened(row: Mapping[str, Any]) -> list[Happening]:
    found = [Happening("submitted", row["writer"], row["submitted_at"])]
    if row["returned_at"]:
        found.append(Happening("returned", row["sender"], row["returned_at"]))
    if row["taken_at"]:
        found.append(Happening("taken", None, row["taken_at"]))
    return sorted(found, key=lambda each: each.at)


def _joining(tx: Tx, row: Mapping[str, Any]) -> list[str]:
    above = rows.found(tx, row["above"])
    return [each for each in (above.writer_id, above.deputy_id) if each] if above else []
