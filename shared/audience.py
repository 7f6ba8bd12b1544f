"""Who may read an object (열람범위): a set of principals, the same rule in SQL and in Python.

A principal is `person:<id>`, `department:<id>`, `role:<name>`, or `organisation` for everybody of the tenant. An
object's audience is the principals it is open to; somebody may read it who comes as one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, MetaData, String, Table, bindparam, delete, exists, select

from shared.columns import Ident
from shared.context import Context
from shared.db.tx import Tx

ORGANISATION = "organisation"
TABLE = "audience"
# `department:` and an identifier, or `role:` and the name of a role.
PRINCIPAL_LIMIT = 60


def person(id_: str) -> str:
    """The principal of one person."""
    return f"person:{id_}"


def department(id_: str) -> str:
    """The principal of everybody in a department."""
    return f"department:{id_}"


def role(name: str) -> str:
    """The principal of everybody with a role."""
    return f"role:{name}"


def principals(ctx: Context) -> frozenset[str]:
    """What the caller comes as; nothing where nobody is signed in."""
    if not ctx.person:
        return frozenset()
    own = {ORGANISATION, person(ctx.person), *map(role, ctx.roles)}
    return frozenset(own | {department(ctx.department_id)} if ctx.department_id else own)


def may_read(ctx: Context, audience: Collection[str]) -> bool:
    """Whether the caller may read what is open to `audience`."""
    return not principals(ctx).isdisjoint(audience)


def of_document(
    *, participants: Iterable[str], department_id: str, scope: str, closed: bool, decided: bool
) -> frozenset[str]:
    """Who may read a document: one rule for every service that holds a part of it.

    `participants` are the ids of the drafter and of everybody on its lines; `department_id` is the drafter's.
    Participants always may. Others only once it is `decided`: auditors, the department with scope `department`,
    the whole organisation with scope `organisation` unless the document is `closed`.
    """
    found = set(map(person, participants))
    if decided:
        found.add(role("auditor"))
        if scope in ("department", "organisation") and department_id:
            found.add(department(department_id))
        if scope == "organisation" and not closed:
            found.add(ORGANISATION)
    return frozenset(found)


# -- as rows ----------------------------------------------------------------------------------------


def _columns() -> list[Column[Any]]:
    return [
        Column("subject", Ident, primary_key=True),
        Column("principal", String(PRINCIPAL_LIMIT), primary_key=True),
    ]


def table(metadata: MetaData) -> Table:
    """Declares a service's table of audiences in `metadata`, or finds it there."""
    if TABLE in metadata.tables:
        return metadata.tables[TABLE]
    return Table(TABLE, metadata, *_columns(), Index("audience_of_principal", "principal", "subject"))


def create_table(op: Any) -> None:
    """Creates the table; called from a service's revision."""
    op.create_table(TABLE, *_columns(), Index("audience_of_principal", "principal", "subject"))


def readable(rows: Table, subject: ColumnElement[Any] | Any, ctx: Context) -> ColumnElement[bool]:
    """The condition that the caller may read `subject`, a column of the query it is put into."""
    return exists().where(rows.c.subject == subject, rows.c.principal.in_(sorted(principals(ctx))))


def keep(tx: Tx, rows: Table, subject: str, audience: Iterable[str]) -> None:
    """Makes `audience` the one of `subject`: who is not in it may read it no longer."""
    tx.change(delete(rows).where(rows.c.subject == bindparam("of_subject")), {"of_subject": subject})
    tx.insert_many(rows, [{"subject": subject, "principal": each} for each in sorted(set(audience))])


def people(tx: Tx, rows: Table, subject: str, which: Collection[str]) -> set[str]:
    """Those of these people to whom `subject` is open by name, not by their department or a role."""
    named = [person(each) for each in which]
    mine = select(rows.c.principal).where(rows.c.subject == subject, rows.c.principal.in_(named))
    return {row.principal.partition(":")[2] for row in tx.all(mine)} if named else set()
