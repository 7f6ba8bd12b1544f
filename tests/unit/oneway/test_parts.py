"""Which services there are."""

from __future__ import annotations

from pathlib import Path

import pytest

import services
from oneway import parts

_SERVICE = """
from shared.bus import Service


class Greeting(Service):
    name = "{name}"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second place that services are found in."""
    monkeypatch.setattr(services, "__path__", [*services.__path__, str(tmp_path)])
    return tmp_path


def _made(folder: Path, package: str, name: str) -> None:
    (folder / package).mkdir()
    (folder / package / "__init__.py").touch()
    (folder / package / "service.py").write_text(_SERVICE.format(name=name))


def test_a_folder_with_a_service_is_a_part_and_one_without_is_none(folder: Path) -> None:
    _made(folder, "greeting", "greeting")
    (folder / "leftover" / "__pycache__").mkdir(parents=True)
    assert parts.found() == tuple(sorted((*parts.SERVICES, "greeting")))
    assert parts.service_class("greeting").name == "greeting"


def test_a_service_is_called_like_its_folder(folder: Path) -> None:
    _made(folder, "misnamed", "other")
    with pytest.raises(LookupError, match="misnamed"):
        parts.service_class("misnamed")
