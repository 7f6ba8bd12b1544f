"""What is done with entries: entered, changed, taken out; of a series one, one and the following, or all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.schedule import calendars, copies, keeping, reminding
from services.schedule.domain import content as contents
from services.schedule.domain.access import Access, shown
from services.schedule.domain.rooms import Time
from services.schedule.domain.windows import FAR
from services.schedule.keeping import Extras
from services.schedule.rooms import booking as bookings
from services.schedule.rooms.models import Period
from services.schedule.unfolding import reckoned
from shared.calendar import SEOUL, Exceptions
from shared.context import Context
from shared.contracts.rooms import PERIODS_LIMIT
from shared.db import Tx
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.ical import editing
from shared.ical.content import Content
from shared.ical.objects import Object
from shared.ical.recurrence import has
from shared.ical.zones import resolve

Doc = dict[str, Any]
NOUN = "schedule"
_ICAL = (
    *("title", "kind", "starts_at", "ends_at", "rrule", "place", "link", "description", "importance", "visibility"),
    *("shown_as", "reminders"),
)
_TIMES = ("starts_at", "ends_at", "all_day", "zone")


def opened(tx: Tx, ctx: Context, id_: str, least: str, *, lock: bool = False) -> tuple[Any, Any, Access]:
    """An entry, its calendar and how far it is open, for who may do at least this.

    Raises `NotFound` for who may not see it, `Forbidden` `read-only`, `Conflict` `is-fed` for what another noun fills.
    """
    row = keeping.found(tx, id_, lock=lock)
    if row is None:
        raise NotFound("entry")
    calendar = calendars.of_ids(tx, [row.calendar])[row.calendar]
    access = calendars.known(tx, ctx, [calendar])[calendar.id]
    mine = row.entered_by is not None and row.entered_by["id"] == ctx.person
    level = access.level if mine else shown(access.level, row.visibility)
    if level not in ("read", "write", "own"):
        raise NotFound("entry")
    if least == "write":
        if level == "read":
            raise Forbidden("entry", slug="read-only")
        if row.source_noun:
            raise Conflict("is-fed", noun=row.source_noun, subject=row.source_subject)
    return row, calendar, access


def content_of(data: Mapping[str, Any]) -> Content:
    """The fields of an entry as content. Raises `Invalid` with their codes."""
    try:
        return contents.content(data)
    except (ValueError, OverflowError, KeyError) as error:
        raise Invalid(_wrong(data)) from error


def _wrong(data: Mapping[str, Any]) -> dict[str, str]:
    """Which field cannot be understood: the zone where there is none of that name, or else the rule."""
    if "zone" in data and not data.get("all_day") and resolve(str(data["zone"]), {}) is None:
        return {"zone": "unknown_zone"}
    return {"rrule": "not_a_rule"} if data.get("rrule") else {"starts_at": "year_out_of_range"}


def create(tx: Tx, ctx: Context, data: Doc, people: list[Doc], exceptions: Exceptions) -> tuple[Doc, Doc | None]:
    """A new entry with its room: `(row, what was booked)`. Raises what stands in the way."""
    content = content_of(data)
    id_ = tx.new_id()
    obj = Object.new(content, f"{id_}@oneway", tx.now)
    keeping.require_sound(obj)
    calendar = _written(tx, ctx, data["calendar"])
    booking = None
    if data["room"]:
        booking, obj = _book(tx, ctx, data, id_, obj, exceptions)
    made_from = data["source"]
    held = booking["booking"] if booking else None
    extras = Extras(data["kind"], people, data["cards"], made_from=made_from, booking=held)
    row = keeping.begin(tx, ctx, calendar, obj, extras, id_=id_)
    copies.spread(tx, ctx, row, obj, [])
    _told(tx, ctx, calendar, row, "entry_by_other")
    return row, booking


def _written(tx: Tx, ctx: Context, id_: str | None) -> Any:
    """The calendar that is written to, locked: the caller's own unless told."""
    id_ = id_ or calendars.main_of(ctx.tenant, ctx.person)
    calendars.ensured(tx, ctx, id_)
    calendars.opened(tx, ctx, id_, "write")
    return calendars.locked(tx, id_)


