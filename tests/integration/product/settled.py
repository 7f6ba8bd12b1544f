"""What must hold once a stream of journeys has come to its end, whatever went wrong meanwhile."""

from __future__ import annotations

from collections import Counter

from tests.integration.product.cast import Cast, at_once
from tests.integration.product.database import sql
from tests.integration.product.stream import Stream
from tests.support.system import System
from tests.support.waiting import until


def settled(cast: Cast, stream: Stream) -> None:
    """Holds that everything acknowledged has happened once."""
    done = stream.done
    assert len(done) == len(set(done)) > 0
    cards = at_once([lambda d=d: cast.card(d) for d in done])
    assert Counter(card["state"] for card in cards) == {"approved": len(done)}
    for card in cards:
        assert [step["state"] for step in card["route"]["submissions"][0]["steps"]] == ["approved"] * 3
        assert Counter(entry["action"] for entry in card["history"])["registered"] == 1
    titles = sql(
        cast.system, cast.tenant, "documents", "SELECT count(*) FROM document WHERE title = :t", t=stream.title
    )
    assert titles[0][0] == len(done)
    until(lambda: not {d for role in ("drafter", "reviewer", "decider") for _, d in cast.todos(role)} & set(done))
    numbers = [row[0] for row in sql(cast.system, cast.tenant, "documents", _SERIALS, id=done[0])]
    assert numbers == list(range(1, len(numbers) + 1))

    def told() -> bool:
        statement = "SELECT count(*) FROM notice WHERE code = 'registered' AND subject = :d"
        return all(sql(cast.system, cast.tenant, "desk", statement, d=d) == [(1,)] for d in done[:5])

    until(told)


def agree(system: System, tenant: str) -> bool:
    """Whether documents, approval and desk say the same of every document of a tenant."""

    def rows(service: str, statement: str) -> set[tuple[str, ...]]:
        return {tuple(row) for row in sql(system, tenant, service, statement)}

    approved = rows("approval", "SELECT document FROM process WHERE state = 'approved'")
    registered = rows("documents", "SELECT id FROM document WHERE number IS NOT NULL")
    turns = rows("approval", "SELECT document, person FROM place WHERE state = 'active'")
    asked = rows("desk", "SELECT subject, person FROM slot WHERE shown AND kind = 'approval'")
    return approved == registered and turns == asked


_SERIALS = """
    SELECT number_serial FROM document WHERE number IS NOT NULL
    AND department_id = (SELECT department_id FROM document WHERE id = :id) ORDER BY number_serial
"""
