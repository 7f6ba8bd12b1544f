"""The tree of departments as it is kept: read in order, changed with its names' history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from services.directory import organisation, people
from services.directory.domain import tree
from services.directory.domain.positions import NOT_HEAD
from services.directory.domain.tree import Node, Tree
from services.directory.models import Department, DepartmentName, Organisation, Person, Post
from shared.db import Tx
from shared.errors import Invalid, NotFound, Stale

_ALL = select(
    Department.id,
    Department.name,
    Department.code,
    Department.parent,
    Department.order.label("order"),
    Department.abolished,
    Department.version,
)
_NAMES = select(DepartmentName.department, DepartmentName.name, DepartmentName.until).order_by(DepartmentName.until)
_COUNTS = (
    select(Post.department, func.count().label("people"))
    .join(Person, Person.id == Post.person)
    .where(Post.number == 0, Person.active)
    .group_by(Post.department)
)
# The last of a department is its head: the most senior post, a main one before one beside another.
_HEADS = (
    select(Person.id, Person.name, Post.position, Department.name.label("department"))
    .add_columns(Post.department.label("department_id"))
    .join(Person, Person.id == Post.person)
    .join(Department, Department.id == Post.department)
    .where(Post.seniority < NOT_HEAD, Person.active)
    .order_by(Post.seniority.desc(), Post.number.desc(), Person.id.desc())
)
_PEOPLED = select(Post.department).join(Person, Person.id == Post.person).where(Person.active).distinct()
# The columns to set are the other parameters it is executed with.
_CHANGED = update(Department).where(Department.id == bindparam("department")).values(version=Department.version + 1)


def _node(row: Row[Any]) -> Node:
    return Node(row.id, row.name, row.code, row.parent, row.order, row.abolished)


def nodes(tx: Tx) -> dict[str, Node]:
    """All departments as the rules see them, by id."""
    return {row.id: _node(row) for row in tx.all(_ALL)}


def peopled(tx: Tx) -> set[str]:
    """The departments in which active people have a post."""
    return set(tx.execute(_PEOPLED).scalars())


# -- reading ----------------------------------------------------------------------------------------


def every(tx: Tx) -> list[dict[str, Any]]:
    """All departments as `DepartmentView`, in the order the tree is read."""
    rows = {row.id: row for row in tx.all(_ALL)}
    known = {id_: _node(row) for id_, row in rows.items()}
    depths = tree.depths(known)
    counts = {row.department: row.people for row in tx.all(_COUNTS)}
    heads = {row.department_id: people.ref(row) for row in tx.all(_HEADS)}
    names: dict[str, list[dict[str, Any]]] = {}
    for row in tx.all(_NAMES):
        names.setdefault(row.department, []).append({"name": row.name, "until": row.until})
    return [
        {
            **rows[node.id]._mapping,
            "depth": depths[node.id],
            "people": counts.get(node.id, 0),
            "head": heads.get(node.id),
            "names": names.get(node.id, []),
        }
        for node in tree.in_order(known)
    ]


def heads(tx: Tx, ids: list[str]) -> dict[str, dict[str, Any]]:
    """The `PersonRef` of who heads each of these departments, of those that have a head."""
    rows = tx.execute(_HEADS.where(Post.department.in_(ids))) if ids else ()
    return {row.department_id: people.ref(row) for row in rows}


def one(tx: Tx, id_: str) -> dict[str, Any]:
    """One of `every`. Raises `NotFound`."""
    found = next((view for view in every(tx) if view["id"] == id_), None)
    if found is None:
        raise NotFound("department")
    return found


# -- writing ----------------------------------------------------------------------------------------


def save(tx: Tx, data: Mapping[str, Any]) -> str:
    """Enters or changes a department; its id. One without a parent stands right under the organisation.

    Raises `Invalid`, `NotFound`, and `Stale` where somebody changed it meanwhile.
    """
    root = organisation.lock(tx)
    known = nodes(tx)
    id_ = data["id"] or tx.new_id()
    before = known.get(id_)
    if data["id"]:
        _require_version(tx, id_, data["version"])
    parent = data["parent"] or (None if id_ == root else root)
    after = Node(id_, data["name"], data["code"], parent, data["order"], data["abolished"])
    bad = Tree({**known, id_: after}, root).problems(after, peopled(tx))
    if bad:
        raise Invalid(bad)
    if before != after:
        put(tx, [after], known)
    return id_


def _require_version(tx: Tx, id_: str, version: int | None) -> None:
    present = tx.scalar(select(Department.version).where(Department.id == id_))
    if present is None:
        raise NotFound("department")
    if version not in (None, present):
        raise Stale(present)


def put(tx: Tx, changed: list[Node], known: Mapping[str, Node]) -> None:
    """Writes departments that are new or differ from those `known`: old names are kept, and people are told."""
    new = [node for node in changed if node.id not in known]
    others = [node for node in changed if node.id in known]
    renamed = [node.id for node in others if node.name != known[node.id].name]
    tx.insert_many(Department, [{"id": node.id, **_values(node), "version": 1} for node in new])
    if others:
        tx.change(_CHANGED, *({"department": node.id, **_values(node)} for node in others))
    old = [{"department": id_, "until": tx.now, "name": known[id_].name} for id_ in renamed]
    tx.insert_many(DepartmentName, old)
    for node in changed:
        before = asdict(known[node.id]) if node.id in known else None
        tx.audit("directory.department.saved", subject=node.id, before=before, after=asdict(node))
        if node.parent is None:
            tx.execute(update(Organisation).values(name=node.name, code=node.code))
    if renamed:
        members = select(Post.person).where(Post.department.in_(renamed), Post.number == 0)
        organisation.tell_changed(tx, set(tx.execute(members).scalars()))


def _values(node: Node) -> dict[str, Any]:
    values = asdict(node)
    del values["id"]
    # The column is called otherwise: ORDER is a word of SQL.
    values["sort_order"] = values.pop("order")
    return values
