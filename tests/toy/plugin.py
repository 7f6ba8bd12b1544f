"""Puts the toy noun in, for a run of pytest that is told `-p tests.toy.plugin`."""

from __future__ import annotations

from pathlib import Path

import services
import shared.contracts
import tests.support.examples

_HERE = Path(__file__).parent

for package, folder in (
    (services, "services"),
    (shared.contracts, "contracts"),
    (tests.support.examples, "examples"),
):
    package.__path__.append(str(_HERE / folder))
