"""Every section of `make bench` runs through and makes its tables; how fast it went is nobody's matter here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bench.__main__ import SECTIONS
from tests.bench.stage import Stage

SECONDS = 1.0
# What of each section must be in its last table.
SHOWN = {
    "rpc": "ours",
    "framework": "publishing",
    "measuring": "100",
    "idle": "embedded",
    "journeys": "16",
    "latency": "the count has changed",
    "memos": "the last desk has changed",
    "minutes": "all show it",
    "volume": "counts",
    "request_tree": "the whole has changed",
    "journal_month": "its entries",
    "memo_volume": "the banner",
    "calendars": "free times of five",
    "calendar_sync": "idle sync",
}


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with Stage() as found:
        yield found


def test_every_section_is_tried() -> None:
    assert list(SHOWN) == list(SECTIONS)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", list(SHOWN))
def test_a_section_makes_its_tables_and_nothing_fails(stage: Stage, name: str) -> None:
    report = SECTIONS[name](stage, SECONDS)
    assert report.failures == []
    assert all(table.row_count for table in report.tables)
    assert any(cell == SHOWN[name] for column in report.tables[-1].columns for cell in column.cells)
