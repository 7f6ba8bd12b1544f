"""The heads above somebody: who begin a drafter's approval line, and to whom goes what is not read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, bindparam, cast, select

from services.directory import people
from services.directory.deputies import Present
from services.directory.domain import line as lines
from services.directory.domain.positions import NOT_HEAD
from services.directory.models import Absence, Department, Person, Post
from shared.context import Context
from shared.db import Tx
from shared.errors import NotFound


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


def chain(tx: Tx, person: str, department: str) -> list[lines.Post]:
    """The heads above somebody with the main post in a department, nearest first."""
    posts = [
        lines.Post(row.level, row.seniority, row.number == 0, {**people.ref(row), "absent": people.absence(row)})
        for row in tx.execute(_HEADS, {"department": department, "now": tx.now})
    ]
    return lines.superiors(person, posts)


def proposed(tx: Tx, ctx: Context) -> dict[str, Any]:
    """The line proposed to the caller as a drafter (`ProposedLine`); a head who is away carries `absent`."""
    return {"items": lines.propose(chain(tx, ctx.person, ctx.department_id))}


def of(tx: Tx, person: str) -> dict[str, Any]:
    """Who stands in for somebody, and the heads above (`SuperiorsView`). Raises `NotFound`."""
    department = tx.scalar(select(Post.department).where(Post.person == person, Post.number == 0))
    if department is None:
        raise NotFound("person")
    heads = [post.person for post in chain(tx, person, department)]
    present = Present(tx, [person, *(head["id"] for head in heads)])
    return {
        "deputy": present.deputy(person),
        "absent": present.absence(person),
        "heads": [{**head, "deputy": present.deputy(head["id"])} for head in heads],
    }
