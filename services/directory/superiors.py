"""The heads above a drafter, who begin the approval line."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, bindparam, cast, select

from services.directory import people
from services.directory.domain import line as lines
from services.directory.domain.positions import NOT_HEAD
from services.directory.models import Absence, Department, Person, Post
from shared.context import Context
from shared.db import Tx


def _above() -> Select[Any]:
    above = (
        select(Department.id, Department.parent, Department.name)
        .add_columns(cast(0, Post.number.type).label("level"))
        .where(Department.id == bindparam("department"))
        .cte("above", recursive=True)
    )
    above = above.union_all(
        select(Department.id, Department.parent, Department.name, above.c.level + 1).join(
            above, Department.id == above.c.parent
        )
    )
    return (
        select(Person.id, Person.name, Post.position, Post.seniority, Post.number, above.c.level)
        .add_columns(above.c.name.label("department"), above.c.id.label("department_id"))
        .add_columns(Absence.reason, Absence.ends_at)
        .select_from(above)
        .join(Post, and_(Post.department == above.c.id, Post.seniority < NOT_HEAD))
        .join(Person, and_(Person.id == Post.person, Person.active))
        .outerjoin(Absence, people.ABSENT)
    )


_HEADS = _above()


def proposed(tx: Tx, ctx: Context) -> dict[str, Any]:
    """The line proposed to the caller as a drafter (`ProposedLine`); a head who is away carries `absent`."""
    rows = tx.execute(_HEADS, {"department": ctx.department_id, "now": tx.now}).all()
    posts = [
        lines.Post(row.level, row.seniority, row.number == 0, {**people.ref(row), "absent": people.absence(row)})
        for row in rows
    ]
    return {"items": lines.propose(lines.superiors(ctx.person, posts))}
