"""A browser before a gateway whose services answer as the test says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.unit.gateway.fake import browsing
from tests.unit.gateway.stage import TOKEN, Services


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def browser(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    with browsing(services, tmp_path, TOKEN, monkeypatch) as client:
        yield client
