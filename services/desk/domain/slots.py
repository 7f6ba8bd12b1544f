"""Slots: a place on a person's desk for one kind of to-do (할 일) about one subject of one source.

The last writer wins, by the source's sequence. A sequence below which the subject is cleared empties what was written
before it. So the events of a subject end in the same slots in any order, however often each is heard:

| kept      | heard of a lower sequence | of the same or a higher one | the subject is cleared above it |
| --------- | ------------------------- | --------------------------- | ------------------------------- |
| nothing   | as told                   | as told                     |                                 |
| filled    | stays                     | as told                     | not kept                        |
| dismissed | stays                     | as told (1)                 | empty; remembers the dismissal  |
| empty     | stays                     | as told                     | not kept                        |

(1) Still dismissed where `since` is the same. What is told below the sequence of the last clearing is passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

Key = tuple[str, str]
"""Person and kind."""


@dataclass(frozen=True, slots=True)
class Todo:
    """What fills a slot. Two are the same whatever the sender is called by now."""

    noun: str
    role: str
    title: str
    since: datetime
    due: datetime | None
    urgency: int
    dismissible: bool
    params: dict[str, Any]
    sender: dict[str, Any] | None = field(compare=False)


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot as it is kept, by the event of this `sequence`; empty without a `todo`.

    `dismissed` is the `since` of what its person took off the desk, `id` is that of the to-do.
    """

    sequence: int
    todo: Todo | None
    id: str
    dismissed: datetime | None = None
    doubted: bool = False

    @property
    def shown(self) -> Todo | None:
        """What its person sees in it."""
        return self.todo if self.todo and self.todo.since != self.dismissed else None


@dataclass(frozen=True, slots=True)
class Told:
    """What one event says of a subject's slots: at most one thing of each."""

    sequence: int
    slots: Mapping[Key, Todo | None]


def after(
    kept: Mapping[Key, Slot], told: Told, cleared: int, new_id: Callable[[], str]
) -> Iterator[tuple[Key, Slot | None]]:
    """The slots that are others after what was told; None is not kept any more.

    `kept` has the slots of those people and all that are below `cleared`, the highest sequence the subject was cleared
    at, this event among them.
    """
    for key in dict.fromkeys((*kept, *told.slots)):
        before = kept.get(key)
        slot = before
        if key in told.slots and told.sequence >= max(cleared, before.sequence if before else 0):
            slot = _written(before, told.sequence, told.slots[key], new_id)
        if slot is not None:
            slot = _cleared(slot, cleared)
        if slot != before or (slot and before and slot.todo and slot.todo.sender != _sender(before)):
            yield key, slot


def _written(before: Slot | None, sequence: int, todo: Todo | None, new_id: Callable[[], str]) -> Slot:
    same = before is not None and before.todo and todo and before.todo.since == todo.since
    dismissed = before.dismissed if before else None
    return Slot(sequence, todo, before.id if before and same else new_id(), dismissed)


def _cleared(slot: Slot, cleared: int) -> Slot | None:
    """The slot with what was told below `cleared` gone. An empty one is kept for what it holds off, or remembers."""
    if slot.sequence < cleared:
        slot = replace(slot, todo=None)
    needless = slot.todo is None and slot.sequence <= cleared and slot.dismissed is None
    return None if needless else slot


def _sender(slot: Slot) -> dict[str, Any] | None:
    return slot.todo.sender if slot.todo else None
