"""Groups of receivers (회람 그룹, 수신 그룹): a person's own and those of a department."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, select, update

from services.directory import people
from services.directory.domain import groups as rules
from services.directory.domain.groups import Member, Standing
from services.directory.domain.positions import NOT_HEAD
from services.directory.models import Department, Person, Post, ReceiverGroup, ReceiverGroupMember
from shared.context import OPERATOR, Context
from shared.db import Tx
from shared.errors import Forbidden, Invalid, NotFound, Stale

OFFICER = "document_officer"
_GROUPS = select(ReceiverGroup.__table__).order_by(ReceiverGroup.name, ReceiverGroup.id)
_MEMBERS = (
    select(ReceiverGroupMember.group_id, ReceiverGroupMember.kind, ReceiverGroupMember.member)
    .where(ReceiverGroupMember.group_id.in_(bindparam("ids", expanding=True)))
    .order_by(ReceiverGroupMember.group_id, ReceiverGroupMember.position)
)
_DEPARTMENTS = select(Department.id, Department.name, Department.abolished).where(
    Department.id.in_(bindparam("ids", expanding=True))
)
_POSTS = (
    select(Post.department, Post.person)
    .join(Person, Person.id == Post.person)
    .where(Post.department.in_(bindparam("ids", expanding=True)), Person.active)
)
_HEAD = (
    select(Post.person)
    .join(Person, Person.id == Post.person)
    .where(Post.department == bindparam("department"), Post.seniority < NOT_HEAD, Person.active)
    .order_by(Post.seniority, Post.number, Person.id)
    .limit(1)
)


# -- reading ----------------------------------------------------------------------------------------


def _seen(ctx: Context) -> ColumnElement[bool]:
    """The caller's own groups and those of the caller's department."""
    return ReceiverGroup.owner.in_([ctx.person, ctx.department_id])


def members(tx: Tx, ids: Collection[str]) -> dict[str, list[Member]]:
    """The members of these groups, in their order."""
    found: dict[str, list[Member]] = {id_: [] for id_ in ids}
    for row in tx.execute(_MEMBERS, {"ids": sorted(ids)}) if ids else ():
        found[row.group_id].append(Member(row.kind, row.member))
    return found


def named(tx: Tx, ctx: Context, ids: Collection[str]) -> dict[str, str]:
    """The names of those of these groups that the caller may send to, in the order told.

    The system itself, which sends later what somebody wrote, may send to each.
    """
    if not ids:
        return {}
    statement = select(ReceiverGroup.id, ReceiverGroup.name).where(ReceiverGroup.id.in_(sorted(set(ids))))
    names = {row.id: row.name for row in tx.all(statement if ctx.has(OPERATOR) else statement.where(_seen(ctx)))}
    return {id_: names[id_] for id_ in dict.fromkeys(ids) if id_ in names}


def standings(tx: Tx, wanted: Iterable[Member]) -> dict[Member, Standing]:
    """How each of these members that exists stands now."""
    people_ids, departments = set[str](), set[str]()
    for kind, id_ in wanted:
        (people_ids if kind == "person" else departments).add(id_)
    found: dict[Member, Standing] = {}
    for id_, ref in people.refs(tx, people_ids).items():
        here = frozenset({id_} if ref["active"] else ())
        detail = f"{ref['position']} · {ref['department']}"
        found[Member("person", id_)] = Standing(ref["name"], detail, here, "" if ref["active"] else "left")
    within: dict[str, set[str]] = {}
    for row in tx.execute(_POSTS, {"ids": sorted(departments)}) if departments else ():
        within.setdefault(row.department, set()).add(row.person)
    for row in tx.execute(_DEPARTMENTS, {"ids": sorted(departments)}) if departments else ():
        those = frozenset(within.get(row.id, ()))
        found[Member("department", row.id)] = Standing(row.name, "", those, "abolished" if row.abolished else "")
    return found


def seen(tx: Tx, ctx: Context) -> list[dict[str, Any]]:
    """The caller's own groups and those of the caller's department by name, as `GroupView`."""
    rows = tx.all(_GROUPS.where(_seen(ctx)))
    held = members(tx, [row.id for row in rows])
    known = standings(tx, {member for group in held.values() for member in group})
    edits = edits_office(tx, ctx)
    return [_view(ctx, row, held[row.id], known, edits) for row in rows]


def of_caller(tx: Tx, ctx: Context) -> dict[str, Any]:
    """`GroupList`: what `seen` has, and whether the caller keeps the groups of the department."""
    return {"items": seen(tx, ctx), "keeps_department": edits_office(tx, ctx)}


def one(tx: Tx, ctx: Context, id_: str) -> dict[str, Any]:
    """A group with its members, as `WholeGroup`. Raises `NotFound`."""
    row = _row(tx, ctx, id_)
    held = members(tx, [id_])[id_]
    known = standings(tx, held)
    shown = [_member(member, known[member]) for member in held if member in known]
    return {**_view(ctx, row, held, known, edits_office(tx, ctx)), "members": shown}


def _member(member: Member, of: Standing) -> dict[str, Any]:
    told: dict[str, Any] = {**member._asdict(), "name": of.name, "detail": of.detail}
    return {**told, "count": len(of.people), "stale": of.stale or None}


def _row(tx: Tx, ctx: Context, id_: str, *, lock: bool = False) -> Row[Any]:
    statement = select(ReceiverGroup.__table__).where(ReceiverGroup.id == id_, _seen(ctx))
    row = tx.one(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound("group")
    return row


def _view(
    ctx: Context, row: Row[Any], held: list[Member], known: Mapping[Member, Standing], edits: bool
) -> dict[str, Any]:
    there = [known[member] for member in held if member in known]
    own = row.owner_kind == "person"
    return {
        "id": row.id,
        "name": row.name,
        "owner_kind": row.owner_kind,
        "owner": ctx.name if own else ctx.department,
        "count": rules.people(there),
        "stale": [{"name": of.name, "why": of.stale} for of in there if of.stale],
        "editable": own or edits,
        "version": row.version,
    }


def edits_office(tx: Tx, ctx: Context) -> bool:
    """Whether the caller keeps the groups of the own department: its document officers and its head do."""
    if not ctx.department_id:
        return False
    return ctx.has(OFFICER) or tx.execute(_HEAD, {"department": ctx.department_id}).scalar() == ctx.person


# -- writing ----------------------------------------------------------------------------------------


def save(tx: Tx, ctx: Context, data: Mapping[str, Any]) -> str:
    """Enters or changes a group of the caller's, or of the caller's department; its id.

    Raises `Invalid`, `NotFound`, `Forbidden`, and `Stale` where somebody changed it meanwhile.
    """
    row = _kept(tx, ctx, data["id"], data["version"]) if data["id"] else None
    kind, owner = (row.owner_kind, row.owner) if row else _owner(tx, ctx, data["department"])
    _lock(tx, kind, owner)
    id_ = row.id if row else tx.new_id()
    given = list(dict.fromkeys(Member(member["kind"], member["id"]) for member in data["members"]))
    before = members(tx, [id_])[id_]
    bad = rules.problems(given, standings(tx, given), before)
    others = tx.all(select(ReceiverGroup.name).where(ReceiverGroup.owner == owner, ReceiverGroup.id != id_))
    if data["name"] in {other.name for other in others}:
        bad["name"] = "taken"
    elif len(others) >= rules.MOST:
        bad["name"] = "too_many"
    if bad:
        raise Invalid(bad)
    if row is None:
        tx.insert(ReceiverGroup, id=id_, name=data["name"], owner_kind=kind, owner=owner, version=1)
        _put_members(tx, id_, given)
    elif (row.name, before) != (data["name"], given):
        changed = update(ReceiverGroup).where(ReceiverGroup.id == id_)
        tx.execute(changed.values(name=data["name"], version=row.version + 1))
        tx.execute(delete(ReceiverGroupMember).where(ReceiverGroupMember.group_id == id_))
        _put_members(tx, id_, given)
    else:
        return id_
    earlier = _told(row.name, owner, before) if row else None
    tx.audit("directory.group.saved", subject=id_, before=earlier, after=_told(data["name"], owner, given))
    return id_


def remove(tx: Tx, ctx: Context, id_: str, version: int | None) -> dict[str, Any]:
    """Deletes a group. Raises `NotFound`, `Forbidden` and `Stale`."""
    row = _kept(tx, ctx, id_, version)
    held = members(tx, [id_])[id_]
    tx.execute(delete(ReceiverGroupMember).where(ReceiverGroupMember.group_id == id_))
    tx.execute(delete(ReceiverGroup).where(ReceiverGroup.id == id_))
    tx.audit("directory.group.deleted", subject=id_, before=_told(row.name, row.owner, held))
    return {"id": id_, "deleted": True}


def _told(name: str, owner: str, held: list[Member]) -> dict[str, Any]:
    return {"name": name, "owner": owner, "members": [f"{member.kind}:{member.id}" for member in held]}


def _kept(tx: Tx, ctx: Context, id_: str, version: int | None) -> Row[Any]:
    """A group that the caller may change, of the version the caller knows."""
    row = _row(tx, ctx, id_, lock=True)
    if row.owner_kind == "department" and not edits_office(tx, ctx):
        raise Forbidden("group")
    if version not in (None, row.version):
        raise Stale(row.version)
    return row


def _owner(tx: Tx, ctx: Context, department: str | None) -> tuple[str, str]:
    """Whose a new group is."""
    if department is None:
        return "person", ctx.person
    if department != ctx.department_id or not edits_office(tx, ctx):
        raise Forbidden("group")
    return "department", department


def _lock(tx: Tx, kind: str, owner: str) -> None:
    """One at a time for each owner: two of a name are each sound for itself."""
    table: Any = Person if kind == "person" else Department
    tx.one(select(table.id).where(table.id == owner).with_for_update())


def _put_members(tx: Tx, id_: str, given: list[Member]) -> None:
    rows = [{"group_id": id_, "kind": m.kind, "member": m.id, "position": n} for n, m in enumerate(given)]
    tx.insert_many(ReceiverGroupMember, rows)
