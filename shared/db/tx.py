"""One transaction of one service in one tenant's database: reads, writes, events and the record together."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, TypeVar

import orjson
from prometheus_client import Counter, Histogram
from sqlalchemy import Connection, CursorResult, Executable, Insert, Row, Table, insert

from shared import dialects
from shared.context import Context
from shared.db import pipeline
from shared.db.ground import Ground
from shared.db.pipeline import Answer
from shared.events import Event
from shared.ids import new_id
from shared.metrics import series
from shared.tenantkeys import ServiceKeys

T = TypeVar("T")
# SQLAlchemy would not tell how many rows an insert has added.
_COUNTED = {"preserve_rowcount": True}


class Tx:
    """See docs/dev/ground.md for what each method is for.

    What needs no answer is gathered and sent together at the next statement that does, or with the commit:
    on PostgreSQL in one round trip (pipeline mode), unless `pipeline` is off.
    """

    def __init__(
        self,
        conn: Connection,
        ctx: Context,
        ground: Ground,
        service: str,
        *,
        writes: bool,
        keys: ServiceKeys | None = None,
        label: str = "",
        pipeline: bool = True,
        now: datetime | None = None,
    ) -> None:
        self.tenant = ctx.tenant
        self.ctx = ctx
        self.now = now or datetime.now(UTC)
        # Whether the database was told to commit: from then on a failure may have come after the commit.
        self.committing = False
        self.events: list[Event] = []
        self.patient: list[tuple[int, Event]] = []
        self.sealed: list[tuple[str, str]] = []
        self.told: dict[str, set[str]] = {}
        self.hooks: list[Callable[[], None]] = []
        self.alarms: list[datetime] = []
        self.notes: list[tuple[Any, dict[str, Any]]] = []
        self.connection = conn
        self._ground = ground
        self.service = service
        self._keys = keys
        self._label = label
        self._writes = writes
        self._found: dict[tuple[Any, ...], Any] = {}
        self._pending: list[tuple[Executable, list[dict[str, Any]]]] = []
        self._pipelines = conn.dialect.name == "postgresql" and pipeline

    @staticmethod
    def new_id() -> str:
        """A new identifier (UUID version 7)."""
        return new_id()

    @property
    def keys(self) -> ServiceKeys:
        """The service's keys of this tenant; a command's only."""
        assert self._keys, "a query has no keys"
        return self._keys

    # -- reading ------------------------------------------------------------------------------------

    def execute(self, statement: Executable, params: dict[str, Any] | None = None) -> CursorResult[Any] | Answer:
        """Runs a statement now; what was gathered goes first, on PostgreSQL in the same round trip."""
        step = pipeline.plan(statement, params or {}) if self._pipelines else None
        if step is None:
            self.flush()
            return self.connection.execute(statement, params, execution_options=_COUNTED)
        answer = pipeline.run(self.connection, [*self._gathered(), step], begin=self._writes)
        assert answer
        return answer

    def one(self, statement: Executable) -> Row[Any] | None:
        """The first row, or None."""
        return self.execute(statement).first()

    def all(self, statement: Executable) -> list[Row[Any]]:
        """All rows."""
        return list(self.execute(statement).all())

    def scalar(self, statement: Executable) -> Any:
        """The first column of the first row, or None."""
        return self.execute(statement).scalar()

    def once(self, find: Callable[..., T], *args: Hashable) -> T:
        """`find(tx, *args)`, found once in this transaction: for what `wait_for` looks at and the method reads too."""
        key = (find, *args)
        if key not in self._found:
            self._found[key] = find(self, *args)
        found: T = self._found[key]
        return found

    # -- writing ------------------------------------------------------------------------------------

    def insert(self, model: Any, **values: Any) -> None:
        """Adds one row."""
        self._gather(model, [values])

    def insert_many(self, model: Any, rows: Iterable[dict[str, Any]]) -> None:
        """Adds many rows with the same columns."""
        self._gather(model, list(rows))

    def change(self, statement: Executable, *rows: dict[str, Any]) -> None:
        """Changes or deletes rows, once with each of these parameters; for a statement whose answer nobody needs."""
        self._must_write()
        if rows:
            self._pending.append((statement, list(rows)))

    def insert_new(self, model: Any, **values: Any) -> bool:
        """Adds a row unless one with the same key is there already; whether it was added."""
        self._must_write()
        row = dialects.insert(self.connection, model).values(**values).on_conflict_do_nothing()
        return self.execute(row).rowcount == 1

    def _must_write(self) -> None:
        if not self._writes:
            raise RuntimeError("a query may not write")

    def _gather(self, model: Any, rows: list[dict[str, Any]]) -> None:
        self._must_write()
        if rows:
            table: Table = model if isinstance(model, Table) else model.__table__
            self._pending.append((_insert(table), rows))

    def flush(self, commit: bool = False) -> None:
        """Sends what was gathered; with `commit`, the commit in the same round trip."""
        if self._pipelines:
            steps = self._gathered()
            if steps or commit:
                pipeline.run(self.connection, steps, begin=bool(steps), commit=commit)
            return
        pending, self._pending = self._pending, []
        for statement, rows in pending:
            self.connection.execute(statement, rows)

    def _gathered(self) -> list[pipeline.Step]:
        """What was gathered, as steps to send; what only SQLAlchemy can run is run now, in its place."""
        pending, self._pending = self._pending, []
        steps: list[pipeline.Step] = []
        for statement, rows in pending:
            for row in rows:
                step = pipeline.plan(statement, row)
                if step is None:
                    if steps:
                        pipeline.run(self.connection, steps, begin=True)
                        steps = []
                    self.connection.execute(statement, row)
                else:
                    steps.append(step)
        return steps

    # -- telling ------------------------------------------------------------------------------------

    def emit(self, type_: str, subject: str, data: dict[str, Any], *, overtakes: int | None = None) -> Event:
        """An event of this service, published after the commit (outbox).

        With `overtakes`, its sequence, it goes out a moment later with others, where nobody waits for its effect; and
        what of its type and subject has a lower one and has not gone out by then stays behind, for this says it all.
        """
        event = Event.new(type_, subject, data, self.ctx, self.now)
        self.insert(
            self._ground.outbox,
            id=event.id,
            type=type_,
            context=event.context_text,
            body=event.body.decode(),
            at=self.now,
        )
        if overtakes is None:
            self.events.append(event)
        else:
            self.patient.append((overtakes, event))
        return event

    def audit(
        self,
        action: str,
        subject: str,
        before: Any = None,
        after: Any = None,
        in_place_of: str | None = None,
    ) -> None:
        """Appends to the record: who, in whose place, what, from what to what. The seal follows after the commit."""
        ctx = self.ctx
        entry = orjson.dumps(
            {
                "person": ctx.person,
                "name": ctx.name,
                "in_place_of": in_place_of,
                "session": ctx.session,
                "request": ctx.request_id,
                "before": before,
                "after": after,
            },
            option=orjson.OPT_SORT_KEYS,
        ).decode()
        audit_id = new_id()
        digest = audit_digest(audit_id, self.now, action, subject, entry)
        mac = audit_mac(self.keys.record, digest)
        self.insert(self._ground.audit, id=audit_id, at=self.now, action=action, subject=subject, entry=entry, mac=mac)
        self.sealed.append((audit_id, digest))

    def tell(self, people: Iterable[str], topic: str) -> None:
        """After the commit, every open page of these people hears `topic`."""
        self.told.setdefault(topic, set()).update(people)

    def after_commit(self, hook: Callable[[], None]) -> None:
        """Calls `hook` after the commit, never on a rollback."""
        self.hooks.append(hook)

    def count(self, figure: Counter, *labels: str) -> None:
        """One more of a figure of the business (`shared.metrics.tenant_counter`), for this tenant, after the commit."""
        self._must_write()
        self.hooks.append(series(figure, self._label, *labels).inc)

    def observe(self, figure: Histogram, value: float, *labels: str) -> None:
        """A value of a figure of the business (`shared.metrics.tenant_histogram`), as `count` does."""
        self._must_write()
        self.hooks.append(partial(series(figure, self._label, *labels).observe, value))

    def note(self, model: Any, **values: Any) -> None:
        """Adds one row a moment later, gathered with others, outside this transaction: the way a query logs.

        Only for rows nobody waits for: what was noted within the last quarter of a second is lost in a crash.
        """
        self.notes.append((model, values))

    # -- the ground's own ---------------------------------------------------------------------------

    def remember(self, key: str, request: str, answer: bytes) -> None:
        """Keeps a command's answer under its idempotency key."""
        self.insert(self._ground.idempotency, key=key, request=request, answer=answer.decode(), at=self.now)


@cache
def _insert(table: Table) -> Insert:
    return insert(table).inline()


def audit_digest(audit_id: str, at: datetime, action: str, subject: str, entry: str) -> str:
    """SHA-256 over one row of the record, in hexadecimal."""
    text = "\n".join((audit_id, at.astimezone(UTC).isoformat(timespec="microseconds"), action, subject, entry))
    return hashlib.sha256(text.encode()).hexdigest()


def audit_mac(key: bytes, digest: str) -> str:
    """The code over one row of the record under the chain's key, in hexadecimal: it shows who wrote the row."""
    return hmac.new(key, f"row\n{digest}".encode(), hashlib.sha256).hexdigest()
