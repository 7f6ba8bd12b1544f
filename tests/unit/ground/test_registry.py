"""The registry of tenants as a process that only reads it sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine
from sqlalchemy.exc import OperationalError

from shared import tenants
from shared.errors import NotFound
from shared.tenants import Registry, Tenant


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A control database with one tenant."""
    path = tmp_path / "control.sqlite"
    registry = _registry(path)
    registry.create_tables()
    registry.add(Tenant("city", "시", "3000000", "active", "", b"key"))
    return path


def _registry(path: Path) -> Registry:
    return Registry(create_engine(URL.create("sqlite", database=str(path))))


def test_what_was_read_holds_while_the_registry_cannot_be_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = _registry(file)
    assert registry.get("city").name == "시"
    monkeypatch.setattr(tenants, "REFRESH", -1.0)
    away = file.rename(file.with_suffix(".away"))
    file.mkdir()
    assert registry.get("city").name == "시"
    with pytest.raises(NotFound):
        registry.get("elsewhere")
    file.rmdir()
    away.rename(file)
    _registry(file).set_state("city", "disabled")
    monkeypatch.setattr(registry, "_try_again_at", 0.0)
    with pytest.raises(NotFound):
        registry.get("city")


def test_who_has_read_nothing_yet_says_that_it_cannot(tmp_path: Path) -> None:
    with pytest.raises(OperationalError):
        _registry(tmp_path).get("city")
