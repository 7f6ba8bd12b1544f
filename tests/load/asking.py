"""Requests in a day: asked, found on the desk, accepted, reported on, handed in, closed by who has asked."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.bench.journey import BODY
from tests.load.day import Day
from tests.load.people import Person
from tests.load.plan import Arrivals

# Working days until it is due.
_DAYS = 3


def request(day: Day, arrivals: Arrivals, due: float) -> None:
    """A request's whole way."""
    asker, doer = day.offices.cast(arrivals.of, 2)
    title = f"자료 {uuid4()}"
    day.desk.call("page to ask", asker, "GET", "/requests/new", page=True, due=due)
    day.think()
    asked = {"title": title, "body": BODY, "assignees": [{"person": doer.id}], "days": _DAYS}
    id_ = str(day.desk.call("ask", asker, "POST", "/requests", asked, expected=(201,)).json()["id"])
    done: list[str] = []
    day.told["requests"][id_] = {"tenant": asker.tenant, "title": title, "done": done}
    _open(day, doer, id_)
    _act(day, doer, id_, done, "accept")
    _act(day, doer, id_, done, "progress", percent=50, text="절반쯤 모았습니다.")
    _act(day, doer, id_, done, "hand_in", text="붙임과 같이 냅니다.")
    _open(day, asker, id_)
    _act(day, asker, id_, done, "close")


def _open(day: Day, person: Person, id_: str) -> None:
    day.find(person, "request", id_)
    day.desk.call("request page", person, "GET", f"/requests/{id_}", page=True)


def _act(day: Day, person: Person, id_: str, done: list[str], act: str, **given: Any) -> None:
    day.think()
    day.desk.call(act.replace("_", " "), person, "POST", f"/requests/{id_}/acts", {"act": act, **given})
    done.append(act)
