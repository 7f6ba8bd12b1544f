"""Entries as they are kept: sent once however often, changed in versions, decided on by version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from services.memo.journals import books, catalogue, figures, months, rounds
from services.memo.journals.domain import answers, clock, entry, periods
from services.memo.journals.domain.clock import Times
from services.memo.journals.domain.entry import Changed, Entry
from services.memo.journals.domain.periods import Period
from services.memo.journals.models import JournalEntry, JournalPlace, JournalVersion
from services.memo.models import FILE
from shared import desk
from shared.calendar import seoul_date
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.files.tables import REMOVED, STORED

# For how long ago one may still write.
_LATEST = timedelta(days=400)
_UPDATE = update(JournalEntry).where(JournalEntry.id == bindparam("of_entry"))
_DECIDE = update(JournalVersion).where(
    JournalVersion.entry == bindparam("of_entry"), JournalVersion.version == bindparam("of_version")
)
_DECIDED = ("decided_by", "decided_for", "decided_at", "reason")


def found(tx: Tx, id_: str, *, locked: bool = False) -> Row[Any] | None:
    """An entry by its id; also one that is only begun."""
    statement = select(JournalEntry.__table__).where(JournalEntry.id == id_)
    return tx.one(statement.with_for_update() if locked else statement)


def of_row(row: Row[Any]) -> Entry:
    """The entry as its rules see it."""
    by = {name: getattr(row, name) for name in _DECIDED}
    return Entry(row.writer_id, row.version, row.state, **by)


def times(asked: Mapping[str, Any], now: datetime) -> Times:
    """The clocks of what was sent: where the device tells none, ours."""
    written = asked["written_at"] or now
    return Times(written, asked["sent_at"] or written, now)


# -- sent -------------------------------------------------------------------------------------------


def save(tx: Tx, ctx: Context, journal: Row[Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Keeps what was sent, as `SavedEntry`: nothing new where it came before.

    Raises `Invalid` for values that are none, `Conflict` where the period has the writer's entry already or another
    version was changed than the present one, `Forbidden` for somebody else's.
    """
    told, known = times(asked, tx.now), found(tx, asked["id"]) if asked["id"] else None
    if known is not None and (known.writer_id != ctx.person or known.journal != journal.id):
        raise Forbidden("another's entry")
    form = books.published(tx, journal, asked["form_version"] or (known.form_version if known else None))
    values = {} if asked["draft"] else answers.kept(form["fields"], asked["values"])
    period = _period(journal, asked, told, known)
    place = _place(tx, journal, asked["place"])
    month = months.locked(tx, journal, period.month)
    row = found(tx, asked["id"], locked=True) if asked["id"] else None
    if row is not None and row.version:
        return _again(tx, journal, month, row, form, values, asked, told)
    _require_photos(tx, form, values, row)
    if not asked["draft"] and (first := _same_visit(tx, ctx, row, period, journal, asked, told)) is not None:
        return _one_visit(tx, first, values, told)
    return _first(tx, ctx, journal, month, period, row, form, values, asked, told, place)


def _period(journal: Row[Any], asked: Mapping[str, Any], told: Times, known: Row[Any] | None) -> Period:
    """Which it is for. Raises `Invalid` for one that has not begun, or is long past."""
    schedule = books.schedule(journal)
    if known is not None:
        return periods.of(schedule, date.fromisoformat(known.day), known.shift)
    if asked["day"] is None:
        period = periods.at(schedule, told.corrected)
    else:
        period = periods.of(schedule, asked["day"], asked["shift"])
    if period.starts > told.received + clock.TOLERANCE or period.day < seoul_date(told.received) - _LATEST:
        raise Invalid({"day": "out_of_range"})
    return period


def _place(tx: Tx, journal: Row[Any], place: str | None) -> dict[str, Any]:
    """Where it was written, by the name the place has now. Raises `Invalid` for one that there is not."""
    if place is None:
        return {"place": None, "place_name": ""}
    of = (JournalPlace.id == place, JournalPlace.journal == journal.id, JournalPlace.active.is_(True))
    row = tx.one(select(JournalPlace.name).where(*of))
    if row is None:
        raise Invalid({"place": "unknown"})
    return {"place": place, "place_name": row.name}


def _require_photos(tx: Tx, form: Mapping[str, Any], values: Mapping[str, Any], row: Row[Any] | None) -> None:
    """Photos are files of this very entry. Raises `Invalid`."""
    named = answers.photos(form["fields"], values)
    if named:
        of = (FILE.c.owner == (row.id if row else ""), FILE.c.state == STORED)
        if named - {each.id for each in tx.all(select(FILE.c.id).where(*of))}:
            raise Invalid({"values": "unknown_photo"})


