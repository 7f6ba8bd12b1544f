"""Minutes with all that the law demands [공공기록물 관리에 관한 법률 시행령 제18조], and their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from services.meetings.domain.meeting import Meeting

Doc = dict[str, Any]


def together(row: Mapping[str, Any], meeting: Meeting, items: Sequence[Doc], found: Mapping[str, Any]) -> Doc:
    """The minutes from the rows of a meeting: name, host, date and place, who was there, order of business, items put,
    gist, decisions, votes, action items. `found` has `guests`, `decisions`, `votes`, `actions`, `body`."""
    return {
        "name": row["title"],
        "number": row["number"],
        "host": dict(meeting.organiser),
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": row["place"],
        "purpose": row["purpose"],
        "closed": row["closed"],
        "present": [_named(each.ref, each.role) for each in meeting.active if each.present],
        "absent": [_named(each.ref, each.role) for each in meeting.active if not each.present],
        "guests": [each["name"] for each in found["guests"] if each["present"]],
        "items": [_item(each, found) for each in items],
        "body": found["body"],
        "decisions": [each for each in found["decisions"] if each["item"] is None],
        "votes": [each for each in found["votes"] if each["item"] is None],
        "actions": [
            {name: each[name] for name in ("id", "item", "title", "person", "due")} for each in found["actions"]
        ],
    }


def _named(ref: Mapping[str, Any], role: str) -> Doc:
    return {"id": ref["id"], "name": ref["name"], "position": ref["position"], "department": ref["department"]} | {
        "role": role
    }


def _item(item: Mapping[str, Any], found: Mapping[str, Any]) -> Doc:
    mine = {name: [each for each in found[name] if each["item"] == item["id"]] for name in ("decisions", "votes")}
    presenter = item["presenter"]["name"] if item["presenter"] else ""
    return {"id": item["id"], "title": item["title"], "presenter": presenter, "gist": item["gist"], **mine}


def digest(minutes: Mapping[str, Any]) -> str:
    """SHA-256 of the minutes in one canonical form: what is on the record of what was confirmed."""
    return hashlib.sha256(orjson.dumps(minutes, option=orjson.OPT_SORT_KEYS)).hexdigest()


def text(minutes: Mapping[str, Any], lines: Any) -> str:
    """What the minutes say, to be found by; `lines` reads cleaned HTML."""
    said = [*lines(minutes["body"])]
    for item in minutes["items"]:
        said += [item["title"], *lines(item["gist"]), *(each["text"] for each in item["decisions"])]
    said += [each["text"] for each in minutes["decisions"]] + [each["title"] for each in minutes["actions"]]
    return "\n".join(filter(None, said))
