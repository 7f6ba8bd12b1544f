"""Whatever statements a transaction has, the pipeline's way and SQLAlchemy's own come to the same on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Boolean,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    bindparam,
    delete,
    func,
    literal,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.context import Context
from shared.db import Ident, Json, Tx, Utc, ground
from shared.db.engines import postgres_engine
from shared.db.pool import Budget
from tests.support.servers import Servers


class Base(DeclarativeBase):
    """Base of the one table."""


class Row(Base):
    """A column of each type that models may have."""

    __tablename__ = "compared"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    name: Mapped[str | None] = mapped_column(String(8))
    words: Mapped[str | None] = mapped_column(Text)
    number: Mapped[int | None] = mapped_column(Integer, unique=True)
    large: Mapped[int | None] = mapped_column(BigInteger)
    sound: Mapped[bool | None] = mapped_column(Boolean)
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    held: Mapped[Any] = mapped_column(Json)
    at: Mapped[datetime | None] = mapped_column(Utc)


TABLE: Any = Row.__table__
GROUND = ground.tables(MetaData())
Act = Callable[[Tx], object]

# Few keys and numbers, so that rows meet.
IDS = st.sampled_from("abcde")
WORDS = st.one_of(st.none(), st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=8))
ATOMS = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), WORDS)
HELD = st.one_of(ATOMS, st.lists(ATOMS, max_size=3), st.dictionaries(st.sampled_from("길ab"), ATOMS, max_size=3))
TIMES = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
ROWS = st.fixed_dictionaries(
    {
        "id": IDS,
        "name": WORDS,
        "words": WORDS,
        "number": st.one_of(st.none(), st.integers(0, 5), st.integers(-(2**31), 2**31 - 1)),
        "large": st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
        "sound": st.one_of(st.none(), st.booleans()),
        "raw": st.one_of(st.none(), st.binary(max_size=8)),
        "held": HELD,
        "at": st.one_of(st.none(), TIMES),
    }
)


@dataclass(frozen=True)
class Step:
    """One thing a transaction does, and what it is called where a comparison fails."""

    what: str
    act: Act

    def __repr__(self) -> str:
        return self.what


def rows(answer: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in answer.all()]


def _insert(row: dict[str, Any]) -> Step:
    return Step(f"insert {row}", lambda tx: tx.insert(Row, **row))


def _insert_many(many: list[dict[str, Any]]) -> Step:
    return Step(f"insert many {many}", lambda tx: tx.insert_many(Row, many))


def _insert_new(row: dict[str, Any]) -> Step:
    return Step(f"insert new {row}", lambda tx: tx.insert_new(Row, **row))


def _upsert(row: dict[str, Any]) -> Step:
    statement = insert(TABLE).values(**row).on_conflict_do_update(index_elements=[TABLE.c.id], set_=row)
    returning = statement.returning(TABLE.c.id, TABLE.c.held, TABLE.c.at)
    return Step(f"upsert {row}", lambda tx: rows(tx.execute(returning)))


def _look(ids: list[str]) -> Step:
    statement = select(TABLE).where(TABLE.c.id.in_(bindparam("ids", expanding=True))).order_by(TABLE.c.id)
    return Step(f"look {ids}", lambda tx: rows(tx.execute(statement, {"ids": ids})))


def _look_by(row: dict[str, Any]) -> Step:
    names = ("name", "words", "number", "large", "sound", "raw", "at")
    statement = select(TABLE.c.id, literal(row["name"], String), func.count().over())
    for name in names:
        statement = statement.where((TABLE.c[name] == row[name]) | (TABLE.c.number == row["number"]))
    return Step(f"look by {row}", lambda tx: rows(tx.execute(statement.order_by(TABLE.c.id))))


def _among(numbers: list[int]) -> Step:
    statement = select(TABLE.c.number).where(TABLE.c.number.in_(numbers)).order_by(TABLE.c.number)
    return Step(f"among {numbers}", lambda tx: [row[0] for row in tx.all(statement)])


def _change(row: dict[str, Any]) -> Step:
    statement = update(TABLE).where(TABLE.c.id == bindparam("of")).values({k: bindparam(f"to_{k}") for k in row})
    given = {f"to_{k}": v for k, v in row.items()} | {"of": row["id"]}
    return Step(f"change {row}", lambda tx: tx.change(statement, given))


def _replace(row: dict[str, Any]) -> Step:
    values = {k: v for k, v in row.items() if k != "id"}
    statement = update(TABLE).where(TABLE.c.id == row["id"]).values(**values)
    returning = statement.returning(TABLE)
    return Step(f"replace {row}", lambda tx: (tx.execute(statement).rowcount, rows(tx.execute(returning))))


def _remove(ids: list[str]) -> Step:
    return Step(f"remove {ids}", lambda tx: tx.execute(delete(TABLE).where(TABLE.c.id.in_(ids))).rowcount)


def _divide(number: int | None) -> Step:
    return Step(f"divide by {number}", lambda tx: tx.scalar(select(literal(6, Integer) / literal(number, Integer))))


STEPS = st.one_of(
    ROWS.map(_insert),
    st.lists(ROWS, max_size=3).map(_insert_many),
    ROWS.map(_insert_new),
    ROWS.map(_upsert),
    st.lists(IDS, max_size=4).map(_look),
    ROWS.map(_look_by),
    st.lists(st.integers(0, 5), max_size=4).map(_among),
    ROWS.map(_change),
    ROWS.map(_replace),
    st.lists(IDS, max_size=3).map(_remove),
    st.sampled_from([1, 2, None]).map(_divide),
    st.just(0).map(_divide),
)


@pytest.fixture(scope="module")
def engine(servers: Servers) -> Iterator[Engine]:
    url = make_url(servers.postgres("compared").url).set(drivername="postgresql+psycopg")
    found = postgres_engine(url, "tests", schema="public", pool=(Budget(2), 2))
    Base.metadata.create_all(found)
    yield found
    found.dispose()


def _said(error: Exception) -> tuple[str, str]:
    """What an error is to a caller: of the database by SQLAlchemy's class and its code, of a value by its own."""
    if isinstance(error, DBAPIError):
        return type(error).__name__, getattr(error.orig, "sqlstate", None) or ""
    cause = error.orig if isinstance(error, StatementError) else error
    return type(cause).__name__, ""


