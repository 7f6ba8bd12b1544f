"""Verification journals in a day: written at a place on a phone, verified by the head of the department."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.load.day import Day
from tests.load.people import GaveUp
from tests.load.plan import Arrivals

# The share of entries with something that is 이상 in them.
_ABNORMAL = 0.05


def journal(day: Day, arrivals: Arrivals, due: float) -> None:
    """One entry, from the form to the head's word."""
    visit = day.books.next(arrivals.of)
    if visit is None:
        day.failed("journal form", "every place was visited within the minute")
        raise GaveUp("journal form")
    writer, head = (day.offices.person(visit.tenant, login) for login in (visit.writer, visit.verifier))
    day.desk.call(
        "journal form", writer, "GET", f"/journals/{visit.journal}/fill?place={visit.place}", page=True, due=due
    )
    day.think()
    entry, path = str(uuid4()), "/journals/entries"
    told = {"tenant": visit.tenant, "journal": visit.journal, "saved": 0, "verified": 0}
    # Before it is sent: of what is not acknowledged, too, there may be one and no more.
    day.told["entries"][entry] = told
    asked = {"journal": visit.journal, "place": visit.place, "values": _values(day)}
    day.desk.call("save an entry", writer, "PUT", f"{path}/{entry}", asked)
    told["saved"] = 1
    day.think()
    day.desk.call("page to verify", head, "GET", f"/journals/{visit.journal}/verify", page=True)
    decided = {"version": 1, "act": "verify"}
    day.desk.call("verify an entry", head, "POST", f"{path}/{entry}/decisions", decided)
    told["verified"] = 1


def _values(day: Day) -> dict[str, Any]:
    """Mostly all is well."""
    pressure = f"{day.rng.uniform(2, 4):.2f}"
    if day.rng.random() >= _ABNORMAL:
        return {"door": {"result": "normal"}, "leak": "양호", "pressure": pressure}
    return {"door": {"result": "abnormal", "note": "잠기지 않음"}, "leak": "누수", "pressure": pressure}
