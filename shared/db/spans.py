"""Round trips to a database in a trace: the text of statements, never their values.

Named as OpenTelemetry's conventions for databases have it. Where several statements go out together it is one span.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, event

from shared import trace
from shared.trace import NOTHING, Nothing

if TYPE_CHECKING:
    from shared.otel import Step

_OPTION = "oneway_database"
# Characters of statements on one span.
_LONGEST = 4096
_TARGET = re.compile(r"\b(?:FROM|INTO|(?<!DO )(?<!FOR )UPDATE|JOIN)\s+(?:ONLY\s+)?\"?([A-Za-z_][\w.]*)", re.I)


def options(url: URL, schema: str) -> dict[str, Any]:
    """Execution options of an engine that say where its spans go to."""
    postgres = url.drivername.startswith("postgresql")
    names = (url.database, schema) if postgres else (url.database or "").rsplit("/", 2)[1:]
    attributes: dict[str, Any] = {
        "db.system.name": "postgresql" if postgres else "sqlite",
        "db.namespace": "|".join(name for name in names if name),
    }
    if url.host:
        attributes |= {"server.address": url.host, "server.port": url.port or 5432}
    return {_OPTION: attributes}


def round_trip(conn: Connection, texts: Sequence[str], *, commit: bool = False) -> Step | Nothing:
    """One round trip with these statements; `commit` where the transaction ends with it."""
    if not trace.recording():
        return NOTHING
    summaries = {summary(text) for text in texts}
    name = summaries.pop() if len(summaries) == 1 else ""
    attributes: dict[str, Any] = dict(conn.get_execution_options().get(_OPTION, {}))
    if len(texts) > 1:
        name = f"BATCH {name}".rstrip()
        attributes["db.operation.batch.size"] = len(texts)
    name = name or "COMMIT"
    said = dict.fromkeys([*texts, "COMMIT"] if commit else texts)
    attributes |= {"db.query.summary": name, "db.query.text": "; ".join(said)[:_LONGEST]}
    return trace.child(name, "client", attributes)


@lru_cache(2000)
def summary(text: str) -> str:
    """What a statement does to which tables: `SELECT document, series`."""
    operation = text.split(None, 1)[0].upper()
    return " ".join(dict.fromkeys([operation, *_TARGET.findall(text)]))[:255]


def watch(engine: Engine) -> None:
    """Spans for what goes SQLAlchemy's own way through this engine."""
    if not trace.on():
        return

    @event.listens_for(engine, "before_cursor_execute")
    def _begun(conn: Connection, _: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        context._oneway_step = round_trip(conn, [statement] * (len(parameters) if executemany else 1))

    @event.listens_for(engine, "after_cursor_execute")
    def _done(_: Connection, __: Any, ___: str, ____: Any, context: Any, _____: bool) -> None:
        context._oneway_step.end()

    @event.listens_for(engine, "handle_error")
    def _failed(told: Any) -> None:
        step = getattr(told.execution_context, "_oneway_step", NOTHING)
        step.broke(told.original_exception)
        step.end()
