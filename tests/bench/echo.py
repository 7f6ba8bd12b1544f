"""A service that answers what it is told, on the host that every service runs on: `python -m tests.bench.echo`."""

from __future__ import annotations

import sys
from typing import Any

import eventlet

eventlet.monkey_patch()

from marshmallow import fields  # noqa: E402
from sqlalchemy import MetaData, create_engine  # noqa: E402
from sqlalchemy.pool import StaticPool  # noqa: E402

from shared.bus import Service, query  # noqa: E402
from shared.bus.host import Parts, container  # noqa: E402
from shared.bus.rabbit import RabbitBroker  # noqa: E402
from shared.bus.runtime import Runtime  # noqa: E402
from shared.context import Context, Signer  # noqa: E402
from shared.contracts.common import Strict  # noqa: E402
from shared.db import Databases, Tx  # noqa: E402
from shared.settings import Settings  # noqa: E402
from shared.tenants import Registry, Tenant, wrap_new_key  # noqa: E402

TENANT = "bench"


class Said(Strict):
    """`echo`."""

    text = fields.String(required=True)


class EchoService(Service):
    """One method that does nothing: what is left is the way there and back."""

    name = "echo"

    @query(Said)
    def echo(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The same again."""
        return data


def run(broker_url: str, key: str) -> None:
    """Serves until it is ended."""
    settings = Settings(storage_key=key)
    registry = Registry(create_engine("sqlite://", poolclass=StaticPool))
    registry.create_tables()
    registry.add(Tenant(TENANT, "벤치", "0000000", "active", "", wrap_new_key(key, TENANT)))
    broker = RabbitBroker(broker_url, "echo")
    signer = Signer.from_text(key)
    databases = Databases(settings, registry, "echo", MetaData(), key)
    runtime = Runtime(EchoService, databases, broker, signer, settings.rpc_timeout)
    service = container(EchoService, Parts(runtime, broker, signer, settings.rpc_workers, True))
    service.start()
    print("ready", flush=True)
    service.wait()


if __name__ == "__main__":
    run(*sys.argv[1:])
