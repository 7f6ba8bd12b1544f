"""People in the database: how they are named, searched and shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, case, select, tuple_

from services.directory import attempts
from services.directory.domain import hangul
from services.directory.domain.person import ADMIN, Person, Post, ordered_roles
from services.directory.models import Absence, Credential, Department, PersonTerm
from services.directory.models import Person as PersonRow
from services.directory.models import Post as PostRow
from shared import paging
from shared.context import Context
from shared.db import Tx, Utc
from shared.errors import Invalid, NotFound

REF = (
    PersonRow.id,
    PersonRow.name,
    PersonRow.active,
    PostRow.position,
    Department.name.label("department"),
    PostRow.department.label("department_id"),
)
# Absences that run at the parameter `now`; a person has one at the most.
ABSENT = and_(
    Absence.person == PersonRow.id,
    Absence.starts_at <= bindparam("now", type_=Utc),
    Absence.ends_at > bindparam("now", type_=Utc),
)


def with_main_post(*columns: Any) -> Select[Any]:
    """People with their main post and its department."""
    return (
        select(*columns)
        .select_from(PersonRow)
        .join(PostRow, and_(PostRow.person == PersonRow.id, PostRow.number == 0))
        .join(Department, Department.id == PostRow.department)
    )


_REFS = with_main_post(*REF).where(PersonRow.id.in_(bindparam("ids", expanding=True)))


def ref(row: Row[Any]) -> dict[str, Any]:
    """A `PersonRef` from a row of `REF`."""
    return {
        "id": row.id,
        "name": row.name,
        "position": row.position,
        "department": row.department,
        "department_id": row.department_id,
    }


def refs(tx: Tx, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The `PersonRef` of each that exists, with `active`."""
    rows = tx.execute(_REFS, {"ids": list(ids)}).all() if ids else []
    return {row.id: {**ref(row), "active": row.active} for row in rows}


