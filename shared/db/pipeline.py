"""Statements on PostgreSQL by the shortest way: compiled once, prepared once on a connection, sent together.

What is handed over at once goes out in one write as libpq's pipeline, `BEGIN` and `COMMIT` with it, and the server
is woken once. SQLAlchemy compiles and finds what it compiled again; its cursors and psycopg's are gone round: they
send each statement by itself, and took half of the CPU of a command (docs/performance.md).
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
import psycopg
from psycopg import generators, pq
from psycopg.adapt import PyFormat, Transformer
from sqlalchemy import JSON, Connection, Dialect, Executable, Row, TypeDecorator
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.util import LRUCache

from shared import trace
from shared.db import spans

# Statements a connection keeps prepared; what comes after so many is parsed each time.
_MOST_PREPARED = 500
_PREPARED = "oneway_prepared"
_MOST = "oneway_most_prepared"
_NUMBERS = itertools.count(1)
_DIALECT: Dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_COMPILED: Any = LRUCache(1000)
_KNOWN = "_oneway_known"
_OK = frozenset((pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK))
# No such prepared statement; its result would have other columns than when it was prepared.
FORGOTTEN = frozenset(("26000", "0A000"))


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled statement: its text, its parameters in order with what they are passed through, its rows' names."""

    sql: bytes
    names: tuple[str, ...]
    through: tuple[Callable[[Any], Any] | None, ...]
    formats: list[PyFormat]
    rows: SimpleResultMetaData


class Answer:
    """What one statement came to: its rows, and how many there are or were changed."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Row[Any]], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Row[Any]]:
        return iter(self._rows)

    def all(self) -> list[Row[Any]]:
        """Every row."""
        return self._rows

    def first(self) -> Row[Any] | None:
        """The first row, or None."""
        return self._rows[0] if self._rows else None

    def scalar(self) -> Any:
        """The first column of the first row, or None."""
        return self._rows[0][0] if self._rows else None

    def scalars(self) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self._rows]


Step = tuple[Plan, list[Any]]


class _Known:
    """What a statement came to for the names of its parameters, kept with it: most are made once and run for ever.

    A statement that SQLAlchemy makes of it takes it along, and must not use it.
    """

    __slots__ = ("_of", "by_names")

    def __init__(self, statement: Executable) -> None:
        self._of = weakref.ref(statement)
        self.by_names: dict[tuple[str, ...], tuple[Plan, tuple[tuple[str | None, Any], ...]]] = {}

    def is_of(self, statement: Executable) -> bool:
        return self._of() is statement


def plan(statement: Executable, params: dict[str, Any]) -> Step | None:
    """The compiled statement with its parameters' values; None for one that needs a default made in Python."""
    known = statement.__dict__.get(_KNOWN)
    if known is None or not known.is_of(statement):
        known = statement.__dict__[_KNOWN] = _Known(statement)
    names = tuple(params)
    if names in known.by_names:
        found, given = known.by_names[names]
        values = [fixed if name is None else params[name] for name, fixed in given]
    else:
        compiled, extracted = _compiled(statement, params)
        if compiled.insert_prefetch or compiled.update_prefetch:
            return None
        found, by_name = _plan(compiled, params, extracted)
        values = [by_name[name] for name in found.names]
        if not compiled.post_compile_params:
            known.by_names[names] = found, _given(found, compiled, names, extracted)
    return found, [
        value if through is None else through(value) for value, through in zip(values, found.through, strict=True)
    ]


def _compiled(statement: Executable, params: dict[str, Any]) -> tuple[Any, Any]:
    compile_: Any = statement._compile_w_cache
    compiled, extracted, *_ = compile_(_DIALECT, compiled_cache=_COMPILED, column_keys=sorted(params))
    return compiled, extracted


def _plan(compiled: Any, params: dict[str, Any], extracted: Any) -> tuple[Plan, dict[str, Any]]:
    """Its plan, and the values of all its parameters by their names in it."""
    values = compiled.construct_params(params, extracted_parameters=extracted)
    plans: dict[str, Plan] = compiled.__dict__.setdefault("oneway_plans", {})
    sql, names, types = compiled.string, compiled.positiontup, {}
    if compiled.post_compile_params:
        # `IN` over a list: its text depends on how many there are.
        expanded = compiled._process_parameters_for_postcompile(values)
        sql, names = expanded.statement, expanded.positiontup
        values |= expanded.additional_parameters
        types = {n: compiled.binds[of].type for of, many in expanded.parameter_expansion.items() for n in many}
    found = plans.get(sql)
    if found is None:
        found = plans[sql] = _planned(compiled, sql, tuple(names or ()), types)
    return found, values


