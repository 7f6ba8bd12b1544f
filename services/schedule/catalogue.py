"""What the catalogue is told of an entry (`shared.catalogue`), and who may find it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select

from services.schedule.models import AUDIENCE, Calendar, Entry, Executive, Share
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


def keep(tx: Tx, calendar: Any, row: Mapping[str, Any], obj: Object) -> None:
    """Keeps who may read an entry, and tells what it is now; what another noun fills is that noun's to tell."""
    if row["source_noun"] is None:
        found = readers(tx, calendar, row)
        audience.keep(tx, AUDIENCE, row["id"], found)
        catalogue.tell(tx, _item(calendar, row, obj, found))


def remove(tx: Tx, calendar: Any, row: Mapping[str, Any]) -> None:
    """Nobody may read an entry any more, and it is no more."""
    if row["source_noun"] is None:
        audience.keep(tx, AUDIENCE, row["id"], ())
        catalogue.tell(tx, replace(_item(calendar, row, Object.of_text(row["text"]), ()), removed=True))


def _item(calendar: Any, row: Mapping[str, Any], obj: Object, audience_: Collection[str]) -> Item:
    by, content, made_from = row["entered_by"], obj.master, row["made_from"]
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
        audience=audience_,
        cards=row["cards"],
        links=[Link("based_on", made_from["noun"], made_from["subject"])] if made_from else [],
        text="\n".join(part for part in (row["place"], content.description if content else "") if part),
        happened=[Happening("changed" if row["version"] > 1 else "entered", by, row["changed_at"])],
    )


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells again of a batch of entries, as `Retell` describes."""
    rows = tx.execute(_EVERY, {"after": after or "", "most": limit}).all()
    ids = sorted({row.calendar for row in rows})
    found = {each.id: each for each in tx.all(select(Calendar.__table__).where(Calendar.id.in_(ids)))} if ids else {}
    for row in rows:
        entry, calendar = dict(row._mapping), found[row.calendar]
        catalogue.tell(tx, _item(calendar, entry, Object.of_text(row.text), readers(tx, calendar, entry)))
    return retold(rows, limit)
