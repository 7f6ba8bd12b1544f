"""The directory's tests stand on an organisation each, with hashes that cost next to nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from services.directory import hashing
from services.directory.service import DirectoryService
from shared.testing import LocalService
from tests.unit.directory.office import Clock, Office


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(hashing, "_HASHER", cheap)
    monkeypatch.setattr(hashing, "_NOBODY", cheap.hash("nobody's"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr("shared.db.tx.datetime", found)
    return found


@pytest.fixture
def service() -> Iterator[LocalService]:
    with LocalService(DirectoryService) as local:
        yield local


@pytest.fixture
def office(service: LocalService, clock: Clock) -> Office:
    return Office(service, clock)
