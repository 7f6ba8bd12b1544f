"""The catalogue: what a service says of its objects, so that they are found, related, and seen on their task cards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.search import TEXT_LIMIT
from shared.db.tx import Tx


@dataclass(frozen=True, slots=True)
class Link:
    """What an object refers to; `role` is one of `shared.contracts.search.LINK_ROLES`."""

    role: str
    noun: str
    subject: str


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened: a code of the noun's, the `PersonRef` of who did it, and when."""

    code: str
    person: dict[str, Any] | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What an object is now.

    `sequence` grows with each change that is told, and says all there is to say: the same sequence is the same item.
    `at` is the time it is listed by, `audience` its principals (`shared.audience`), `text` plain text to be found by,
    of which the beginning is told where it is long, `happened` all that has happened, the newest where it is much.
    """

    noun: str
    subject: str
    sequence: int
    title: str
    state: str
    at: datetime
    owner: dict[str, Any] | None
    department_id: str | None
    department: str
    audience: Collection[str]
    number: str | None = None
    people: Sequence[str] = ()
    cards: Sequence[str] = ()
    links: Sequence[Link] = ()
    text: str = ""
    happened: Sequence[Happening] = ()
    removed: bool = False


def tell(tx: Tx, item: Item) -> None:
    """Emits `<service>.item` (`ItemTold`); it goes out within a second or so, unless overtaken by then."""
    tx.emit(f"{tx.service}.item", subject=item.subject, data=told(item), overtakes=item.sequence)


def told(item: Item) -> dict[str, Any]:
    """The item as `ItemTold`."""
    return {
        "noun": item.noun,
        "subject": item.subject,
        "sequence": item.sequence,
        "number": item.number,
        "title": item.title,
        "state": item.state,
        "at": item.at,
        "owner": item.owner,
        "department_id": item.department_id,
        "department": item.department,
        "people": list(item.people),
        "audience": sorted(item.audience),
        "cards": list(item.cards),
        "links": [{"role": link.role, "noun": link.noun, "subject": link.subject} for link in item.links],
        "text": "" if item.removed else item.text[:TEXT_LIMIT],
        "happened": [{"code": each.code, "person": each.person, "at": each.at} for each in item.happened],
        "removed": item.removed,
    }
