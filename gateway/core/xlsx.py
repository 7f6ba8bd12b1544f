"""Tables as XLSX files. A cell is what it is: text is never run as a formula, nor made a link or a number."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask import Response

from gateway.core.files import saved_as
from gateway.core.format import SEOUL

Cell = str | int | float | Decimal | date | datetime | None
MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# As much as a cell holds, and a sheet has rows below its head.
_TEXT, _ROWS = 32_767, 1_048_575
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_WIDEST = 60
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, its head, its rows."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def answer(name: str, *sheets: Sheet) -> Response:
    """The tables as a file to be saved under `name`."""
    return saved_as(Response(workbook(*sheets), mimetype=MIMETYPE), name)


def workbook(*sheets: Sheet) -> bytes:
    """The tables as a workbook. Times are Seoul's; a text longer than a cell holds is cut, and says so by `…`."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, _OPTIONS) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        day, time = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        names: set[str] = set()
        for each in sheets:
            sheet = book.add_worksheet(_name(each.name, names))
            sheet.freeze_panes(1, 0)
            widths = [_width(words) for words in each.head]
            for column, words in enumerate(each.head):
                sheet.write_string(0, column, words[:_TEXT], head)
            for row, cells in zip(range(1, _ROWS + 1), each.rows, strict=False):
                for column, cell in enumerate(cells):
                    _write(sheet, row, column, cell, day, time)
                    if row < 200 and column < len(widths):
                        widths[column] = max(widths[column], _width(cell))
            for column, width in enumerate(widths):
                sheet.set_column(column, column, width)
    return kept.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, day: Any, time: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool | int | float | Decimal):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell.astimezone(SEOUL).replace(tzinfo=None), time)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    else:
        sheet.write_string(row, column, cell if len(cell) <= _TEXT else f"{cell[: _TEXT - 1]}…")


def _name(name: str, taken: set[str]) -> str:
    """A name a sheet may have: 31 characters without those of references, each once whatever its case."""
    plain = _NOT_IN_A_NAME.sub(" ", name).strip(" '") or "1"
    found, number = plain[:31], 2
    while found.lower() in taken:
        found, number = f"{plain[:27]} {number}", number + 1
    taken.add(found.lower())
    return found


def _width(cell: Cell) -> float:
    """Characters; one of Hangul takes two."""
    if isinstance(cell, datetime):
        return 17
    text = str(cell or "").split("\n", 1)[0][:_WIDEST]
    return min(_WIDEST, 2 + sum(2 if ord(c) > 0x1100 else 1 for c in text))
