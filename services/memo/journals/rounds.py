"""Rounds: a day, week or shift of a journal, who was expected in it, and what it puts on desks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update

from services.memo.journals import books, figures
from services.memo.journals.domain import entry as entries
from services.memo.journals.domain import missing
from services.memo.journals.domain.missing import Standing
from services.memo.journals.domain.periods import Period
from services.memo.journals.models import JournalEntry, JournalRound
from shared import desk
from shared.db import Tx
from shared.retelling import retold

NOUN = "journals"
_UPDATE = update(JournalRound).where(JournalRound.id == bindparam("of_round"))
_ON_DESKS = or_(JournalRound.to_verify > 0, JournalRound.sent_back > 0, JournalRound.asking.is_(True))
_ON_A_DESK = (
    select(JournalRound.__table__)
    .where(JournalRound.id > bindparam("after"), _ON_DESKS)
    .order_by(JournalRound.id)
    .limit(bindparam("most"))
)


def locked(tx: Tx, journal: Row[Any], period: Period) -> Row[Any]:
    """The round of a period, made where there is none. Its month is locked, or it is about to be opened."""
    key = {"journal": journal.id, "day": period.day.isoformat(), "shift": period.shift}
    blank: dict[str, Any] = {"sequence": 0, "expected": None, "asked": [], "asking": False, "verify_since": None}
    blank |= {"entries": 0, "to_verify": 0, "sent_back": 0, "abnormal": 0, "verifying": journal.verifiers}
    shift = books.schedule(journal).shift(period.shift)
    blank |= {"opens": period.opens, "ends": period.ends, "shift_name": shift.name if shift else ""}
    tx.insert_new(JournalRound, id=tx.new_id(), **key, **blank)
    found_ = _of(tx, key, locked=True)
    assert found_ is not None
    return found_


def found(tx: Tx, journal: str, period: Period) -> Row[Any] | None:
    """The round of a period; None where it has not opened and nothing was written."""
    return _of(tx, {"journal": journal, "day": period.day.isoformat(), "shift": period.shift})


def _of(tx: Tx, key: Mapping[str, str], *, locked: bool = False) -> Row[Any] | None:
    same = [getattr(JournalRound, name) == value for name, value in key.items()]
    statement = select(JournalRound.__table__).where(*same)
    return tx.one(statement.with_for_update() if locked else statement)


def by_id(tx: Tx, id_: str, *, locked: bool = False) -> Row[Any] | None:
    """A round by its id."""
    statement = select(JournalRound.__table__).where(JournalRound.id == id_)
    return tx.one(statement.with_for_update() if locked else statement)


def written_in(tx: Tx, round_: str) -> set[str]:
    """The ids of those who have written in it."""
    counted = (JournalEntry.version > 0, JournalEntry.state != entries.AWAITING)
    statement = select(JournalEntry.writer_id).where(JournalEntry.round == round_, *counted)
    return {row.writer_id for row in tx.all(statement)}


def standing(tx: Tx, journal: Row[Any], round_: Row[Any] | None, people: Sequence[Mapping[str, Any]]) -> Standing:
    """How a round stands, of these people."""
    written = written_in(tx, round_.id) if round_ is not None else set()
    return missing.standing(people, written, journal.way)


# -- opened and closed ------------------------------------------------------------------------------


def open_(tx: Tx, journal: Row[Any], period: Period, people: list[dict[str, Any]], verifying: list[str]) -> None:
    """Puts a period that opens on the desks of those who are to write in it and are here."""
    row = locked(tx, journal, period)
    clear_before(tx, journal, row)
    here = [person["id"] for person in standing(tx, journal, row, people).missing]
    values = {"expected": [expected(person) for person in people], "verifying": verifying}
    values |= {"asked": here, "asking": bool(here), "sequence": row.sequence + 1}
    tx.execute(_UPDATE, {"of_round": row.id, **values})
    _tell(tx, journal, {**row._mapping, **values})


def clear_before(tx: Tx, journal: Row[Any], row: Row[Any]) -> None:
    """Takes earlier periods off the desks of those who did not write: they are in the list of who is missing."""
    earlier = (JournalRound.journal == journal.id, JournalRound.shift == row.shift, JournalRound.day < row.day)
    for old in tx.all(select(JournalRound.__table__).where(*earlier, JournalRound.asking.is_(True)).with_for_update()):
        values = {"asking": False, "asked": [], "sequence": old.sequence + 1}
        tx.execute(_UPDATE, {"of_round": old.id, **values})
        _tell(tx, journal, {**old._mapping, **values})


def close(tx: Tx, journal: Row[Any], row: Row[Any], people: list[dict[str, Any]]) -> None:
    """Notes who was expected at the end of a period, and tells the managers how many are missing."""
    count = missing.count(standing(tx, journal, row, people), journal.way)
    values = {"expected": [expected(person) for person in people], "sequence": row.sequence + 1}
    tx.execute(_UPDATE, {"of_round": row.id, **values})
    if count:
        figures.missing(tx, count)
        told = {"title": journal.title, "day": row.day, "count": count}
        notices = [desk.Notice(person, "missing", 0, tx.now, told) for person in journal.managers]
        _tell(tx, journal, {**row._mapping, **values}, notices)


def expected(person: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody as expected: who they are and, where they are away, why."""
    names = ("id", "name", "position", "department", "department_id", "absent")
    return {name: person.get(name) for name in names}


