"""Committees: members with terms, quorum, standing agenda, and the register of their meetings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from services.meetings import boards
from services.meetings.domain import quorum
from services.meetings.models import AUDIENCE, Committee, Turn
from services.meetings.models import Meeting as Row
from shared import audience, paging
from shared.calendar import seoul_date
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, Invalid, NotFound, Stale
from shared.paging import Order

Doc = dict[str, Any]
_ADMIN = "tenant_admin"
_OFFICES = ("chair", "secretary")
_BY_NAME = Order("committees", (Committee.name, Committee.id), False)
_BY_NUMBER = Order("register", (Row.turn, Row.id), False)


def sought(tx: Tx, id_: str, *, lock: bool = False) -> Any:
    """A committee's row. Raises `NotFound`."""
    found = select(Committee.__table__).where(Committee.id == id_)
    row = tx.one(found.with_for_update() if lock else found)
    if row is None:
        raise NotFound("committee")
    return row


def is_run_by(row: Any, ctx: Context, day: Any) -> bool:
    """Whether somebody may change it and call its meetings: chair, secretaries, who founded it, administrators."""
    if ctx.person == row.founder["id"] or ctx.has(_ADMIN):
        return True
    mine = [each for each in row.members if each["person"]["id"] == ctx.person and each["role"] in _OFFICES]
    return any(quorum.in_term(each, day) for each in mine)


def convened(tx: Tx, ctx: Context, data: Doc) -> Any:
    """The committee whose meeting is called, for who may call it; None of another meeting. Raises `Invalid`."""
    if data["kind"] != "committee":
        if data["committee"]:
            raise Invalid({"committee": "not_a_committee_meeting"})
        return None
    if not data["committee"]:
        raise Invalid({"committee": "required"})
    row = tx.one(select(Committee.__table__).where(Committee.id == data["committee"]))
    if row is None:
        raise Invalid({"committee": "unknown_committee"})
    if not is_run_by(row, ctx, seoul_date(tx.now)):
        raise Forbidden("does not run the committee")
    return row


def standing(row: Any, data: Doc) -> Doc:
    """What is asked, with the committee's standing agenda and secrecy where nothing else was told."""
    agenda = [{"id": None, "title": title, "presenter": None, "minutes": None} for title in row.agenda]
    return {"agenda": agenda, "closed": row.closed} | data


def members_on(row: Any, day: Any) -> list[Doc]:
    """The members whose term runs on a day."""
    return [each for each in row.members if quorum.in_term(each, day)]


def next_turn(tx: Tx, committee: str, year: int) -> int:
    """The number of the next meeting of a year (차수); the row is locked: no number is given twice."""
    tx.insert_new(Turn, committee=committee, year=year, last=0)
    mine = (Turn.committee == committee, Turn.year == year)
    tx.execute(update(Turn).where(*mine).values(last=Turn.last + 1))
    last: int = tx.scalar(select(Turn.last).where(*mine))
    return last


def save(tx: Tx, ctx: Context, data: Doc, people: dict[str, Doc]) -> Doc:
    """Founds a committee or changes it. Raises `Invalid`, `Forbidden`, `Stale`, `NotFound`."""
    members = [_member(n, each, people) for n, each in enumerate(data["members"])]
    names = ("name", "purpose", "quorum", "closed", "agenda")
    values = {name: data[name] for name in names} | {"members": members}
    if data["id"] is None:
        id_ = tx.new_id()
        tx.insert(Committee, id=id_, version=1, founder=ctx.person_ref, **values)
        tx.audit("meetings.committee.founded", subject=id_, after=values)
        return {"id": id_, "version": 1}
    row = sought(tx, data["id"], lock=True)
    if not is_run_by(row, ctx, seoul_date(tx.now)):
        raise Forbidden("does not run the committee")
    if data["version"] is not None and data["version"] != row.version:
        raise Stale(row.version)
    tx.execute(update(Committee).where(Committee.id == row.id).values(version=row.version + 1, **values))
    before = {name: getattr(row, name) for name in (*names, "members")}
    tx.audit("meetings.committee.changed", subject=row.id, before=before, after=values)
    return {"id": row.id, "version": row.version + 1}


def _member(n: int, each: Doc, people: dict[str, Doc]) -> Doc:
    person = people.get(each["person"])
    if person is None:
        raise Invalid({f"members.{n}.person": "unknown_person"})
    if each["until"] and each["until"] < each["from_"]:
        raise Invalid({f"members.{n}.until": "not_later"})
    until = each["until"].isoformat() if each["until"] else None
    return {"person": person, "role": each["role"], "from": each["from_"].isoformat(), "until": until}


def page(tx: Tx, asked: Doc) -> Doc:
    """One page of the committees by name, as `CommitteePage`."""
    query = select(*(getattr(Committee, name) for name in ("id", "name", "purpose", "members")))
    if asked["cursor"]:
        query = query.where(_BY_NAME.after(asked["cursor"]))
    found = tx.all(query.order_by(*_BY_NAME.clauses()).limit(asked["limit"] + 1))
    shown, following = paging.page(found, asked["limit"], _BY_NAME.key)
    today = seoul_date(tx.now)
    items = [
        {"id": row.id, "name": row.name, "purpose": row.purpose, "members": len(members_on(row, today))}
        for row in shown
    ]
    return {"items": items, "next": following}


def view(tx: Tx, ctx: Context, id_: str) -> Doc:
    """A committee, whole, as `CommitteeView`."""
    row, today = sought(tx, id_), seoul_date(tx.now)
    years = tx.all(select(Turn.year).where(Turn.committee == id_).order_by(Turn.year.desc()))
    names = ("id", "version", "name", "purpose", "quorum", "closed", "agenda")
    return {name: getattr(row, name) for name in names} | {
        "members": [{**each, "current": quorum.in_term(each, today)} for each in row.members],
        "years": [each.year for each in years],
        "may_change": is_run_by(row, ctx, today),
    }


def register(tx: Tx, ctx: Context, asked: Doc) -> Doc:
    """One page of the meetings of a year by their numbers, those the caller may read, as `MeetingPage`."""
    sought(tx, asked["id"])
    query = select(*boards.LINE, Row.turn).where(Row.committee == asked["id"], Row.year == asked["year"])
    query = query.where(audience.readable(AUDIENCE, Row.id, ctx))
    if asked["cursor"]:
        query = query.where(_BY_NUMBER.after(asked["cursor"]))
    found = tx.all(query.order_by(*_BY_NUMBER.clauses()).limit(asked["limit"] + 1))
    shown, following = paging.page(found, asked["limit"], _BY_NUMBER.key)
    return {"items": boards.lines(tx, ctx, shown), "next": following}
