"""The calendar: day, week, month and list in the browser, what it shows as JSON, and people beside each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from gateway.core import backend, objects
from gateway.core.auth import principal, signed_in
from gateway.core.http import answer
from gateway.core.page import show
from gateway.schedule import words
from gateway.schedule.api import listed
from gateway.schedule.grid import columns, hours
from gateway.schedule.words import times

bp = Blueprint("schedule", __name__, url_prefix="/schedule")

VIEWS = ("day", "week", "month", "list")
_WINDOW = ("calendars", "people", "departments", "rooms")
# So many people stand beside each other on a large screen.
TOGETHER = 8


@bp.get("")
@signed_in
def calendar() -> str:
    """The reader's calendar; the browser asks for what it shows."""
    view = request.args.get("view", "")
    return show(
        "schedule/calendar.html",
        also={"calendars": ("schedule", "calendars", {}), "executives": ("schedule", "executives", {})},
        view=view if view in VIEWS else "",
        day=asked_day(),
        today=times.today(),
    )


def asked_day() -> date:
    """The day that the address names, today where it names none."""
    try:
        return date.fromisoformat(request.args.get("date", ""))
    except ValueError:
        return times.today()


@bp.get("/window.json")
@signed_in
def window() -> Response:
    """What lies in a window, with its words in the reader's language."""
    found = backend.call("schedule", "entries", listed(*_WINDOW))
    items = [{**line, "words": worded(line), "url": url_of(line)} for line in found["items"]]
    return answer({**found, "items": items})


def url_of(line: dict[str, Any]) -> str:
    """The page of what is shown; empty where one may not open it."""
    if line["access"] == "busy" and line["kind"] != "booking":
        return ""
    if line["kind"] == "due" and line["source"]:
        return objects.url(line["source"])
    if line["kind"] == "booking":
        return f"/rooms/bookings/{line['id']}"
    return f"/schedule/{line['id']}" + (f"?{urlencode({'rid': line['rid']})}" if line["rid"] else "")


def worded(line: dict[str, Any]) -> dict[str, str]:
    """What an entry is called on the page: its title, kind and time, and what a screen reader says of it."""
    title = line["title"] or (words.shown_as("busy") if line["access"] == "busy" else words.entry_kind(line["kind"]))
    kind, mark, when = words.entry_kind(line["kind"]), words.mark(line["mark"]), times.when(line)
    shown = "" if line["shown_as"] == "busy" else words.shown_as(line["shown_as"])
    rest = [when, kind if line["access"] != "busy" else ""]
    said = [title, *rest, shown, line["place"], mark]
    return {
        "title": title,
        "kind": kind,
        "sign": words.entry_sign(line["kind"]),
        "when": when,
        "shown": shown,
        "mark": mark,
        "rest": ", ".join(each for each in rest if each),
        "all": ", ".join(each for each in said if each),
    }


# -- people beside each other -----------------------------------------------------------------------


@bp.get("/team")
@signed_in
def team() -> str:
    """One day of several people beside each other: the reader's and those that the address names."""
    day, people = asked_day(), listed("people").get("people", [])[:TOGETHER]
    shown = people or [principal().person]
    asked = {"from": day.isoformat(), "to": (day + timedelta(days=1)).isoformat(), "people": shown}
    return show(
        "schedule/team.html",
        needs={"window": ("schedule", "entries", asked)},
        also={"named": ("directory", "people_by_ids", {"ids": shown}), "presence": _presence(shown)},
        day=day,
        today=times.today(),
        people=shown,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        columns=columns,
        hours=hours,
        worded=worded,
        url_of=url_of,
    )


def _presence(people: list[str]) -> tuple[str, str, dict[str, Any]]:
    return "schedule", "presence", {"people": people}
