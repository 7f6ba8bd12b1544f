"""A calendar program before a gateway whose schedule is in memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.unit.gateway.dav.program import Program
from tests.unit.gateway.dav.store import Schedule
from tests.unit.gateway.fake import PRINCIPAL, FakeClient, application


@pytest.fixture
def bus() -> FakeClient:
    found = FakeClient()
    found.answers["directory", "session"] = {**PRINCIPAL, "scope": "calendar"}
    return found


@pytest.fixture
def schedule(bus: FakeClient) -> Schedule:
    return Schedule(bus)


@pytest.fixture
def app(bus: FakeClient, tmp_path: Path) -> Flask:
    return application(bus, tmp_path)


@pytest.fixture
def program(app: Flask, schedule: Schedule) -> Program:
    return Program(app.test_client())
