"""A new meeting, or a series: from what was asked to its rows."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.meetings import alarming, committees, keeping, letters
from services.meetings.domain import states, times
from services.meetings.domain.meeting import Meeting, Moved, Person
from services.meetings.models import Item, Series
from services.meetings.naming import Named
from services.meetings.rooms import Room
from services.meetings.rows import Kept
from shared.calendar import seoul_date
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid

Doc = dict[str, Any]
DEFAULTS: Doc = {
    "place": "",
    "room": None,
    "link": None,
    "purpose": "",
    "agenda": [],
    "papers_due": None,
    "invite": [],
    "invite_departments": [],
    "invite_groups": [],
    "guests": [],
    "hide_guests": True,
    "closed": False,
    "closed_until": None,
    "sources": [],
    "cards": [],
}
_CONTENT = ("title", "purpose", "place", "link", "closed", "closed_until", "hide_guests", "papers_due")
# People times meetings: more than that is no series but a flood.
_MOST_TOGETHER = 20_000


@dataclass(frozen=True)
class Plan:
    """What is to be made, once everything in it is known. `periods`: from when until when each meeting is."""

    data: Doc
    ids: Sequence[str]
    periods: Sequence[tuple[datetime, datetime]]
    people: tuple[Person, ...]
    named: Named
    room: Room
    series: str | None
    committee: Any = None


def periods(data: Doc) -> list[tuple[datetime, datetime]]:
    """From when until when each meeting is. Raises `Invalid`."""
    starts, ends = data["starts_at"], data["ends_at"]
    times.require(starts, ends)
    if data["papers_due"] and data["papers_due"] >= starts:
        raise Invalid({"papers_due": "not_before"})
    if not data["rule"]:
        return [(starts, ends)]
    found = times.occurrences(data["rule"], starts)
    for moment in found:
        times.require(moment, moment + (ends - starts))
    return [(moment, moment + (ends - starts)) for moment in found]


def require_bearable(people: Sequence[Person], meetings: int) -> None:
    """That a series tells no more people than can be told. Raises `Invalid`."""
    if meetings > 1 and len(people) * meetings > _MOST_TOGETHER:
        raise Invalid({"invite": "too_many_for_series"})


def make(tx: Tx, ctx: Context, plan: Plan) -> list[Kept]:
    """Keeps the meetings, with their agenda and guests, and tells of them."""
    if plan.series:
        tx.insert(Series, id=plan.series, rule=plan.data["rule"], made_at=tx.now)
    return [_make(tx, ctx, plan, n) for n in range(len(plan.periods))]


def _make(tx: Tx, ctx: Context, plan: Plan, n: int) -> Kept:
    data, (starts, ends) = plan.data, plan.periods[n]
    id_, at = plan.ids[n], {states.CALLED: tx.now}
    meeting = Meeting(id_, states.CALLED, ctx.person_ref, starts, ends, plan.people, at=at, asks=n == 0)
    row = {name: data[name] for name in (*_CONTENT, "sources", "cards")}
    if data["papers_due"]:
        row["papers_due"] = data["papers_due"] + (starts - plan.periods[0][0])
    row |= plan.room.of(starts) | _numbered(tx, plan, starts)
    row |= {
        "kind": data["kind"],
        "itip": 0,
        "uid": f"{id_}@oneway",
        "series": plan.series,
        "rid": times.rid(starts) if plan.series else None,
        "code": secrets.token_urlsafe(24),
        "untold": False,
        "called_at": tx.now,
    }
    kept = keeping.begin(tx, ctx, row, meeting)
    tx.insert_many(Item, [item_row(tx, id_, k, each, plan.named) for k, each in enumerate(data["agenda"], 1)])
    letters.invite(tx, kept, data["guests"])
    alarming.set_(tx, kept)
    keeping.tell_new(tx, kept)
    return kept


def _numbered(tx: Tx, plan: Plan, starts: datetime) -> Doc:
    if plan.committee is None:
        names = ("committee", "year", "turn", "number")
        return dict.fromkeys(names) | {"committee_name": "", "quorum": ""}
    year = seoul_date(starts).year
    turn = committees.next_turn(tx, plan.committee.id, year)
    return {
        "committee": plan.committee.id,
        "committee_name": plan.committee.name,
        "quorum": plan.committee.quorum,
        "year": year,
        "turn": turn,
        "number": f"{plan.committee.name}-{year}-{turn}",
    }


def item_row(tx: Tx, meeting: str, number: int, item: Doc, named: Named) -> Doc:
    """A new agenda item."""
    return {
        "id": tx.new_id(),
        "meeting": meeting,
        "number": number,
        "title": item["title"],
        "presenter": dict(named.person(item["presenter"])) if item["presenter"] else None,
        "minutes": item["minutes"],
        "ready": False,
        "gist": "",
        "started_at": None,
        "spent": 0,
    }


def pass_on(tx: Tx, ctx: Context, kept: Kept) -> None:
    """Of a series the next meeting asks for answers once this one is over."""
    following = alarming.next_of(tx, kept) if kept.row["series"] and kept.meeting.asks else None
    if following:
        asking = replace(following.meeting, asks=True)
        keeping.save(tx, ctx, following, Moved(asking, "asked"), small=True)
