"""Stands for the bus at the gateway's edge: answers by (service, method), and remembers what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.core import backend
from gateway.core.app import create_app
from gateway.core.auth import COOKIE
from shared.context import Context
from shared.errors import NotFound, Problem
from shared.settings import Settings
from shared.storage import Store
from shared.tenants import Tenant

ME = "01900000-0000-7000-8000-000000000001"
TOKEN = "ow1.city." + "a" * 32
PRINCIPAL = {
    "tenant": "city",
    "session": "01900000-0000-7000-8000-0000000000e1",
    "person": ME,
    "login": "hong",
    "name": "홍길동",
    "position": "주무관",
    "department": "총무과",
    "department_id": "01900000-0000-7000-8000-0000000000d1",
    "roles": ["drafter"],
    "clearance": 0,
    "locale": "ko",
    "expires_at": "2999-01-01T00:00:00+00:00",
}


class FakeClient:
    """A client of the bus whose services are functions of (context, data), or fixed answers."""

    connected = True

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.keys: list[str | None] = []
        self.contexts: list[Context] = []
        self.answers: dict[tuple[str, str], Any] = {("directory", "session"): PRINCIPAL}

    def call(
        self,
        service: str,
        method: str,
        context: Context,
        data: Any = None,
        *,
        idempotency_key: str | None = None,
        repeatable: bool = False,
        timeout: float | None = None,
    ) -> Any:
        """As the real one; an answer that is a Problem is raised, a function is called."""
        if (service, method) != ("directory", "session"):
            self.asked.append((service, method, data))
            self.keys.append(idempotency_key)
            self.contexts.append(context)
        found = self.answers.get((service, method), NotFound(f"{service}.{method}"))
        if isinstance(found, Callable):  # type: ignore[arg-type]
            found = found(context, data)
        if isinstance(found, Problem):
            raise found
        return found

    def call_many(self, calls: Sequence[tuple[str, str, Any]], context: Context, spare: int = 0) -> list[Any]:
        """As the real one."""
        results: list[Any] = []
        for service, method, data in calls:
            try:
                results.append(self.call(service, method, context, data))
            except Problem as problem:
                results.append(problem)
        return results

    def on_live(self, callback: Any, missed: Any) -> None:
        """Nothing is ever told."""


class _Registry:
    tenant = Tenant("city", "한빛시", "1234567", "active", "", b"")

    def get(self, code: str) -> Tenant:
        if code != "city":
            raise NotFound("tenant")
        return self.tenant

    def active(self) -> list[Tenant]:
        return [self.tenant]


def application(client: FakeClient, directory: Path, **settings: Any) -> Flask:
    """The whole gateway over a fake bus, with a store of files in `directory`."""
    app = create_app(client, Settings(**{"cookie_key": "key", **settings}))  # type: ignore[arg-type]
    reached: Any = app.extensions["oneway.backend"]
    reached.registry = _Registry()
    reached.store = Store(directory.as_uri(), lambda _: b"k" * 32)
    assert isinstance(reached, backend.Backend)
    return app


def signed_in(app: Flask) -> FlaskClient:
    """A test client that sends a token with each request."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    return client


class _Built(dict[str, str]):
    """A manifest in which every asset is built."""

    def __missing__(self, name: str) -> str:
        return name


@contextmanager
def browsing(services: Any, directory: Path, token: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A browser with a session's cookie, on the gateway over these services; no assets need be built."""
    app = create_app(services, Settings(var=directory, cookie_key="test"))
    registry = SimpleNamespace(get=lambda code: SimpleNamespace(name="한빛시"))
    app.extensions["oneway.backend"].__dict__["registry"] = registry
    monkeypatch.setattr("gateway.core.assets.manifest", lambda: _Built())
    with app.test_client() as client:
        client.set_cookie(COOKIE, token)
        yield client
