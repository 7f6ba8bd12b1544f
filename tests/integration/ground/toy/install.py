"""Puts the toy services in the place of the product's."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator

from oneway import parts

SERVICES = {"toy": "ToyService", "sink": "SinkService"}
_PACKAGE = __name__.rsplit(".", 1)[0]


@contextlib.contextmanager
def installed() -> Iterator[None]:
    """They are the services of this process until the block ends."""
    before = dict(parts.SERVICES)
    names = {f"services.{name}": _PACKAGE for name in SERVICES}
    names |= {
        f"services.{name}.{module}": f"{_PACKAGE}.{module}" for name in SERVICES for module in ("service", "models")
    }
    _replace(SERVICES)
    sys.modules.update({name: importlib.import_module(target) for name, target in names.items()})
    try:
        yield
    finally:
        _replace(before)
        for name in names:
            del sys.modules[name]


def _replace(services: dict[str, str]) -> None:
    parts.SERVICES.clear()
    parts.SERVICES.update(services)
