"""The conformance kit: what every service has to hold, asked of each in `oneway.parts` by its examples.

The tests that ask are `tests/unit/conformance` (each service by itself, on SQLite) and `tests/integration/conformance`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from marshmallow import fields
from sqlalchemy import Connection, MetaData, Table, insert, select, text

from oneway import parts
from shared.bus.spec import Method, methods
from shared.context import Context
from shared.contracts.common import Id, PageQuery
from shared.db.migrate import upgrade
from shared.errors import Problem
from shared.ids import new_id
from shared.testing import LocalService
from tests.support.examples.example import OTHER, Call, Doc, Example, Told

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What people and programs send that no rule has thought of.
HOSTILE = (
    "",
    "\0",
    "a\0b",
    " \t\r\n ",
    "' OR '1'='1'; --",
    "%_\\",
    "<script>alert(1)</script>",
    "{{7*7}}${7*7}",
    "../../../etc/passwd",
    "\u202e\u200b\ufeff\u2028",
    "가\u0301" * 50,
    "\U0001f469\u200d\U0001f467",
    "9" * 400,
    "x" * 100_000,
)
_TRIES = 10


def each(kind: str = "") -> list[tuple[str, str]]:
    """Every service with every method of it: of the kind `command`, `query` or `page`, where one is told."""
    return [
        (service, method.name)
        for service in parts.SERVICES
        for method in methods(parts.service_class(service)).values()
        if not kind or kind == _kind(method) or (kind == "query" and not method.writes)
    ]


def _kind(method: Method) -> str:
    if method.writes:
        return "command"
    return "page" if isinstance(method.schema, PageQuery) else "query"


def method_of(service: str, name: str) -> Method:
    """What a service says of one of its methods."""
    return methods(parts.service_class(service))[name]


def refusal(service: LocalService, method: str, ctx: Context, data: Any, key: str = "") -> Problem | None:
    """The problem with which a call is refused, if it is."""
    try:
        service.call(method, ctx, data, key)
    except Problem as problem:
        return problem
    return None


# -- paging -----------------------------------------------------------------------------------------


def walked(service: LocalService, method: str, call: Call, limit: int) -> list[Doc]:
    """Every item, page by page. Raises `AssertionError` where a page has too many, or the end never comes."""
    found: list[Doc] = []
    cursor = None
    for _ in range(1000):
        page = service.call(method, call.ctx, {**call.data, "limit": limit, "cursor": cursor})
        assert len(page["items"]) <= limit
        assert page["next"] is None or page["items"], "a page without items has a next one"
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found
    raise AssertionError("the pages do not end")


# -- what is kept -----------------------------------------------------------------------------------


def content(service: LocalService, tenant: str) -> dict[str, list[Any]]:
    """Every row of every table of a tenant."""
    with service._runtime.databases.engine(tenant).connect() as conn:
        return rows(conn, parts.metadata(service._runtime.name))


def rows(conn: Connection, metadata: MetaData) -> dict[str, list[Any]]:
    """Every row of these tables."""
    return {table.name: sorted(map(repr, conn.execute(select(table)).all())) for table in metadata.sorted_tables}


def ids(value: Any) -> set[str]:
    """The ids that occur in a text or in what has one."""
    return set(_ID.findall(str(value)))


# -- other data -------------------------------------------------------------------------------------


def _fields(method: Method) -> list[tuple[str, Any]]:
    """What a method takes, by the names it takes it under."""
    return [(field.data_key or name, field) for name, field in method.schema.fields.items()]


def unknown_ids(method: Method, call: Call) -> Iterator[Doc]:
    """The call with each required id in turn replaced by one that nothing has."""
    for name, field in _fields(method):
        if isinstance(field, Id) and field.required:
            yield {**call.data, name: new_id()}


def altered(method: Method, call: Call) -> Doc | None:
    """Other data that are as valid as those of the call; None where the method asks for nothing.

    What a method begins with says what it is about: the last field is altered that can be.
    """
    for name, field in reversed(_fields(method)):
        for value in _others(field, call.data.get(name)):
            data = {**call.data, name: value}
            if value != call.data.get(name) and method.schema.validate(data) == {}:
                return data
    return None


def _others(field: Any, value: Any) -> list[Any]:
    if isinstance(field, Id):
        return [new_id()]
    if isinstance(field, fields.Boolean):
        return [not value]
    if isinstance(field, fields.Date):
        return ["2026-01-02"]
    if isinstance(field, fields.Integer):
        return [(value or 0) + 1]
    if isinstance(field, fields.String):
        return [*_choices(field), f"{value or ''}1"]
    return []


def _choices(field: Any) -> list[Any]:
    return [choice for validator in field.validators for choice in getattr(validator, "choices", ())]


def mistyped(method: Method, call: Call) -> Iterator[tuple[str, Doc]]:
    """The name of each field, and the call with something in it that is of no type it takes."""
    for name, field in _fields(method):
        if not isinstance(field, fields.Raw):
            yield name, {**call.data, name: {"unheard-of": [1]}}


def hostile(method: Method, call: Call) -> Iterator[Doc]:
    """The call with each hostile text in each field that holds text, in turn."""
    for name, field in _fields(method):
        if isinstance(field, fields.String):
            yield from ({**call.data, name: value} for value in HOSTILE)


# -- rights and tenants -----------------------------------------------------------------------------


def nobody(ctx: Context) -> Context:
    """Who has not signed in, in the same tenant."""
    return Context(tenant=ctx.tenant, request_id="test")


def without_roles(ctx: Context) -> Context:
    """The same person, who may nothing in particular."""
    return replace(ctx, person=ctx.person or new_id(), roles=frozenset())


def abroad(ctx: Context) -> Context:
    """The same person with the same rights, in another tenant."""
    return replace(ctx, tenant=OTHER)


# -- events -----------------------------------------------------------------------------------------


def deliver(example: Example, story: list[Told], order: list[int]) -> None:
    """Delivers the events of these numbers; one that fails comes again behind the others, as from the broker."""
    waiting = [(number, 0) for number in order]
    while waiting:
        number, tries = waiting.pop(0)
        told = story[number]
        try:
            example.service.deliver(told.type, told.data, example.me, subject=told.subject, id=_event_id(number))
        except Exception:
            if tries == _TRIES:
                raise
            waiting.append((number, tries + 1))


def _event_id(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012}"


# -- revisions --------------------------------------------------------------------------------------


def filled(conn: Connection, service: str) -> dict[str, list[dict[str, Any]]]:
    """Brings an empty schema to its first revision with a row in each of its tables; the rows by table."""
    upgrade(conn, parts.migrations(service), f"{service}_0001")
    metadata = MetaData()
    metadata.reflect(conn)
    made: dict[str, list[dict[str, Any]]] = {}
    for table in metadata.sorted_tables:
        if table.name != "alembic_version" and not table.name.startswith(_indexes(conn)):
            row = _row(table, made)
            conn.execute(insert(table).values(**row))
            made[table.name] = [dict(found) for found in conn.execute(select(table)).mappings()]
    return made


def _indexes(conn: Connection) -> tuple[str, ...]:
    """The names of full-text indexes, which triggers keep; SQLite's own tables for them begin with these."""
    statement = {
        "sqlite": "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'",
        "postgresql": "SELECT table_name FROM information_schema.columns"
        " WHERE udt_name = 'tsvector' AND table_schema = ANY (current_schemas(false))",
    }
    return tuple(conn.execute(text(statement[conn.dialect.name])).scalars())


