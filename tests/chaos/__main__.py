"""`python -m tests.chaos`: every fault; prints its table as it comes, and writes it into docs/reliability.md.

Words among its arguments choose the faults whose names have one of them; then nothing is written.
"""

from __future__ import annotations

import os
import sys

from tests.chaos.faults import FAULTS
from tests.chaos.run import Outcome, run
from tests.support import pages

_RATE, _CALM = 3.0, 4.0
_HEAD = [
    "| fault | journeys | calls | refused | standstill | slowest | mails | afterwards |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
]


def row(outcome: Outcome) -> str:
    """One line of the table."""
    held = "; ".join(outcome.wrong).replace("|", "/") or "all holds"
    return (
        f"| {outcome.fault} | {outcome.journeys} | {outcome.calls} | {outcome.refused} |"
        f" {outcome.standstill:.1f} s | {outcome.slowest:.1f} s | {outcome.mails} | {held} |"
    )


def main() -> int:
    """Runs them; 1 where something did not hold."""
    words = sys.argv[1:]
    chosen = [fault for fault in FAULTS if not words or any(word in fault.name for word in words)]
    if os.geteuid() != 0 and any(fault.disks for fault in chosen):
        print("Full disks are left out: mounting takes root.", flush=True)
        chosen = [fault for fault in chosen if not fault.disks]
    print("\n".join(_HEAD), flush=True)
    outcomes = run(chosen, _RATE, _CALM, lambda outcome: print(row(outcome), flush=True))
    if not words:
        load = f"{_RATE:g} journeys were begun each second in each of two organisations."
        table = "\n".join([f"{pages.made()} {load}", "", *_HEAD, *map(row, outcomes)])
        pages.fill(pages.DOCS / "reliability.md", {"chaos": table})
    return int(any(outcome.wrong for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
