"""A request read from its rows, and its parts as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from services.requests.domain.due import Due
from services.requests.domain.request import Extension, Part, Request
from services.requests.models import Extension as ExtensionRow
from services.requests.models import Part as PartRow
from services.requests.models import Request as Row
from shared.db import Tx
from shared.errors import NotFound

_ROW = select(Row.__table__).where(Row.id == bindparam("id"))
_LOCKED = _ROW.with_for_update()
_PARTS = select(PartRow.__table__).where(PartRow.request.in_(bindparam("ids", expanding=True))).order_by(PartRow.number)
_EXTENSION = select(ExtensionRow.__table__).where(ExtensionRow.id == bindparam("id"))


@dataclass(frozen=True)
class Kept:
    """A request with the columns of its row."""

    row: Mapping[str, Any]
    request: Request


def found(tx: Tx, id_: str, *, lock: bool = False) -> Kept:
    """A request; locked until the end of the transaction where that is asked. Raises `NotFound`."""
    kept_ = sought(tx, id_, lock=lock)
    if kept_ is None:
        raise NotFound("request")
    return kept_


def sought(tx: Tx, id_: str, *, lock: bool = False) -> Kept | None:
    """A request, where there is one."""
    row = tx.execute(_LOCKED if lock else _ROW, {"id": id_}).first()
    if row is None:
        return None
    return kept(tx, dict(row._mapping), parts_of(tx, [id_])[id_])


def kept(tx: Tx, row: Mapping[str, Any], parts: Iterable[Part]) -> Kept:
    """The request of a row."""
    extension = _extension(tx, row["extension"]) if row["extension"] else None
    names = ("id", "kind", "asker", "state", "urgency", "entered_by", "unconfirmed", "asked_at", "handed_in_at")
    request = Request(
        parts=tuple(parts),
        due=due(row["due_at"], row["whole_day"]),
        first_due=due(row["first_due_at"], row["first_whole_day"]),
        extension=extension,
        ended_at=row["ended_at"],
        former=tuple(row["former"]),
        **{name: row[name] for name in names},
    )
    return Kept(row, request)


def due(at: datetime | None, whole_day: bool) -> Due | None:
    """A due date from its columns."""
    return Due(at, whole_day) if at else None


def parts_of(tx: Tx, requests: Iterable[str]) -> dict[str, list[Part]]:
    """The parts of each of these requests, in order."""
    ids = list(requests)
    parts: dict[str, list[Part]] = {id_: [] for id_ in ids}
    for row in tx.execute(_PARTS, {"ids": ids}).all() if ids else ():
        parts[row.request].append(
            Part(
                row.number,
                row.lead,
                row.state,
                row.since,
                row.person,
                row.department,
                tuple(row.candidates),
                row.offers,
                row.percent,
                row.tenant,
            )
        )
    return parts


def part_values(part: Part) -> dict[str, Any]:
    """The columns of a part but for those it is found by."""
    return {
        "lead": part.lead,
        "state": part.state,
        "since": part.since,
        "tenant": part.tenant,
        "person": dict(part.person) if part.person else None,
        "person_id": part.person["id"] if part.person else None,
        "department": dict(part.department) if part.department else None,
        "candidates": [dict(each) for each in part.candidates],
        "offers": part.offers,
        "percent": part.percent,
    }


def _extension(tx: Tx, id_: str) -> Extension | None:
    row = tx.execute(_EXTENSION, {"id": id_}).first()
    if row is None:
        return None
    before = Due(row.before_at, row.before_whole_day)
    return Extension(row.id, row.asker, row.at, Due(row.due_at, row.whole_day), before, row.reason)
