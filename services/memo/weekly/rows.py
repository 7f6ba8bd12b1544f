"""Reports as they are kept: found, locked, changed, with their lines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from services.memo.weekly.domain import states
from services.memo.weekly.domain.lines import Line
from services.memo.weekly.models import WeeklyLine, WeeklyReport
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, NotFound, Stale

_CHANGE = update(WeeklyReport).where(WeeklyReport.id == bindparam("of_report"))
_COLUMNS = tuple(column.key for column in WeeklyLine.__table__.columns if column.key not in ("id", "report"))
_LINE = update(WeeklyLine).where(WeeklyLine.id == bindparam("of_line"))
_NO_LINE = delete(WeeklyLine).where(WeeklyLine.id == bindparam("of_line"))
# Of the organisation's tree no branch is as long.
_DEEPEST = 20


def locked(tx: Tx, id_: str) -> Row[Any]:
    """A report, to be changed in this transaction. Raises `NotFound`."""
    row = tx.one(select(WeeklyReport.__table__).where(WeeklyReport.id == id_).with_for_update())
    if row is None:
        raise NotFound("weekly")
    return row


def found(tx: Tx, id_: str | None) -> Row[Any] | None:
    """A report, where there is one."""
    return tx.one(select(WeeklyReport.__table__).where(WeeklyReport.id == id_)) if id_ else None


def below(tx: Tx, id_: str, *, lock: bool = False) -> list[Row[Any]]:
    """The reports that go into one, in the order of the department."""
    statement = select(WeeklyReport.__table__).where(WeeklyReport.above == id_)
    return tx.all(
        statement.order_by(WeeklyReport.id).with_for_update()
        if lock
        else statement.order_by(WeeklyReport.place, WeeklyReport.id)
    )


def change(tx: Tx, row: Any, **values: Any) -> dict[str, Any]:
    """Changes a locked report in a way that is told; its columns as they are then."""
    now = {**_mapping(row), **values, "sequence": _mapping(row)["sequence"] + 1}
    tx.change(_CHANGE, {"of_report": now["id"], "sequence": now["sequence"], **values})
    return now


def keep(tx: Tx, row: Any, **values: Any) -> None:
    """Changes a locked report in a way that nobody is told of."""
    tx.change(_CHANGE, {"of_report": row.id, **values})


def _mapping(row: Any) -> dict[str, Any]:
    return dict(row) if isinstance(row, dict) else {**row._mapping}


# -- who may ----------------------------------------------------------------------------------------


def writes(ctx: Context, row: Any) -> bool:
    """Whether the caller writes the report, or stands in for who does."""
    return ctx.person in (row.writer_id, row.deputy_id)


def require_writer(tx: Tx, ctx: Context, row: Row[Any]) -> None:
    """Raises `Forbidden` for who may only read it, `NotFound` for everybody else."""
    if not writes(ctx, row):
        raise Forbidden("writer") if may_read(tx, ctx, row) else NotFound("weekly")


def require_version(row: Row[Any], version: int | None) -> None:
    """Raises `Stale` where the report was changed since."""
    if version not in (None, row.version):
        raise Stale(row.version)


def may_read(tx: Tx, ctx: Context, row: Row[Any]) -> bool:
    """The writer; of what is handed in also who joins it, of a department's everybody above and everybody in it."""
    if writes(ctx, row):
        return True
    if row.state not in states.HANDED_IN:
        return False
    if row.kind == "department" and row.unit == ctx.department_id:
        return True
    joining = found(tx, row.above)
    for _ in range(_DEEPEST):
        if joining is None:
            return False
        if writes(ctx, joining):
            return True
        joining = found(tx, joining.above) if row.kind == "department" else None
    return False


def opened(tx: Tx, ctx: Context, id_: str) -> Row[Any]:
    """A report, for who may read it. Raises `NotFound`."""
    row = found(tx, id_)
    if row is None or not may_read(tx, ctx, row):
        raise NotFound("weekly")
    return row


# -- lines ------------------------------------------------------------------------------------------


def lines(tx: Tx, id_: str) -> list[Line]:
    """The lines of a report in their order."""
    return lines_of(tx, [id_]).get(id_, [])


def lines_of(tx: Tx, ids: Collection[str]) -> dict[str, list[Line]]:
    """The lines of several reports."""
    if not ids:
        return {}
    statement = select(WeeklyLine.__table__).where(WeeklyLine.report.in_(sorted(ids)))
    kept: dict[str, list[Line]] = {}
    for row in tx.all(statement.order_by(WeeklyLine.report, WeeklyLine.place)):
        kept.setdefault(row.report, []).append(_line(row))
    return kept


def put_lines(tx: Tx, id_: str, before: Sequence[Line], after: Sequence[Line]) -> None:
    """Writes the lines of a locked report in place of those before."""
    old = {line.id: _values(place, line) for place, line in enumerate(before)}
    new = {line.id: _values(place, line) for place, line in enumerate(after)}
    tx.change(_NO_LINE, *({"of_line": line} for line in old if line not in new))
    # SQLAlchemy reads a parameter of a column's own name as the value to set.
    tx.change(_LINE, *({"of_line": line, **new[line]} for line in new if line in old and old[line] != new[line]))
    add_lines(tx, id_, [line for line in after if line.id not in old], {line: new[line]["place"] for line in new})


def add_lines(tx: Tx, id_: str, added: Iterable[Line], places: dict[str, int] | None = None) -> None:
    """Adds lines to a report."""
    rows = [
        {"id": line.id, "report": id_, **_values((places or {}).get(line.id, place), line)}
        for place, line in enumerate(added)
    ]
    tx.insert_many(WeeklyLine, rows)


def _line(row: Row[Any]) -> Line:
    values = {name: getattr(row, name) for name in _COLUMNS if name != "place"}
    return Line(id=row.id, **{**values, "writers": tuple(row.writers), "cards": tuple(row.cards)})


def _values(place: int, line: Line) -> dict[str, Any]:
    values = {name: getattr(line, name) for name in _COLUMNS if name != "place"}
    return {**values, "place": place, "writers": list(line.writers), "cards": list(line.cards)}