def outcome(engine: Engine, steps: list[Step], *, pipeline: bool) -> tuple[list[object], list[tuple[Any, ...]]]:
    """What each step came to, the last one perhaps to an error, and what is kept in the end."""
    came: list[object] = []
    with engine.connect() as conn:
        transaction = conn.begin()
        tx = Tx(conn, Context("city"), GROUND, "documents", writes=True, pipeline=pipeline)
        try:
            for step in steps:
                came.append(step.act(tx))
            tx.flush(commit=True)
            transaction.commit()
        except Exception as error:
            transaction.rollback()
            came.append(_said(error))
    with engine.begin() as conn:
        kept = [tuple(row) for row in conn.execute(select(TABLE).order_by(TABLE.c.id))]
        conn.execute(delete(TABLE))
    return came, kept


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(STEPS, min_size=1, max_size=6))
def test_both_ways_come_to_the_same_rows_counts_and_errors_and_leave_the_same(
    engine: Engine, steps: list[Step]
) -> None:
    assert outcome(engine, steps, pipeline=True) == outcome(engine, steps, pipeline=False)


# What cannot be kept: too long, NUL, too large, missing, a time without a zone.
WRONG = (
    ("name", "길" * 9),
    ("words", "\x00"),
    ("number", 2**40),
    ("large", 2**70),
    ("id", None),
    ("at", datetime(2026, 1, 1)),
)
WRITING = (_insert, lambda row: _insert_many([row, row]), _insert_new, _upsert, _change, _replace)


@pytest.mark.parametrize(("column", "value"), WRONG)
def test_both_ways_refuse_the_same_with_the_same_error_and_leave_nothing(
    engine: Engine, column: str, value: object
) -> None:
    row = {c.name: None for c in TABLE.c} | {"id": "a"}
    for write in WRITING:
        there = row if write in (_change, _replace) else {**row, "id": "b"}
        steps = [_insert(there), write({**row, column: value})]
        if (write, column) == (_change, "id"):
            # No row is called so: nothing is changed.
            continue
        refused, kept = outcome(engine, steps, pipeline=True)
        assert (refused, kept) == outcome(engine, steps, pipeline=False), steps
        assert kept == [] or (write, column) == (_replace, "id")


def test_what_is_written_is_kept_without_the_pipeline_as_well(engine: Engine) -> None:
    row = {c.name: None for c in TABLE.c} | {"id": "a", "held": {"목록": [1]}, "at": datetime(2026, 1, 1, tzinfo=UTC)}
    steps = [_insert(row), _look(["a"])]
    for pipeline in (True, False):
        came, kept = outcome(engine, steps, pipeline=pipeline)
        assert came == [None, [tuple(row.values())]] and kept == [tuple(row.values())]
