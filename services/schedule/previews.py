"""What a rule comes to and what stands against an entry, while somebody types it; nothing is written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from services.schedule import acting, busy, calendars, windows
from services.schedule.domain import content as contents
from services.schedule.domain.access import shown
from services.schedule.domain.days import told as day_told
from services.schedule.domain.rooms import Time
from services.schedule.domain.windows import FAR
from services.schedule.lines import when
from services.schedule.rooms import booking as bookings
from services.schedule.unfolding import reckoned
from shared.calendar import SEOUL, Exceptions, holiday_name, is_working_day, seoul_date
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid
from shared.ical.content import problems
from shared.ical.objects import Object

Doc = dict[str, Any]
_NEXT = 3
# So many times of a series are looked at for what stands against them.
_LOOKED_AT = 60
_AHEAD = timedelta(days=370)
_MOST_CLASHES = 20


def preview(tx: Tx, ctx: Context, data: Doc, exceptions: Exceptions, names: dict[str, str]) -> Doc:
    """As `Preview`; `names` are those of the people."""
    nothing: Doc = {"next": [], "count": None, "ends": None, "clashes": [], "holidays": [], "problems": {}}
    told = {"title": "·", "kind": "other", "shown_as": "busy", "visibility": "public", **data}
    try:
        content = acting.content_of(told)
    except Invalid as refused:
        return nothing | {"problems": refused.fields}
    if wrong := problems(content):
        return nothing | {"problems": contents.refused(wrong)}
    obj = Object.new(content, "preview", tx.now)
    start, last = obj.span(SEOUL)
    end = min(last or FAR, start + _AHEAD) + timedelta(microseconds=1)
    found, truncated = reckoned(obj, start, end)
    whole = last is not None and last < end and not truncated
    times = [Time(each.starts_at, each.ends_at) for each in found[:_LOOKED_AT]]
    return {
        "next": [when(time.starts_at, all_day=content.all_day) for time in times[:_NEXT]],
        "count": len(found) if whole else None,
        "ends": when(found[-1].starts_at, all_day=content.all_day) if whole and found else None,
        "clashes": _clashes(tx, ctx, data, times, exceptions, names)[:_MOST_CLASHES],
        "holidays": _holidays(times, exceptions, ctx.locale),
        "problems": {},
    }


def _holidays(times: list[Time], exceptions: Exceptions, locale: str) -> list[Doc]:
    days = dict.fromkeys(seoul_date(time.starts_at) for time in times)
    named = {day: holiday_name(day, locale, exceptions) for day in days if not is_working_day(day, exceptions)}
    return [day_told(day, name, exceptions) for day, name in named.items() if name]


def _clashes(
    tx: Tx, ctx: Context, data: Doc, times: list[Time], exceptions: Exceptions, names: dict[str, str]
) -> list[Doc]:
    if not times:
        return []
    found = _rooms(tx, data["room"], times, exceptions) if data["room"] else []
    return found + _people(tx, ctx, data, times, names)


def _rooms(tx: Tx, id_: str, times: list[Time], exceptions: Exceptions) -> list[Doc]:
    room = bookings.room(tx, id_)
    against = bookings.refused(tx, [room], times, exceptions)[room.id]
    return [_clash("room", room.id, room.name, time.starts_at, time.ends_at, why) for time, why in against]


def _people(tx: Tx, ctx: Context, data: Doc, times: list[Time], names: dict[str, str]) -> list[Doc]:
    """Who is taken at one of the times: with the title, as far as the caller reads the calendar."""
    first, last = min(time.starts_at for time in times), max(time.ends_at for time in times)
    mains = {calendars.main_of(ctx.tenant, person): person for person in data["people"]}
    rows = calendars.of_ids(tx, mains)
    access = calendars.known(tx, ctx, rows.values())
    open_ = [id_ for id_ in rows if access[id_].level and rows[id_].counts]
    found: list[Doc] = []
    for one in windows.found(tx, open_, first, last)[0]:
        # Who is away is told by the absence itself.
        if one.said("shown_as") == "free" or one.row["source_noun"] == "directory":
            continue
        if data["entry"] and data["entry"] in (one.row["id"], one.row["source_subject"]):
            continue
        if _meets(one.starts_at, one.ends_at, times):
            calendar = one.row["calendar"]
            readable = shown(access[calendar].level, one.said("visibility")) != "busy"
            title = one.said("title") if readable else ""
            person = mains[calendar]
            clash = _clash("person", person, names.get(person, ""), one.starts_at, one.ends_at, "taken")
            found.append(clash | {"title": title, "shown_as": one.said("shown_as")})
    for row in busy.absences(tx, data["people"], first, last):
        if _meets(row.starts_at, row.ends_at, times):
            found.append(_clash("person", row.person, names.get(row.person, ""), row.starts_at, row.ends_at, "absent"))
    return found


def _meets(starts_at: datetime, ends_at: datetime, times: list[Time]) -> bool:
    return any(Time(starts_at, ends_at).meets(time) for time in times)


def _clash(who: str, id_: str, name: str, starts_at: datetime, ends_at: datetime, reason: str) -> Doc:
    times = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    return {"who": who, "id": id_, "name": name, "title": "", **times, "shown_as": "busy", "reason": reason}
