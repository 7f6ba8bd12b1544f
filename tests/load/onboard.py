"""Onboards the organisations of a load run beside the running system, as an operator would, and times each.

`python -m tests.load.onboard <small> <city> <able> <at once> <part>`: see `offices.offices`; one part of so many, which
run at once.
"""

from __future__ import annotations

import contextlib
import sys
import time

import orjson

from oneway.console import installation
from oneway.seed import bring
from shared import log
from tests.load.offices import PASSWORD, offices


def main(small: int, city: int, able: int, at_once: int, part: int) -> None:
    """Prints a JSON line with the seconds of each step for each organisation; goes on where it was interrupted."""
    log.configure("onboard", "WARNING")
    # What the commands themselves say is not for who reads our lines.
    with contextlib.redirect_stdout(sys.stderr):
        settings, provisioner = installation()
    known = {tenant.code for tenant in provisioner.registry.active()}
    for number, office in enumerate(offices(small, city, able)):
        if number % at_once != part or office.code in known:
            continue
        steps: dict[str, float] = {}
        before = [time.perf_counter(), "registry"]

        def reached(code: str, step: str, steps: dict[str, float] = steps, before: list[float | str] = before) -> None:
            now = time.perf_counter()
            kind = "migrations" if str(before[1]).startswith("migrate") else str(before[1])
            steps[kind] = steps.get(kind, 0.0) + now - float(before[0])
            before[:] = [now, step]

        with contextlib.redirect_stdout(sys.stderr):
            bring(settings, provisioner, office.tenant(number), lambda *_: PASSWORD, reached)
        reached(office.code, "")
        print(orjson.dumps({"code": office.code, "people": office.people, "steps": steps}).decode(), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:6]))
