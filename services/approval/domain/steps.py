"""One step of an approval line (결재선): who, in which role, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from shared.people import ref

ROLES = ("review", "cooperate", "decide")
_TIMES = ("active_at", "decided_at")


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it stands. `person` is a PersonRef; `version` and `content_hash` are of what was decided on."""

    person: dict[str, Any]
    role: str
    parallel: bool
    state: str = "waiting"
    opinion: str = ""
    active_at: datetime | None = None
    decided_at: datetime | None = None
    version: int | None = None
    content_hash: str | None = None

    def kept(self) -> dict[str, Any]:
        """As it is kept, in JSON."""
        return {name: getattr(self, name) for name in _NAMES}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Step:
        """The step that `kept` described, its times as text."""
        return cls(**kept | {name: kept[name] and datetime.fromisoformat(kept[name]) for name in _TIMES})


_NAMES = tuple(field.name for field in fields(Step))


def from_line(line: list[dict[str, Any]]) -> tuple[Step, ...]:
    """The steps of a line as submitted (`{person, role, parallel}`).

    Raises `ValueError` for one that no process can run along: without steps, of unknown roles or people, or
    without one decider at its end.
    """
    try:
        steps = tuple(Step(ref(step["person"]), step["role"], bool(step.get("parallel"))) for step in line)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"malformed line: {error!r}") from error
    roles = [step.role for step in steps]
    if not set(roles) <= set(ROLES) or roles.count("decide") != 1 or roles[-1] != "decide" or steps[-1].parallel:
        raise ValueError(f"unfit line: {roles}")
    return steps
