"""Memo reports in a day: written, sent, found on the desk, opened, many answered with one tap, some passed on."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import gevent

from tests.bench.journey import BODY
from tests.load.day import Day
from tests.load.people import Person
from tests.load.plan import Arrivals

# A memo goes to so many people at the most. The shares of receivers who answer, of memos that are passed on.
_MOST, _ANSWERED, _PASSED_ON = 2, 0.5, 0.15
# Seconds in which the page lets a memo be taken back (gateway/memo/write), and by which receivers come later.
_HOLD = 5


def memo(day: Day, arrivals: Arrivals, due: float) -> None:
    """A memo's whole way. Who passes it on gives it to one more person, who reads it as well."""
    sender, *others = day.offices.cast(arrivals.of, 2 + _MOST)
    receivers, further = others[: day.rng.randint(1, _MOST)], others[_MOST]
    id_, told = _send(day, sender, receivers, due)
    gevent.sleep(_HOLD)
    for person in receivers:
        _read(day, person, id_, told)
        if day.rng.random() < _ANSWERED:
            day.think()
            day.desk.call("answer a memo", person, "POST", f"/memos/{id_}/answers", {"answer": "noted"})
            told["answered"].append(person.id)
    if day.rng.random() < _PASSED_ON:
        asked = {"to": [further.id], "note": "참고하시기 바랍니다."}
        day.desk.call("pass a memo on", receivers[0], "POST", f"/memos/{id_}/forwards", asked)
        told["to"].append(further.id)
        _read(day, further, id_, told)
    told["whole"] = True


def _send(day: Day, sender: Person, receivers: list[Person], due: float) -> tuple[str, dict[str, Any]]:
    """Kept while it is written, as the page does, then sent."""
    people, title = [person.id for person in receivers], f"메모 {uuid4()}"
    day.desk.call("page to write a memo", sender, "GET", "/memos/new", page=True, due=due)
    asked = {"to": people, "title": title}
    draft = day.desk.call("begin a memo", sender, "POST", "/memos/drafts", asked, expected=(201,)).json()
    day.think()
    path = f"/memos/{draft['id']}"
    day.desk.call("save a memo", sender, "PATCH", path, {"body": BODY}, version=draft["version"])
    day.think()
    day.desk.call("send a memo", sender, "POST", f"{path}/sending", {"hold": _HOLD}, expected=(202,))
    told: dict[str, Any] = {"tenant": sender.tenant, "title": title, "to": people, "read": [], "answered": []}
    told["whole"] = False
    day.told["memos"][draft["id"]] = told
    return str(draft["id"]), told


def _read(day: Day, person: Person, id_: str, told: dict[str, Any]) -> None:
    """Found on the desk, opened; the page says that it was shown."""
    day.find(person, "memo", id_)
    day.desk.call("memo page", person, "GET", f"/memos/{id_}", page=True)
    day.desk.call("receipt of a memo", person, "POST", f"/memos/{id_}/reading", {"channel": "web"})
    told["read"].append(person.id)
