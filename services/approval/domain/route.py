"""The state machine of one run along an approval line.

| run           | approve               | last approve | return     | withdraw    |
| ------------- | --------------------- | ------------ | ---------- | ----------- |
| `in_approval` | `in_approval`         | `approved`   | `returned` | `withdrawn` |

| step       | its turn | approve    | return     | the run ends otherwise |
| ---------- | -------- | ---------- | ---------- | ---------------------- |
| `waiting`  | `active` |            |            | `skipped`              |
| `active`   |          | `approved` | `returned` | `skipped`              |

Steps that are `parallel` form a group with the step before them: a group becomes active together, and the next one when
all of the group have approved. A run that has ended never changes again; a new submission is a new run, in which
earlier decisions do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.approval.domain.steps import Step
from shared.errors import Conflict, Forbidden, Invalid

OPEN = "in_approval"
_DECIDED = {"approve": "approved", "return": "returned"}


@dataclass(frozen=True, slots=True)
class Run:
    """One run: what was submitted, when, and how far it has come. `reason` is that of a withdrawal."""

    submission: int
    version: int
    content_hash: str
    submitted_at: datetime
    steps: tuple[Step, ...]
    state: str = OPEN
    ended_at: datetime | None = None
    reason: str = ""

    @property
    def active(self) -> list[Step]:
        """The steps whose turn it is; none once the run has ended."""
        return [step for step in self.steps if step.state == "active"]

    @property
    def undecided(self) -> bool:
        """Whether nobody has decided yet."""
        return all(step.decided_at is None for step in self.steps)


def begin(run: Run, now: datetime) -> Run:
    """The run with its first group active."""
    return replace(run, steps=_with_next_active(run.steps, now))


def turn_of(run: Run, person: str) -> int | None:
    """The place on the line of the person's active step; None where it is not the person's turn."""
    return next((i for i, s in enumerate(run.steps) if s.state == "active" and s.person["id"] == person), None)


def is_on(run: Run, person: str) -> bool:
    """Whether the person stands on the line."""
    return any(step.person["id"] == person for step in run.steps)


def decide(run: Run, person: dict[str, Any], action: str, opinion: str, now: datetime) -> tuple[Run, int]:
    """The run after `person` (a PersonRef, as written on the record) has decided, and the place of the step.

    An opinion with an approval is kept too: so is a cooperator's differing one [Reg 9].
    Raises `Forbidden` for somebody not on the line, `Conflict` where it is not the person's turn, `Invalid` for a
    return without an opinion.
    """
    index = _require_turn(run, person["id"])
    if action == "return" and not opinion:
        raise Invalid({"opinion": "required"})
    decided = replace(
        run.steps[index],
        person=person,
        state=_DECIDED[action],
        opinion=opinion,
        decided_at=now,
        version=run.version,
        content_hash=run.content_hash,
    )
    steps = (*run.steps[:index], decided, *run.steps[index + 1 :])
    if action == "return":
        return close(replace(run, steps=steps), "returned", now), index
    if all(step.state == "approved" for step in steps):
        return close(replace(run, steps=steps), "approved", now), index
    return replace(run, steps=_with_next_active(steps, now)), index


def _require_turn(run: Run, person: str) -> int:
    index = turn_of(run, person)
    if index is not None:
        return index
    mine = [step for step in run.steps if step.person["id"] == person]
    if not mine:
        raise Forbidden("not on the line")
    if any(step.decided_at for step in mine):
        raise Conflict("already-decided")
    if run.state != OPEN:
        raise Conflict("process-ended", run.state)
    raise Conflict("not-your-turn")


def withdraw(run: Run, reason: str, now: datetime) -> Run:
    """The run taken back (회수) by its drafter. Raises `Conflict` once somebody has decided, or after the end."""
    if run.state != OPEN:
        raise Conflict("process-ended", run.state)
    if not run.undecided:
        raise Conflict("too-late-to-withdraw", "somebody has decided")
    return replace(close(run, "withdrawn", now), reason=reason)


def close(run: Run, state: str, now: datetime) -> Run:
    """The run at its end: what is not decided is skipped, so that nobody keeps a to-do."""
    steps = tuple(step if step.decided_at else replace(step, state="skipped") for step in run.steps)
    return replace(run, steps=steps, state=state, ended_at=now)


def may(run: Run, person: str, is_drafter: bool) -> list[str]:
    """What the person may do."""
    found = ["decide"] if turn_of(run, person) is not None else []
    if is_drafter and run.state == OPEN and run.undecided:
        found.append("withdraw")
    return found


def groups(steps: tuple[Step, ...]) -> Iterator[range]:
    """The places of each group in turn: a step with the parallel ones behind it."""
    starts = [i for i, step in enumerate(steps) if i == 0 or not step.parallel]
    for start, end in zip(starts, [*starts[1:], len(steps)], strict=True):
        yield range(start, end)


def _with_next_active(steps: tuple[Step, ...], now: datetime) -> tuple[Step, ...]:
    """The steps with the first group that is not wholly approved active."""
    group = next(group for group in groups(steps) if any(steps[i].state != "approved" for i in group))
    return tuple(
        replace(step, state="active", active_at=now) if i in group and step.state == "waiting" else step
        for i, step in enumerate(steps)
    )
