"""What a service keeps of others' telling, told anew by its sources while the system runs.

Each source tells how its subjects stand (`Retell`), straight on its database; that lands in its outbox, and the running
service's sweep publishes it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import Progress, TaskID
from sqlalchemy import select

from oneway import parts
from oneway.offline import Offline
from oneway.provision import Provisioner
from shared.bus.spec import methods
from shared.contracts.common import Retell
from shared.db import ground
from shared.errors import Invalid
from shared.settings import Settings
from shared.tenants import Tenant

# Subjects in one transaction of a source; ids in one question.
_BATCH, _ASKED = 200, 500
# Seconds between two looks at how far the events were handled.
_LOOK = 0.5


def sources() -> list[str]:
    """The services that tell anew."""
    found = ((name, methods(parts.service_class(name)).get("retell")) for name in parts.SERVICES)
    return [name for name, method in found if method and isinstance(method.schema, Retell)]


@contextmanager
def offline(service: str, settings: Settings, provisioner: Provisioner) -> Iterator[Offline]:
    """A service run straight on its data."""
    found = Offline(service, settings, provisioner.registry)
    try:
        yield found
    finally:
        found.close()


def retell(source: Offline, tenant: str, what: str, told: Callable[[int], None]) -> int | None:
    """Has a source tell anew of all its subjects, in batches; how many, None where it tells nothing of `what`."""
    after: str | None = None
    count: int = 0
    while True:
        try:
            answer = source.call(tenant, "retell", {"what": what, "after": after, "limit": _BATCH})
        except Invalid as invalid:
            if set(invalid.fields) != {"what"}:
                raise
            return None
        count += answer["told"]
        told(answer["told"])
        after = answer["next"]
        if after is None:
            return count


def told_and_handled(
    settings: Settings,
    provisioner: Provisioner,
    tenant: Tenant,
    source: str,
    what: str,
    keeper: str,
    progress: Progress,
    task: TaskID,
) -> int | None:
    """Has a source tell anew, and waits until `keeper` has handled it all; how many, None as `retell`."""
    with offline(source, settings, provisioner) as teller:
        count = retell(teller, tenant.code, what, lambda told: progress.update(task, advance=told))
        told = list(teller.emitted)
    if count is not None:
        progress.update(task, total=len(told), completed=0)
        for some in handled(provisioner, tenant, keeper, told):
            progress.update(task, advance=some)
    return count


def handled(provisioner: Provisioner, tenant: Tenant, service: str, events: list[str]) -> Iterator[int]:
    """Waits until a service has handled these events; how many more, each time some have been."""
    inbox = ground.tables(parts.metadata(service)).inbox
    engine = provisioner.owner_engine(tenant, service)
    try:
        while events:
            some = events[:_ASKED]
            with engine.connect() as conn:
                found = set(conn.scalars(select(inbox.c.id).where(inbox.c.id.in_(some))))
            if found:
                events = [id_ for id_ in events if id_ not in found]
                yield len(found)
            else:
                time.sleep(_LOOK)
    finally:
        engine.dispose()
