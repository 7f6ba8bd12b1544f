"""To-do items (할 일): who is to do what about a document, as its process stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# Ended by the person it is for; everything else ends with the act it asks for.
DISMISSIBLE = frozenset(("returned",))
# A returned document asks its drafter for another version.
REVISE = "revise"


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing that one person is to do. Two are the same whatever the sender is called by now."""

    person: str
    kind: str
    role: str
    title: str
    since: datetime
    sender: dict[str, Any] = field(compare=False)


def of_process(told: dict[str, Any]) -> list[Todo]:
    """What there is to do about a document, from the whole state of its process (`approval.Progress`)."""
    if told["state"] == "in_approval":
        return _of_active_steps(told)
    if told["state"] == "returned":
        decision = told["decision"]
        since = datetime.fromisoformat(decision["at"])
        return [Todo(told["drafter"]["id"], "returned", REVISE, told["title"], since, decision["person"])]
    return []


def _of_active_steps(told: dict[str, Any]) -> list[Todo]:
    """One for each person whose turn it is; of two steps of one person the one that came first."""
    found: dict[str, Todo] = {}
    for step in told["active"]:
        since = datetime.fromisoformat(step["since"])
        todo = Todo(step["person"], "approval", step["role"], told["title"], since, told["drafter"])
        found.setdefault(todo.person, todo)
    return list(found.values())


def changed_for(before: Iterable[Todo], after: Iterable[Todo]) -> set[str]:
    """The people whose list is another one now."""
    return {todo.person for todo in set(before) ^ set(after)}
