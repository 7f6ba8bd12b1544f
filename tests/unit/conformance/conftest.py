"""Each service by itself, with its example."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from services.directory import hashing
from tests.support.examples.example import Example, example_of


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(hashing, "_HASHER", cheap)


@pytest.fixture
def example(service: str) -> Iterator[Example]:
    """The example of the service that the test is about."""
    with example_of(service) as found:
        yield found
