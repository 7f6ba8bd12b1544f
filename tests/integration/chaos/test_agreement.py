"""What desks and the catalogue have otherwise than the services say is seen, one row of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Table, create_engine, make_url, text

from oneway import parts
from tests.chaos import agreement
from tests.support.servers import Servers

_DATABASE = "agreement"
_PLAIN: dict[type, Any] = {str: "", int: 0, bool: False, datetime: datetime(2026, 1, 2, tzinfo=UTC), dict: {}, list: []}
MEMO, KIM = "01a22e2c-2a04-7096-81bf-9bd64c981744", "01a22e2c-2aa8-70e1-becc-fdfd1fe87bb8"


@pytest.fixture(scope="module")
def tables(servers: Servers) -> Iterator[Connection]:
    """The tables of all services, empty, in a database of their own."""
    administrator = servers.postgres("system").url
    with psycopg.connect(administrator, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {_DATABASE}")
    engine = create_engine(make_url(administrator).set(drivername="postgresql+psycopg", database=_DATABASE))
    with engine.connect() as connection:
        for service in parts.SERVICES:
            connection.execute(text(f"CREATE SCHEMA {service}"))
            connection.execute(text(f"SET search_path = {service}"))
            parts.metadata(service).create_all(connection)
        connection.commit()
        yield connection
    engine.dispose()
    with psycopg.connect(administrator, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE {_DATABASE} WITH (FORCE)")


@pytest.fixture(autouse=True)
def _emptied(tables: Connection) -> Iterator[None]:
    yield
    tables.rollback()


def put(tables: Connection, service: str, name: str, **values: Any) -> None:
    """A row, of which all that is not told is plain."""
    table: Table = parts.metadata(service).tables[name]
    plain = {column.name: _plain(column.type) for column in table.columns if not column.nullable}
    tables.execute(text(f"SET LOCAL search_path = {service}"))
    tables.execute(table.insert().values({**plain, **values}))


def _plain(kind: Any) -> Any:
    try:
        return _PLAIN.get(kind.python_type, {})
    except NotImplementedError:
        return datetime(2026, 1, 2, tzinfo=UTC)


def looked(tables: Connection, compared: Any) -> list[str]:
    found: list[str] = compared(tables.connection.driver_connection)
    return found


def test_a_memo_that_is_on_no_desk_and_a_slot_that_nobody_told_of_are_seen(tables: Connection) -> None:
    assert looked(tables, agreement.desks) == []
    put(tables, "memo", "delivery", memo=MEMO, person=KIM, todo="read")
    assert looked(tables, agreement.desks) == [f"desk: ('{MEMO}', '{KIM}', 'memo') is missing"]
    put(tables, "desk", "slot", source="memo", subject=MEMO, person=KIM, kind="memo", shown=True)
    assert looked(tables, agreement.desks) == []
    put(tables, "desk", "slot", source="requests", subject=MEMO, person=KIM, kind="request", shown=True)
    assert looked(tables, agreement.desks) == [f"desk of a request: ('{MEMO}',) is nobody's"]


def test_an_object_in_another_state_than_its_service_says_is_seen(tables: Connection) -> None:
    put(tables, "requests", "request", id=MEMO, state="done")
    put(tables, "search", "item", subject=MEMO, noun="requests", state="handed_in")
    assert looked(tables, agreement.catalogue) == [
        f"catalogue: ('{MEMO}', 'requests', 'done') is missing",
        f"catalogue: ('{MEMO}', 'requests', 'handed_in') is nobody's",
    ]
