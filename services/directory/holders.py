"""Who has a role in a department: the distributors of its requests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam

from services.directory import people
from services.directory.models import Person, Post
from shared.db import Tx

_MEMBERS = (
    people.with_main_post(*people.REF, Person.roles)
    .where(Post.department.in_(bindparam("departments", expanding=True)), Person.active)
    .order_by(Post.department, Post.seniority, Person.name, Person.id)
)


def of(tx: Tx, role: str, departments: list[str]) -> dict[str, Any]:
    """Those whose main post is in one of the departments and who have the role, as `HolderList`."""
    rows = tx.execute(_MEMBERS, {"departments": departments}).all() if departments else []
    found = [people.ref(row) for row in rows if role in row.roles]
    return {"items": [{"department": person["department_id"], "person": person} for person in found]}
