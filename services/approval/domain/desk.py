"""What a run puts on people's desks, and what it tells them."""

from __future__ import annotations

from typing import Any

from services.approval.domain.route import Run
from services.approval.domain.steps import Step
from shared.desk import Notice, Slot, Todo

# A returned document asks its drafter for another version.
REVISE = "revise"


def slots(run: Run, drafter: dict[str, Any]) -> list[Slot]:
    """Who is to do what: `approval` for each person whose turn it is, `returned` for the drafter."""
    if run.state == "returned":
        step = _returning(run)
        assert step.decided_at
        todo = Todo(REVISE, step.decided_at, sender=step.person, dismissible=True)
        return [Slot(drafter["id"], "returned", todo)]
    found: dict[str, Slot] = {}
    for step in run.active:
        assert step.active_at
        # Of two steps of one person the one that came first.
        person = step.person["id"]
        found.setdefault(person, Slot(person, "approval", Todo(step.role, step.active_at, sender=drafter)))
    return list(found.values())


def notices(run: Run, drafter: dict[str, Any], sequence: int, before: Run | None = None) -> list[Notice]:
    """The drafter is told of a return; those whose turn it was `before`, of a withdrawal. Once at each `sequence`."""
    if run.state == "returned":
        step = _returning(run)
        assert step.decided_at
        told = {"person": step.person["name"], "opinion": step.opinion}
        return [Notice(drafter["id"], "returned", sequence, step.decided_at, told)]
    if run.state == "withdrawn" and before and run.ended_at:
        people = {step.person["id"] for step in before.active} - {drafter["id"]}
        told = {"person": drafter["name"]}
        return [Notice(person, "withdrawn", sequence, run.ended_at, told) for person in sorted(people)]
    return []


def watchers(run: Run, drafter: dict[str, Any]) -> list[str]:
    """Who looks on: the drafter, and everybody on the line."""
    return sorted({drafter["id"], *(step.person["id"] for step in run.steps)})


def _returning(run: Run) -> Step:
    return next(step for step in run.steps if step.state == "returned")
