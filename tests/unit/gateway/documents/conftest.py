"""A browser before a gateway whose services answer as the test says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.auth import COOKIE
from shared.settings import Settings
from tests.unit.gateway.documents.stage import TOKEN, Services


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def browser(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    app = create_app(services, Settings(var=tmp_path, cookie_key="test"))  # type: ignore[arg-type]
    registry = SimpleNamespace(get=lambda code: SimpleNamespace(name="한빛시"))
    app.extensions["oneway.backend"].__dict__["registry"] = registry
    monkeypatch.setattr("gateway.pages.assets.manifest", lambda: _Named())
    with app.test_client() as client:
        client.set_cookie(COOKIE, TOKEN)
        yield client


class _Named(dict[str, str]):
    """A manifest in which every asset is built."""

    def __missing__(self, name: str) -> str:
        return name
