"""Letters to guests: made with what changes a meeting, claimed by the gateway's courier, who says what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select, update

from services.meetings import figures, results
from services.meetings.domain import answers
from services.meetings.models import FILE, Guest, Item, Letter
from services.meetings.models import Meeting as Row
from services.meetings.rows import Kept
from shared.contracts.meetings import COURIERS, TOPIC
from shared.db import Tx
from shared.files.tables import STORED

Doc = dict[str, Any]
REQUEST, CANCEL = "REQUEST", "CANCEL"
WAITING, LEASED, SENT, FAILED, VOID = "waiting", "leased", "sent", "failed", "void"
# After so many seconds one that could not be sent is tried again; after the last it has failed.
_AGAIN = (60, 300, 1_800, 7_200, 21_600)
# A series invites its guests to each meeting so long before it, and not to years of them in a day.
_AHEAD = timedelta(weeks=4)


def invite(tx: Tx, kept: Kept, guests: Sequence[Doc]) -> None:
    """Invites guests to a new meeting, each address once."""
    each = {answers.normal(guest["email"]): guest for guest in guests}
    for normal, guest in each.items():
        _write(tx, kept, _add(tx, kept, normal, guest), REQUEST, kept.row["itip"], _first_due(tx, kept))


def _add(tx: Tx, kept: Kept, normal: str, guest: Doc) -> str:
    id_ = tx.new_id()
    values = {"name": guest["name"], "address": guest["email"], "normal": normal, "answer": "none", "word": ""}
    told = {"told_sequence": 0, "told_stamp": None, "present": None, "active": True}
    tx.insert(Guest, id=id_, meeting=kept.meeting.id, **values, **told)
    return id_


class Replaced(NamedTuple):
    """Whether the guests are others than before, and whether somebody hears that it is cancelled for them."""

    changed: bool
    cancelled: bool


def replaced(tx: Tx, kept: Kept, guests: Sequence[Doc]) -> Replaced:
    """Makes these the guests: who is left out hears that it is cancelled for them, by the next SEQUENCE."""
    wanted = {answers.normal(guest["email"]): guest for guest in guests}
    there = {row["normal"]: row for row in results.guests(tx, kept.meeting.id)}
    cancelled = False
    for normal, row in there.items():
        if normal not in wanted:
            tx.execute(update(Guest).where(Guest.id == row["id"]).values(active=False))
            cancelled |= _uninvite(tx, kept, row["id"], kept.row["itip"] + 1)
        elif wanted[normal]["name"] != row["name"]:
            tx.execute(update(Guest).where(Guest.id == row["id"]).values(name=wanted[normal]["name"]))
    new = [normal for normal in wanted if normal not in there]
    for normal in new:
        _write(tx, kept, _add(tx, kept, normal, wanted[normal]), REQUEST, kept.row["itip"], _first_due(tx, kept))
    return Replaced(bool(new) or any(normal not in wanted for normal in there), cancelled)


def ask_anew(tx: Tx, meeting: str) -> None:
    """At another time a guest's answer holds no more; the letter that tells of it asks for another."""
    tx.execute(update(Guest).where(Guest.meeting == meeting, Guest.active).values(answer="none", word=""))


def tell(tx: Tx, kept: Kept) -> None:
    """Tells every guest how the meeting is now."""
    for row in results.guests(tx, kept.meeting.id):
        _void(tx, row["id"])
        due = tx.now if _is_reached(tx, row["id"]) else _first_due(tx, kept)
        _write(tx, kept, row["id"], REQUEST, kept.row["itip"], due)


def cancel(tx: Tx, kept: Kept) -> None:
    """Tells every guest that it does not take place."""
    for row in results.guests(tx, kept.meeting.id):
        _uninvite(tx, kept, row["id"], kept.row["itip"])


def _uninvite(tx: Tx, kept: Kept, guest: str, sequence: int) -> bool:
    """Whom no letter has reached yet needs none; whether there is one."""
    _void(tx, guest)
    if not _is_reached(tx, guest):
        return False
    _write(tx, kept, guest, CANCEL, sequence, tx.now)
    return True


def _is_reached(tx: Tx, guest: str) -> bool:
    reached = select(Letter.id).where(Letter.guest == guest, Letter.state.in_((LEASED, SENT))).limit(1)
    return bool(tx.scalar(reached))


def _void(tx: Tx, guest: str) -> None:
    waiting = (Letter.guest == guest, Letter.state == WAITING)
    tx.execute(update(Letter).where(*waiting).values(state=VOID, due=None))


def _first_due(tx: Tx, kept: Kept) -> datetime:
    """When the first letter of a meeting goes out."""
    return max(tx.now, kept.meeting.starts_at - _AHEAD) if kept.row["series"] else tx.now


def _write(tx: Tx, kept: Kept, guest: str, method: str, sequence: int, due: datetime) -> None:
    values: Doc = {"method": method, "sequence": sequence, "state": WAITING, "due": due, "made_at": tx.now}
    values |= {"lease": None, "tries": 0, "reason": ""}
    tx.insert(Letter, id=tx.new_id(), meeting=kept.meeting.id, guest=guest, **values)
    tx.tell(COURIERS, TOPIC)


