"""Journals as they are kept: who may do what with one, its settings, its form in versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select, update

from services.memo.journals import catalogue
from services.memo.journals.domain import schema
from services.memo.journals.domain.periods import Schedule, schedule_of
from services.memo.journals.models import Journal, JournalForm, JournalReader
from shared import audience
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from shared.retelling import retold

ADMIN = "tenant_admin"
DRAFT, OPEN, ENDED = "draft", "open", "ended"
MOST_WRITERS = 2_000
READERS: Any = JournalReader.__table__
# Journals are read as a paper one is: by who writes in it, verifies or manages it; and by those who oversee.
_OVERSEERS = frozenset(map(audience.role, ("auditor", ADMIN)))


# -- rights -----------------------------------------------------------------------------------------


def writes(ctx: Context, row: Row[Any]) -> bool:
    """Whether the caller may write in it."""
    return row.state == OPEN and audience.may_read(ctx, row.writes)


def verifies(ctx: Context, row: Row[Any]) -> bool:
    """Whether the caller is one of its verifiers. A deputy is found by `methods`, who asks the directory."""
    return ctx.person in row.verifiers


def manages(ctx: Context, row: Row[Any]) -> bool:
    """Whether the caller may change it: its managers and tenant administrators."""
    return ctx.person in row.managers or (bool(ctx.person) and ctx.has(ADMIN))


def readers(row: Mapping[Any, Any]) -> frozenset[str]:
    """Everybody to whom it is open, as principals."""
    people = map(audience.person, {*row["verifiers"], *row["managers"]})
    return frozenset({*row["writes"], *people, *_OVERSEERS})


def may(ctx: Context, row: Row[Any]) -> list[str]:
    """What the caller may do with it."""
    by = {"write": writes(ctx, row), "verify": verifies(ctx, row), "manage": manages(ctx, row)}
    return [act for act, allowed in by.items() if allowed]


def opened(tx: Tx, ctx: Context, journal: str) -> Row[Any]:
    """A journal that the caller may read. Raises `NotFound`."""
    row = found(tx, journal)
    if row is None or not audience.may_read(ctx, readers(row._mapping)):
        raise NotFound("journal")
    return row


def found(tx: Tx, journal: str, *, locked: bool = False) -> Row[Any] | None:
    """A journal by its id, whoever asks."""
    statement = select(Journal.__table__).where(Journal.id == journal)
    return tx.one(statement.with_for_update() if locked else statement)


def managed(tx: Tx, ctx: Context, journal: str) -> Row[Any]:
    """A journal that the caller may change. Raises `NotFound`, or `Forbidden` for who may only read it."""
    row = opened(tx, ctx, journal)
    if not manages(ctx, row):
        raise Forbidden("managers of the journal")
    return row


def schedule(row: Row[Any]) -> Schedule:
    """When it is due."""
    return schedule_of(row.schedule)


# -- kept -------------------------------------------------------------------------------------------


def save(
    tx: Tx,
    ctx: Context,
    asked: Mapping[str, Any],
    fields: Sequence[Mapping[str, Any]],
    people: Sequence[Mapping[str, Any]],
) -> Row[Any]:
    """Keeps a journal; `people` are its writers as the directory named them. Raises `Stale` on an old version."""
    values = _values(asked, fields, writing(asked["writers"], people))
    journal = asked["id"]
    if journal is None:
        journal = tx.new_id()
        managers = list(dict.fromkeys([ctx.person, *asked["managers"]]))
        of = {"department_id": ctx.department_id, "department": ctx.department, "made_by": ctx.person_ref}
        first = {"id": journal, "version": 1, "sequence": 1, "state": DRAFT, "form_version": None, "made_at": tx.now}
        tx.insert(Journal, **{**values, **first, **of, "managers": managers})
        before = None
    else:
        row = _of_version(tx, journal, asked["version"])
        before = {"version": row.version, "title": row.title, "state": row.state}
        # An administrator who takes everybody off leaves those who were there.
        values["managers"] = asked["managers"] or row.managers
        state = ENDED if asked["ended"] else (OPEN if row.form_version else DRAFT)
        grown = {"version": row.version + 1, "sequence": row.sequence + 1, "state": state}
        tx.execute(update(Journal).where(Journal.id == journal).values(**values, **grown))
    return _kept(tx, journal, "journals.journal.saved", before, {"writers": asked["writers"]})


def publish(tx: Tx, ctx: Context, journal: str, note: str) -> Row[Any]:
    """The draft as the next version of the form. Raises `Conflict` where it is what is published already."""
    row = found(tx, journal, locked=True)
    assert row is not None
    last = form(tx, row, row.form_version) if row.form_version else None
    if last and last["fields"] == row.fields and last["title"] == row.title and row.state == OPEN:
        raise Conflict("already-published")
    version = (row.form_version or 0) + 1
    told = {"version": version, "title": row.title, "fields": row.fields, "note": note, "person": ctx.person_ref}
    tx.insert(JournalForm, journal=journal, at=tx.now, **told)
    grown = {"form_version": version, "state": OPEN, "version": row.version + 1, "sequence": row.sequence + 1}
    tx.execute(update(Journal).where(Journal.id == journal).values(**grown))
    return _kept(tx, journal, "journals.form.published", {"form": row.form_version}, {"form": version, "note": note})


def renew_readers(tx: Tx, row: Row[Any], people: Sequence[Mapping[str, Any]]) -> Row[Any]:
    """The journal with those its groups consist of now: asked for whenever a period opens."""
    now = writing(row.writers, people)
    if now == row.writes:
        return row
    tx.execute(update(Journal).where(Journal.id == row.id).values(writes=now, sequence=row.sequence + 1))
    return _kept(tx, row.id, "journals.writers.changed", {"writes": len(row.writes)}, {"writes": len(now)})


def writing(named: Iterable[str], people: Iterable[Mapping[str, Any]]) -> list[str]:
    """The principals that may write: people and departments as they were named, groups by their people of now."""
    own = {each for each in named if not each.startswith("group:")}
    of_groups = {audience.person(each["id"]) for each in people if any(t["kind"] == "group" for t in each["through"])}
    return sorted(own | of_groups)


def _values(asked: Mapping[str, Any], fields: Sequence[Mapping[str, Any]], writes: list[str]) -> dict[str, Any]:
    plain = ("title", "about", "schedule", "way", "writers", "verifiers", "managers")
    values = {name: asked[name] for name in plain} | {"fields": list(fields), "writes": writes}
    return values | {"verifiers": list(dict.fromkeys(asked["verifiers"]))}


def _of_version(tx: Tx, journal: str, version: int | None) -> Row[Any]:
    row = found(tx, journal, locked=True)
    assert row is not None
    if version not in (None, row.version):
        raise Stale(row.version)
    return row


def _kept(tx: Tx, journal: str, action: str, before: Any, after: dict[str, Any]) -> Row[Any]:
    row = found(tx, journal)
    assert row is not None
    open_to = readers(row._mapping)
    kept = {each.principal for each in tx.all(select(READERS.c.principal).where(READERS.c.subject == journal))}
    if kept != open_to:
        audience.keep(tx, READERS, journal, open_to)
        catalogue.tell_months(tx, row, open_to)
    tx.audit(action, subject=journal, before=before, after=after | {"version": row.version, "title": row.title})
    catalogue.tell_journal(tx, row, open_to)
    return row


# -- forms ------------------------------------------------------------------------------------------


def form(tx: Tx, row: Row[Any], version: int) -> dict[str, Any]:
    """A published form. Raises `NotFound`."""
    return forms(tx, row.id, {version})[version]


def forms(tx: Tx, journal: str, versions: set[int]) -> dict[int, dict[str, Any]]:
    """Published forms by version. Raises `NotFound` for one that there is not."""
    statement = select(JournalForm.__table__).where(JournalForm.journal == journal, JournalForm.version.in_(versions))
    kept = {row.version: _form(row) for row in tx.all(statement)}
    if set(kept) != versions:
        raise NotFound("form")
    return kept


def _form(row: Row[Any]) -> dict[str, Any]:
    names = ("version", "title", "fields", "note", "person", "at")
    return {name: getattr(row, name) for name in names}


def history(tx: Tx, journal: str) -> list[dict[str, Any]]:
    """Every version of the form without its fields, the newest first."""
    columns = (JournalForm.version, JournalForm.note, JournalForm.person, JournalForm.at)
    rows = tx.all(
        select(*columns).where(JournalForm.journal == journal).order_by(JournalForm.version.desc()).limit(100)
    )
    return [dict(row._mapping) for row in rows]


def published(tx: Tx, row: Row[Any], version: int | None = None) -> dict[str, Any]:
    """The form of a version, the present one unless told. Raises `Conflict` where none was published, `NotFound`."""
    wanted = version or row.form_version
    if wanted is None:
        raise Conflict("not-published")
    return form(tx, row, wanted)


def shown_form(tx: Tx, row: Row[Any], version: int | None) -> dict[str, Any] | None:
    """A published form with its JSON Schema; None where none was published and none was asked for."""
    if version is None and row.form_version is None:
        return None
    found_ = form(tx, row, version or row.form_version)
    return found_ | {"schema": schema.of(found_["fields"])}


def line(ctx: Context, row: Row[Any]) -> dict[str, Any]:
    """As `JournalLine`."""
    names = ("id", "title", "state", "department", "schedule", "form_version")
    return {name: getattr(row, name) for name in names} | {"may": may(ctx, row)}


def saved(row: Row[Any]) -> dict[str, Any]:
    """As `SavedJournal`."""
    return {name: getattr(row, name) for name in ("id", "version", "form_version", "state")}


def require_people(expanded: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The writers whom the directory named. Raises `Invalid` where some cannot write: unknown, gone, too many."""
    people: list[dict[str, Any]] = expanded["people"]
    if expanded["unknown"]:
        raise Invalid({"writers": "unknown"})
    if expanded["dissolved"]:
        raise Invalid({"writers": "dissolved_department"})
    if expanded["left"]:
        raise Invalid({"writers": "left"})
    if len(people) > MOST_WRITERS:
        raise Invalid({"writers": "too_many"}, f"at most {MOST_WRITERS}")
    if not people:
        raise Invalid({"writers": "nobody"})
    return people


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells the catalogue again of a batch of journals with their months, as `Retell` describes."""
    rows = tx.all(select(Journal.__table__).where(Journal.id > (after or "")).order_by(Journal.id).limit(limit))
    for row in rows:
        catalogue.tell_journal(tx, row, readers(row._mapping))
        catalogue.tell_months(tx, row, readers(row._mapping), anew=True)
    return retold(rows, limit)
