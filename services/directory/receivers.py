"""Receivers: people, departments and groups become the people who are in them now."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, select

from services.directory import groups
from services.directory.deputies import Present
from services.directory.domain import receivers as rules
from services.directory.domain.receivers import Named
from services.directory.models import Department, Person, Post
from shared.context import Context
from shared.contracts.directory import RECEIVERS_LIMIT
from shared.db import Tx
from shared.errors import Invalid

_DEPARTMENTS = select(Department.id, Department.name, Department.abolished).where(
    Department.id.in_(bindparam("ids", expanding=True))
)
# The head first, then by name, as a list of a department is read. Who left still has the post of the last day.
_MEMBERS = (
    select(Post.department, Post.person)
    .join(Person, Person.id == Post.person)
    .where(Post.department.in_(bindparam("ids", expanding=True)), Person.active)
    .order_by(Post.department, Post.seniority, Person.name, Person.id)
)


class _Departments:
    """The departments that were named, by themselves or in a group, with who has a post in each."""

    def __init__(self, tx: Tx, ids: set[str]) -> None:
        named = {"ids": sorted(ids)}
        rows = tx.execute(_DEPARTMENTS, named).all() if ids else []
        self.names: dict[str, str] = {row.id: row.name for row in rows}
        self.abolished = sorted(row.id for row in rows if row.abolished)
        self.people: dict[str, list[str]] = {id_: [] for id_ in self.names}
        for row in tx.execute(_MEMBERS, named) if ids else ():
            self.people.setdefault(row.department, []).append(row.person)


def expand(tx: Tx, ctx: Context, data: Mapping[str, Any]) -> dict[str, Any]:
    """Who receives what goes to these (`Expanded`). Raises `Invalid` for more than 10,000 people."""
    found = groups.named(tx, ctx, data["groups"])
    members = groups.members(tx, found)
    within = [member for group in members.values() for member in group]
    departments = _Departments(tx, {*data["departments"], *(m.id for m in within if m.kind == "department")})
    named: list[tuple[Named, list[str]]] = [(Named("person", id_, ""), [id_]) for id_ in data["people"]]
    for id_ in data["departments"]:
        named.append((Named("department", id_, departments.names.get(id_, "")), departments.people.get(id_, [])))
    for id_, name in found.items():
        source = Named("group", id_, name)
        for member in members[id_]:
            people = departments.people[member.id] if member.kind == "department" else [member.id]
            named.append((source, people))
    through = rules.gathered(named)
    if len(through) > RECEIVERS_LIMIT:
        raise Invalid({"people": "too_many"})
    present = Present(tx, through.keys())
    return {
        "people": [_receiver(present, id_, ways) for id_, ways in through.items() if present.active(id_)],
        "left": [_named(present, id_, ways) for id_, ways in through.items() if present.active(id_) is False],
        "unknown": [
            *_unknown("person", data["people"], present.rows),
            *_unknown("department", data["departments"], departments.names),
            *_unknown("group", data["groups"], found),
        ],
        "dissolved": [{"id": id_, "name": departments.names[id_]} for id_ in departments.abolished],
    }


def _unknown(kind: str, ids: Iterable[str], known: Container[str]) -> list[dict[str, Any]]:
    return [{"kind": kind, "id": id_} for id_ in dict.fromkeys(ids) if id_ not in known]


def _named(present: Present, id_: str, ways: list[Named]) -> dict[str, Any]:
    ref = present.ref(id_)
    # Who was named in person came by the name of now.
    return {**ref, "through": [{**way._asdict(), "name": way.name or ref["name"]} for way in ways]}


def _receiver(present: Present, id_: str, ways: list[Named]) -> dict[str, Any]:
    away = present.absence(id_)
    absent = {**away, "deputy": present.deputy(id_)} if away else None
    return {**_named(present, id_, ways), "active": True, "absent": absent}
