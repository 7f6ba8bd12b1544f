"""What people do with a meeting: its acts, their answers, their presence, their word on the minutes."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select, update

from services.meetings import alarming, calling, changing, keeping, letters, reading, results, rows, settling
from services.meetings.domain import acts, answers, minutes, states
from services.meetings.domain.meeting import Moved, Ref, Who, is_open_for_attendance
from services.meetings.models import Guest, Item, Minutes
from services.meetings.rows import Kept
from shared import body as bodies
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid, NotFound

Doc = dict[str, Any]


def who_of(ctx: Context) -> Who:
    """The caller."""
    return Who(ctx.person_ref, ctx.roles)


def act(tx: Tx, ctx: Context, data: Doc) -> Kept:
    """Moves a meeting by an act of the table; cancels several of a series. Raises what stands in the way."""
    several = data["act"] == "cancel" and data["scope"] != "this"
    first = reading.opened(tx, ctx, data["id"], lock=not several)
    keeping.require_version(first, data["version"])
    if not several or not first.row["series"]:
        return _act(tx, ctx, rows.found(tx, data["id"], lock=True) if several else first, data)
    acts.require_leads(first.meeting, who_of(ctx))
    states.require(first.meeting.state, frozenset((states.CALLED,)), "cancel")
    # In the order of their times, as whoever else locks several does.
    for id_ in changing.targets(tx, first, data["scope"]):
        _act(tx, ctx, rows.found(tx, id_, lock=True), data)
    return rows.found(tx, data["id"])


def _act(tx: Tx, ctx: Context, kept: Kept, data: Doc) -> Kept:
    who, meeting, columns = who_of(ctx), kept.meeting, dict[str, Any]()
    if data["act"] == "open":
        moved = acts.open_(meeting, who, tx.now)
    elif data["act"] == "end":
        moved = acts.end(meeting, who, tx.now)
        _stop_clocks(tx, meeting.id)
    elif data["act"] == "cancel":
        moved = acts.cancel(meeting, who, tx.now, data["reason"])
        columns = {"itip": kept.row["itip"] + bool(moved.action)}
    elif data["act"] == "ask_confirmation":
        if data["due"] is None:
            acts.require_leads(meeting, who)
            raise Invalid({"due": "required"})
        _settle(tx, kept)
        written = _is_written(tx, kept)
        moved = acts.ask_confirmation(meeting, who, tx.now, data["due"], written=written)
    elif data["act"] == "take_back":
        moved = acts.take_back(meeting, who, tx.now, data["reason"])
    else:
        moved = acts.conclude(meeting, who, tx.now)
        _seal(tx, kept)
    done = keeping.save(tx, ctx, kept, moved, **columns)
    if moved.action:
        alarming.set_(tx, done)
        after(tx, ctx, kept, done)
    return done


def after(tx: Tx, ctx: Context, before: Kept, done: Kept) -> None:
    """What the end of a meeting means to its guests and to the next of its series."""
    if done.meeting.state == states.CANCELLED:
        letters.cancel(tx, done)
    if before.meeting.state in states.AHEAD and done.meeting.state not in states.AHEAD:
        calling.pass_on(tx, ctx, done)


def _settle(tx: Tx, kept: Kept) -> None:
    """What was typed until now is what is sent round: who types on hears that it is too late."""
    acts.require_leads(kept.meeting, who_of(tx.ctx))
    states.moved(kept.meeting.state, "ask_confirmation")
    settling.settle(tx, kept)


def _is_written(tx: Tx, kept: Kept) -> bool:
    together = results.together(tx, kept)
    return bool(minutes.text({**together, "items": _gists(together)}, bodies.lines))


def _gists(together: Doc) -> list[Doc]:
    """The items without their titles, which are there before anything was said."""
    return [{**each, "title": ""} for each in together["items"]]


def _seal(tx: Tx, kept: Kept) -> None:
    """The digest of the minutes goes on the record: they never change again."""
    digest = minutes.digest(results.together(tx, kept))
    tx.insert_new(Minutes, **results.no_minutes(tx, kept))
    tx.execute(update(Minutes).where(Minutes.meeting == kept.meeting.id).values(digest=digest, state="confirmed"))
    tx.audit("meetings.minutes.sealed", subject=kept.meeting.id, after={"digest": digest})


_CLOCKS = select(Item.id, Item.started_at, Item.spent).where(
    Item.meeting == bindparam("id"), Item.started_at.is_not(None)
)


def _stop_clocks(tx: Tx, id_: str) -> None:
    for row in tx.execute(_CLOCKS, {"id": id_}).all():
        spent = row.spent + int((tx.now - row.started_at).total_seconds())
        tx.execute(update(Item).where(Item.id == row.id).values(started_at=None, spent=spent))


def time_item(tx: Tx, ctx: Context, data: Doc) -> Kept:
    """Starts or stops the clock of an agenda item; starting one stops the others."""
    kept = reading.opened(tx, ctx, data["id"], lock=True)
    acts.require_leads(kept.meeting, who_of(ctx))
    row = item_of(tx, kept, data["item"])
    states.require(kept.meeting.state, frozenset((states.HELD,)), "time_item")
    if bool(row.started_at) == data["running"]:
        return kept
    _stop_clocks(tx, kept.meeting.id)
    if data["running"]:
        tx.execute(update(Item).where(Item.id == row.id).values(started_at=tx.now))
    moved = Moved(kept.meeting, "timed", {"item": row.title, "running": data["running"]})
    return keeping.save(tx, ctx, kept, moved, small=True)


def item_of(tx: Tx, kept: Kept, id_: str) -> Any:
    """An agenda item of a meeting. Raises `NotFound`."""
    row = tx.one(select(Item.__table__).where(Item.id == id_, Item.meeting == kept.meeting.id))
    if row is None:
        raise NotFound("item")
    return row


# -- people -----------------------------------------------------------------------------------------


def answer(tx: Tx, ctx: Context, data: Doc, substitute: Ref | None) -> Kept:
    """What the caller answers, of this meeting or of others of its series too."""
    first = reading.opened(tx, ctx, data["id"])
    if data["scope"] == "this":
        return _answer(tx, ctx, rows.found(tx, data["id"], lock=True), data, substitute)
    states.require(first.meeting.state, frozenset((states.CALLED,)), "answer")
    done = first
    # In the order of their times, as whoever else locks several does.
    for id_ in changing.targets(tx, first, data["scope"]):
        kept = rows.found(tx, id_, lock=True)
        if id_ == data["id"] or kept.meeting.person(ctx.person):
            kept = _answer(tx, ctx, kept, data, substitute)
        done = kept if id_ == data["id"] else done
    return done


def _answer(tx: Tx, ctx: Context, kept: Kept, data: Doc, substitute: Ref | None) -> Kept:
    moved = answers.answer(kept.meeting, who_of(ctx), tx.now, data["answer"], data["word"], substitute)
    return keeping.save(tx, ctx, kept, moved, small=True)


def ready(tx: Tx, ctx: Context, data: Doc) -> Kept:
    """The papers of an agenda item are there, says its presenter or who leads."""
    kept = reading.opened(tx, ctx, data["id"], lock=True)
    row = item_of(tx, kept, data["item"])
    if not (row.presenter and row.presenter["id"] == ctx.person):
        acts.require_leads(kept.meeting, who_of(ctx))
    states.require(kept.meeting.state, frozenset((states.CALLED, states.HELD)), "ready")
    return mark_ready(tx, ctx, kept, row, is_ready=data["ready"])


def mark_ready(tx: Tx, ctx: Context, kept: Kept, row: Any, *, is_ready: bool) -> Kept:
    """Whether the papers of an item are there."""
    if row.ready == is_ready:
        return kept
    tx.execute(update(Item).where(Item.id == row.id).values(ready=is_ready))
    moved = Moved(kept.meeting, "readied", {"item": row.title, "ready": is_ready})
    return keeping.save(tx, ctx, kept, moved, small=True)


def attend(tx: Tx, ctx: Context, data: Doc) -> Kept:
    """Marks who is there: oneself with the code, or others by who leads. Raises `Invalid`, `Forbidden`, `Conflict`."""
    kept = reading.opened(tx, ctx, data["id"], lock=True)
    if data["code"]:
        if not secrets.compare_digest(data["code"].encode(), kept.row["code"].encode()):
            raise Invalid({"code": "wrong_code"})
        is_open = is_open_for_attendance(kept.meeting, tx.now)
        return keeping.save(tx, ctx, kept, acts.attend(kept.meeting, who_of(ctx), tx.now, is_open=is_open), small=True)
    if not data["people"] and not data["guests"]:
        acts.require_leads(kept.meeting, who_of(ctx))
        raise Invalid({"people": "required"})
    present = {each["person"]: each["present"] for each in data["people"]}
    moved = acts.mark(kept.meeting, who_of(ctx), tx.now, present)
    guests = _mark_guests(tx, kept, data["guests"])
    if guests and not moved.action:
        moved = replace(moved, action="marked", detail={"people": guests})
    return keeping.save(tx, ctx, kept, moved, small=True)


def _mark_guests(tx: Tx, kept: Kept, told: list[Doc]) -> int:
    known = {row["id"]: row for row in results.guests(tx, kept.meeting.id)} if told else {}
    changed = 0
    for n, each in enumerate(told):
        row = known.get(each["person"])
        if row is None:
            raise Invalid({f"guests.{n}.person": "not_invited"})
        if row["present"] is not each["present"]:
            changed += 1
            tx.execute(update(Guest).where(Guest.id == row["id"]).values(present=each["present"]))
    return changed


def code(tx: Tx, ctx: Context, id_: str) -> Doc:
    """The code of attendance, for who leads, as `CodeView`."""
    kept = reading.opened(tx, ctx, id_)
    acts.require_leads(kept.meeting, who_of(ctx))
    return {"id": id_, "title": kept.row["title"], "code": kept.row["code"]}


def review(tx: Tx, ctx: Context, data: Doc) -> Kept:
    """Agrees with the minutes, or objects."""
    kept = reading.opened(tx, ctx, data["id"], lock=True)
    moved = acts.review(kept.meeting, who_of(ctx), agree=data["agree"], note=data["note"])
    return keeping.save(tx, ctx, kept, moved, small=True)
