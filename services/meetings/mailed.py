"""Answers that come by mail: the newest counts, older ones change nothing, and a stranger's is held."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from services.meetings import keeping, results, rows
from services.meetings.domain import answers
from services.meetings.domain.meeting import Moved
from services.meetings.models import Guest, HeldAnswer
from services.meetings.models import Meeting as Row
from services.meetings.rows import Kept
from shared.context import Context
from shared.db import Tx

Doc = dict[str, Any]
_SUFFIX = "@oneway"
# A flood of them is no news.
_MOST_HELD = 100


def take(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """Takes an answer, as `MailTaken`."""
    kept = _meeting(tx, data)
    if kept is None:
        return {"outcome": "unknown", "meeting": None}
    normal = answers.normal(data["address"])
    guest = next((row for row in results.guests(tx, kept.meeting.id) if row["normal"] == normal), None)
    if guest is None or not data["sure"]:
        return _outcome(tx, kept, data, "held" if _hold(tx, kept, data) else "outdated")
    told = (data["sequence"], data["stamp"])
    if data["sequence"] < kept.row["itip"] or not answers.is_news((guest["told_sequence"], guest["told_stamp"]), told):
        return _outcome(tx, kept, data, "outdated")
    said = answers.PARTSTATS[data["partstat"]]
    values = {"answer": said, "word": data["comment"], "told_sequence": told[0], "told_stamp": told[1]}
    tx.execute(update(Guest).where(Guest.id == guest["id"]).values(**values))
    detail = {"guest": guest["name"], "answer": said, "word": data["comment"]}
    keeping.save(tx, ctx, kept, Moved(kept.meeting, "guest_answered", detail), small=True)
    return {"outcome": "applied", "meeting": kept.meeting.id}


def _meeting(tx: Tx, data: Doc) -> Kept | None:
    """The meeting of a UID, or the one of a series that RECURRENCE-ID names; locked."""
    id_ = tx.scalar(select(Row.id).where(Row.uid == data["uid"]))
    if id_ is None and data["rid"] and data["uid"].endswith(_SUFFIX):
        series = data["uid"].removesuffix(_SUFFIX)
        id_ = tx.scalar(select(Row.id).where(Row.series == series, Row.rid == data["rid"]))
    return rows.found(tx, id_, lock=True) if id_ else None


def _outcome(tx: Tx, kept: Kept, data: Doc, outcome: str) -> Doc:
    """On the record, also where it changes nothing."""
    names = ("sequence", "address", "partstat")
    after = {name: data[name] for name in names} | {"stamp": data["stamp"].isoformat(), "outcome": outcome}
    tx.audit("meetings.answer.not_applied", subject=kept.meeting.id, after=after)
    return {"outcome": outcome, "meeting": kept.meeting.id}


def _hold(tx: Tx, kept: Kept, data: Doc) -> bool:
    held = select(func.count()).select_from(HeldAnswer).where(HeldAnswer.meeting == kept.meeting.id)
    if (tx.scalar(held) or 0) >= _MOST_HELD:
        return False
    values = {name: data[name] for name in ("address", "partstat", "comment")}
    tx.insert(HeldAnswer, id=tx.new_id(), meeting=kept.meeting.id, at=tx.now, **values)
    return True