def latest(tx: Tx, meeting: str) -> dict[str, Doc]:
    """How the last letter of each guest stands, and when one goes out that waits, as in `GuestView`."""
    names = (Letter.guest, Letter.state, Letter.due)
    mine = tx.all(select(*names).where(Letter.meeting == meeting, Letter.state != VOID).order_by(Letter.id))
    return {row.guest: {"letter": row.state, "letter_due": row.due if row.state == WAITING else None} for row in mine}


# -- the courier ------------------------------------------------------------------------------------


def claim(tx: Tx, limit: int, seconds: int) -> Doc:
    """Leases letters that are due, as `Letters`."""
    due = select(Letter.__table__).where(Letter.due <= tx.now).order_by(Letter.due, Letter.id)
    until, items = tx.now + timedelta(seconds=seconds), []
    for row in tx.all(due.limit(limit).with_for_update(skip_locked=True)):
        tries, lease = row.tries + 1, tx.new_id()
        if tries > len(_AGAIN) + 1:
            _end(tx, row.id, FAILED, "no courier ended with it")
            continue
        if _is_outdated(tx, row.id, row.guest):
            _end(tx, row.id, VOID, "")
            continue
        values = {"state": LEASED, "tries": tries, "lease": lease, "due": until}
        tx.execute(update(Letter).where(Letter.id == row.id).values(**values))
        items.append(_view(tx, {**row._mapping, **values}))
    return {"items": items, "next": tx.scalar(select(func.min(Letter.due)))}


def _view(tx: Tx, letter: Doc) -> Doc:
    meeting = tx.all(select(Row.__table__).where(Row.id == letter["meeting"]))[0]
    guest = tx.all(select(Guest.name, Guest.address).where(Guest.id == letter["guest"]))[0]
    names = ("uid", "rid", "title", "purpose", "starts_at", "ends_at", "place", "link", "organiser")
    others = [] if meeting.hide_guests or letter["method"] == CANCEL else results.guests(tx, letter["meeting"])
    return {name: getattr(meeting, name) for name in names} | {
        **{name: letter[name] for name in ("id", "lease", "meeting", "method", "sequence", "tries")},
        "stamp": letter["made_at"],
        "name": guest.name,
        "address": guest.address,
        "agenda": [
            {name: each[name] for name in ("title", "minutes")} for each in results.items(tx, letter["meeting"])
        ],
        "papers": [] if meeting.closed or letter["method"] == CANCEL else _papers(tx, letter["meeting"]),
        "others": [
            {"name": each["name"], "address": each["address"]} for each in others if each["id"] != letter["guest"]
        ],
    }


def _papers(tx: Tx, meeting: str) -> list[Doc]:
    """The papers of the agenda, in its order."""
    names = ("name", "type", "size", "object")
    of_agenda = select(*(FILE.c[name] for name in names)).join(Item, Item.id == FILE.c.owner)
    found = of_agenda.where(Item.meeting == meeting, FILE.c.state == STORED).order_by(Item.number, FILE.c.id)
    return [{name: getattr(row, name) for name in names} for row in tx.all(found)]


def _is_outdated(tx: Tx, id_: str, guest: str) -> bool:
    """Whether a later letter to the guest says how it is now: one that came after it would undo that."""
    return bool(tx.scalar(select(Letter.id).where(Letter.guest == guest, Letter.id > id_).limit(1)))


def report(tx: Tx, told: Sequence[Doc], courier: str) -> Doc:
    """Keeps what came of letters that are still leased so, as `Taken`."""
    taken = 0
    for each in told:
        mine = (Letter.id == each["id"], Letter.state == LEASED, Letter.lease == each["lease"])
        row = tx.one(select(Letter.id, Letter.meeting, Letter.guest, Letter.tries).where(*mine).with_for_update())
        if row is None:
            continue
        taken += 1
        if each["outcome"] == "sent":
            _end(tx, row.id, SENT, "")
            tx.count(figures.LETTERS, SENT)
        elif each["outcome"] == "refused" or row.tries > len(_AGAIN):
            _end(tx, row.id, FAILED, each["reason"])
            tx.count(figures.LETTERS, FAILED)
            after = {"letter": row.id, "reason": each["reason"], "courier": courier}
            tx.audit("meetings.letter.failed", subject=row.meeting, after=after)
        elif _is_outdated(tx, row.id, row.guest):
            _end(tx, row.id, VOID, each["reason"])
        else:
            tx.count(figures.LETTERS, "again")
            later = tx.now + timedelta(seconds=_AGAIN[row.tries - 1])
            values = {"state": WAITING, "due": later, "lease": None, "reason": each["reason"]}
            tx.execute(update(Letter).where(Letter.id == row.id).values(**values))
    return {"taken": taken}


def bounced(tx: Tx, id_: str, reason: str) -> Doc:
    """A letter that was sent has failed after all, as `Taken`."""
    row = tx.one(select(Letter.meeting).where(Letter.id == id_, Letter.state == SENT).with_for_update())
    if row is None:
        return {"taken": 0}
    _end(tx, id_, FAILED, reason)
    tx.count(figures.LETTERS, FAILED)
    tx.audit(
        "meetings.letter.failed", subject=row.meeting, after={"letter": id_, "reason": reason, "courier": "bounce"}
    )
    return {"taken": 1}


def _end(tx: Tx, id_: str, state: str, reason: str) -> None:
    tx.execute(update(Letter).where(Letter.id == id_).values(state=state, due=None, lease=None, reason=reason))
