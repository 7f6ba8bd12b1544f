"""`make load`: a working day on the full system, some eighteen minutes, which ends by itself.

Which sections run: the arguments, or all. `LOAD_TENANTS` (300), `LOAD_SCALE` (1: how long each run takes).
Writes `docs/sizing.json` and the tables of docs/sizing.md, unless `LOAD_OUTPUT` names another directory for both; what
was measured there before and does not run now stays, under its date.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import orjson

from tests.load.ground import Ground, machine
from tests.load.report import tables
from tests.load.sections import SECTIONS
from tests.support import pages

_CITY, _ABLE = 10_000, 300


def main() -> None:
    """Ends with 1 where something failed or did not add up."""
    asked = sys.argv[1:] or list(SECTIONS)
    scale = float(os.environ.get("LOAD_SCALE", "1"))
    small = int(os.environ.get("LOAD_TENANTS", "300"))
    output = Path(os.environ.get("LOAD_OUTPUT", str(pages.DOCS)))
    here = machine()
    measured = _before(output) | {"machine": here, "failures": 0}
    with Ground(small, max(100, int(_CITY * min(1, scale))), max(20, int(_ABLE * min(1, scale)))) as ground:
        for name in ["onboarding", *(name for name in SECTIONS if name in asked and name != "onboarding")]:
            measured[name] = SECTIONS[name](ground, scale)
            measured["when"][name] = {"date": here["date"], "load": here["load"], "tenants": small, "scale": scale}
            # As it comes: a section that fails takes nothing from those before.
            measured["failures"] = len(ground.failures)
            _write(measured, output)
            print(f"{name} done", flush=True)
        wrong = [*ground.failures, *ground.account()]
    measured["failures"] = len(wrong)
    _write(measured, output)
    for name, made in tables(measured).items():
        print(f"\n{name}\n{made}")
    for problem in wrong[:20]:
        print(f"wrong: {problem[:300]}")
    raise SystemExit(bool(wrong))


def _before(output: Path) -> dict[str, Any]:
    """What was measured at other times, with when that was."""
    path = output / "sizing.json"
    found: dict[str, Any] = orjson.loads(path.read_bytes()) if path.exists() else {}
    return {"when": {}, **found}


def _write(measured: dict[str, Any], output: Path) -> None:
    (output / "sizing.json").write_bytes(orjson.dumps(measured, option=orjson.OPT_INDENT_2))
    page = (pages.DOCS / "sizing.md").read_text()
    (output / "sizing.md").write_text(pages.filled(page, tables(measured)))


if __name__ == "__main__":
    main()
