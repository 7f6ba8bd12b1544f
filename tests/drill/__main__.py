"""`python -m tests.drill`: the whole drill; prints its table and writes it into docs/backup.md."""

from __future__ import annotations

from tests.drill.drill import Drill, Report
from tests.support import pages


def table(report: Report) -> str:
    """The report as Markdown."""
    lines = [pages.made(), "", "| what | |", "| --- | ---: |"]
    lines += [f"| {what} | {count} |" for what, count in report.counts.items()]
    lines += [f"| {what} | {size / 1e6:.1f} MB |" for what, size in report.sizes.items()]
    lines += [f"| {what} | {seconds:.1f} s |" for what, seconds in report.seconds.items()]
    return "\n".join(lines)


def main() -> None:
    """Runs it."""
    found = table(Drill(before=300, after=300, clients=4).run())
    print(found)
    pages.fill(pages.DOCS / "backup.md", {"drill": found})


if __name__ == "__main__":
    main()