def _same_visit(
    tx: Tx,
    ctx: Context,
    begun: Row[Any] | None,
    period: Period,
    journal: Row[Any],
    asked: Mapping[str, Any],
    told: Times,
) -> Row[Any] | None:
    """The writer's entry for the place that this one repeats, within a minute of it.

    Raises `Conflict` where the period has one already: of a place there may be several, each a visit.
    """
    same = [JournalEntry.journal == journal.id, JournalEntry.writer_id == ctx.person]
    same += [JournalEntry.day == period.day.isoformat(), JournalEntry.shift == period.shift, JournalEntry.version > 0]
    rows = [row for row in tx.all(select(JournalEntry.__table__).where(*same)) if row.place == asked["place"]]
    if asked["place"] is None and rows:
        raise Conflict("already-written", current=rows[0].id)
    near = [row for row in rows if clock.is_one_visit(row.written_at, told.written)]
    return near[0] if near else None


def _one_visit(tx: Tx, row: Row[Any], values: Mapping[str, Any], told: Times) -> dict[str, Any]:
    """Notes that a place was scanned and written for twice within a minute. Raises `Conflict` for other values."""
    if row.values != values:
        raise Conflict("already-written", current=row.id)
    note = {"code": "scanned_again", "at": told.written.isoformat()}
    tx.execute(_UPDATE, {"of_entry": row.id, "notes": [*row.notes, note][-20:]})
    tx.audit("journals.entry.scanned_again", subject=row.id, after=note)
    return saved(row._mapping, repeated=True)


def _first(
    tx: Tx,
    ctx: Context,
    journal: Row[Any],
    month: Row[Any],
    period: Period,
    begun: Row[Any] | None,
    form: Mapping[str, Any],
    values: dict[str, Any],
    asked: Mapping[str, Any],
    told: Times,
    place: Mapping[str, Any],
) -> dict[str, Any]:
    """A new entry: begun as a place for photos, or sent."""
    round_ = rounds.locked(tx, journal, period)
    if begun is None:
        blank = {"version": 0, "state": "draft", "values": {}, "abnormal": 0, "notes": [], "sequence": 0}
        blank |= dict.fromkeys(("decided_by", "decided_for", "decided_at")) | {"reason": ""}
        of = {"journal": journal.id, "month": month.id, "round": round_.id, "day": period.day.isoformat()}
        of |= {"shift": period.shift, **place}
        of |= {"writer_id": ctx.person, "writer_name": ctx.name, "writer": ctx.person_ref}
        entry_id = asked["id"] or tx.new_id()
        tx.insert(JournalEntry, id=entry_id, form_version=form["version"], **of, **blank, **_told(told))
        begun = found(tx, entry_id)
        assert begun is not None
    if asked["draft"]:
        return saved(begun._mapping)
    new = entry.begin(ctx.person, closed=month.closed_at is not None)
    return _keep(tx, journal, month, round_, begun, new, form, values, told)


def _again(
    tx: Tx,
    journal: Row[Any],
    month: Row[Any],
    row: Row[Any],
    form: Mapping[str, Any],
    values: dict[str, Any],
    asked: Mapping[str, Any],
    told: Times,
) -> dict[str, Any]:
    """What was sent before, or a further version. Raises `Changed` where another was changed than the present one."""
    same = asked["draft"] or (row.values == values and row.form_version == form["version"])
    if same:
        return saved(row._mapping, repeated=True)
    if asked["version"] != row.version:
        raise Changed(asked["version"] or 0, row.version, answers.changed(form["fields"], values, row.values))
    _require_photos(tx, form, values, row)
    round_ = rounds.by_id(tx, row.round, locked=True)
    assert round_ is not None
    new = entry.edit(of_row(row), row.writer_id, closed=month.closed_at is not None)
    return _keep(tx, journal, month, round_, row, new, form, values, told)


def _keep(
    tx: Tx,
    journal: Row[Any],
    month: Row[Any],
    round_: Row[Any],
    row: Row[Any],
    new: Entry,
    form: Mapping[str, Any],
    values: dict[str, Any],
    told: Times,
) -> dict[str, Any]:
    """Keeps a version, and tells of it."""
    at, findings = months.moment(tx, month), answers.abnormal(form["fields"], values)
    waits = new.state == entry.AWAITING
    version = {"entry": row.id, "version": new.version, "month": month.id, "form_version": form["version"]}
    version |= {
        "values": values,
        "abnormal": findings,
        "bad": len(findings),
        "person": row.writer,
        "at": at,
        **_told(told),
    }
    blank = dict.fromkeys(("admitted_by", "decided_by", "decided_for", "decided_at")) | {"decision": "", "reason": ""}
    tx.insert(JournalVersion, **version, sent_at=told.sent, counts_from=None if waits else at, **blank)
    now = {"version": new.version, "state": new.state, "form_version": form["version"], "values": values}
    now |= {"abnormal": len(findings), "sequence": row.sequence + 1, **_told(told)}
    now |= {name: getattr(new, name) for name in _DECIDED}
    tx.execute(_UPDATE, {"of_entry": row.id, **now})
    before = row._mapping if row.version else None
    after = {**row._mapping, **now}
    _entered(tx, journal, month, round_, before, after, at)
    figures.sent(tx, new.version, len(findings))
    record = {"version": new.version, "state": new.state, "day": row.day, "shift": row.shift, "values": values}
    record |= {"journal": journal.id, "form": form["version"], "difference": after["difference"]}
    action = "journals.entry.written" if new.version == 1 else "journals.entry.changed"
    tx.audit(action, row.id, {"version": row.version, "state": row.state} if before else None, record)
    return saved(after)