def _row(table: Table, made: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    row = {}
    for column in table.columns:
        foreign = next(iter(column.foreign_keys), None)
        if foreign is not None and foreign.column.table.name in made:
            row[column.name] = made[foreign.column.table.name][0][foreign.column.name]
        elif not column.nullable or column.primary_key:
            row[column.name] = _value(column)
    return row


def _value(column: Any) -> Any:
    type_ = column.type.as_generic(allow_nulltype=True)
    try:
        python = type_.python_type
    except NotImplementedError:
        python = str
    made: dict[type, Any] = {int: 1, bool: True, datetime: datetime(2026, 3, 2, tzinfo=UTC), dict: {}, float: 1.0}
    if python in made:
        return made[python]
    length = getattr(type_, "length", None)
    return new_id()[:length] if length else "[]"


def survivors(conn: Connection, made: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[str, Doc, list[Doc]]]:
    """Of each table that is still there: its name, the row it had, as far as it has those columns, and its rows."""
    metadata = MetaData()
    metadata.reflect(conn)
    for name, (row, *_) in made.items():
        if name in metadata.tables:
            table = metadata.tables[name]
            kept = [column.name for column in table.columns if column.name in row]
            with closing(conn.execute(select(*(table.c[k] for k in kept)))) as found:
                yield name, {k: row[k] for k in kept}, [dict(each) for each in found.mappings()]


def differences(conn: Connection, service: str) -> list[Any]:
    """What is to be changed in a migrated schema to make it what the models say."""
    indexes = _indexes(conn)

    def is_compared(name: str | None, type_: str, _: Any) -> bool:
        return not (type_ == "table" and indexes and str(name).startswith(indexes))

    context = MigrationContext.configure(conn, opts={"compare_type": True, "include_name": is_compared})
    return list(compare_metadata(context, parts.metadata(service)))
