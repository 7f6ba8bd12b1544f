"""What people come to do, each from the moment it was due. Reading is by pages, as browsers do; writing by the API."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.bench.journey import BODY
from tests.load.asking import request
from tests.load.day import Day
from tests.load.journals import journal
from tests.load.memos import memo
from tests.load.offices import name_of
from tests.load.people import GaveUp, Person
from tests.load.plan import Arrivals

_LINE = ("review", "cooperate", "decide")
_BOXES = ("received", "progress", "finished", "decided", "register")
# At most so many of one's own documents are remembered, to be opened again.
_REMEMBERED = 20


def sign_in(day: Day, arrivals: Arrivals, due: float) -> None:
    """8:50: signs in, sees the desk."""
    enter(day, day.offices.newcomer(arrivals.of), due)


def enter(day: Day, given: dict[str, str], due: float | None = None) -> None:
    """One person signs in and sees the desk with its count."""
    token = day.desk.call("sign in", None, "POST", "/auth/token", given, due=due).json()["access_token"]
    person = Person(given["tenant"], given["login"], token, "", day.desk.host())
    person.id = day.desk.call("who am I", person, "GET", "/me").json()["person"]["id"]
    day.desk.call("desk page", person, "GET", "/desk", page=True)
    day.desk.call("badge", person, "GET", "/desk/badge", page=True)
    day.offices.welcome(person)


def decide(day: Day, arrivals: Arrivals, due: float) -> None:
    """A document's whole way: drafted, saved, looked over, submitted; opened and approved by three; registered."""
    drafter, *line = day.offices.cast(arrivals.of, 1 + len(_LINE))
    document = _draft(day, drafter, due)
    submitted = _submit(day, drafter, line, document)
    for person in line:
        if person.heard and person is line[0]:
            _note_told(day, person, submitted)
        day.think()
        _approve(day, person, document)
    card = day.desk.call("card after the last", drafter, "GET", f"/documents/{document}").json()
    if card["state"] != "approved" or not card["number"]:
        day.failed("card after the last", f"{card['state']}, number {card['number']}")
        raise GaveUp("card after the last")
    for person in (drafter, *line):
        person.documents = [*person.documents[1 - _REMEMBERED :], document]


def _draft(day: Day, drafter: Person, due: float) -> str:
    given = {"title": f"보고 {day.rng.randrange(10**9)}", "body": BODY}
    day.desk.call("page to write", drafter, "GET", "/write", page=True, due=due)
    draft = day.desk.call("create", drafter, "POST", "/documents", given, expected=(201,)).json()
    document, version = str(draft["id"]), int(draft["version"])
    for number in range(day.plan.saves):
        day.think()
        change = {"body": f"{BODY}<p>{number + 1}차 수정</p>"}
        saved = day.desk.call("save", drafter, "PATCH", f"/documents/{document}", change, version=version)
        version = int(saved.json()["version"])
    return document


def _submit(day: Day, drafter: Person, line: list[Person], document: str) -> float:
    """When it was submitted."""
    day.think()
    day.desk.call("look over", drafter, "GET", f"/documents/{document}/submission/preview")
    day.think()
    steps = [{"person": p.id, "role": role} for p, role in zip(line, _LINE, strict=True)]
    if line[0].heard:
        line[0].heard.clear()
    began = time.perf_counter()
    day.desk.call("submit", drafter, "POST", f"/documents/{document}/submission", {"line": steps}, expected=(202,))
    told = {"tenant": drafter.tenant, "steps": len(steps), "decided": 0}
    day.told["documents"][document] = told
    return began


def _note_told(day: Day, person: Person, since: float) -> None:
    """From the submission until the next person's open page is told."""
    assert person.heard
    if person.heard.wait(5.0):
        day.noted("told after a submission", time.perf_counter() - since)
    else:
        day.failed("told after a submission", "the open page was told nothing")


def _approve(day: Day, person: Person, document: str) -> None:
    """Finds it on the desk, opens it, approves it."""
    day.find(person, "approval", document)
    day.desk.call("card page", person, "GET", f"/documents/{document}", page=True)
    day.think()
    day.desk.call("decide", person, "POST", f"/documents/{document}/decisions", {"action": "approve"})
    day.told["documents"][document]["decided"] += 1


def look(day: Day, arrivals: Arrivals, due: float) -> None:
    """Somebody looks at a page: the desk, a box, or a document; every page asks for the count when it listens."""
    (person,) = day.offices.cast(arrivals.of, 1)
    choice = day.rng.random()
    if choice < 0.25 and person.documents:
        path, what = f"/documents/{day.rng.choice(person.documents)}", "card page"
    elif choice < 0.6:
        path, what = f"/boxes/{day.rng.choice(_BOXES)}", "box page"
    else:
        path, what = "/desk", "desk page"
    day.desk.call(what, person, "GET", path, page=True, due=due)
    day.desk.call("badge", person, "GET", "/desk/badge", page=True)


def search(day: Day, arrivals: Arrivals, due: float) -> None:
    """Before lunch: a person by the first letters of the name, a document in the department's register by a word."""
    (person,) = day.offices.cast(arrivals.of, 1)
    name = name_of(day.rng.randrange(10_000))
    day.desk.call("people search", person, "GET", f"/people?q={name[:1]}", due=due)
    day.desk.call("people search", person, "GET", f"/people?q={name[:2]}")
    day.think()
    day.desk.call("register search", person, "GET", f"/boxes/register?q={day.rng.randrange(10**3)}", page=True)


SCENARIOS: dict[str, Callable[[Day, Arrivals, float], None]] = {
    "sign in": sign_in,
    "decide": decide,
    "look": look,
    "search": search,
    "memo": memo,
    "journal": journal,
    "request": request,
}
