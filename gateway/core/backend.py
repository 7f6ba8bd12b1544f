"""Calls to the services on behalf of the person whose request is being served."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from flask import current_app, g, request

from gateway.core import telemetry
from shared.bus.client import Client
from shared.context import Context
from shared.contracts import directory, schedule
from shared.db.engines import control_engine
from shared.errors import Problem
from shared.ids import new_id
from shared.settings import Settings
from shared.storage import Store
from shared.tenants import Registry, Tenant, unwrap_key

# What is answered with a secret, which is to be kept under no key.
SECRET_ANSWERS = directory.SECRET_ANSWERS | schedule.SECRET_ANSWERS
_KEY = re.compile(r"[\x21-\x7e]{1,100}")
_EXTENSION = "oneway.backend"


class Backend:
    """What the gateway reaches: the services, the registry of tenants, the object store."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self.client = client
        self.settings = settings

    @cached_property
    def registry(self) -> Registry:
        """The tenants there are, for reading."""
        return Registry(control_engine(self.settings.control_url))

    @cached_property
    def store(self) -> Store:
        """Attachments' bytes, encrypted with the tenant's key."""
        secret = self.settings.storage_key
        return Store(
            self.settings.storage_url, lambda code: unwrap_key(secret, self.registry.get(code)), self.registry.renew
        )


def install(app: Any, client: Client, settings: Settings) -> None:
    """Gives the application what it calls."""
    app.extensions[_EXTENSION] = Backend(client, settings)


def of(app: Any) -> Backend:
    """What an application reaches."""
    found: Backend = app.extensions[_EXTENSION]
    return found


def backend() -> Backend:
    """What the current application reaches."""
    return of(current_app)


def context() -> Context:
    """The context of the person signed in, or of nobody where nobody is."""
    found: Context | None = g.get("context")
    if found is None:
        p = g.get("principal")
        if p is None:
            return anonymous("")
        found = g.context = Context(
            p.tenant,
            p.person,
            p.login,
            p.name,
            p.position,
            p.department,
            p.department_id,
            p.roles,
            p.clearance,
            p.locale,
            p.session,
            telemetry.request_id(),
            telemetry.traceparent(),
        )
        telemetry.of(found.tenant)
    return found


def anonymous(tenant: str) -> Context:
    """A context of nobody, to reach what a tenant offers before the sign-in."""
    return Context(tenant=tenant, request_id=telemetry.request_id(), traceparent=telemetry.traceparent())


def idempotency_key(method: str) -> str | None:
    """The key of a write of this request: the client's own, kept apart from other people's and commands', or a new one.

    A form of a page tells its key in the field `idempotency_key`.
    Raises a `Problem` (400) for a key that is not 1 to 100 printable ASCII characters.
    """
    if request.method in ("GET", "HEAD"):
        return None
    given = request.headers.get("Idempotency-Key")
    if given is None and not request.path.startswith("/api/"):
        given = request.form.get("idempotency_key")
    if given is None:
        return new_id()
    if not _KEY.fullmatch(given):
        raise Problem(400, "bad-idempotency-key", "The idempotency key is not 1 to 100 printable ASCII characters")
    return f"{context().person}:{method}:{given}"


def call(service: str, method: str, data: Any = None, *, idempotent: bool = True, timeout: float | None = None) -> Any:
    """The result of a service's method, called as the person signed in. Raises its `Problem`.

    With `idempotent=False` the service keeps no answer: for what is to be written down nowhere. `timeout` in seconds.
    """
    idempotent = idempotent and method not in SECRET_ANSWERS
    key = idempotency_key(method) if idempotent else None
    reads = request.method in ("GET", "HEAD")
    client = backend().client
    return client.call(service, method, context(), data, idempotency_key=key, repeatable=reads, timeout=timeout)


def call_many(calls: Sequence[tuple[str, str, Any]], spare: int = 0) -> list[Any]:
    """Several reads (service, method, data) at once: for each its result, or the `Problem` it ended with.

    For the last `spare` of them nobody waits longer than for the others.
    """
    return backend().client.call_many(calls, context(), spare=spare)


def tenant(code: str) -> Tenant:
    """One tenant. Raises `NotFound` for one that is unknown or disabled."""
    return backend().registry.get(code)


def tenant_name(code: str) -> str:
    """The organisation's name."""
    return tenant(code).name


def tenants() -> list[Tenant]:
    """The tenants that may work, by code: what the sign-in page offers."""
    return backend().registry.active()
