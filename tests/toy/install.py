"""Where the toy noun's folders are looked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

import gateway
import services
import shared.contracts
import tests.support.examples

PACKAGES = (gateway, services, shared.contracts, tests.support.examples)
_HERE = Path(__file__).parent


def install() -> None:
    """From now on this process finds them, as if they lay beside the others."""
    for package in PACKAGES:
        folder = str(_HERE / package.__name__.rpartition(".")[2])
        if folder not in package.__path__:
            package.__path__.append(folder)


@contextmanager
def installed() -> Iterator[None]:
    """They are found until the block ends."""
    # Here, and not above: what the gateway's modules need is not to be there before a process is patched for eventlet.
    from gateway.core import nouns

    with ExitStack() as stack:
        for package in PACKAGES:
            stack.enter_context(mock.patch.object(package, "__path__", list(package.__path__)))
        install()
        nouns.all_nouns.cache_clear()
        stack.callback(nouns.all_nouns.cache_clear)
        yield
