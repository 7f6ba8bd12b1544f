"""What is to be written now, by whom, and who has not (미작성)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from services.memo.journals import books, entries, rounds
from services.memo.journals.domain import missing, periods
from services.memo.journals.domain.periods import Period
from services.memo.journals.models import Journal, JournalEntry, JournalMonth
from services.memo.journals.tables import period as shown
from shared import audience, paging
from shared.calendar import Exceptions, seoul_date
from shared.context import Context
from shared.db import Tx

_MOST = 100
_ORDER = paging.Order("journals", (Journal.title, Journal.id), False)
People = Sequence[Mapping[str, Any]]


def _readable(ctx: Context) -> Any:
    mine = select(books.READERS.c.subject).where(books.READERS.c.principal.in_(sorted(audience.principals(ctx))))
    return Journal.id.in_(mine)


def journals(tx: Tx, ctx: Context, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A page of the journals that the caller may read, by title, as `JournalPage`."""
    query = select(Journal.__table__).where(_readable(ctx))
    if asked["q"]:
        query = query.where(Journal.title.icontains(asked["q"], autoescape=True))
    if asked["cursor"]:
        query = query.where(_ORDER.after(asked["cursor"]))
    rows = tx.all(query.order_by(*_ORDER.clauses()).limit(asked["limit"] + 1))
    found, following = paging.page(rows, asked["limit"], _ORDER.key)
    return {"items": [books.line(ctx, row) for row in found], "next": following}


def mine(tx: Tx, ctx: Context, calendar: Exceptions) -> dict[str, Any]:
    """What the caller is to write now, as `Today`: what is open first, then what was written, then days off."""
    open_ = select(Journal.__table__).where(_readable(ctx), Journal.state == books.OPEN)
    rows = [row for row in tx.all(open_.order_by(*_ORDER.clauses()).limit(_MOST)) if books.writes(ctx, row)]
    now = {row.id: periods.at(books.schedule(row), tx.now) for row in rows}
    written = _written(tx, ctx, now)
    items = []
    for row in rows:
        line = shown(row, now[row.id], calendar, ctx.locale)
        entry = written.get(row.id) or (_anybodys(tx, row, now[row.id]) if row.way == missing.ANY else None)
        state = entry.state if entry else "open" if line["due"] else "off"
        whole = {"journal": books.line(ctx, row), "period": line, "state": state}
        items.append(whole | {"entry": entry.id if entry else None})
    return {"items": sorted(items, key=lambda item: ("open", "sent_back").count(item["state"]), reverse=True)}


def _written(tx: Tx, ctx: Context, now: Mapping[str, Period]) -> dict[str, Row[Any]]:
    """The caller's entries for these periods, by journal."""
    since = (seoul_date(tx.now) - timedelta(days=9)).isoformat()
    of = (JournalEntry.writer_id == ctx.person, JournalEntry.day >= since, JournalEntry.version > 0)
    columns = (JournalEntry.id, JournalEntry.journal, JournalEntry.day, JournalEntry.shift, JournalEntry.state)
    found = {}
    for row in tx.all(select(*columns).where(*of).order_by(JournalEntry.received_at)):
        period = now.get(row.journal)
        if period and (row.day, row.shift) == (period.day.isoformat(), period.shift):
            found[row.journal] = row
    return found


def _anybodys(tx: Tx, journal: Row[Any], period: Period) -> Row[Any] | None:
    """An entry of whoever wrote one where one is enough."""
    of = [JournalEntry.journal == journal.id, JournalEntry.day == period.day.isoformat()]
    of += [JournalEntry.shift == period.shift, JournalEntry.version > 0]
    return tx.one(select(JournalEntry.id, JournalEntry.state).where(*of).limit(1))


# -- who is missing ---------------------------------------------------------------------------------


def absent(
    tx: Tx, ctx: Context, journal: Row[Any], day: date | None, calendar: Exceptions, people: Callable[[], People]
) -> dict[str, Any]:
    """Of each period of a business date who has not written, as `Missing`.

    Of periods that have ended those are expected who were then; `people` asks who is expected now.
    """
    day = day or periods.at(books.schedule(journal), tx.now).day
    asked: list[People] = []
    items = []
    for period in periods.of_date(books.schedule(journal), day):
        round_ = rounds.found(tx, journal.id, period)
        line = shown(journal, period, calendar, ctx.locale)
        ended = round_ is not None and round_.ends <= tx.now and round_.expected is not None
        if line["due"] and not ended and not asked:
            asked.append(people())
        now = expected_in(journal, period, asked[0]) if asked else []
        expected = round_.expected if round_ is not None and ended else now
        items.append(line | _standing(tx, journal, round_, expected if line["due"] else []))
    return {"journal": journal.id, "day": day.isoformat(), "way": journal.way, "items": items}


def expected_in(journal: Row[Any], period: Period, people: People) -> list[dict[str, Any]]:
    """Of those who write in a journal, those who do in this period: a shift may have people of its own."""
    shift = books.schedule(journal).shift(period.shift)
    return missing.expected_in(people, shift.writers if shift else ())


def _standing(tx: Tx, journal: Row[Any], round_: Row[Any] | None, people: People) -> dict[str, Any]:
    found = rounds.standing(tx, journal, round_, people)
    return {
        "id": round_.id if round_ is not None else None,
        "expected": found.expected,
        "written": round_.entries if round_ is not None else 0,
        "missing": [rounds.expected(each) for each in found.missing],
        "excused": [rounds.expected(each) for each in found.excused],
    }


# -- what an id is ----------------------------------------------------------------------------------


def whereabouts(tx: Tx, ctx: Context, id_: str) -> dict[str, Any]:
    """What the id is of, as `Whereabouts`; whether the caller may read that journal is asked of it."""
    where = {"kind": "journal", "journal": id_, "day": "", "shift": "", "month": "", "role": ""}
    if (round_ := rounds.by_id(tx, id_)) is not None:
        where |= {"kind": "round", "journal": round_.journal, "day": round_.day, "shift": round_.shift}
        where["role"] = _role(ctx, round_)
    elif (entry := entries.found(tx, id_)) is not None and entry.version:
        where |= {"kind": "entry", "journal": entry.journal, "day": entry.day, "shift": entry.shift}
    elif (month := tx.one(select(JournalMonth.__table__).where(JournalMonth.id == id_))) is not None:
        where |= {"kind": "month", "journal": month.journal, "month": month.month}
    return where


def _role(ctx: Context, round_: Row[Any]) -> str:
    """What the caller has to do with a round: to verify, or to write."""
    if ctx.person in round_.verifying and round_.to_verify and ctx.person not in round_.asked:
        return "verify"
    return "write"
