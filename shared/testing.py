"""A service on a temporary SQLite file, through the code that runs it on the bus (see docs/dev/ground.md)."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import URL, create_engine, event
from sqlalchemy.pool import StaticPool

from shared import alarms, columns
from shared.bus.broker import Message
from shared.bus.local import LocalBroker
from shared.bus.runtime import Runtime
from shared.bus.spec import Service
from shared.bus.wire import Request
from shared.calendar import Exceptions
from shared.context import Context, Signer
from shared.db import Databases, Tx
from shared.db.engines import sqlite_engine
from shared.db.migrate import upgrade
from shared.db.urls import sqlite_url
from shared.events import Event
from shared.ids import new_id
from shared.settings import Settings
from shared.tenants import Registry, Tenant, wrap_new_key

TENANT = "city"


def context(**changes: Any) -> Context:
    """A context of a made-up drafter; `changes` replace its fields."""
    values: dict[str, Any] = {
        "tenant": TENANT,
        "person": "01900000-0000-7000-8000-000000000001",
        "login": "hong",
        "name": "홍길동",
        "position": "주무관",
        "department": "총무과",
        "department_id": "01900000-0000-7000-8000-0000000000d1",
        "roles": frozenset({"drafter"}),
        "request_id": "test",
    }
    return Context(**{**values, **changes})


class _Recorder(LocalBroker):
    """Keeps what is published instead of handing it to other services."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.events: list[Event] = []
        self.told: list[dict[str, Any]] = []

    def publish_event(self, message: Message, on_settled: Callable[[bool], None]) -> None:
        self.events.append(Event.from_wire(message.body, message.headers["oneway-context"]))
        on_settled(True)

    def tell(self, message: Message) -> None:
        body = orjson.loads(message.body)
        self.told += [{"tenant": body["tenant"], "people": p, "topic": topic} for topic, p in body["told"].items()]


@cache
def migrated(migrations: Path) -> Path:
    """An SQLite file that the revisions of this directory were run on: made once for as long as they stay the same."""
    digest = hashlib.sha256()
    for path in (Path(str(columns.__file__)), *sorted((migrations / "versions").glob("*.py"))):
        digest.update(path.name.encode() + path.read_bytes())
    template = _templates() / f"{digest.hexdigest()}.sqlite"
    if not template.exists():
        # Another process may be about to make the same one: whoever is last replaces like by like.
        made = template.with_name(new_id())
        engine = sqlite_engine(URL.create("sqlite", database=str(made)))
        with engine.begin() as conn:
            upgrade(conn, migrations)
        engine.dispose()
        made.replace(template)
    return template


