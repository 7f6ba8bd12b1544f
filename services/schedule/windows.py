"""What lies in a window of time: read from what is unfolded already, so that years behind it cost nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from services.schedule import calendars, dues, unfolding
from services.schedule.domain.days import days
from services.schedule.domain.windows import overlaps
from services.schedule.lines import Doc, Shown, line
from services.schedule.models import Entry, Expansion
from services.schedule.rooms import keeping as rooms
from shared import audience
from shared.calendar import Exceptions, start_of_day
from shared.context import Context
from shared.contracts.schedule import WINDOW_LIMIT
from shared.db import Tx
from shared.errors import Invalid, TooLarge

_MOST = 5_000
_LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def touching(start: Any, end: Any) -> tuple[Any, Any]:
    """Entries of which something may lie in a window.

    That nothing ends after all time goes without saying, but not to PostgreSQL: it plans once for every window, and
    takes what has a beginning alone for a third of the table, and what is between two moments for few rows.
    """
    return Entry.ends_at.between(start, _LAST), Entry.starts_at < end


_COLUMNS = [column for column in Entry.__table__.columns if column.name != "text"]
_SERIES = [Expansion.from_at, Expansion.to_at, Expansion.instances, Expansion.truncated]
_IN_WINDOW = touching(bindparam("start"), bindparam("end"))
_HERE = Entry.calendar.in_(bindparam("calendars", expanding=True))
_ONCE = select(*_COLUMNS).where(_HERE, Entry.recurring.is_(False), *_IN_WINDOW).limit(_MOST + 1)
_RECURRING = (
    select(*_COLUMNS, *_SERIES)
    .outerjoin(Expansion, Expansion.entry == Entry.id)
    .where(_HERE, Entry.recurring.is_(True), *_IN_WINDOW)
    .limit(_MOST + 1)
)


def bounds(first: date | datetime, last: date | datetime) -> tuple[datetime, datetime]:
    """A window's moments. Raises `Invalid` for one that ends before it begins, or is longer than is shown at once."""
    start, end = (each if isinstance(each, datetime) else start_of_day(each) for each in (first, last))
    if end <= start:
        raise Invalid({"to": "before_start"})
    if end - start > timedelta(days=WINDOW_LIMIT):
        raise Invalid({"to": "too_long"})
    if not (1900 <= start.year <= 2100 and end.year <= 2101):
        raise Invalid({"from": "year_out_of_range"})
    return start, end


def found(tx: Tx, ids: Collection[str], start: datetime, end: datetime) -> tuple[list[Shown], list[str]]:
    """What lies in a window of these calendars, in order; and the ids of series of which there is more.

    Raises `TooLarge` for more entries than anybody could look at.
    """
    if not ids:
        return [], []
    asked = {"calendars": sorted(ids), "start": start, "end": end}
    once = tx.execute(_ONCE, asked).all()
    series = tx.execute(_RECURRING, asked).all()
    if len(once) > _MOST or len(series) > _MOST:
        raise TooLarge(_MOST)
    items = [Shown.once(row) for row in once if overlaps(row.starts_at, row.ends_at, start, end)]
    unfolded = unfolding.instances(tx, series, start, end)
    for row in series:
        items += [Shown.of(row, one) for one in unfolded[row.id][0]]
    items.sort(key=lambda one: (one.starts_at, -one.ends_at.timestamp(), one.row["id"], one.rid or ""))
    return items, [row.id for row in series if unfolded[row.id][1]]


def wanted(tx: Tx, ctx: Context, data: Doc) -> list[Any]:
    """The calendars that a window is asked of; those there are."""
    ids = set(data["calendars"])
    ids |= {calendars.main_of(ctx.tenant, person) for person in data["people"]}
    ids |= {calendars.main_id(ctx.tenant, audience.department(each)) for each in data["departments"]}
    if ids:
        return list(calendars.of_ids(tx, ids).values())
    if data["rooms"]:
        return []
    seen = calendars.seen(tx, ctx)
    access = calendars.known(tx, ctx, seen) if data["principals"] else {}
    marked = {id_ for id_, found in access.items() if found.mark}
    return [row for row in seen if row.holder in _mine(ctx) or row.id in marked]


def _mine(ctx: Context) -> tuple[str, ...]:
    return (audience.person(ctx.person), audience.department(ctx.department_id), audience.ORGANISATION)


def window(tx: Tx, ctx: Context, data: Doc, exceptions: Exceptions) -> Doc:
    """A window, as `WindowView`. Raises `Invalid`, `TooLarge`."""
    start, end = bounds(data["from_"], data["to"])
    rows = wanted(tx, ctx, data)
    access = calendars.known(tx, ctx, rows)
    open_ = {row.id: row for row in rows if access[row.id].level}
    items, truncated = found(tx, open_, start, end)
    lines = [line(one, open_[one.row["calendar"]], access[one.row["calendar"]]) for one in items]
    lines = list(_asked(_once_each(lines, ctx), data))
    if data["dues"]:
        lines += _not_there(dues.lines(tx, ctx, start, end), lines)
    if data["rooms"]:
        lines += [_booked(each) for each in rooms.lines(tx, ctx, data["rooms"], start, end)]
    return {"items": lines, "days": days(start, end, exceptions, ctx.locale), "truncated": truncated}


def _once_each(lines: Sequence[Doc], ctx: Context) -> Iterable[Doc]:
    """What somebody has in their own calendar is not shown again by whose it is."""
    own = {
        (each["source"]["subject"], each["rid"]) for each in lines if each["source"] and each["person"] == ctx.person
    }
    return [each for each in lines if (each["id"], each["rid"]) not in own]


def _not_there(due: Sequence[Doc], lines: Sequence[Doc]) -> list[Doc]:
    """What is due but when the very thing begins: a meeting is to be answered before it, and is in the calendar."""
    there = [(each["source"], each["starts_at"]) for each in lines if each["source"]]
    return [each for each in due if (each["source"], each["starts_at"]) not in there]


def _asked(lines: Iterable[Doc], data: Doc) -> Iterable[Doc]:
    words = data["q"].casefold()
    for each in lines:
        if data["kind"] and each["kind"] != data["kind"]:
            continue
        if words and words not in f"{each['title']}\n{each['place']}".casefold():
            continue
        yield each


def _booked(booking: Doc) -> Doc:
    """A time of a room as a line."""
    times = {name: booking[name].isoformat() for name in ("starts_at", "ends_at")}
    source = {"noun": booking["noun"], "subject": booking["subject"]} if booking["title"] else None
    return {
        "id": booking["id"],
        "rid": None,
        "calendar": booking["resource"],
        "person": None,
        "title": booking["title"],
        "kind": "booking",
        **times,
        "all_day": False,
        "place": "",
        "link": None,
        "importance": 0,
        "visibility": "public",
        "shown_as": "tentative" if booking["state"] in ("held", "asked") else "busy",
        "recurring": False,
        "moved": False,
        "access": "read" if booking["title"] else "busy",
        "mark": "",
        "source": source,
    }
