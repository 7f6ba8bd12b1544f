"""Keeps the desks as services tell them (`<service>.desk`). Indifferent to the order of events and to repeats."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError
from sqlalchemy import Row, and_, bindparam, case, delete, or_, select, update

from services.desk.domain import age, slots
from services.desk.domain.slots import Key
from services.desk.models import Notice, Slot, Subject
from shared.contracts.desk import Told
from shared.db import Tx
from shared.dialects import Upsert
from shared.errors import Poison
from shared.events import Event
from shared.records import values

TOPIC = "desk"
_TOLD = Told()
_FIELDS = tuple(slots.Todo.__dataclass_fields__)
_EMPTY = {"noun": "", "role": "", "title": "", "since": None, "due": None, "urgency": 0, "dismissible": False}
_NOTHING: dict[str, Any] = {**_EMPTY, "params": {}, "sender": None}

_KNOWN = select(Subject.sequence).where(
    Subject.source == bindparam("of_source"), Subject.subject == bindparam("of_subject")
)
_MINE = (Slot.source == Subject.source, Slot.subject == Subject.subject)
_OF_THESE = Slot.person.in_(bindparam("people", expanding=True))


def _kept(*which: Any) -> Any:
    """How far a subject has been told of, with some of its slots; one row where there are none."""
    head = (Subject.sequence.label("latest"), Subject.cleared)
    rows = select(*head, Slot.__table__).outerjoin(Slot, and_(*_MINE, *which))
    return rows.where(Subject.source == bindparam("of_source"), Subject.subject == bindparam("of_subject"))


_KEPT = _kept(_OF_THESE)
_KEPT_AND_CLEARED = _kept(or_(_OF_THESE, Slot.sequence < Subject.cleared))


def _entered(row: Any) -> Any:
    """Keeps how far a subject has been told of. Who handles another event of it at the same moment waits."""
    told = row.excluded
    later = told.sequence > Subject.sequence
    values = {
        "sequence": case((later, told.sequence), else_=Subject.sequence),
        "cleared": case((told.cleared > Subject.cleared, told.cleared), else_=Subject.cleared),
        "ended_at": case((later, told.ended_at), else_=Subject.ended_at),
    }
    return row.on_conflict_do_update(index_elements=["source", "subject"], set_=values)


_ENTERED = Upsert(Subject, _entered)
_ONCE = Upsert(Notice, lambda row: row.on_conflict_do_nothing())
_THE_SLOT = (
    Slot.source == bindparam("of_source"),
    Slot.subject == bindparam("of_subject"),
    Slot.person == bindparam("of_person"),
    Slot.kind == bindparam("of_kind"),
)
# The columns to set are the other parameters this is executed with. What its person dismisses meanwhile stays so.
_DISMISSED = Slot.dismissed == bindparam("of_since", type_=Slot.since.type)
_CHANGED = (
    update(Slot)
    .where(*_THE_SLOT)
    .values(shown=and_(bindparam("is_filled", type_=Slot.shown.type), or_(Slot.dismissed.is_(None), ~_DISMISSED)))
)
_GONE = delete(Slot).where(*_THE_SLOT, Slot.dismissed.is_(None))
_FORGOTTEN = (
    delete(Subject)
    .where(Subject.ended_at < bindparam("before"))
    .returning(Subject.source.label("of_source"), Subject.subject.label("of_subject"))
)
_EMPTIED = delete(Slot).where(*_THE_SLOT[:2], Slot.since.is_(None))


def apply(tx: Tx, event: Event) -> None:
    """Brings the desks to what a service tells of a subject. Raises `Poison` for what is no such event."""
    try:
        told = _TOLD.load(event.data)
    except ValidationError as error:
        raise Poison(f"malformed: {error.messages}") from error
    source = event.type.partition(".")[0]
    changed: set[str] = set()
    watchers = told["watchers"]
    if told["slots"] or told["clear"] is not None or told["ended"]:
        changed, is_latest = _fill(tx, event, source, told)
        watchers = watchers if is_latest else []
    changed |= _notify(tx, source, told)
    if changed:
        tx.tell(changed, TOPIC)
    if watchers:
        # The object has changed, not what they have to do: only pages that show it are to ask anew.
        tx.tell(watchers, told["noun"])
    if age.is_time_to_forget(event.id):
        _forget(tx)


def _fill(tx: Tx, event: Event, source: str, told: dict[str, Any]) -> tuple[set[str], bool]:
    """Brings the subject's slots to what was told; whose desks that changed, and whether nothing later is known."""
    of = {"of_source": source, "of_subject": told["subject"]}
    if age.is_too_late(event.at, tx.now) and tx.execute(_KNOWN, of).first() is None:
        # It may have been forgotten: what nobody waits for any more must not come up again.
        return set(), False
    heard = slots.Told(told["sequence"], {(s["person"], s["kind"]): _todo(told, s["todo"]) for s in told["slots"]})
    values = {"source": source, "subject": told["subject"], "sequence": heard.sequence, "cleared": told["clear"] or 0}
    ended_at = tx.now if told["ended"] else None
    tx.change(_ENTERED.on(tx.connection), {**values, "ended_at": ended_at})
    statement = _KEPT if told["clear"] is None else _KEPT_AND_CLEARED
    rows = tx.execute(statement, {**of, "people": sorted({person for person, _ in heard.slots})}).all()
    kept = {(row.person, row.kind): _slot(row) for row in rows if row.person is not None}
    changed = dict(slots.after(kept, heard, rows[0].cleared, tx.new_id))
    _keep(tx, of, kept, changed)
    people = {key[0] for key, slot in changed.items() if _shown(kept.get(key)) != _shown(slot)}
    return people, heard.sequence >= rows[0].latest