def _given(found: Plan, compiled: Any, names: tuple[str, ...], extracted: Any) -> tuple[tuple[str | None, Any], ...]:
    """Where the value of each parameter comes from: one of `names` that are given, or what stands in the statement."""
    marks = {name: object() for name in names}
    values = compiled.construct_params(marks, extracted_parameters=extracted)
    sources = {id(mark): name for name, mark in marks.items()}
    return tuple((sources.get(id(values[name])), values[name]) for name in found.names)


def _planned(compiled: Any, sql: str, names: tuple[str, ...], types: dict[str, Any]) -> Plan:
    through = tuple(_through(types[name] if name in types else compiled.binds[name].type) for name in names)
    rows = SimpleResultMetaData([entry.keyname for entry in compiled._result_columns or ()])
    return Plan(sql.encode(), names, through, [PyFormat.TEXT] * len(names), rows)


def _through(type_: Any) -> Callable[[Any], Any] | None:
    if isinstance(type_, JSON):
        return lambda value: orjson.dumps(value).decode()
    if isinstance(type_, TypeDecorator):
        return lambda value: type_.process_bind_param(value, _DIALECT)
    return None


def run(conn: Connection, steps: Sequence[Step], *, begin: bool = False, commit: bool = False) -> Answer | None:
    """Runs the steps in one round trip; what the last one came to. Raises as SQLAlchemy does.

    `begin`: in a transaction, which is begun where there is none yet. `commit`: which ends with it.
    """
    if not trace.recording():
        return _run(conn, steps, begin, commit)
    with spans.round_trip(conn, [found.sql.decode() for found, _ in steps], commit=commit):
        return _run(conn, steps, begin, commit)


def _run(conn: Connection, steps: Sequence[Step], begin: bool, commit: bool) -> Answer | None:
    driver: Any = conn.connection.driver_connection
    idle = driver.pgconn.transaction_status == pq.TransactionStatus.IDLE
    begin, commit = begin and idle, commit and (begin or not idle)
    prepared: dict[bytes, bytes] = driver.__dict__.setdefault(_PREPARED, {})
    known = len(prepared)
    try:
        commands = [partial(driver.pgconn.send_query_params, b"BEGIN", None)] if begin else []
        for found, values in steps:
            commands += _commands(driver, prepared, found, values)
        if commit:
            commands.append(partial(driver.pgconn.send_query_params, b"COMMIT", None))
        results = driver.wait(_exchange(driver.pgconn, commands)) if commands else []
    except psycopg.Error as error:
        _forget(prepared, known, error)
        conn._handle_dbapi_exception(error, None, None, None, None)
    except BaseException:
        # Whatever was under way, nobody knows how far it came.
        driver.close()
        raise
    return _answer(driver, steps[-1][0], results[-2 if commit else -1]) if steps else None


def prepare_nothing(driver: Any) -> None:
    """On this connection of psycopg's each statement is to be parsed each time."""
    driver.__dict__[_MOST] = 0


def _commands(driver: Any, prepared: dict[bytes, bytes], found: Plan, values: list[Any]) -> list[partial[None]]:
    given = Transformer(driver).dump_sequence(values, found.formats)
    name = prepared.get(found.sql)
    if name is not None:
        return [partial(driver.pgconn.send_query_prepared, name, given)]
    if len(prepared) >= driver.__dict__.get(_MOST, _MOST_PREPARED):
        return [partial(driver.pgconn.send_query_params, found.sql, given)]
    name = prepared[found.sql] = b"ow_%d" % next(_NUMBERS)
    prepare = partial(driver.pgconn.send_prepare, name, found.sql)
    return [prepare, partial(driver.pgconn.send_query_prepared, name, given)]


def _forget(prepared: dict[bytes, bytes], known: int, error: psycopg.Error) -> None:
    """What was to be prepared together with what failed may not be; nothing is, where the server forgot."""
    for sql in list(prepared)[0 if error.sqlstate in FORGOTTEN else known :]:
        del prepared[sql]


def _exchange(pgconn: Any, commands: list[partial[None]]) -> Any:
    """psycopg's way to wait: a generator that says what it waits for. One result for each command.

    Raises the first error; the commands after it were not run.
    """
    pgconn.enter_pipeline_mode()
    for command in commands:
        command()
    pgconn.pipeline_sync()
    yield from generators.send(pgconn)
    results: list[Any] = []
    while (got := (yield from generators.fetch_many(pgconn)))[-1].status != pq.ExecStatus.PIPELINE_SYNC:
        results.append(got[-1])
    pgconn.exit_pipeline_mode()
    for result in results:
        if result.status not in _OK:
            raise psycopg.errors.error_from_result(result)
    return results


def _answer(driver: Any, found: Plan, result: Any) -> Answer:
    if result.status != pq.ExecStatus.TUPLES_OK:
        return Answer([], result.command_tuples or 0)
    loader = Transformer(driver)
    loader.set_pgresult(result)
    make = partial(Row, found.rows, None, found.rows._key_to_index)
    return Answer(loader.load_rows(0, result.ntuples, make), result.ntuples)
