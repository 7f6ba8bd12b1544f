"""What several do to a request at the same moment, in two processes on one PostgreSQL: one has it, never both."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from shared.context import Context
from shared.errors import Problem
from tests.support.at_once import Bureau, at_once, parted
from tests.support.servers import Servers
from tests.support.services import ServiceSystem, serving


class Office(Bureau):
    """Four people of one department who ask each other."""

    writes = frozenset({"create", "act", "move"})

    def __init__(self, services: ServiceSystem) -> None:
        super().__init__(services, "requests", 4)
        self.boss, *self.others = (self.people[f"p{n}"] for n in range(4))

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
