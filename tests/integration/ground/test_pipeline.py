"""Statements that go to PostgreSQL together: in one transaction or in none, whatever becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Boolean, Engine, MetaData, String, bindparam, delete, make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.context import Context
from shared.db import Ident, Json, Tx, Utc, ground
from shared.db.engines import postgres_engine
from shared.db.pool import Budget
from tests.support.servers import Servers


class Base(DeclarativeBase):
    """Base of the one table."""


class Thing(Base):
    """A row with a column of each kind there is."""

    __tablename__ = "pipeline_thing"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    name: Mapped[str | None] = mapped_column(String(100))
    held: Mapped[dict | None] = mapped_column(Json)
    at: Mapped[datetime | None] = mapped_column(Utc)
    sound: Mapped[bool] = mapped_column(Boolean)


GROUND = ground.tables(MetaData())
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)


@pytest.fixture(scope="module")
def _engine(servers: Servers) -> Iterator[Engine]:
    url = make_url(servers.postgres("pipeline").url).set(drivername="postgresql+psycopg")
    engine = postgres_engine(url, "tests", schema="public", pool=(Budget(2), 2))
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(_engine: Engine) -> Engine:
    with _engine.begin() as conn:
        conn.execute(delete(Thing))
    return _engine


def begun(conn) -> Tx:
    return Tx(conn, Context("city"), GROUND, "documents", writes=True)


def thing(id_: str, **values) -> dict:
    return {"id": id_, "name": None, "held": None, "at": None, "sound": True} | values


def kept(engine: Engine) -> list[str]:
    with engine.connect() as conn:
        return [row.id for row in conn.execute(select(Thing.id).order_by(Thing.id))]


def test_a_row_comes_back_as_it_was_written(engine: Engine) -> None:
    given = thing("a", name="이름 \\ ' %s $1", held={"목록": [1, None, "x"]}, at=NOW, sound=False)
    with engine.connect() as conn:
        tx = begun(conn)
        tx.insert(Thing, **given)
        row = tx.one(select(Thing.__table__))
        assert row is not None and dict(row._mapping) == given
        assert (row.name, row[0], row.at.tzinfo) == (given["name"], "a", UTC)


def test_what_was_gathered_is_there_once_it_is_committed_and_not_before(engine: Engine) -> None:
    with engine.connect() as conn:
        tx = begun(conn)
        tx.insert(Thing, **thing("a"))
        assert tx.scalar(select(Thing.id)) == "a"
        assert kept(engine) == []
        tx.insert(Thing, **thing("b"))
        tx.flush(commit=True)
        assert kept(engine) == ["a", "b"]


def test_of_statements_of_which_one_fails_none_has_an_effect(engine: Engine) -> None:
    for _ in range(2):
        with engine.connect() as conn:
            tx = begun(conn)
            tx.insert_many(Thing, [thing("a"), thing("b"), thing("a")])
            with pytest.raises(IntegrityError):
                tx.flush(commit=True)
            conn.rollback()
        assert kept(engine) == []


def test_a_connection_goes_on_after_a_failure(engine: Engine) -> None:
    with engine.connect() as conn:
        for _ in range(3):
            tx = begun(conn)
            with pytest.raises(DBAPIError):
                tx.execute(text("SELECT 1 / (:n - 1) AS n"), {"n": 1})
            conn.rollback()
            conn.connection.driver_connection.rollback()
            tx = begun(conn)
            tx.insert(Thing, **thing("a"))
            assert tx.execute(delete(Thing)).rowcount == 1
            tx.flush(commit=True)


def test_lists_of_any_length_are_looked_for(engine: Engine) -> None:
    statement = select(Thing.id).where(Thing.id.in_(bindparam("ids", expanding=True))).order_by(Thing.id)
    with engine.connect() as conn:
        tx = begun(conn)
        tx.insert_many(Thing, [thing("a"), thing("b"), thing("c")])
        for ids in (["a", "c"], ["b"], [], ["a", "b", "c"], ["x"]):
            found = tx.execute(statement, {"ids": ids}).scalars()
            assert list(found) == [i for i in ids if i != "x"]


def test_a_statement_the_server_has_forgotten_is_prepared_again(engine: Engine) -> None:
    with engine.connect() as conn:
        tx = begun(conn)
        tx.scalar(select(Thing.id))
        conn.exec_driver_sql("DEALLOCATE ALL")
        with pytest.raises(DBAPIError):
            tx.scalar(select(Thing.id))
        conn.connection.driver_connection.rollback()
        assert begun(conn).scalar(select(Thing.id)) is None


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    with engine.connect() as conn, pytest.raises(ValueError, match="without a zone"):
        tx = begun(conn)
        tx.insert(Thing, **thing("a", at=NOW.replace(tzinfo=None)))
        tx.flush(commit=True)


def test_a_connection_that_was_cut_is_not_used_again(engine: Engine) -> None:
    with engine.connect() as conn, pytest.raises(DBAPIError):
        tx = begun(conn)
        tx.scalar(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        tx.scalar(select(Thing.id))
    with engine.connect() as conn:
        assert begun(conn).scalar(select(Thing.id)) is None
