"""A meeting as it is shown: whole, as the answer to a command, as minutes, as what another object is made from."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from services.meetings import acting, boards, letters, reading, results, settling, writing
from services.meetings.domain import quorum
from services.meetings.domain.meeting import Person, may
from services.meetings.models import Entry, HeldAnswer, Series
from services.meetings.models import Meeting as Row
from services.meetings.rows import Kept
from shared.context import Context
from shared.db import Tx
from shared.files import keeping as files
from shared.files.owners import Owners

Doc = dict[str, Any]
_MOST_HISTORY = 500
_HISTORY = (
    select(Entry.number, Entry.at, Entry.action, Entry.person, Entry.detail)
    .where(Entry.meeting == bindparam("id"))
    .order_by(Entry.number.desc())
    .limit(_MOST_HISTORY)
)
_SIBLINGS = select(Row.id, Row.starts_at, Row.state).where(Row.series == bindparam("series")).order_by(Row.starts_at)
_HELD = select(HeldAnswer.__table__).where(HeldAnswer.meeting == bindparam("id")).order_by(HeldAnswer.id)
_ROW_NAMES = ("version", "purpose", "room", "booking", "hide_guests", "papers_due", "rid", "sources", "cards")


def card(tx: Tx, ctx: Context, owners: Owners, id_: str) -> Doc:
    """A meeting, whole, as `MeetingView`. Raises `NotFound`."""
    kept = reading.opened(tx, ctx, id_)
    row, meeting, who = kept.row, kept.meeting, acting.who_of(ctx)
    mine = meeting.person(ctx.person)
    found = boards.line(row, mine.answer if mine else None) | {name: row[name] for name in _ROW_NAMES}
    stands = quorum.of(row["quorum"], meeting.people)
    leads = meeting.is_led_by(who)
    return found | {
        "closed_until": row["closed_until"].isoformat() if row["closed_until"] else None,
        "committee": {"id": row["committee"], "name": row["committee_name"]} if row["committee"] else None,
        "quorum": _quorum(stands) if stands else None,
        "rule": tx.scalar(select(Series.rule).where(Series.id == row["series"])) if row["series"] else None,
        "siblings": _siblings(tx, kept),
        "before": results.left(tx, row),
        "people": [person_view(each) for each in meeting.active],
        "guests": _guests(tx, id_, addresses=leads or not row["hide_guests"]),
        "held_answers": _held(tx, id_) if leads else [],
        "agenda": [{**each, "files": files.views(tx, owners, each["id"])} for each in results.items(tx, id_)],
        "decisions": results.decisions(tx, id_),
        "votes": results.votes_of(tx, id_),
        "actions": results.actions(tx, id_),
        "minutes": _minutes(tx, kept),
        "files": files.views(tx, owners, id_),
        "history": [dict(each._mapping) for each in tx.execute(_HISTORY, {"id": id_})],
        "may": may(meeting, who, tx.now),
    }


def _quorum(found: quorum.Quorum) -> Doc:
    return {"members": found.members, "needed": found.needed, "present": found.present, "met": found.met}


def _siblings(tx: Tx, kept: Kept) -> list[Doc]:
    if not kept.row["series"]:
        return []
    found = tx.execute(_SIBLINGS, {"series": kept.row["series"]}).all()
    return [{"id": row.id, "starts_at": row.starts_at, "state": row.state} for row in found]


def person_view(person: Person) -> Doc:
    """Somebody on a meeting, as `AttendeeView`."""
    names = ("role", "answer", "word", "stands_for", "present", "present_at", "review", "note", "member")
    substitute = dict(person.substitute) if person.substitute else None
    return {name: getattr(person, name) for name in names} | {"person": dict(person.ref), "substitute": substitute}


def _guests(tx: Tx, id_: str, *, addresses: bool) -> list[Doc]:
    stands = letters.latest(tx, id_)
    return [
        {name: row[name] for name in ("id", "name", "answer", "word", "present")}
        | {"email": row["address"] if addresses else ""}
        | stands.get(row["id"], {"letter": "", "letter_due": None})
        for row in results.guests(tx, id_)
    ]


def _held(tx: Tx, id_: str) -> list[Doc]:
    names = ("address", "partstat", "comment", "at")
    return [{name: getattr(row, name) for name in names} for row in tx.execute(_HELD, {"id": id_}).all()]


def _minutes(tx: Tx, kept: Kept) -> Doc:
    row = results.written(tx, kept.meeting.id)
    return {
        "version": row.version if row else 0,
        "body": row.body if row else "",
        "digest": row.digest if row else "",
        "due": kept.meeting.review_due,
        "written_by": row.written_by if row and row.version else None,
    }


def result(kept: Kept, made: int = 1, skipped: Sequence[Doc] = ()) -> Doc:
    """What a command answers, as `MeetingResult`."""
    row = kept.row
    found = {"id": kept.meeting.id, "version": row["version"], "state": kept.meeting.state, "series": row["series"]}
    return found | {"made": made, "skipped": list(skipped)}


def minutes_view(tx: Tx, ctx: Context, id_: str) -> Doc:
    """The minutes, as `MinutesView`."""
    kept = reading.opened(tx, ctx, id_)
    written = _minutes(tx, kept)
    said = [each for each in kept.meeting.active if each.review]
    return {
        "id": id_,
        "state": kept.meeting.state,
        "version": written["version"],
        "minutes": results.together(tx, kept),
        "digest": written["digest"],
        "due": written["due"],
        "shared": writing.shared(kept, acting.who_of(ctx), settling.state_of(tx, id_)),
        "reviews": [{"person": dict(each.ref), "review": each.review, "note": each.note} for each in said],
    }


def quote(tx: Tx, ctx: Context, owners: Owners, id_: str) -> Doc:
    """What another object is made from, as `QuoteView`: the minutes as a body."""
    kept = reading.opened(tx, ctx, id_)
    body = _body(results.together(tx, kept))
    quoted = {"noun": owners.noun, "subject": id_, "title": kept.row["title"], "body": body}
    return quoted | {"files": files.views(tx, owners, id_)}


def _body(minutes: Doc) -> str:
    """Gist, decisions and action items in order; what people wrote is cleaned HTML, all else is text."""
    parts = [f"<p>{html.escape(minutes['purpose'])}</p>" if minutes["purpose"] else "", minutes["body"]]
    for n, item in enumerate(minutes["items"], 1):
        parts += [f"<h3>{n}. {html.escape(item['title'])}</h3>", item["gist"], _list(item["decisions"], "text")]
    return "".join([*parts, _list(minutes["decisions"], "text"), _list(minutes["actions"], "title")])


def _list(found: Sequence[Doc], name: str) -> str:
    lines = "".join(f"<li>{html.escape(each[name])}</li>" for each in found)
    return f"<ul>{lines}</ul>" if lines else ""