@cache
def _registry(tenants: tuple[str, ...]) -> Registry:
    """The registry of these tenants, which nothing changes."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    registry = Registry(engine)
    registry.create_tables()
    for code in tenants:
        registry.add(Tenant(code, "한빛시", "1234567", "active", "", wrap_new_key("test", code)))
    return registry


def _templates() -> Path:
    """A directory that nobody else may write to."""
    found = Path(tempfile.gettempdir()) / f"oneway-templates-{os.getuid()}"
    found.mkdir(mode=0o700, exist_ok=True)
    if found.stat().st_uid != os.getuid():
        raise PermissionError(f"{found} belongs to somebody else")
    return found


class LocalService:
    """One service without a bus. `close` it, or use it in a `with`.

    It has these `tenants`, whose data begin as the file `template` has them, or empty.
    """

    def __init__(self, cls: type[Service], tenants: Sequence[str] = (TENANT,), *, template: Path | None = None) -> None:
        self._directory = tempfile.TemporaryDirectory()
        # By what is set by default: to read and to check the environment each time would cost as much as some calls.
        settings = Settings.model_construct(var=Path(self._directory.name), storage_key="test")
        models = importlib.import_module(f"services.{cls.name}.models")
        self._broker = _Recorder(settings.var)
        databases = Databases(settings, _registry(tuple(tenants)), cls.name, models.Base.metadata, "test")
        signer = Signer([b"test"])
        self._runtime = Runtime(cls, databases, self._broker, signer, 5.0)
        template = template or migrated(Path(str(models.__file__)).parent / "migrations")
        for code in tenants:
            path = Path(str(sqlite_url(settings, code, cls.name).database))
            path.parent.mkdir(parents=True)
            shutil.copyfile(template, path)
            # Nobody needs the file after a power cut.
            event.listen(databases.engine(code), "connect", lambda conn, _: conn.execute("PRAGMA synchronous=OFF"))
        self.people: dict[str, dict[str, Any]] = {}
        self.holidays = Exceptions()
        self.answers: dict[tuple[str, str], Callable[[Context, Any], Any]] = {}
        self._runtime.service._people = lambda ctx, ids: {i: self.people[i] for i in ids if i in self.people}
        self._runtime.service._calendar = lambda ctx: self.holidays
        self._runtime.service._call = lambda s, m, ctx, data: self.answers[(s, m)](ctx, data)

    def call(self, method: str, ctx: Context, data: Any = None, key: str | None = None) -> Any:
        """Calls a method as the bus would. Raises its `Problem`."""
        return orjson.loads(self.answer(method, ctx, data, key))

    def answer(self, method: str, ctx: Context, data: Any = None, key: str | None = None) -> bytes:
        """What `call` answers, byte for byte."""
        return self._runtime.execute(Request(method, ctx, {} if data is None else data, key or "", float("inf")))

    def save(self, path: Path) -> None:
        """Writes the first tenant's data into a file that another service can begin with."""
        file = self._runtime.databases.engine(TENANT).url.database
        with contextlib.closing(sqlite3.connect(str(file))) as conn:
            conn.execute("VACUUM INTO ?", (str(path),))

    def deliver(self, type_: str, data: dict[str, Any], ctx: Context | None = None, **fields: str) -> Event:
        """Delivers an event, again if `id` is that of an earlier one; answers the event."""
        made = Event.new(type_, fields.get("subject", ""), data, ctx or context(), datetime.now(UTC))
        if "id" in fields:
            envelope = {**orjson.loads(made.body), "id": fields["id"]}
            made = replace(made, id=fields["id"], body=orjson.dumps(envelope))
        # As it comes off the wire: times are text, as a real consumer sees them.
        made = Event.from_wire(made.body, made.context_text)
        self._runtime.apply(made.tenant, [made])
        return made

    @property
    def now(self) -> datetime:
        """The time by which the service works: the machine's until it is set, and from then on the one it is set to."""
        return self._runtime.databases.clock() or datetime.now(UTC)

    @now.setter
    def now(self, moment: datetime) -> None:
        self._runtime.databases.clock = lambda: moment

    def pass_until(self, moment: datetime) -> None:
        """Lets the time pass: every alarm until then goes off at its time, in order."""
        while (following := self._following()) is not None and following <= moment:
            self.now = max(self.now, following)
            self._runtime.ringing.ring(TENANT)
        self.now = moment

    def _following(self) -> datetime | None:
        with self.tx() as tx:
            return alarms.following(tx)

    @property
    def events(self) -> list[Event]:
        """What the service emitted, oldest first."""
        return self._broker.events

    @property
    def told(self) -> list[dict[str, Any]]:
        """What the service told the gateways."""
        return self._broker.told

    @contextlib.contextmanager
    def tx(self, ctx: Context | None = None) -> Iterator[Tx]:
        """A transaction to look with, or to prepare with."""
        with self._runtime.databases.write(ctx or context()) as tx:
            yield tx

    def close(self) -> None:
        """Closes and removes the file."""
        self._runtime.databases.close()
        self._directory.cleanup()

    def __enter__(self) -> LocalService:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def new_person(name: str, department: str = "총무과", **changes: Any) -> dict[str, Any]:
    """A `PersonRef` of somebody who works here."""
    person = {
        "id": new_id(),
        "name": name,
        "position": "주무관",
        "department": department,
        "department_id": "01900000-0000-7000-8000-0000000000d1",
        "active": True,
    }
    return {**person, **changes}
