"""An entry's fields as iCalendar says them, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from shared.calendar import SEOUL
from shared.ical.content import Content
from shared.ical.values import ZULU

# What CATEGORIES say of a kind: words, since other programs show them.
KINDS = {
    "meeting": "회의",
    "visit": "방문",
    "seminar": "세미나",
    "training": "교육",
    "trip": "출장",
    "leave": "휴가",
    "holiday": "휴일",
}
OTHER = "other"
_KIND_OF = {word: kind for kind, word in KINDS.items()}
# Ours by how PRIORITY says it, and the other way.
_PRIORITY = (0, 5, 1)
_IMPORTANCE = {0: 0, 9: 0, 8: 0, 7: 0, 6: 0, 5: 1, 4: 2, 3: 2, 2: 2, 1: 2}
_STATUS = {"busy": "confirmed", "tentative": "tentative"}
Fields = Mapping[str, Any]
# Fields of an entry by the names they have in what is wrong with a `Content`.
_NAMES = {"start": "starts_at", "end": "ends_at", "categories": "kind", "status": "shown_as"}


def content(fields: Fields) -> Content:
    """What the fields of an entry come to. Raises `ValueError` for a zone there is not, and for a rule that is none."""
    return Content(**told(fields, fields))


def told(changed: Fields, whole: Fields) -> dict[str, Any]:
    """Changed fields by the names of `Content`; `whole` says how moments are meant. Raises `ValueError`."""
    found: dict[str, Any] = {}
    for name in ("title", "place", "description", "visibility"):
        if name in changed:
            found[name] = changed[name]
    if "link" in changed:
        found["link"] = changed["link"] or ""
    if "rrule" in changed:
        found["rrule"] = changed["rrule"] or None
    if "importance" in changed:
        found["importance"] = _PRIORITY[changed["importance"]]
    if "reminders" in changed:
        found["reminders"] = tuple(sorted(set(changed["reminders"])))
    if "shown_as" in changed:
        found["transparent"] = changed["shown_as"] == "free"
        found["status"] = _STATUS.get(changed["shown_as"], _STATUS["busy"])
    if "kind" in changed:
        found["categories"] = (KINDS[changed["kind"]],) if changed["kind"] in KINDS else ()
    for name, ours in (("start", "starts_at"), ("end", "ends_at")):
        if ours in changed:
            found[name] = moment(changed[ours], all_day=whole["all_day"])
    if "start" in found and not whole["all_day"]:
        found["zone"] = whole["zone"]
    return found


def moment(value: date | datetime, *, all_day: bool) -> date | datetime:
    """A day where it is whole days, a moment where it is not: of a day its beginning in Seoul."""
    if all_day:
        return value.astimezone(SEOUL).date() if isinstance(value, datetime) else value
    if isinstance(value, datetime):
        return value.astimezone(ZULU)
    return datetime.combine(value, datetime.min.time(), SEOUL)


def fields(content: Content, kind: str = OTHER) -> dict[str, Any]:
    """What a `Content` says, as the fields of an entry; `kind` where its categories name none of ours."""
    return {
        "title": content.title,
        "kind": kind_of(content, kind),
        "place": content.place,
        "link": content.link or None,
        "importance": _IMPORTANCE.get(content.importance, 0),
        "visibility": content.visibility,
        "shown_as": shown_as(content),
    }


def kind_of(content: Content, otherwise: str = OTHER) -> str:
    """The kind that the categories name."""
    return next((_KIND_OF[word] for word in content.categories if word in _KIND_OF), otherwise)


def shown_as(content: Content) -> str:
    """Whether it makes somebody busy."""
    if content.transparent or content.status == "cancelled":
        return "free"
    return "tentative" if content.status == "tentative" else "busy"


def refused(problems: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a `Content`, by the names of an entry's fields."""
    return {_NAMES.get(name, name): code for name, code in problems.items()}
