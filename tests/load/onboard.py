"""Onboards the organisations of a load run beside the running system, as an operator would, and times each.

The head of each department in which several can sign in makes its journal, through the running system.

`python -m tests.load.onboard <small> <city> <able> <at once> <part>`: see `offices.offices`; one part of so many, which
run at once.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from dataclasses import astuple

import orjson

from oneway.console import installation
from oneway.seed import bring
from shared import log
from tests.load import books
from tests.load.offices import CITY, PASSWORD, Office, offices

# Places of each journal: in the city enough for ten times its rate, with a minute between two visits of one.
_CITY_PLACES, _PLACES = 15, 4


def main(small: int, city: int, able: int, at_once: int, part: int) -> None:
    """Prints a JSON line for each organisation: the seconds of each step, and who may write in its journals.

    Goes on where it was interrupted.
    """
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
        reached(office.code, "journals")
        visits = [astuple(visit) for visit in _journals(office)]
        reached(office.code, "")
        told = {"code": office.code, "people": office.people, "steps": steps, "visits": visits}
        print(orjson.dumps(told).decode(), flush=True)


def _journals(office: Office) -> list[books.Visit]:
    base_url = f"http://127.0.0.1:{os.environ['ONEWAY_PORT']}"
    teams = [team for team in office.teams() if len(team) > 1]
    places = _CITY_PLACES if office.code == CITY else _PLACES
    return [visit for team in teams for visit in books.of_head(base_url, office.code, team, PASSWORD, places)]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:6]))
