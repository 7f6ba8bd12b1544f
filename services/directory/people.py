"""People in the database: how they are read, searched, written and told about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, and_, case, cast, delete, select, tuple_, update

from services.directory.domain import hangul
from services.directory.domain import line as lines
from services.directory.domain.person import ADMIN, Person, Post, ordered_roles
from services.directory.domain.positions import NOT_HEAD, seniority
from services.directory.models import Absence, Credential, Department, PersonTerm
from services.directory.models import Person as PersonRow
from services.directory.models import Post as PostRow
from shared import paging
from shared.db import Tx
from shared.errors import Invalid
from shared.people import TOPIC

# An event that names more people than this says "all".
_NAMED = 200

_REF = (
    PersonRow.id,
    PersonRow.name,
    PersonRow.active,
    PostRow.position,
    Department.name.label("department"),
    PostRow.department.label("department_id"),
)


def _with_main_post(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(PersonRow)
        .join(PostRow, and_(PostRow.person == PersonRow.id, PostRow.number == 0))
        .join(Department, Department.id == PostRow.department)
    )


def _absent(tx: Tx) -> ColumnElement[bool]:
    return and_(Absence.person == PersonRow.id, Absence.starts_at <= tx.now, Absence.ends_at > tx.now)


def ref(row: Row[Any]) -> dict[str, Any]:
    """A `PersonRef` from a row of `_REF`."""
    return {
        "id": row.id,
        "name": row.name,
        "position": row.position,
        "department": row.department,
        "department_id": row.department_id,
    }


def refs(tx: Tx, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The `PersonRef` of each that exists, with `active`."""
    rows = tx.all(_with_main_post(*_REF).where(PersonRow.id.in_(ids))) if ids else []
    return {row.id: {**ref(row), "active": row.active} for row in rows}


# -- search -----------------------------------------------------------------------------------------


def _found_by(word: str) -> ColumnElement[bool]:
    """People with a name, initials or login that `word` is in, or a post in a department whose name has it."""
    low, high = hangul.prefix_range(word)
    by_term = select(PersonTerm.person).where(PersonTerm.term >= low, PersonTerm.term < high)
    by_department = (
        select(PostRow.person)
        .join(Department, Department.id == PostRow.department)
        .where(Department.name.icontains(word, autoescape=True))
    )
    return PersonRow.id.in_(by_term.union(by_department))


def search(tx: Tx, data: Mapping[str, Any]) -> dict[str, Any]:
    """A page of people (`PeoplePage`): those whose name begins with the first word come first, then by name."""
    words = hangul.words(data["q"])
    keys: list[Any] = [PersonRow.name, PersonRow.id]
    statement = _with_main_post(*_REF, PersonRow.login, PostRow.rank, Absence.reason, Absence.ends_at)
    statement = statement.outerjoin(Absence, _absent(tx))
    if words:
        low, high = hangul.prefix_range(words[0])
        first = case((and_(PersonRow.name >= low, PersonRow.name < high), 0), else_=1)
        statement = statement.add_columns(first.label("nearness")).where(*(_found_by(word) for word in words))
        keys = [first, *keys]
    if not data["inactive"]:
        statement = statement.where(PersonRow.active)
    if data["department"]:
        members = select(PostRow.person).where(PostRow.department == data["department"])
        statement = statement.where(PersonRow.id.in_(members))
    if data["cursor"]:
        statement = statement.where(tuple_(*keys) > tuple_(*_last(data["cursor"], len(keys))))
    rows = tx.all(statement.order_by(*keys).limit(data["limit"] + 1))
    shown, following = paging.page(
        rows, data["limit"], lambda r: [r.nearness, r.name, r.id] if words else [r.name, r.id]
    )
    return {"items": [_line(row) for row in shown], "next": following}


def _last(cursor: str, n: int) -> list[Any]:
    values = paging.decode(cursor, n)
    kinds = (int, str, str)[-n:]
    if any(type(value) is not kind for value, kind in zip(values, kinds, strict=True)):
        raise Invalid({"cursor": "broken_cursor"})
    return values


def _line(row: Row[Any]) -> dict[str, Any]:
    absent = {"reason": row.reason, "until": row.ends_at} if row.reason else None
    return {**ref(row), "login": row.login, "rank": row.rank, "active": row.active, "absent": absent}


# -- one person -------------------------------------------------------------------------------------


def whole(tx: Tx, id_: str) -> dict[str, Any] | None:
    """What `PersonView` holds, without `locked_until`."""
    columns = (
        *_REF,
        PersonRow.login,
        PostRow.rank,
        PersonRow.email,
        PersonRow.phone,
        PersonRow.roles,
        PersonRow.clearance,
        PersonRow.locale,
        PersonRow.version,
        Credential.totp_on,
        Absence.reason,
        Absence.ends_at,
    )
    row = tx.one(
        _with_main_post(*columns)
        .outerjoin(Credential, Credential.person == PersonRow.id)
        .outerjoin(Absence, _absent(tx))
        .where(PersonRow.id == id_)
    )
    if row is None:
        return None
    posts = tx.all(
        select(PostRow.department, Department.name.label("department_name"), PostRow.position, PostRow.rank)
        .join(Department, Department.id == PostRow.department)
        .where(PostRow.person == id_)
        .order_by(PostRow.number)
    )
    return {
        **_line(row),
        "email": row.email,
        "phone": row.phone,
        "posts": [dict(post._mapping) for post in posts],
        "roles": row.roles,
        "clearance": row.clearance,
        "locale": row.locale,
        "totp": bool(row.totp_on),
        "version": row.version,
    }