def addresses(tx: Tx, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Where mail reaches each that exists, and in which language, as `Address`."""
    columns = (PersonRow.id, PersonRow.name, PersonRow.email, PersonRow.locale, PersonRow.active)
    rows = tx.all(select(*columns).where(PersonRow.id.in_(ids))) if ids else []
    return {row.id: {name: row._mapping[name] for name in ("name", "email", "locale", "active")} for row in rows}


# -- search -----------------------------------------------------------------------------------------


def _found_by(n: int) -> ColumnElement[bool]:
    """People with a name, initials or login that word `n` is in, or a post in a department whose name has it."""
    by_term = select(PersonTerm.person).where(
        PersonTerm.term >= bindparam(f"low{n}"), PersonTerm.term < bindparam(f"high{n}")
    )
    by_department = (
        select(PostRow.person)
        .join(Department, Department.id == PostRow.department)
        .where(Department.name.icontains(bindparam(f"like{n}"), escape="/"))
    )
    return PersonRow.id.in_(by_term.union(by_department))


@cache
def _search(words: int, inactive: bool, department: bool, following: bool) -> Select[Any]:
    """The statement of a search of this shape: building it takes longer than running it."""
    keys: list[Any] = [PersonRow.name, PersonRow.id]
    statement = with_main_post(*REF, PersonRow.login, PostRow.rank, Absence.reason, Absence.ends_at)
    statement = statement.outerjoin(Absence, ABSENT)
    if words:
        begins = and_(PersonRow.name >= bindparam("low0"), PersonRow.name < bindparam("high0"))
        first = case((begins, 0), else_=1)
        statement = statement.add_columns(first.label("nearness")).where(*(_found_by(n) for n in range(words)))
        keys = [first, *keys]
    if not inactive:
        statement = statement.where(PersonRow.active)
    if department:
        members = select(PostRow.person).where(PostRow.department == bindparam("department"))
        statement = statement.where(PersonRow.id.in_(members))
    if following:
        last = [bindparam(f"last{n}", type_=key.type) for n, key in enumerate(keys)]
        statement = statement.where(tuple_(*keys) > tuple_(*last))
    return statement.order_by(*keys).limit(bindparam("most"))


def search(tx: Tx, data: Mapping[str, Any]) -> dict[str, Any]:
    """A page of people (`PeoplePage`): those whose name begins with the first word come first, then by name."""
    words = hangul.words(data["q"])
    params: dict[str, Any] = {"now": tx.now, "most": data["limit"] + 1}
    for n, word in enumerate(words):
        params[f"low{n}"], params[f"high{n}"] = hangul.prefix_range(word)
        params[f"like{n}"] = _escaped(word)
    if data["department"]:
        params["department"] = data["department"]
    if data["cursor"]:
        params |= {f"last{n}": value for n, value in enumerate(_last(data["cursor"], 3 if words else 2))}
    statement = _search(len(words), data["inactive"], bool(data["department"]), bool(data["cursor"]))
    rows = tx.execute(statement, params).all()
    shown, following = paging.page(
        rows, data["limit"], lambda r: [r.nearness, r.name, r.id] if words else [r.name, r.id]
    )
    return {"items": [_line(row) for row in shown], "next": following}


def _escaped(word: str) -> str:
    return word.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _last(cursor: str, n: int) -> list[Any]:
    values = paging.decode(cursor, n)
    kinds = (int, str, str)[-n:]
    if any(type(v) is not kind or "\0" in str(v) for v, kind in zip(values, kinds, strict=True)):
        raise Invalid({"cursor": "broken_cursor"})
    return values


def _line(row: Row[Any]) -> dict[str, Any]:
    return {**ref(row), "login": row.login, "rank": row.rank, "active": row.active, "absent": absence(row)}


def absence(row: Row[Any]) -> dict[str, Any] | None:
    """Until when somebody is away and why, from a row joined by `ABSENT`; None for who is here."""
    return {"reason": row.reason, "until": row.ends_at} if row.reason else None


# -- one person -------------------------------------------------------------------------------------

_WHOLE = (
    with_main_post(
        *REF,
        PersonRow.login,
        PostRow.rank,
        PersonRow.email,
        PersonRow.phone,
        PersonRow.roles,
        PersonRow.clearance,
        PersonRow.version,
        Credential.totp_on,
        Absence.reason,
        Absence.ends_at,
    )
    .outerjoin(Credential, Credential.person == PersonRow.id)
    .outerjoin(Absence, ABSENT)
    .where(PersonRow.id == bindparam("id"))
)
_POSTS = (
    select(PostRow.department, Department.name.label("department_name"), PostRow.position, PostRow.rank)
    .join(Department, Department.id == PostRow.department)
    .where(PostRow.person == bindparam("id"))
    .order_by(PostRow.number)
)


def view(tx: Tx, ctx: Context, id_: str) -> dict[str, Any]:
    """A person as `PersonView`. Raises `NotFound`.

    How to reach somebody and in which role they act is for everybody of the organisation; clearance, second factor
    and lock are shown to the person and the administrators only, others see null.
    """
    row = tx.execute(_WHOLE, {"id": id_, "now": tx.now}).first()
    if row is None:
        raise NotFound("person")
    all_of_it = ctx.person == id_ or ctx.has(ADMIN)
    return {
        **_line(row),
        "email": row.email,
        "phone": row.phone,
        "posts": [dict(post._mapping) for post in tx.execute(_POSTS, {"id": id_})],
        "roles": row.roles,
        "clearance": row.clearance if all_of_it else None,
        "totp": bool(row.totp_on) if all_of_it else None,
        "locked_until": attempts.locked_until(tx, row.login) if all_of_it else None,
        "version": row.version,
    }


def load(tx: Tx, where: ColumnElement[bool] | None = None) -> dict[str, Person]:
    """People as the rules see them, by id: those of a condition, or all."""
    people, posts = select(PersonRow.__table__), select(PostRow.__table__).order_by(PostRow.person, PostRow.number)
    if where is not None:
        people = people.where(where)
        posts = posts.where(PostRow.person.in_(select(PersonRow.id).where(where)))
    held: dict[str, list[Post]] = {}
    for post in tx.all(posts):
        held.setdefault(post.person, []).append(Post(post.department, post.position, post.rank))
    return {
        row.id: Person(
            login=row.login,
            name=row.name,
            posts=tuple(held.get(row.id, ())),
            email=row.email,
            phone=row.phone,
            roles=ordered_roles(row.roles),
            clearance=row.clearance,
            active=row.active,
        )
        for row in tx.all(people)
    }
