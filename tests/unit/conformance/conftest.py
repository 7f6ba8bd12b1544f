"""Each service by itself, with its example."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from services.directory import hashing
from shared.bus import news
from tests.support.changed import CHECKED
from tests.support.examples.example import Example, example_of


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out the services that `make check` knows to be as they were."""
    asked = os.environ.get(CHECKED, "").split()
    if asked:
        left_out = [item for item in items if item.path.parent == Path(__file__).parent and _is_of_another(item, asked)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _is_of_another(item: pytest.Item, asked: list[str]) -> bool:
    callspec = getattr(item, "callspec", None)
    return callspec is not None and callspec.params.get("service", asked[0]) not in asked


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(hashing, "_HASHER", cheap)


@pytest.fixture(autouse=True)
def _no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing comes while a call is answered here: what a method waits for it does without at once."""
    monkeypatch.setattr(news, "_LONGEST", 0.0)


@pytest.fixture
def example(service: str) -> Iterator[Example]:
    """The example of the service that the test is about."""
    with example_of(service) as found:
        yield found
