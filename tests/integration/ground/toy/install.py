"""Puts the toy services in the place of the product's."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Iterator
from unittest import mock

from oneway import parts

SERVICES = ("toy", "sink")
_PACKAGE = __name__.rsplit(".", 1)[0]


@contextlib.contextmanager
def installed() -> Iterator[None]:
    """They are the services of this process until the block ends."""
    modules = ("", ".service", ".models")
    names = {f"services.{name}{module}": f"{_PACKAGE}{module}" for name in SERVICES for module in modules}
    with mock.patch.object(parts, "SERVICES", SERVICES):
        sys.modules.update({name: importlib.import_module(target) for name, target in names.items()})
        try:
            yield
        finally:
            for name in names:
                del sys.modules[name]
