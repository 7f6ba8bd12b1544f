"""Where the toy noun's folders are looked for."""

from __future__ import annotations

from pathlib import Path

import services
import shared.contracts
import tests.support.examples

PACKAGES = (services, shared.contracts, tests.support.examples)
_HERE = Path(__file__).parent


def install() -> None:
    """From now on this process finds them, as if they lay beside the others."""
    for package in PACKAGES:
        folder = str(_HERE / package.__name__.rpartition(".")[2])
        if folder not in package.__path__:
            package.__path__.append(folder)
