"""`python -m tests.chaos`: every fault; prints its table as it comes, and writes it into docs/reliability.md.

Words among its arguments choose the faults whose names have one of them; then nothing is written.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.faults import FAULTS
from tests.chaos.run import Outcome, run

_PAGE = Path(__file__).parent.parent.parent / "docs" / "reliability.md"
_RATE, _CALM = 2.0, 4.0
_HEAD = [
    "| fault | journeys | calls | refused | standstill | slowest | afterwards |",
    "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
]


def row(outcome: Outcome) -> str:
    """One line of the table."""
    held = "; ".join(outcome.wrong).replace("|", "/") or "all holds"
    return (
        f"| {outcome.fault} | {outcome.journeys} | {outcome.calls} | {outcome.refused} |"
        f" {outcome.standstill:.1f} s | {outcome.slowest:.1f} s | {held} |"
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
        made = f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {platform.system()}."
        load = f"{_RATE:g} journeys were begun each second in each of two organisations."
        table = "\n".join([f"{made} {load}", "", *_HEAD, *map(row, outcomes)])
        page = _PAGE.read_text()
        _PAGE.write_text(
            re.sub(r"(<!-- chaos -->\n).*?(\n<!-- /chaos -->)", lambda m: m[1] + table + m[2], page, flags=re.S)
        )
    return int(any(outcome.wrong for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
