"""Events that were sent and not handled: what a restored database, or one from elsewhere, is to send again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack

from sqlalchemy import Connection, select

from oneway import parts
from oneway.provision import Provisioner
from shared.bus.spec import handlers, pattern_of
from shared.db import ground, sent
from shared.tenants import Tenant

_BATCH = 500


def listeners() -> dict[str, list[str]]:
    """The services that handle an event, by its type or the pattern of its type."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for service in parts.SERVICES:
        for type_ in handlers(parts.service_class(service)):
            found[type_].append(service)
    return dict(found)


def send_unhandled(provisioner: Provisioner, tenant: Tenant, *, dry_run: bool = False) -> dict[str, int]:
    """Puts back on the outboxes what some service has not handled; how many of each service's events.

    Each service's next sweep publishes them. Who has handled one of them before passes it over (inbox).
    """
    heard_by = listeners()
    count = dict.fromkeys(parts.SERVICES, 0)
    with ExitStack() as stack:
        conns = {name: stack.enter_context(_connection(stack, provisioner, tenant, name)) for name in parts.SERVICES}
        for service, conn in conns.items():
            tables = ground.tables(parts.metadata(service))
            for batch in _sent(conn, tables):
                missing = sorted(_unhandled(conns, heard_by, batch))
                count[service] += len(missing)
                if missing and not dry_run:
                    with conn.begin():
                        sent.send_again(conn, tables, missing)
    return count


def _connection(stack: ExitStack, provisioner: Provisioner, tenant: Tenant, service: str) -> Connection:
    engine = provisioner.owner_engine(tenant, service)
    stack.callback(engine.dispose)
    return engine.connect().execution_options(writes=True)


def _sent(conn: Connection, tables: ground.Ground) -> Iterator[list[tuple[str, str]]]:
    """The ids and types of what a service sent in the last days, in batches."""
    table, last = tables.sent, ""
    while True:
        statement = select(table.c.id, table.c.type).where(table.c.id > last).order_by(table.c.id).limit(_BATCH)
        with conn.begin():
            rows = [(row.id, row.type) for row in conn.execute(statement)]
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _unhandled(conns: dict[str, Connection], heard_by: dict[str, list[str]], batch: list[tuple[str, str]]) -> set[str]:
    expected: defaultdict[str, set[str]] = defaultdict(set)
    for id_, type_ in batch:
        for service in {*heard_by.get(type_, ()), *heard_by.get(pattern_of(type_), ())}:
            expected[service].add(id_)
    missing: set[str] = set()
    for service, ids in expected.items():
        inbox = ground.tables(parts.metadata(service)).inbox
        with conns[service].begin():
            missing |= ids - set(conns[service].scalars(select(inbox.c.id).where(inbox.c.id.in_(ids))))
    return missing
