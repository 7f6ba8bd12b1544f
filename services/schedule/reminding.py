"""Reminders of entries: an alarm for the next one, set anew with each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from services.schedule.domain.reminders import next_one
from services.schedule.models import Calendar, Entry
from services.schedule.unfolding import reckoned
from shared import alarms, desk
from shared.alarms import Alarm
from shared.db import Tx
from shared.ical.objects import Object

REMIND = "remind"
NOUN = "schedule"
# So far ahead a series is looked through for what is to be reminded of; another alarm looks further.
_LOOK = timedelta(days=100)


def set_(tx: Tx, entry: str, obj: Object, after: datetime | None = None) -> None:
    """Sets the alarm for the next reminder of an entry after a moment (now), in place of the one that was set."""
    cancel(tx, entry)
    minutes = obj.master.reminders if obj.master else ()
    if not minutes:
        return
    since = after or tx.now
    until = since + _LOOK
    found, _ = reckoned(obj, since, until)
    following = next_one([each.starts_at for each in found], minutes, since)
    if following:
        alarms.at(tx, following.at, REMIND, entry, starts_at=following.starts_at.isoformat())
    elif obj.is_recurring:
        alarms.at(tx, until - timedelta(minutes=max(minutes)), REMIND, entry, starts_at=None)


def cancel(tx: Tx, entry: str) -> None:
    """Takes the alarm off an entry."""
    alarms.cancel(tx, REMIND, entry)


def remind(tx: Tx, alarm: Alarm) -> None:
    """Reminds whoever has the entry in their calendar, and sets the next alarm."""
    row = tx.one(select(Entry.__table__).where(Entry.id == alarm.subject).with_for_update())
    if row is None:
        return
    if alarm.data["starts_at"]:
        told = {"title": row.title, "starts_at": alarm.data["starts_at"], "place": row.place, "all_day": row.all_day}
        inform(tx, row._mapping, _reminded(tx, row), "reminder", told)
    set_(tx, row.id, Object.of_text(row.text), alarm.at)


def _reminded(tx: Tx, row: Any) -> list[str]:
    holder = tx.scalar(select(Calendar.holder).where(Calendar.id == row.calendar)) or ""
    kind, _, owner = holder.partition(":")
    people = [owner] if kind == "person" else [row.entered_by["id"]] if row.entered_by else []
    return list(dict.fromkeys([*people, *(each["id"] for each in row.people)]))


def inform(tx: Tx, row: Any, people: list[str], code: str, params: dict[str, Any]) -> None:
    """Tells people what there is about an entry, but not who has brought it about."""
    people = [person for person in dict.fromkeys(people) if person != tx.ctx.person]
    if not people:
        return
    revision = row["revision"] + 1
    tx.execute(update(Entry).where(Entry.id == row["id"]).values(revision=revision))
    told = {"title": row["title"], "person": tx.ctx.name if tx.ctx.person else ""} | params
    notices = [desk.Notice(person, code, revision, tx.now, told) for person in people]
    desk.tell(tx, NOUN, row["id"], revision, title=row["title"], notices=notices)
