"""`python -m tests.drill`: the whole drill; prints its table and writes it into docs/backup.md."""

from __future__ import annotations

import platform
import re
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path

from tests.drill.drill import Drill, Report

_PAGE = Path(__file__).parent.parent.parent / "docs" / "backup.md"


def table(report: Report) -> str:
    """The report as Markdown."""
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {cpu_count()} cores, {platform.system()}.",
        "",
        "| what | |",
        "| --- | ---: |",
    ]
    lines += [f"| {what} | {count} |" for what, count in report.counts.items()]
    lines += [f"| {what} | {size / 1e6:.1f} MB |" for what, size in report.sizes.items()]
    lines += [f"| {what} | {seconds:.1f} s |" for what, seconds in report.seconds.items()]
    return "\n".join(lines)


def main() -> None:
    """Runs it."""
    found = table(Drill(before=300, after=300, clients=4).run())
    print(found)
    page = _PAGE.read_text()
    _PAGE.write_text(
        re.sub(r"(<!-- drill -->\n).*?(\n<!-- /drill -->)", lambda m: m[1] + found + m[2], page, flags=re.S)
    )


if __name__ == "__main__":
    main()
