"""The bands of a desk: what is urgent, late, due today, without a date, due later. Reckoned when they are read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, bindparam, case, func, literal, literal_column, select, union_all

from services.desk.models import Slot
from shared import paging
from shared.calendar import end_of_day, seoul_date
from shared.contracts.common import PAGE_LIMIT
from shared.contracts.desk import BANDS
from shared.db import Utc
from shared.errors import Invalid

URGENT = 2
# As the indexes of what is shown are written.
SHOWN = Slot.shown.is_(True)
OF_KIND = Slot.kind == bindparam("of_kind")
_PRESSED, _REST = Slot.urgency == literal_column("2"), Slot.urgency < literal_column("2")
_FAR = datetime(9999, 1, 1, tzinfo=UTC)
_NOW, _TOMORROW = bindparam("at_moment", type_=Utc), bindparam("at_tomorrow", type_=Utc)

# What is due on a day is due at the first moment of the next: it is late from then on.
BAND = case(
    (Slot.urgency == URGENT, BANDS.index("urgent")),
    (Slot.due <= _NOW, BANDS.index("overdue")),
    (Slot.due <= _TOMORROW, BANDS.index("today")),
    (Slot.due.is_(None), BANDS.index("undated")),
    else_=BANDS.index("later"),
).label("band")
_BY_DUE = (BAND, func.coalesce(Slot.due, literal(_FAR, Utc)).label("until"), Slot.since, Slot.id)
UNTIL = _BY_DUE[1]
# Bands as stretches of two indexes by date. What has a date is in the order of its bands there; what has none is a
# stretch of its own, for it comes before what is due later.
_STRETCHES = tuple((half, dated) for half in (_PRESSED, _REST) for dated in (Slot.due.is_not(None), Slot.due.is_(None)))


def listed(columns: tuple[Any, ...], *which: Any, of_kind: bool = False) -> Select[Any]:
    """A person's to-dos by bands, `most` of them: no more are read of any stretch, however long it is.

    Of one kind, how much is read of a stretch is told as a number: PostgreSQL keeps one plan for all numbers otherwise,
    which looks for few of a kind among everything that is shown.
    """
    mine = (Slot.person == bindparam("of_person"), SHOWN, *which, *([OF_KIND] if of_kind else []))
    most: Any = literal_column(str(PAGE_LIMIT + 1)) if of_kind else bindparam("most")
    rows = select(*columns, BAND, UNTIL).order_by(Slot.due, Slot.since, Slot.id).limit(most)
    found = union_all(*(select(rows.where(*mine, *of).subquery()) for of in _STRETCHES)).subquery()
    shown = [found.c[key].label(str(key)) for key in found.c.keys()]  # noqa: SIM118  a collection, not a mapping
    return select(*shown).order_by(*(found.c[column.key] for column in _BY_DUE)).limit(bindparam("most"))


def pressing() -> Any:
    """How many of a person's to-dos are late or due today, by kind: urgent ones and the rest each by themselves."""
    rows = select(Slot.kind, func.count().label("how_many")).group_by(Slot.kind)
    mine = (Slot.person == bindparam("of_person"), SHOWN, Slot.due <= _TOMORROW)
    return union_all(*(rows.where(*mine, half) for half in (_PRESSED, _REST)))


def reckoned(moment: datetime) -> dict[str, Any]:
    """The parameters of a statement with bands, as of a moment."""
    return {"at_moment": moment, "at_tomorrow": end_of_day(seoul_date(moment))}


def order(kind: str | None, moment: datetime, cursor: str | None) -> tuple[paging.Order, datetime]:
    """The sort by bands, and the moment they are of: the first page's, so that nothing moves between two pages.

    Raises `Invalid` for a broken cursor.
    """
    name = f"todos {kind} due "
    if cursor:
        moment = _moment(paging.decode(cursor, len(_BY_DUE) + 1)[0], name)
    return paging.Order(f"{name}{moment.isoformat()}", _BY_DUE, descending=False), moment


def _moment(given: Any, name: str) -> datetime:
    try:
        found = datetime.fromisoformat(str(given).removeprefix(name))
        end_of_day(seoul_date(found))
    except (ValueError, OverflowError) as error:
        raise Invalid({"cursor": "broken_cursor"}) from error
    if found.tzinfo is None:
        raise Invalid({"cursor": "broken_cursor"})
    return found
