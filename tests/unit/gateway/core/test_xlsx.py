"""XLSX files: cells are what they are, and nothing in them is run."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from gateway.core.xlsx import Sheet, workbook


def opened(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(*sheets)))


def test_numbers_are_numbers_and_times_are_those_of_seoul() -> None:
    at = datetime(2026, 6, 30, 15, 30, tzinfo=UTC)
    cells = [1, 2.5, Decimal("12.10"), date(2026, 7, 1), at, None, ""]
    (row,) = opened(Sheet("값", ["가"] * 7, [cells])).active.iter_rows(min_row=2, values_only=True)
    assert row[:3] == (1, 2.5, 12.1)
    assert row[3:5] == (datetime(2026, 7, 1), datetime(2026, 7, 1, 0, 30))
    assert row[5:] in ((), (None, None))


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "http://example.com", "007", "\t=1", "'=1"]
)
def test_text_is_text_whatever_it_begins_with(text: str) -> None:
    sheet = opened(Sheet("글", [text], [[text]])).active
    for row in (1, 2):
        cell = sheet.cell(row, 1)
        assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_a_text_longer_than_a_cell_holds_is_cut_and_says_so() -> None:
    value = opened(Sheet("긴 글", ["글"], [["가" * 40_000]])).active.cell(2, 1).value
    assert (len(value), value[-1]) == (32_767, "…")


def test_every_sheet_has_a_name_it_may_have() -> None:
    named = ["2026/07", "2026:07", "긴" * 40, "긴" * 40, "", "'"]
    names = opened(*(Sheet(name, ["가"], []) for name in named)).sheetnames
    assert len(names) == len({name.lower() for name in names}) == len(named)
    assert names[:2] == ["2026 07", "2026 07 2"]
