"""People with who is away among them, and who stands in for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Row, bindparam

from services.directory import people
from services.directory.domain import receivers
from services.directory.models import Absence
from services.directory.models import Person as PersonRow
from shared.db import Tx

# Ids in one statement: fewer than either database takes.
_AT_ONCE = 5_000
_ROWS = (
    people.with_main_post(*people.REF, Absence.reason, Absence.ends_at, Absence.deputy)
    .outerjoin(Absence, people.ABSENT)
    .where(PersonRow.id.in_(bindparam("ids", expanding=True)))
)


class Present:
    """People of these ids as they are now, and everybody whom those who are away named to stand in."""

    def __init__(self, tx: Tx, ids: Collection[str]) -> None:
        self.rows: dict[str, Row[Any]] = {}
        wanted = set(ids)
        while wanted:
            found = _load(tx, wanted)
            self.rows |= found
            wanted = {row.deputy for row in found.values() if row.reason and row.deputy} - self.rows.keys()
        self._away = {row.id: row.deputy for row in self.rows.values() if row.active and row.reason}
        self._here = frozenset(row.id for row in self.rows.values() if row.active and not row.reason)

    def active(self, id_: str) -> bool | None:
        """Whether somebody works here; None where there is no such person."""
        row = self.rows.get(id_)
        return None if row is None else bool(row.active)

    def ref(self, id_: str) -> dict[str, Any]:
        """The `PersonRef` of one of them."""
        return people.ref(self.rows[id_])

    def absence(self, id_: str) -> dict[str, Any] | None:
        """`{reason, until}` of who is away."""
        return people.absence(self.rows[id_])

    def deputy(self, id_: str) -> dict[str, Any] | None:
        """The `PersonRef` of who stands in for somebody who is away."""
        found = receivers.stands_in(id_, self._away, self._here)
        return self.ref(found) if found else None


def _load(tx: Tx, ids: set[str]) -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = {}
    for part in _parts(sorted(ids)):
        found |= {row.id: row for row in tx.execute(_ROWS, {"ids": part, "now": tx.now})}
    return found


def _parts(ids: list[str]) -> Iterator[list[str]]:
    waiting = iter(ids)
    while part := list(islice(waiting, _AT_ONCE)):
        yield part