def load(tx: Tx, where: ColumnElement[bool] | None = None) -> dict[str, Person]:
    """People as the rules see them, by id: those of a condition, or all."""
    people, posts = select(PersonRow), select(PostRow).order_by(PostRow.person, PostRow.number)
    if where is not None:
        people = people.where(where)
        posts = posts.where(PostRow.person.in_(select(PersonRow.id).where(where)))
    held: dict[str, list[Post]] = {}
    for post in tx.all(_columns(posts, PostRow)):
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
        for row in tx.all(_columns(people, PersonRow))
    }


def _columns(statement: Select[Any], model: Any) -> Select[Any]:
    """The statement with the model's columns in place of the model."""
    return statement.with_only_columns(*model.__table__.columns)


def other_administrators(tx: Tx, id_: str) -> bool:
    """Whether anybody beside this person can administer the organisation."""
    held = cast(PersonRow.roles, Text).contains(f'"{ADMIN}"')
    return tx.one(select(PersonRow.id).where(PersonRow.active, PersonRow.id != id_, held).limit(1)) is not None


# -- superiors --------------------------------------------------------------------------------------


def heads_above(tx: Tx, department: str) -> tuple[list[lines.Post], dict[str, dict[str, Any]]]:
    """Posts of heads in a department and those above it; and who of these people is absent, as `{reason, until}`."""
    above = (
        select(Department.id, Department.parent, Department.name)
        .add_columns(cast(0, PostRow.number.type).label("level"))
        .where(Department.id == department)
        .cte("above", recursive=True)
    )
    above = above.union_all(
        select(Department.id, Department.parent, Department.name, above.c.level + 1).join(
            above, Department.id == above.c.parent
        )
    )
    rows = tx.all(
        select(PersonRow.id, PersonRow.name, PostRow.position, PostRow.seniority, PostRow.number, above.c.level)
        .add_columns(above.c.name.label("department"), above.c.id.label("department_id"))
        .add_columns(Absence.reason, Absence.ends_at)
        .select_from(above)
        .join(PostRow, and_(PostRow.department == above.c.id, PostRow.seniority < NOT_HEAD))
        .join(PersonRow, and_(PersonRow.id == PostRow.person, PersonRow.active))
        .outerjoin(Absence, _absent(tx))
    )
    absent = {row.id: {"reason": row.reason, "until": row.ends_at} for row in rows if row.reason}
    return [lines.Post(row.level, row.seniority, row.number == 0, ref(row)) for row in rows], absent


# -- writing ----------------------------------------------------------------------------------------


def add(tx: Tx, people: Iterable[Person]) -> dict[str, str]:
    """Enters new people; their ids by login."""
    ids: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    posts: list[dict[str, Any]] = []
    terms: list[dict[str, Any]] = []
    for person in people:
        ids[person.login] = id_ = tx.new_id()
        rows.append({"id": id_, **_values(person), "locale": "ko", "version": 1})
        posts += _post_rows(id_, person)
        terms += _term_rows(id_, person)
    tx.insert_many(PersonRow, rows)
    tx.insert_many(PostRow, posts)
    tx.insert_many(PersonTerm, terms)
    return ids


def change(tx: Tx, id_: str, before: Person, after: Person) -> None:
    """Writes what differs; the version grows by one."""
    tx.execute(update(PersonRow).where(PersonRow.id == id_).values(**_values(after), version=PersonRow.version + 1))
    if before.posts != after.posts:
        tx.execute(delete(PostRow).where(PostRow.person == id_))
        tx.insert_many(PostRow, _post_rows(id_, after))
    if (before.name, before.login) != (after.name, after.login):
        tx.execute(delete(PersonTerm).where(PersonTerm.person == id_))
        tx.insert_many(PersonTerm, _term_rows(id_, after))


def _values(person: Person) -> dict[str, Any]:
    values = asdict(person)
    del values["posts"]
    return {**values, "roles": list(person.roles)}


def _post_rows(id_: str, person: Person) -> list[dict[str, Any]]:
    return [
        {"person": id_, "number": number, **asdict(post), "seniority": seniority(post.position)}
        for number, post in enumerate(person.posts)
    ]


def _term_rows(id_: str, person: Person) -> list[dict[str, Any]]:
    return [{"term": term, "person": id_} for term in sorted(hangul.terms(person.name, person.login))]


def tell_changed(tx: Tx, ids: Collection[str] | None) -> None:
    """Snapshots of these people (None: of all) held elsewhere are out of date."""
    named = sorted(ids) if ids is not None and len(ids) <= _NAMED else []
    if ids is None or ids:
        tx.emit("directory.people_changed", subject=named[0] if len(named) == 1 else tx.tenant, data={"people": named})
        tx.tell(named, TOPIC)
