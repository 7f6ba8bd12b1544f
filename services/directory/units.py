"""One department with everybody who reports in it: its people, the departments right below it, the heads above."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from services.directory import departments, superiors
from services.directory.deputies import Present
from services.directory.domain import tree
from services.directory.models import Department, Person, Post
from shared.db import Tx
from shared.errors import NotFound
from shared.people import ref

_ONE = select(Department.id, Department.name, Department.parent, Department.abolished).where(
    Department.id == bindparam("department")
)
# In the order a list of a department is read; who has a post here beside another one belongs where the main one is.
_PEOPLE = (
    select(Post.person)
    .join(Person, Person.id == Post.person)
    .where(Post.department == bindparam("department"), Post.number == 0, Person.active)
    .order_by(Post.seniority, Person.name, Person.id)
)


def of(tx: Tx, department: str) -> dict[str, Any]:
    """The department as `UnitView`. Raises `NotFound`."""
    row = tx.execute(_ONE, {"department": department}).first()
    if row is None:
        raise NotFound("department")
    chain = [post.person for post in superiors.chain(tx, "", department)]
    members = [each.person for each in tx.execute(_PEOPLE, {"department": department})]
    below = _below(tx, department)
    heads = departments.heads(tx, [node.id for node in below])
    present = Present(tx, [*members, *(ref["id"] for ref in (*chain, *heads.values()))])
    return {
        **row._mapping,
        "heads": [_seen(present, ref) for ref in chain],
        "people": [_seen(present, present.ref(id_)) for id_ in members],
        "below": [
            {"id": node.id, "name": node.name, "head": _seen(present, heads[node.id]) if node.id in heads else None}
            for node in below
        ],
    }


def _below(tx: Tx, department: str) -> list[tree.Node]:
    known = departments.nodes(tx)
    return [node for node in tree.in_order(known) if node.parent == department and not node.abolished]


def _seen(present: Present, person: dict[str, Any]) -> dict[str, Any]:
    """Somebody by the name this post gives, with what keeps them away and who stands in."""
    absent, deputy = present.absence(person["id"]), present.deputy(person["id"])
    return {**ref(person), "absent": absent, "deputy": deputy}