def _entered(
    tx: Tx,
    journal: Row[Any],
    month: Row[Any],
    round_: Row[Any],
    before: Mapping[Any, Any] | None,
    after: Mapping[Any, Any],
    at: datetime,
    notices: tuple[desk.Notice, ...] = (),
) -> None:
    """Counts a change in its month and tells the desks; the catalogue hears of what is 이상, and of a new month."""
    weights = [months.weight(each["state"], each["abnormal"]) if each else None for each in (before, after)]
    assert weights[1] is not None
    months.count(tx, month, at, weights[0], weights[1])
    rounds.moved(tx, journal, round_, before, after, notices)
    found_before = before is not None and before["abnormal"] > 0
    if not month.sequence or after["abnormal"] or found_before:
        kept = months.found(tx, journal.id, month.month)
        assert kept is not None
        catalogue.tell_month(tx, journal, books.readers(journal._mapping), kept)


def _told(told: Times) -> dict[str, Any]:
    """The times as they are kept: as they were told, with the difference beside them."""
    seconds = int(told.difference.total_seconds())
    times_ = {"written_at": told.written, "received_at": told.received}
    return times_ | {"difference": max(-(2**31), min(2**31 - 1, seconds)), "flagged": told.flagged}


# -- decided ----------------------------------------------------------------------------------------


def decide(
    tx: Tx,
    ctx: Context,
    journal: Row[Any],
    known: Row[Any],
    asked: Mapping[str, Any],
    standing_for: dict[str, Any] | None,
) -> dict[str, Any]:
    """Verifies, sends back or admits the version that was seen, as `SavedEntry`.

    Raises `Changed` (409) with what differs where there is a later one, and as `domain.entry.decide` does.
    """
    month = months.locked(tx, journal, known.day[:7])
    row = found(tx, known.id, locked=True)
    assert row is not None
    if asked["version"] != row.version:
        raise Changed(asked["version"], row.version, _changes(tx, journal, row, asked["version"]))
    act, reason = asked["act"], asked["reason"]
    at = months.moment(tx, month)
    new = entry.decide(of_row(row), act, ctx.person_ref, standing_for, reason, at)
    now = {"state": new.state, "sequence": row.sequence + 1, **{name: getattr(new, name) for name in _DECIDED}}
    tx.execute(_UPDATE, {"of_entry": row.id, **now})
    key = {"of_entry": row.id, "of_version": row.version}
    if act == "admit":
        tx.execute(_DECIDE, {**key, "admitted_by": ctx.person_ref, "counts_from": at})
    else:
        tx.execute(_DECIDE, {**key, "decision": new.state, **{name: now[name] for name in _DECIDED}})
    round_ = rounds.by_id(tx, row.round, locked=True)
    assert round_ is not None
    notices = _notices(ctx, row, now, at, round_.sequence + 1)
    _entered(tx, journal, month, round_, row._mapping, {**row._mapping, **now}, at, notices)
    record = {"version": row.version, "act": act, "state": new.state, "reason": reason}
    record |= {"for": standing_for["id"] if standing_for else None}
    tx.audit("journals.entry.decided", row.id, {"state": row.state}, record)
    if act == "verify":
        figures.verified(tx, row.received_at)
    return saved({**row._mapping, **now})


def _changes(tx: Tx, journal: Row[Any], row: Row[Any], seen: int) -> list[dict[str, Any]]:
    """What differs between the version that was seen and the present one. Raises `NotFound` for one there never was."""
    of = (JournalVersion.entry == row.id, JournalVersion.version == seen)
    earlier = tx.one(select(JournalVersion.values).where(*of))
    if earlier is None:
        raise NotFound("version")
    return answers.changed(books.form(tx, journal, row.form_version)["fields"], earlier.values, row.values)


def _notices(
    ctx: Context, row: Row[Any], now: Mapping[str, Any], at: datetime, occasion: int
) -> tuple[desk.Notice, ...]:
    """The writer is told what was sent back, and that a late entry was admitted."""
    code = {entry.SENT_BACK: "sent_back", entry.TO_VERIFY: "admitted"}.get(now["state"])
    told = {"person": ctx.name, "day": row.day, "reason": now["reason"]}
    return (desk.Notice(row.writer_id, code, occasion, at, told),) if code else ()


def saved(row: Mapping[Any, Any], *, repeated: bool = False) -> dict[str, Any]:
    """As `SavedEntry`."""
    names = ("id", "version", "state", "day", "shift", "flagged")
    return {name: row[name] for name in names} | {"repeated": repeated}


def abandon(tx: Tx, id_: str) -> None:
    """Takes away an entry that was only begun; its photos go with the sweep of files. One that was sent stays."""
    row = found(tx, id_, locked=True)
    if row is not None and not row.version:
        tx.execute(delete(JournalEntry).where(JournalEntry.id == id_))
        photos = update(FILE).where(FILE.c.owner == id_, FILE.c.state == STORED)
        tx.execute(photos.values(state=REMOVED, at=tx.now))
