"""How a service says what is on whose desk: it tells, and the desk, which knows no service, shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.contracts.desk import TOLD_LIMIT
from shared.db import Tx
from shared.records import values

# What happened before that is no news any more: neither told again nor taken for it.
NEWS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Todo:
    """What somebody is to do (할 일). `since` tells it from an earlier one in the same slot; `urgency` is 0 to 2."""

    role: str
    since: datetime
    due: datetime | None = None
    urgency: int = 0
    sender: dict[str, Any] | None = None
    dismissible: bool = False
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place on a person's desk for one kind of to-do about a subject; empty without a `todo`."""

    person: str
    kind: str
    todo: Todo | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """알림: told to a person once for each `occasion`: a number by which the source tells one from the next."""

    person: str
    code: str
    occasion: int
    at: datetime
    params: dict[str, Any] = field(default_factory=dict)


def tell(
    tx: Tx,
    noun: str,
    subject: str,
    sequence: int,
    *,
    title: str,
    clear: int | None = None,
    slots: Iterable[Slot] = (),
    notices: Iterable[Notice] = (),
    watchers: Iterable[str] = (),
    ended: bool = False,
) -> None:
    """Emits `<service>.desk`: what the subject now puts on people's desks, and what they are told.

    `sequence` grows with each change of the subject. `clear` empties every slot told of it with a lower one; with
    `clear=sequence` the slots given are all there are. A slot without a `todo` is emptied by itself. `watchers` look
    on: their open pages ask anew. `ended`: nothing more is expected, and the subject may be forgotten after a while.

    More than 500 of anything become several events, which mean the same in any order.
    """
    parts = [_parts(slots), _parts(notices), _parts(list(watchers))]
    for n in range(max(1, *map(len, parts))):
        some = [part[n] if n < len(part) else [] for part in parts]
        told = {"subject": subject, "noun": noun, "sequence": sequence, "title": title, "clear": clear, "ended": ended}
        told |= {"slots": [_told(slot) for slot in some[0]], "notices": [values(notice) for notice in some[1]]}
        tx.emit(f"{tx.service}.desk", subject=subject, data=told | {"watchers": some[2]})


def _told(slot: Slot) -> dict[str, Any]:
    return values(slot) | {"todo": values(slot.todo) if slot.todo else None}


def _parts(told: Iterable[Any]) -> list[Sequence[Any]]:
    every = list(told)
    return [every[i : i + TOLD_LIMIT] for i in range(0, len(every), TOLD_LIMIT)]