def _book(tx: Tx, ctx: Context, data: Doc, id_: str, obj: Object, exceptions: Exceptions) -> tuple[Doc, Object]:
    """Books the room for all that the entry comes to; what is skipped has no place."""
    times, rids = occurrences(obj)
    asked = bookings.Asked(
        data["room"],
        NOUN,
        id_,
        id_,
        data["title"],
        times,
        skip=data["skip"],
        confirmed=True,
        open=data["visibility"] == "public",
    )
    booked = bookings.hold(tx, ctx, asked, exceptions)
    name = bookings.room(tx, data["room"]).name
    if not data["place"]:
        obj, _ = editing.change(obj, {"place": name}, tx.now)
    skipped = {each["starts_at"] for each in booked["skipped"]}
    for time, rid in zip(times, rids, strict=True):
        if rid is not None and bookings.period(time)["starts_at"] in skipped:
            obj, _ = editing.change(obj, {"place": ""}, tx.now, scope="this", rid=rid)
    return booked, obj


def occurrences(obj: Object) -> tuple[list[Time], list[str | None]]:
    """All the times of an entry that has an end. Raises `Invalid` for a series a room cannot be booked for."""
    starts_at, ends_at = obj.span(SEOUL)
    if ends_at is None:
        raise Invalid({"room": "endless"})
    found, truncated = reckoned(obj, starts_at, min(ends_at, FAR), most=PERIODS_LIMIT)
    if truncated:
        raise Invalid({"room": "too_many"})
    return [Time(each.starts_at, each.ends_at) for each in found], [
        each.rid if obj.is_recurring else None for each in found
    ]


# -- changed ----------------------------------------------------------------------------------------


def change(tx: Tx, ctx: Context, data: Doc, people: list[Doc] | None, exceptions: Exceptions) -> tuple[Doc, Doc | None]:
    """Changes an entry: `(row, the row of the series that goes on)`. Raises what stands in the way."""
    row, calendar, _ = opened(tx, ctx, data["id"], "write", lock=True)
    keeping.require_version(row, data["version"])
    obj = Object.of_text(row.text)
    scope, rid = _scope(obj, data)
    wanted = changes(obj, data, scope, rid)
    new = tx.new_id()
    try:
        changed, following = editing.change(obj, wanted, tx.now, scope=scope, rid=rid, new_uid=f"{new}@oneway")
    except (ValueError, OverflowError) as error:
        raise Invalid(_wrong({**_whole(obj), **data})) from error
    for each in (changed, following):
        if each is not None:
            keeping.require_sound(each)
    extras = _extras(row, data, people)
    calendar = _moved_to(tx, ctx, row, calendar, data)
    if row.booking and following is None:
        bookings.moved(tx, ctx, row.booking, _coming(changed), _title(changed, row), exceptions)
    elif row.booking:
        raise Conflict("booked-series")
    after = keeping.save(tx, ctx, calendar, row, changed, extras)
    copies.spread(tx, ctx, after, changed, row.people)
    also = None
    if following is not None:
        also = keeping.begin(tx, ctx, calendar, following, extras, id_=new)
        copies.spread(tx, ctx, also, following, [])
    if after["version"] != row.version or also:
        _told(tx, ctx, calendar, after, "entry_changed")
    return after, also


def _title(obj: Object, row: Any) -> str:
    return obj.master.title if obj.master else str(row.title)


def _coming(obj: Object) -> list[Time]:
    return occurrences(obj)[0]


def _moved_to(tx: Tx, ctx: Context, row: Any, calendar: Any, data: Doc) -> Any:
    """The calendar the entry is to be in, locked."""
    target = data.get("calendar", row.calendar)
    return calendars.locked(tx, calendar.id) if target == row.calendar else _written(tx, ctx, target)


def _scope(obj: Object, data: Doc) -> tuple[str, str | None]:
    """What of a series is meant. Raises `NotFound` for an instance there is not."""
    rid, scope = data["rid"], data["scope"]
    if not obj.is_recurring:
        return "all", None
    if rid is None and scope != "all":
        raise Invalid({"rid": "required"})
    if rid is not None and not has(obj, rid):
        raise NotFound("instance")
    return scope, rid


def _whole(obj: Object, rid: str | None = None) -> Doc:
    content = obj.overrides.get(rid or "") or obj.master
    if content is None:
        raise NotFound("instance")
    zone = content.zone or "Asia/Seoul"
    return {"all_day": content.all_day, "zone": zone, "starts_at": content.start, "ends_at": content.end}