# -- on desks ---------------------------------------------------------------------------------------


def moved(
    tx: Tx,
    journal: Row[Any],
    row: Row[Any],
    before: Mapping[Any, Any] | None,
    after: Mapping[Any, Any],
    notices: Sequence[desk.Notice] = (),
) -> None:
    """One entry of the round has changed from a state to another; both have `writer_id`, `state` and `abnormal`.

    What is kept of the entry is `after` already. Only what changes is told: an entry costs the same whether ten write
    or a thousand.
    """
    writer = after["writer_id"]
    cleared = {*row.asked, writer} if journal.way == missing.ANY else {writer}
    asked = [person for person in row.asked if person not in cleared]
    values: dict[str, Any] = {"sequence": row.sequence + 1, "asked": asked, "asking": bool(asked)}
    values["entries"] = row.entries + (before is None)
    for name, of in _COUNTED.items():
        values[name] = getattr(row, name) + of(after) - (before is not None and of(before))
    values["verify_since"] = (row.verify_since or tx.now) if values["to_verify"] else None
    tx.execute(_UPDATE, {"of_round": row.id, **values})
    now = {**row._mapping, **values}
    revise = {slot.person: slot for slot in _revise_slots(tx, now, writer)}
    slots = [revise.get(person) or desk.Slot(person, "journal") for person in sorted(cleared)]
    slots += _verify_slots(now) or [desk.Slot(person, "verify") for person in row.verifying]
    told: dict[str, Any] = {"slots": slots, "notices": notices, "watchers": [*row.verifying, writer]}
    desk.tell(tx, NOUN, row.id, now["sequence"], title=journal.title, ended=_ended(now), **told)


def _waits(entry: Mapping[Any, Any]) -> bool:
    return entry["state"] in (entries.TO_VERIFY, entries.AWAITING)


_COUNTED: dict[str, Callable[[Mapping[Any, Any]], bool]] = {
    "to_verify": _waits,
    "sent_back": lambda entry: entry["state"] == entries.SENT_BACK,
    "abnormal": lambda entry: _waits(entry) and entry["abnormal"] > 0,
}


def _verify_slots(row: Mapping[Any, Any]) -> list[desk.Slot]:
    """One to-do for each verifier, however many entries wait in the round."""
    if not row["to_verify"]:
        return []
    params = {"count": row["to_verify"], "abnormal": row["abnormal"], "day": row["day"]}
    todo = desk.Todo("verify", row["verify_since"], urgency=int(row["abnormal"] > 0), params=params)
    return [desk.Slot(person, "verify", todo) for person in row["verifying"]]


def _write_slots(row: Mapping[Any, Any]) -> list[desk.Slot]:
    """To be written until the period ends; who knows that it will not be takes it off."""
    params = {"day": row["day"]}
    todo = desk.Todo("write", row["opens"], due=row["ends"], dismissible=True, params=params)
    return [desk.Slot(person, "journal", todo) for person in row["asked"]]


def _revise_slots(tx: Tx, row: Mapping[Any, Any], writer: str = "") -> list[desk.Slot]:
    """What was sent back asks its writer, once for a round."""
    if not row["sent_back"]:
        return []
    columns = (JournalEntry.writer_id, JournalEntry.decided_by, JournalEntry.decided_at)
    of = [JournalEntry.round == row["id"], JournalEntry.state == entries.SENT_BACK]
    rows = tx.all(select(*columns).where(*of, *([JournalEntry.writer_id == writer] if writer else [])))
    found_: dict[str, desk.Slot] = {}
    for each in sorted(rows, key=lambda each: each.decided_at):
        todo = desk.Todo("revise", each.decided_at, sender=each.decided_by, params={"day": row["day"]})
        found_[each.writer_id] = desk.Slot(each.writer_id, "journal", todo)
    return list(found_.values())


def _tell(tx: Tx, journal: Row[Any], row: Mapping[Any, Any], notices: Sequence[desk.Notice] = ()) -> None:
    """Tells all there is of the round."""
    sequence = row["sequence"]
    revise = _revise_slots(tx, row)
    writes = [slot for slot in _write_slots(row) if slot.person not in {each.person for each in revise}]
    slots = [*writes, *revise, *_verify_slots(row)]
    told: dict[str, Any] = {"clear": sequence, "slots": slots, "notices": notices}
    desk.tell(tx, NOUN, row["id"], sequence, title=journal.title, ended=_ended(row), **told)


def _ended(row: Mapping[Any, Any]) -> bool:
    return not (row["asking"] or row["to_verify"] or row["sent_back"])


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells again of a batch of rounds that are on a desk, as `Retell` describes."""
    rows = tx.execute(_ON_A_DESK, {"after": after or "", "most": limit}).all()
    for row in rows:
        journal = books.found(tx, row.journal)
        assert journal is not None
        _tell(tx, journal, row._mapping)
    return retold(rows, limit)
