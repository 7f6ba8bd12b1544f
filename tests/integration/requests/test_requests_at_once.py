"""What several do to a request at the same moment, in two processes on one PostgreSQL: one has it, never both."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from shared.context import Context, system
from shared.errors import Problem
from shared.ids import new_id
from tests.support.servers import Servers
from tests.support.services import TENANT, ServiceSystem, context, serving

Doc = dict[str, Any]
ORGANISATION = {
    "name": "한빛시",
    "code": "AC00000",
    "admin_login": "admin",
    "admin_name": "관리자",
    "admin_password": "Ow-0123456789",
}
DEPARTMENTS = "부서코드,부서명\nAC00001,총무과\n"
PEOPLE = "아이디,이름,부서코드,직위\n" + "".join(f"p{n},직원{n},AC00001,주무관\n" for n in range(4))


class Office:
    """Four people of one department, each by calls on the bus."""

    def __init__(self, services: ServiceSystem) -> None:
        self.client = services.client
        self._prepare("bootstrap", ORGANISATION)
        for kind, content in (("departments", DEPARTMENTS), ("people", PEOPLE)):
            data = {"kind": kind, "content": b64encode(content.encode()).decode(), "dry_run": False}
            self._prepare("import_csv", data)
        found = self.client.call("directory", "people", context(person=new_id()), {"q": "총무과"}, timeout=60)["items"]
        known = ("name", "login", "position", "department", "department_id")
        self.people: dict[str, Context] = {
            each["login"]: context(person=each["id"], **{name: each[name] for name in known}) for each in found
        }
        self.boss, *self.others = (self.people[f"p{n}"] for n in range(4))

    def _prepare(self, method: str, data: Doc) -> None:
        self.client.call("directory", method, system(TENANT), data, idempotency_key=new_id(), timeout=60)

    def call(self, who: Context, method: str, **data: Any) -> Any:
        """A call of somebody's."""
        key = new_id() if method in ("create", "act", "move") else None
        return self.client.call("requests", method, who, data, idempotency_key=key, timeout=30)

    def ask(self, *people: Context, **given: Any) -> str:
        """A request of the boss's; its id."""
        data = {"title": "자료 제출", "assignees": [{"person": each.person} for each in people], **given}
        return str(self.call(self.boss, "create", **data)["id"])

    def act(self, who: Context, id_: str, act: str, **given: Any) -> Any:
        """An act of somebody's."""
        return self.call(who, "act", id=id_, act=act, **given)


@pytest.fixture(scope="module")
def office(servers: Servers) -> Iterator[Office]:
    """The directory, and requests in two processes."""
    with serving(servers, "directory", "requests", name="requests") as services:
        services.run("requests-2")
        yield Office(services)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """The answers, or the problems, of calls let go at the same moment."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return call()
        except Problem as problem:
            return problem

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def parted(answers: list[Any]) -> tuple[list[Doc], list[Problem]]:
    """What was done, and what was refused."""
    return [a for a in answers if not isinstance(a, Problem)], [a for a in answers if isinstance(a, Problem)]


# REQ-07
def test_of_two_who_accept_at_the_same_moment_one_has_it_and_the_other_hears_who(office: Office) -> None:
    one, two, late = office.others
    for _ in range(50):
        made = office.ask(one, two, late, pool=True)
        done, refused = parted(at_once(*(partial(office.act, who, made, "accept") for who in (one, two))))
        assert [len(done), len(refused)] == [1, 1]
        card = office.call(office.boss, "card", id=made)
        holder = card["parts"][0]["person"]
        problem = refused[0]
        assert (problem.status, problem.slug, problem.extra["by"]["id"]) == (409, "taken", holder["id"])
        assert [entry["action"] for entry in card["history"]] == ["accepted", "asked"]
        # Whoever comes later with a page that is out of date, and the one who has it, again.
        with pytest.raises(Problem) as stale:
            office.act(late, made, "accept")
        assert (stale.value.slug, stale.value.detail) == ("taken", holder["name"])
        winner = one if holder["id"] == one.person else two
        assert office.act(winner, made, "accept")["version"] == card["version"]


# REQ-05
def test_of_two_moves_that_would_make_a_circle_together_one_is_done(office: Office) -> None:
    one = office.others[0]
    for _ in range(15):
        a, x = office.ask(one), office.ask(one)
        move = partial(office.call, office.boss, "move")
        answers = at_once(partial(move, id=a, parent=x), partial(move, id=x, parent=a))
        done, refused = parted(answers)
        assert [len(done), len(refused)] == [1, 1]
        assert (refused[0].status, refused[0].slug) == (409, "circle")
        parents = [office.call(office.boss, "card", id=each)["parent"] for each in (a, x)]
        assert sum(parent is not None for parent in parents) == 1


# REQ-04
def test_of_two_answers_to_an_extension_one_is_applied(office: Office) -> None:
    one = office.others[0]
    for _ in range(15):
        made = office.ask(one, due="2099-05-08")
        office.act(one, made, "accept")
        office.act(one, made, "extend", due="2099-05-15")
        grant = partial(office.act, office.boss, made, "answer_extension", granted=True)
        done, refused = parted(at_once(grant, grant))
        assert [len(done), len(refused)] == [1, 1]
        assert (refused[0].status, refused[0].slug) == (409, "already-answered")
        assert office.call(office.boss, "card", id=made)["due"] == "2099-05-15"


def test_parts_that_are_handed_in_at_the_same_moment_are_all_in_the_whole(office: Office) -> None:
    one, *others = office.others
    whole = office.ask(one)
    parts = [
        str(office.call(one, "create", title="부분", assignees=[{"person": each.person}], parent=whole)["id"])
        for each in others
        for _ in range(3)
    ]
    holders = [each for each in others for _ in range(3)]
    for who, part in zip(holders, parts, strict=True):
        office.act(who, part, "accept")
    calls = [partial(office.act, who, part, "hand_in") for who, part in zip(holders, parts, strict=True)]
    done, refused = parted(at_once(*calls))
    assert (len(done), refused) == (6, [])
    assert office.call(office.boss, "card", id=whole)["progress"] == 100.0
