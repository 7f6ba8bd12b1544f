"""People in the database: how they are entered, changed and told about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Text, bindparam, cast, delete, select, update

from services.directory import credentials, departments, hashing, organisation, people, sessions
from services.directory.domain import hangul
from services.directory.domain.person import ADMIN, Person, Post, changes, folded_login, ordered_roles, problems
from services.directory.domain.positions import seniority
from services.directory.models import Person as PersonRow
from services.directory.models import PersonTerm
from services.directory.models import Post as PostRow
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid, NotFound, Stale

# The columns to set are the other parameters it is executed with.
_CHANGED = update(PersonRow).where(PersonRow.id == bindparam("person")).values(version=PersonRow.version + 1)


# -- one person -------------------------------------------------------------------------------------


def save(tx: Tx, ctx: Context, data: Mapping[str, Any]) -> str:
    """Enters or changes a person as an administrator says; the id.

    Raises `Invalid`, `NotFound`, and `Stale` where somebody changed the person meanwhile.
    """
    organisation.lock(tx)
    id_: str | None = data["id"]
    password: str = data["password"]
    before = _present(tx, id_, data["version"]) if id_ else None
    after = _person(data)
    bad = _problems(tx, ctx, id_, before, after)
    if bad:
        raise Invalid(bad)
    if password:
        credentials.require_strong(password, after.login, "password")
    password_hash = hashing.hashed(password) if password else None
    if id_ is None or before is None:
        id_ = add(tx, [after])[after.login]
    elif before != after:
        change(tx, {id_: after}, {id_: before})
    if password_hash:
        credentials.put_password(tx, id_, password_hash)
        sessions.end_all(tx, id_, but=ctx.session)
        tx.audit("directory.password.set", subject=id_)
    return id_


def _present(tx: Tx, id_: str, version: int | None) -> Person:
    present = tx.scalar(select(PersonRow.version).where(PersonRow.id == id_))
    if present is None:
        raise NotFound("person")
    if version not in (None, present):
        raise Stale(present)
    return people.load(tx, PersonRow.id == id_)[id_]


def _person(data: Mapping[str, Any]) -> Person:
    return Person(
        login=folded_login(data["login"]),
        name=data["name"],
        posts=tuple(Post(post["department"], post["position"], post["rank"]) for post in data["posts"]),
        email=data["email"],
        phone=data["phone"],
        roles=ordered_roles(data["roles"]),
        clearance=data["clearance"],
        active=data["active"],
    )


def _problems(tx: Tx, ctx: Context, id_: str | None, before: Person | None, after: Person) -> dict[str, str]:
    found = problems(after, before, departments.nodes(tx), ctx.roles)
    holder = tx.scalar(select(PersonRow.id).where(PersonRow.login == after.login))
    if holder not in (None, id_):
        found["login"] = "taken"
    if before and before.is_admin and not after.is_admin and not _other_administrators(tx, id_):
        found["active" if not after.active else "roles"] = "last_administrator"
    return found


def _other_administrators(tx: Tx, id_: str | None) -> bool:
    """Whether anybody beside this person can administer the organisation."""
    held = cast(PersonRow.roles, Text).contains(f'"{ADMIN}"')
    return tx.one(select(PersonRow.id).where(PersonRow.active, PersonRow.id != id_, held).limit(1)) is not None


# -- writing ----------------------------------------------------------------------------------------


def add(tx: Tx, new: Iterable[Person]) -> dict[str, str]:
    """Enters new people; their ids by login."""
    ids: dict[str, str] = {}
    rows: list[dict[str, Any]] = []
    posts: list[dict[str, Any]] = []
    terms: list[dict[str, Any]] = []
    for person in new:
        ids[person.login] = id_ = tx.new_id()
        rows.append({"id": id_, **_values(person), "locale": "ko", "version": 1})
        posts += _post_rows(id_, person)
        terms += _term_rows(id_, person)
        tx.audit("directory.person.entered", subject=id_, after=asdict(person))
    tx.insert_many(PersonRow, rows)
    tx.insert_many(PostRow, posts)
    tx.insert_many(PersonTerm, terms)
    return ids


def change(tx: Tx, changed: Mapping[str, Person], known: Mapping[str, Person]) -> None:
    """Writes what differs of people by id, and tells of it; each version grows by one. Who leaves is signed out."""
    for id_, after in changed.items():
        before = known[id_]
        tx.change(_CHANGED, {"person": id_, **_values(after)})
        if before.posts != after.posts:
            tx.change(delete(PostRow).where(PostRow.person == id_), {})
            tx.insert_many(PostRow, _post_rows(id_, after))
        if (before.name, before.login) != (after.name, after.login):
            tx.change(delete(PersonTerm).where(PersonTerm.person == id_), {})
            tx.insert_many(PersonTerm, _term_rows(id_, after))
        if before.active and not after.active:
            sessions.end_all(tx, id_)
        differing = changes(before, after)
        tx.audit(
            "directory.person.changed",
            subject=id_,
            before={field: values[0] for field, values in differing.items()},
            after={field: values[1] for field, values in differing.items()},
        )
    organisation.tell_changed(tx, changed)


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
