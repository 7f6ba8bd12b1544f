"""Groups of receivers (회람 그룹, 수신 그룹): a person's own and those of a department."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, select

from services.directory.models import ReceiverGroup, ReceiverGroupMember
from shared.context import OPERATOR, Context
from shared.db import Tx

_MEMBERS = (
    select(ReceiverGroup.id, ReceiverGroup.name, ReceiverGroupMember.kind, ReceiverGroupMember.member)
    .outerjoin(ReceiverGroupMember, ReceiverGroupMember.group_id == ReceiverGroup.id)
    .where(ReceiverGroup.id.in_(bindparam("ids", expanding=True)))
    .order_by(ReceiverGroup.id, ReceiverGroupMember.position)
)


class Member(NamedTuple):
    """A person or a department in a group."""

    kind: str
    id: str


@dataclass
class Group:
    """A group with its members in order."""

    name: str
    members: list[Member] = field(default_factory=list)


def _owned(ctx: Context) -> ColumnElement[bool]:
    """The caller's own groups and those of the caller's department."""
    return ReceiverGroup.owner.in_([ctx.person, ctx.department_id])


def members(tx: Tx, ctx: Context, ids: Collection[str]) -> dict[str, Group]:
    """Those of these groups that the caller may send to, in the order named, with their members.

    The system itself, which sends later what somebody wrote, may send to each.
    """
    if not ids:
        return {}
    statement = _MEMBERS if ctx.has(OPERATOR) else _MEMBERS.where(_owned(ctx))
    found: dict[str, Group] = {}
    for row in tx.execute(statement, {"ids": sorted(set(ids))}):
        group = found.setdefault(row.id, Group(row.name))
        if row.member:
            group.members.append(Member(row.kind, row.member))
    return {id_: found[id_] for id_ in dict.fromkeys(ids) if id_ in found}
