"""Where a running process stands for each of its people: what their boxes show of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.approval.domain.route import OPEN, Run
from services.approval.domain.steps import Step

DRAFT = "draft"
_FIRST = ("active", "waiting")


@dataclass(frozen=True, slots=True)
class Place:
    """One person's part: the role, the state of the step, and since when it is so."""

    role: str
    state: str
    at: datetime


def places(run: Run, drafter: str) -> dict[str, Place]:
    """Everybody's place by person id; nobody has one once the run has ended.

    Of somebody met twice on the line, the active step is shown, or else the next one. The drafter waits since the
    present steps became active.
    """
    if run.state != OPEN:
        return {}
    waits_since = max(step.active_at for step in run.active if step.active_at)
    found = {drafter: Place(DRAFT, "approved", waits_since)}
    shown: dict[str, Step] = {}
    for step in run.steps:
        person = step.person["id"]
        if person not in shown or _rank(step) < _rank(shown[person]):
            shown[person] = step
    for person, step in shown.items():
        found[person] = Place(step.role, step.state, step.decided_at or step.active_at or run.submitted_at)
    return found


def _rank(step: Step) -> int:
    return _FIRST.index(step.state) if step.state in _FIRST else len(_FIRST)
