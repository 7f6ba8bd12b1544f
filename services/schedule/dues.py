"""What is due (기한): heard of what services tell the desks, shown beside entries as a layer.

Any order and any repetition of events ends in the same rows: the highest sequence of a slot holds, and what was told
before a subject was cleared is empty.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import aliased

from services.schedule.lines import Doc, when
from services.schedule.models import Due
from shared.calendar import SEOUL
from shared.context import Context
from shared.contracts.desk import Told
from shared.db import Tx
from shared.dialects import Upsert
from shared.errors import Poison
from shared.events import Event

_TOLD = Told()
# A row without a person and a kind is up to where its subject was cleared.
_NOBODY = ""
_KEPT_FOR = timedelta(days=400)
_MOST = 500
_OLD = delete(Due).where(Due.heard_at < bindparam("before", type_=Due.heard_at.type))


def _heard(row: Any) -> Any:
    told = row.excluded
    names = ("sequence", "noun", "title", "due", "heard_at")
    keys = ["source", "subject", "person", "kind"]
    values = {name: getattr(told, name) for name in names}
    return row.on_conflict_do_update(index_elements=keys, set_=values, where=told.sequence >= Due.sequence)


_HEARD = Upsert(Due, _heard)


def apply(tx: Tx, event: Event) -> None:
    """Keeps what an event tells of dates. Raises `Poison` for what is no such event."""
    try:
        told = _TOLD.load(event.data)
    except ValidationError as error:
        raise Poison(f"malformed: {error.messages}") from error
    of = {"source": event.type.partition(".")[0], "subject": told["subject"], "noun": told["noun"]}
    of |= {"title": told["title"], "heard_at": tx.now}
    rows = [
        {**of, "person": slot["person"], "kind": slot["kind"], "sequence": told["sequence"]}
        | {"due": slot["todo"]["due"] if slot["todo"] else None}
        for slot in sorted(told["slots"], key=lambda slot: (slot["person"], slot["kind"]))
    ]
    if told["clear"] is not None:
        rows.insert(0, {**of, "person": _NOBODY, "kind": _NOBODY, "sequence": told["clear"], "due": None})
    tx.change(_HEARD.on(tx.connection), *rows)
    if event.id.endswith("00"):
        # About one event in 256, by its id: it costs little, needs no clock, and keeps pace with what comes.
        tx.change(_OLD, {"before": tx.now - _KEPT_FOR})


def lines(tx: Tx, ctx: Context, start: datetime, end: datetime) -> list[Doc]:
    """What the caller is to do within a window, as `CalendarEntry`s; what is due at a day's end is of that day."""
    cleared = aliased(Due)
    same = (cleared.source == Due.source, cleared.subject == Due.subject, cleared.person == _NOBODY)
    wanted = select(Due.source, Due.subject, Due.kind, Due.noun, Due.title, Due.due)
    wanted = wanted.outerjoin(cleared, (same[0]) & (same[1]) & (same[2]))
    wanted = wanted.where(Due.person == ctx.person, Due.due > start, Due.due <= end)
    wanted = wanted.where((cleared.sequence.is_(None)) | (Due.sequence >= cleared.sequence))
    return [_line(ctx, row) for row in tx.all(wanted.order_by(Due.due, Due.subject).limit(_MOST))]


def _line(ctx: Context, row: Any) -> Doc:
    local = row.due.astimezone(SEOUL)
    all_day = (local.hour, local.minute) == (0, 0)
    day = local.date() - timedelta(days=1)
    return {
        "id": f"{row.source}:{row.subject}:{row.kind}",
        "rid": None,
        "calendar": "dues",
        "person": ctx.person,
        "title": row.title,
        "kind": "due",
        "starts_at": day.isoformat() if all_day else when(row.due, all_day=False),
        "ends_at": local.date().isoformat() if all_day else when(row.due, all_day=False),
        "all_day": all_day,
        "place": "",
        "link": None,
        "importance": 0,
        "visibility": "private",
        "shown_as": "free",
        "recurring": False,
        "moved": False,
        "access": "read",
        "mark": "",
        "source": {"noun": row.noun, "subject": row.subject},
    }
