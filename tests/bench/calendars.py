"""Calendars as pages read them: with years of entries behind a week, and with 200 series of every working day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.calendar import SEOUL, add_working_days, seoul_date
from tests.bench import copies
from tests.bench.growth import growth, sizes, timings
from tests.bench.http import Http
from tests.bench.report import Report
from tests.bench.stage import Stage

# Entries a year, and of ten: ten each working day.
YEAR, DECADE = 2_500, 25_000
SERIES = 200
_LONG_AGO = timedelta(weeks=156)
_ROLES = ("drafter", "reviewer", "cooperator", "decider", "executive")
_SHIFTED = "(t.{column} - i * interval '3 hours 30 minutes')::text"
_BEHIND = {
    "schedule.entry": (
        "id",
        "'id', {id}, 'uid', {id} || '@bench', 'name', {id} || '.ics', 'starts_at', "
        + _SHIFTED.format(column="starts_at")
        + ", 'ends_at', "
        + _SHIFTED.format(column="ends_at"),
    )
}
_AS_SERIES = {
    "schedule.entry": ("id", "'id', {id}, 'uid', {id} || '@bench', 'name', {id} || '.ics'"),
    "schedule.expansion": ("entry", "'entry', {id}"),
}


def measure(stage: Stage, seconds: float) -> Report:
    """Two tables: years behind a week, and series."""
    reader = stage.system.connect("drafter")
    people = [_id(stage, role) for role in _ROLES]
    url = stage.system.tenant_url(stage.system.tenant)
    calls = _calls(people, _twenty(reader))
    tables = [
        _years(reader, url, calls, seconds),
        _series(reader, url, calls, seconds),
    ]
    reader.close()
    return Report(tables)


def _id(stage: Stage, role: str) -> str:
    http = stage.system.connect(role)
    found = str(http.call("GET", "/me")[1]["person"]["id"])
    http.close()
    return found


def _made(http: Http, **given: Any) -> str:
    begins = datetime.now(SEOUL).replace(hour=10, minute=0, second=0, microsecond=0)
    times = {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=1)).isoformat()}
    status, made = http.call("POST", "/schedule/entries", {"title": "업무 협의", **times, **given})
    assert status == 201, made
    return str(made["id"])


def _twenty(http: Http) -> list[str]:
    status, found = http.call("GET", "/people?limit=20")
    assert status == 200 and len(found["items"]) == 20, found
    return [each["id"] for each in found["items"]]


def _calls(people: list[str], twenty: list[str]) -> dict[str, str]:
    today = seoul_date(datetime.now(UTC))
    monday = today - timedelta(days=today.weekday())
    ahead, past = add_working_days(today, 3), monday - _LONG_AGO
    return {
        "my week": f"/schedule/entries?from={monday}&to={monday + timedelta(days=7)}&dues=true",
        "my month": f"/schedule/entries?from={monday}&to={monday + timedelta(days=35)}&dues=true",
        "a week three years ago": f"/schedule/entries?from={past}&to={past + timedelta(days=7)}",
        "free times of five": f"/schedule/free?people={','.join(people)}&minutes=60&from={ahead}&days=5",
        "free times of twenty": f"/schedule/free?people={','.join(twenty)}&minutes=60&from={ahead}&days=5",
    }


def _years(reader: Http, url: str, calls: dict[str, str], seconds: float) -> Any:
    entry, first, taken = _made(reader), 1, {}
    for count in sizes(seconds, 10, YEAR, DECADE):
        copies.add(url, _BEHIND, entry, first, count)
        first = count + 1
        taken[f"{count:,}"] = timings(reader, calls, seconds)
    return growth("entries behind", taken, "a person's calendar with years behind it")


def _series(reader: Http, url: str, calls: dict[str, str], seconds: float) -> Any:
    # Days of the week alone differ from one to the next: each is unfolded for thirteen months.
    entry, first, taken = _made(reader, rrule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"), 1, {}
    for count in sizes(seconds, 1, 20, SERIES):
        if count > first:
            copies.add(url, _AS_SERIES, entry, first, count - 1)
        first = max(first, count)
        taken[f"{count:,}"] = timings(reader, calls, seconds)
    return growth("series", taken, "a person's calendar with series on every working day, beside years behind it")