def changes(obj: Object, data: Doc, scope: str = "all", rid: str | None = None) -> Doc:
    """What changes, by the names of `Content`; times as they are meant after the change. Raises `Invalid`."""
    whole: Doc = {**_whole(obj, rid), **{name: data[name] for name in ("all_day", "zone") if name in data}}
    changed = {name: data[name] for name in _ICAL if name in data}
    if any(name in data for name in _TIMES):
        if ("starts_at" in data) != ("ends_at" in data):
            raise Invalid({"ends_at" if "starts_at" in data else "starts_at": "required"})
        if "starts_at" not in data:
            changed |= {"starts_at": _as_told(whole["starts_at"]), "ends_at": _as_told(whole["ends_at"])}
    try:
        found = contents.told(changed, whole)
    except (ValueError, OverflowError) as error:
        raise Invalid(_wrong({**whole, **data})) from error
    if scope == "this":
        found.pop("rrule", None)
    return found


def _as_told(value: Any) -> Any:
    return value.replace(tzinfo=SEOUL) if isinstance(value, datetime) and value.tzinfo is None else value


def _extras(row: Any, data: Doc, people: list[Doc] | None) -> Extras:
    kept = Extras.of(row)
    return Extras(
        data.get("kind", kept.kind),
        kept.people if people is None else people,
        data.get("cards", kept.cards),
        kept.source,
        kept.made_from,
        kept.booking,
    )


# -- taken out --------------------------------------------------------------------------------------


def remove(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """Takes an entry out, or a part of its series; `EntryResult`."""
    row, calendar, _ = opened(tx, ctx, data["id"], "write", lock=True)
    keeping.require_version(row, data["version"])
    obj = Object.of_text(row.text)
    scope, rid = _scope(obj, data)
    left = editing.remove(obj, scope=scope, rid=rid, now=tx.now)
    calendar = calendars.locked(tx, calendar.id)
    if row.booking:
        _give_back(tx, row, obj, left)
    _told(tx, ctx, calendar, row._mapping, "entry_removed")
    if left is None:
        keeping.remove(tx, ctx, calendar, row)
        copies.withdraw(tx, ctx, row.id, [each["id"] for each in row.people])
        return {"id": row.id, "calendar": calendar.id, "version": row.version, "also": None, "booking": None}
    after = keeping.save(tx, ctx, calendar, row, left, Extras.of(row))
    copies.spread(tx, ctx, after, left, row.people)
    return result(after, None, None)


def _give_back(tx: Tx, row: Any, obj: Object, left: Object | None) -> None:
    """Times of a room that the entry has no more."""
    held = bookings.booking(tx, row.booking)
    if left is None:
        if held.state in bookings.HAS:
            bookings.become(tx, held, bookings.RELEASED)
        return
    staying = {time.starts_at for time in _coming(left)} if left.span(SEOUL)[1] else set()
    for time in _coming(obj):
        if time.starts_at not in staying:
            bookings.free(tx, row.booking, Period.starts_at == time.starts_at)


def result(row: Doc, also: Doc | None, booking: Doc | None) -> Doc:
    """What a command answers, as `EntryResult`."""
    names = ("id", "calendar", "version")
    booked = {name: booking[name] for name in ("booking", "state", "skipped")} if booking else None
    return {name: row[name] for name in names} | {"also": also["id"] if also else None, "booking": booked}


def _told(tx: Tx, ctx: Context, calendar: Any, row: Mapping[str, Any], code: str) -> None:
    """Tells those who are named on an entry, and whose calendar it is, where somebody else has done it."""
    kind, _, owner = calendar.holder.partition(":")
    people: Sequence[str] = [each["id"] for each in row["people"]]
    if code == "entry_by_other":
        reminding.inform(tx, row, list(people), "entry_shared", when_told(row))
        people = []
    told = [*people, *([owner] if kind == "person" else [])]
    reminding.inform(tx, row, told, code, when_told(row))


def when_told(row: Mapping[str, Any]) -> Doc:
    """When an entry is, as a notice says it."""
    return {"starts_at": row["starts_at"].isoformat(), "all_day": row["all_day"], "place": row["place"]}
