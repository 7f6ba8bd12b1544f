"""Record folders (기록물철) of a department, as they are kept and proposed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from services.documents.domain import proposals
from services.documents.domain.folders import DEFAULTS, Task
from services.documents.models import Document, Folder
from shared.calendar import seoul_year
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid


@dataclass(frozen=True, slots=True)
class FolderView:
    """A record folder as the contract shows it."""

    id: str
    title: str
    unit_task: str
    year: int
    retention: str
    likely: bool = False

    def view(self, likely: bool) -> dict[str, Any]:
        """As a plain dictionary."""
        return asdict(self) | {"likely": likely}


_COLUMNS = (Folder.id, Folder.title, Folder.unit_task, Folder.year, Folder.retention)


def _view(row: Row[Any]) -> FolderView:
    return FolderView(row.id, row.title, row.unit_task, row.year, row.retention)


def _latest(state: str) -> Any:
    """The folder of the drafter's newest document in a state: one step in the index of own documents."""
    return (
        select(Document.folder_id)
        .where(Document.drafter_id == bindparam("person"), Document.state == state)
        .order_by(Document.updated_at.desc())
        .limit(1)
        .scalar_subquery()
    )


_OF_YEAR = (
    select(*_COLUMNS, func.coalesce(_latest("draft"), _latest("in_approval"), _latest("approved")).label("last_used"))
    .where(Folder.department_id == bindparam("department"), Folder.year == bindparam("year"))
    .order_by(Folder.position, Folder.id)
)


def proposed(tx: Tx, ctx: Context, department: str, title: str) -> list[FolderView]:
    """The folders of this year, the likely one for `title` first; none where the department has not begun."""
    rows = tx.execute(_OF_YEAR, {"person": ctx.person, "department": department, "year": seoul_year(tx.now)}).all()
    folders = [_view(row) for row in rows]
    return proposals.by_likelihood(folders, title, rows[0].last_used if rows else None)


def likely(tx: Tx, ctx: Context, title: str) -> FolderView:
    """The folder a new draft of the caller's goes to; the department's folders of the year begin with it."""
    folders = proposed(tx, ctx, ctx.department_id, title)
    if not folders:
        _begin_year(tx, ctx.department_id)
        folders = proposed(tx, ctx, ctx.department_id, title)
    return folders[0]


def _begin_year(tx: Tx, department: str) -> None:
    """Opens the folders of this year: those of the department's last year again, or the ones everybody starts with."""
    year = seoul_year(tx.now)
    latest: Select[Any] = select(func.max(Folder.year)).where(Folder.department_id == department)
    earlier = tx.all(
        select(Folder.unit_task, Folder.title, Folder.retention)
        .where(Folder.department_id == department, Folder.year == latest.scalar_subquery())
        .order_by(Folder.position, Folder.id)
    )
    tasks = [Task(row.unit_task, row.title, row.retention) for row in earlier] or list(DEFAULTS)
    for position, task in enumerate(tasks):
        values = asdict(task) | {"department_id": department, "year": year, "position": position}
        # Two drafters may begin the year at the same moment: each folder is opened once.
        tx.insert_new(Folder, id=tx.new_id(), **values)
    tx.audit("documents.folders.opened", subject=department, after={"year": year, "folders": len(tasks)})


def of_department(tx: Tx, folder: str, department: str) -> FolderView:
    """A folder the drafter chose. Raises `Invalid` unless it is one of the department's."""
    row = tx.one(select(*_COLUMNS).where(Folder.id == folder, Folder.department_id == department))
    if row is None:
        raise Invalid({"folder": "unknown_folder"})
    return _view(row)
