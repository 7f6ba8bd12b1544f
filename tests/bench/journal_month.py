"""A month of a journal with few and with many writers, and with eleven months before it, as pages show it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.bench import copies
from tests.bench.copies import numbered
from tests.bench.growth import growth, sizes, timings
from tests.bench.http import Http
from tests.bench.report import Report
from tests.bench.stage import Stage

# Entries: of 25 writers, of 500, and of these with the eleven months before. Each writes 20 a month.
FEW, MONTH, YEAR = 25 * 20, 500 * 20, 12 * 500 * 20
FIELDS: list[dict[str, Any]] = [
    {"key": "door", "type": "check", "label": "출입문 잠금"},
    {"key": "pressure", "type": "number", "label": "펌프 압력", "unit": "bar", "low": "2", "high": "4"},
    {"key": "note", "type": "text", "label": "특이 사항"},
]
VALUES = {"door": {"result": "normal"}, "pressure": "2.50", "note": "이상 없음"}

# The copies of an entry by number: 20 days of a writer, 500 writers of a month, and then the month before.
_DAY, _WRITER, _MONTH = "i %% 20", "i / 20 %% 500", f"i / {MONTH}"
_ON = f"to_char(t.day::date - {_MONTH} * interval '1 month' + {_DAY} * interval '1 day', 'YYYY-MM-DD')"
_WHO = f"'writer_id', {numbered('t.writer_id', _WRITER)}, 'writer_name', t.writer_name || {_WRITER}"
_OLDER = f"CASE WHEN {_MONTH} = 0 THEN t.month ELSE {numbered('t.month', _MONTH)} END"
_ROWS = {
    "memo.journal_entry": ("id", f"'id', {{id}}, 'day', {_ON}, 'month', {_OLDER}, {_WHO}"),
    "memo.journal_version": ("entry", f"'entry', {{id}}, 'month', {_OLDER}"),
}


def measure(stage: Stage, seconds: float) -> Report:
    """One table: what each page of the month takes."""
    admin, writer, reader = (stage.system.connect(role) for role in ("admin", "drafter", "reviewer"))
    day = (datetime.now(UTC).date().replace(day=1) - timedelta(days=1)).replace(day=1).isoformat()
    journal = _journal(admin, *(http.call("GET", "/me")[1]["person"]["id"] for http in (writer, reader)))
    entry = str(uuid4())
    status, saved = writer.call("PUT", f"/journals/entries/{entry}", {"journal": journal, "values": VALUES, "day": day})
    assert status == 200, saved
    month = f"/journals/{journal}/months/{day[:7]}"
    entries = f"/journals/{journal}/entries?month={day[:7]}&limit=50"
    url, first, taken = stage.system.tenant_url(stage.system.tenant), 1, {}
    for count in sizes(seconds, FEW, MONTH, YEAR):
        copies.add(url, _ROWS, entry, first, count - 1)
        first = count
        after = reader.call("GET", f"{month}?limit=20")[1]["next"] or ""
        calls = {
            "the month as a table, its first 20 writers": f"{month}?limit=20",
            "the next 20": f"{month}?limit=20&cursor={after}",
            "its entries": entries,
            "its entries, what is not in order first": f"{entries}&sort=-abnormal",
            "the sheet to print": f"{month}/sheet",
            "what I am to write now": "/journals/today",
        }
        taken[f"{count:,}"] = timings(reader, calls, seconds)
    for http in (admin, writer, reader):
        http.close()
    title = f"a month of a journal, of which there are {MONTH:,} entries at the most"
    return Report([growth("entries in all", taken, title)])


def _journal(admin: Http, writer: str, verifier: str) -> str:
    """A journal in use that is written every day."""
    schedule = {"kind": "day", "days": "every", "opens": "00:00"}
    people = {"writers": [f"person:{writer}"], "verifiers": [verifier]}
    asked = {"title": "기계실 점검일지", "fields": FIELDS, "schedule": schedule, **people}
    status, made = admin.call("POST", "/journals", asked)
    assert status == 201, made
    status, answer = admin.call("POST", f"/journals/{made['id']}/form", {"note": "처음"})
    assert status == 200, answer
    return str(made["id"])