def _todo(told: dict[str, Any], todo: dict[str, Any] | None) -> slots.Todo | None:
    return None if todo is None else slots.Todo(noun=told["noun"], title=told["title"], **todo)


def _slot(row: Row[Any]) -> slots.Slot:
    todo = slots.Todo(**{name: getattr(row, name) for name in _FIELDS}) if row.since else None
    return slots.Slot(row.sequence, todo, row.id, row.dismissed, row.doubted)


def _shown(slot: slots.Slot | None) -> slots.Todo | None:
    return slot.shown if slot else None


def _keep(tx: Tx, of: dict[str, str], kept: dict[Key, slots.Slot], changed: dict[Key, slots.Slot | None]) -> None:
    new, others, gone = [], [], []
    for key, slot in changed.items():
        its = {"of_person": key[0], "of_kind": key[1], **of}
        if slot is None:
            gone.append(its)
        elif key in kept:
            row = _row(slot)
            others.append(its | {"of_since": row["since"], "is_filled": slot.todo is not None} | row)
        else:
            its = {"person": key[0], "kind": key[1], "source": of["of_source"], "subject": of["of_subject"]}
            new.append(its | _row(slot) | {"dismissed": None, "shown": slot.todo is not None})
    tx.change(_GONE, *gone)
    tx.change(_CHANGED, *others)
    tx.insert_many(Slot, new)


def _row(slot: slots.Slot) -> dict[str, Any]:
    own = {"sequence": slot.sequence, "doubted": slot.doubted, "id": slot.id}
    return own | (values(slot.todo) if slot.todo else _NOTHING)


def _notify(tx: Tx, source: str, told: dict[str, Any]) -> set[str]:
    """Keeps what was not told before, and whom it is told. Old news is left out: whether it was told is forgotten."""
    news = [notice for notice in told["notices"] if not age.is_too_late(notice["at"], tx.now)]
    about = {"source": source, "subject": told["subject"], "noun": told["noun"], "read": False}
    for notice in news:
        notice["params"] = {"title": told["title"], **notice["params"]}
    tx.change(_ONCE.on(tx.connection), *({"id": tx.new_id(), **about, **notice} for notice in news))
    return {notice["person"] for notice in news}


def _forget(tx: Tx) -> None:
    """Lets go of subjects that ended long ago, but for what is still on a desk; and of old notices."""
    before = {"before": age.forgotten_before(tx.now)}
    subjects = tx.execute(_FORGOTTEN, before).all()
    tx.change(_EMPTIED, *({"of_source": row.of_source, "of_subject": row.of_subject} for row in subjects))
    tx.execute(delete(Notice).where(Notice.at < before["before"]))
