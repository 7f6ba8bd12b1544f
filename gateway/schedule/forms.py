"""The form of an entry: what it begins with, and what it says as the service takes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from gateway.core.format import SEOUL, moment
from gateway.schedule import rules
from gateway.schedule.words import times
from gateway.schedule.words.rules import until
from shared.contracts.schedule import ABSENCES

Doc = dict[str, Any]
REMINDERS = (0, 10, 30, 60, 1440)
_TEXTS = ("title", "kind", "place", "description", "visibility", "shown_as")
_HOUR = timedelta(hours=1)


def fresh(args: Mapping[str, str]) -> Doc:
    """What a new entry begins with: the times, kind and title of the address, else the next hour of today."""
    now = datetime.now(UTC).astimezone(SEOUL).replace(minute=0, second=0, microsecond=0) + _HOUR
    start, end = args.get("start", ""), args.get("end", "")
    all_day = len(start) == 10 and args.get("all_day", "yes") != "no"
    if all_day:
        first, last = start, rules.last_day(end) if len(end) == 10 else start
        begins, ends = now, now + _HOUR
    else:
        begins = _clock(start) or now
        ends = _clock(end) or begins + _HOUR
        first, last = begins.date().isoformat(), ends.date().isoformat()
    form: Doc = {"title": args.get("title", ""), "kind": args.get("kind", "other"), "all_day": all_day}
    form |= {"start_day": first, "end_day": max(first, last)}
    form |= {"start_time": f"{begins:%H:%M}", "end_time": f"{ends:%H:%M}"}
    form |= {"place": "", "link": "", "description": "", "visibility": "public", "shown_as": "busy", "importance": "0"}
    form |= {"calendar": args.get("calendar", ""), "room": args.get("room", ""), "people": [], "reminders": [10]}
    return form | _rule(None, _day(first) or times.today()) | {"absent": False, "deputy": "", "version": ""}


def _clock(text: str) -> datetime | None:
    """A moment of the address by the clock of Seoul, in which one without an offset is."""
    try:
        found = datetime.fromisoformat(text.replace(" ", "+")) if len(text) > 10 else None
    except ValueError:
        return None
    if found is None:
        return None
    return found.astimezone(SEOUL) if found.tzinfo else found.replace(tzinfo=SEOUL)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _rule(rrule: str | None, start: date) -> Doc:
    chosen = rules.chosen(rrule, start, until(rules.parts(rrule)) if rrule else None)
    return {
        "repeat": chosen.pattern,
        "every": str(chosen.every),
        "weekdays": list(chosen.weekdays),
        "ends": chosen.ends,
        "until": chosen.until,
        "count": chosen.count,
        "kept_rule": rrule or "",
    }


def shown(entry: Mapping[str, Any]) -> Doc:
    """An entry as the form has it."""
    start, end, all_day = entry["starts_at"], entry["ends_at"], entry["all_day"]
    form: Doc = {name: entry[name] for name in _TEXTS}
    form |= {"link": entry["link"] or "", "importance": str(entry["importance"]), "all_day": all_day}
    form |= {"start_day": times.day_of(start).isoformat(), "start_time": times.clock(start) or "09:00"}
    form |= {"end_day": rules.last_day(end) if all_day else times.day_of(end).isoformat()}
    form |= {"end_time": times.clock(end) or "10:00", "calendar": entry["calendar"], "room": ""}
    form |= {"people": [person["id"] for person in entry["people"]], "reminders": list(entry["reminders"])}
    absence = entry["absence"] or {}
    form |= {"absent": bool(absence), "deputy": _deputy(absence), "version": entry["version"]}
    return form | _rule(entry["rrule"], times.day_of(start))


def _deputy(absence: Mapping[str, Any]) -> str:
    deputy = absence.get("deputy") or ""
    return str(deputy["id"]) if isinstance(deputy, Mapping) else str(deputy)


def typed(form: MultiDict[str, str]) -> Doc:
    """What was typed, as the form has it."""
    found: Doc = {name: form.get(name, "") for name in form}
    found |= {"all_day": form.get("all_day") == "yes", "absent": form.get("absent") == "yes"}
    found |= {"weekdays": form.getlist("weekdays"), "people": form.getlist("people")}
    return found | {"reminders": [int(each) for each in form.getlist("reminders") if each.isdecimal()]}


def spans(form: Mapping[str, Any]) -> Doc:
    """When it is: `starts_at`, `ends_at`, `all_day`, `rrule`, as a command takes them."""
    all_day, first, last = form["all_day"], form.get("start_day", ""), form.get("end_day") or form.get("start_day", "")
    if all_day:
        end = _day(last)
        ends = (end + timedelta(days=1)).isoformat() if end else last
        when = {"starts_at": first, "ends_at": ends}
    else:
        when = {
            "starts_at": f"{first}T{form.get('start_time', '')}:00+09:00",
            "ends_at": f"{last}T{form.get('end_time', '')}:00+09:00",
        }
    rule = rules.built(form, list(form.get("weekdays", ())), _day(first), all_day)
    return {**when, "all_day": all_day, "rrule": rule}


def data(form: Mapping[str, Any]) -> Doc:
    """What the form says, as `create` takes it."""
    told: Doc = {name: form.get(name, "") for name in ("title", "place", "description")}
    told |= {name: form[name] for name in ("kind", "visibility", "shown_as") if form.get(name)}
    told |= {"link": form.get("link", "").strip() or None, "people": form["people"], "reminders": form["reminders"]}
    if str(form.get("importance", "")).isdecimal():
        told["importance"] = int(form["importance"])
    told |= spans(form)
    if form["absent"] and told.get("kind") in ABSENCES:
        told["absence"] = {"deputy": form.get("deputy") or None}
    return told


_RULE = ("repeat", "every", "weekdays", "ends", "until", "count")


def changed(form: Mapping[str, Any], entry: Mapping[str, Any], scope: str) -> Doc:
    """Of what the form says only what differs from the entry; the rule of one instance is not its own."""
    before_, told = shown(entry), data(form)
    before = data(before_)
    found = {name: value for name, value in told.items() if value != before.get(name)}
    # A rule follows its first day by itself: only another choice makes another rule.
    if all(_chosen(form, name) == _chosen(before_, name) for name in _RULE):
        found.pop("rrule", None)
    if "absence" in before and "absence" not in told:
        found["absence"] = None
    if scope == "this":
        found.pop("rrule", None)
    # Whether it is of days is told with its times.
    if found.keys() & {"starts_at", "ends_at", "all_day"}:
        found |= {name: told[name] for name in ("starts_at", "ends_at", "all_day")}
    return found


def _chosen(form: Mapping[str, Any], name: str) -> Any:
    """What was chosen, as far as it is shown: days of the week only of a weekly rule."""
    if name == "weekdays":
        return sorted(form.get(name, ())) if form.get("repeat") == "weekly" else []
    if name in ("until", "count"):
        return form.get(name, "") if form.get("ends") == name else ""
    if name == "every":
        return form.get(name) or "1"
    return form.get(name, "")


def of_series(found: Doc, entry: Mapping[str, Any], series: Mapping[str, Any]) -> Doc:
    """Times that were given for one of a series, as the series itself has them: moved by as much, as long.

    What cannot be read stays as it is: the service names it.
    """
    if "starts_at" not in found or entry["all_day"] != found["all_day"] or series["all_day"] != found["all_day"]:
        return found
    try:
        moved = times.local(found["starts_at"]) - times.local(entry["starts_at"])
        length = times.local(found["ends_at"]) - times.local(found["starts_at"])
    except ValueError:
        return found
    starts: Any = times.local(series["starts_at"]) + moved
    return found | {"starts_at": starts.isoformat(), "ends_at": (starts + length).isoformat()}


def minutes(form: Mapping[str, Any]) -> int:
    """How long it is, in minutes; an hour where that cannot be told."""
    when = spans(form)
    try:
        start, end = moment(when["starts_at"]), moment(when["ends_at"])
    except ValueError:
        return 60
    if not start or not end or end <= start:
        return 60
    return min(720, max(5, int((end - start).total_seconds() // 60)))
