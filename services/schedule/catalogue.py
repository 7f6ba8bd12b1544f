"""What the catalogue is told of an entry (`shared.catalogue`), and who may find it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from services.schedule.models import Calendar, Entry, Executive, Share
from shared import audience, catalogue
from shared.catalogue import Happening, Item, Link
from shared.db import Tx
from shared.ical.objects import Object
from shared.retelling import retold

NOUN = "schedule"
_READ = ("read", "write")
_MOST = 900
_SHARES = select(Share.principal, Share.level).where(Share.calendar == bindparam("calendar"))
_EVERY = (
    select(Entry.__table__)
    .where(Entry.id > bindparam("after"), Entry.source_noun.is_(None))
    .order_by(Entry.id)
    .limit(bindparam("most"))
)


def readers(tx: Tx, calendar: Any, row: Mapping[str, Any]) -> list[str]:
    """The principals who may read an entry: by its calendar, and by how far the entry itself is open."""
    found = [audience.person(each["id"]) for each in row["people"]]
    if calendar.holder != audience.ORGANISATION:
        found.append(calendar.holder)
    if row["visibility"] == "private":
        return found[:_MOST]
    shares = tx.execute(_SHARES, {"calendar": calendar.id}).all()
    levels = ("write",) if row["visibility"] == "busy" else _READ
    found += [share.principal for share in shares if share.level in levels]
    if calendar.kind == "person":
        executive = tx.one(select(Executive.viewers, Executive.writers).where(Executive.person == _owner(calendar)))
        found += [audience.person(each["id"]) for each in executive.writers] if executive else []
        if row["visibility"] == "public":
            found += executive.viewers if executive else []
            found += [audience.department(calendar.department)] if calendar.by_rule and calendar.department else []
    elif row["visibility"] == "public":
        found.append(audience.ORGANISATION)
    return list(dict.fromkeys(found))[:_MOST]


def _owner(calendar: Any) -> str:
    return str(calendar.holder.partition(":")[2])


def tell(tx: Tx, calendar: Any, row: Mapping[str, Any], *, removed: bool = False) -> None:
    """Tells what an entry is now; what another noun fills is that noun's to tell."""
    if row["source_noun"] is None:
        catalogue.tell(tx, item(tx, calendar, row, removed=removed))


def item(tx: Tx, calendar: Any, row: Mapping[str, Any], *, removed: bool = False) -> Item:
    """The entry as an item."""
    by = row["entered_by"]
    shown = Object.of_text(row["text"])
    content = shown.master
    made_from = row["made_from"]
    return Item(
        noun=NOUN,
        subject=row["id"],
        sequence=row["revision"],
        title=row["title"],
        state=row["kind"],
        at=row["starts_at"],
        owner=by,
        department_id=calendar.department,
        department=by["department"] if by else "",
        people=[each["id"] for each in row["people"]],
        audience=() if removed else readers(tx, calendar, row),
        cards=row["cards"],
        links=[Link("based_on", made_from["noun"], made_from["subject"])] if made_from else [],
        text="\n".join(part for part in (row["place"], content.description if content else "") if part),
        happened=[Happening("changed" if row["version"] > 1 else "entered", by, row["changed_at"])],
        removed=removed,
    )


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells again of a batch of entries, as `Retell` describes."""
    rows = tx.execute(_EVERY, {"after": after or "", "most": limit}).all()
    ids = sorted({row.calendar for row in rows})
    found = {each.id: each for each in tx.all(select(Calendar.__table__).where(Calendar.id.in_(ids)))} if ids else {}
    for row in rows:
        tell(tx, found[row.calendar], dict(row._mapping))
    return retold(rows, limit)
