"""Entries as the schedule answers them, for the tests of its pages."""

from __future__ import annotations

from typing import Any

from tests.unit.gateway.stage import DECIDER, ONE, REVIEWER

Doc = dict[str, Any]
ENTRY = "01900000-0000-7000-8000-0000000000f1"
OTHER = "01900000-0000-7000-8000-0000000000f2"
CALENDAR = "01900000-0000-7000-8000-0000000000c1"
RID = "20990505T000000Z"


def line(**changes: Any) -> Doc:
    found: Doc = {"id": ENTRY, "rid": None, "calendar": CALENDAR, "person": REVIEWER["id"], "title": "예산 심의"}
    found |= {"kind": "meeting", "starts_at": "2099-05-05T00:00:00+00:00", "ends_at": "2099-05-05T01:00:00+00:00"}
    found |= {"all_day": False, "place": "소회의실", "link": None, "importance": 0, "visibility": "public"}
    found |= {"shown_as": "busy", "recurring": False, "moved": False, "access": "own", "mark": "", "source": None}
    return found | changes


def entry(**changes: Any) -> Doc:
    found = line() | {"version": 3, "description": "자료 준비", "zone": "Asia/Seoul", "rrule": None, "next": []}
    found |= {"people": [ONE], "cards": [], "reminders": [10], "calendar_name": "김검토", "calendar_kind": "person"}
    found |= {"owner": REVIEWER, "entered_by": DECIDER, "changed_at": "2026-05-04T00:00:00+00:00", "absence": None}
    found |= {"booking": None, "diary": None, "files": [], "warnings": [], "may": ["change", "remove"]}
    return found | changes


def weekly(**changes: Any) -> Doc:
    coming = [f"2099-05-{day:02}T00:00:00+00:00" for day in (5, 12, 19)]
    return entry(rid=RID, recurring=True, rrule="FREQ=WEEKLY;BYDAY=TU", next=coming, **changes)


def window(*lines: Doc, **changes: Any) -> Doc:
    return {"items": list(lines), "days": [], "truncated": []} | changes


def calendar(**changes: Any) -> Doc:
    found: Doc = {"id": CALENDAR, "kind": "person", "name": "공부 모임", "colour": 3, "main": False, "access": "own"}
    found |= {"holder": f"person:{REVIEWER['id']}", "mark": "", "counts": True, "version": 2, "shares": []}
    return found | changes


def presence(person: Doc = DECIDER, status: str = "meeting", **changes: Any) -> Doc:
    return {"person": person, "status": status, "by_hand": False, "until": None, "title": "간부회의"} | changes
