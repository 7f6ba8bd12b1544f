"""A month of a journal handed out as a file: row by row, each cell what it is, and nothing in it is ever run."""

from __future__ import annotations

import csv as comma
import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Response

from gateway.core import backend
from gateway.core import xlsx as tables
from gateway.core.files import saved_as
from gateway.core.format import SEOUL
from gateway.core.xlsx import Cell
from gateway.journals.words import codes

XLSX = tables.MIMETYPE
_DIGITS = 15
"""So many a spreadsheet's number holds exactly; one with more is text."""
_RUN = ("=", "+", "-", "@", "\t", "\r")
_TIMES = ("written_at", "received_at", "verified_at")


def csv(journal: str, month: str) -> Response:
    """The entries of a month as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    first = _pages(journal, month)
    head = next(first)

    def lines() -> Iterator[str]:
        yield "\ufeff" + _line(_heads(head))
        for page in _again(head, first):
            yield from (_line([_plain(cell) for cell in row]) for row in _rows(page))

    return saved_as(Response("".join(lines()), mimetype="text/csv"), f"{head['title']} {month}.csv")


def xlsx(journal: str, month: str) -> Response:
    """The entries of a month as XLSX."""
    first = _pages(journal, month)
    head = next(first)
    rows = (row for page in _again(head, first) for row in _rows(page))
    return tables.answer(f"{head['title']} {month}.xlsx", tables.Sheet(month, _heads(head), rows))


def _pages(journal: str, month: str) -> Iterator[dict[str, Any]]:
    asked: dict[str, Any] = {"journal": journal, "month": month, "cursor": None}
    while True:
        page = backend.call("memo", "export_entries", asked)
        yield page
        asked["cursor"] = page["next"]
        if page["next"] is None:
            return


def _again(head: dict[str, Any], rest: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield head
    yield from rest


def _heads(page: dict[str, Any]) -> list[str]:
    return [column["label"] or codes.column_name(column["key"]) for column in page["columns"]]


def _rows(page: dict[str, Any]) -> Iterator[list[Cell]]:
    columns = page["columns"]
    for row in page["rows"]:
        yield [_cell(column, value) for column, value in zip(columns, row, strict=True)]


def _cell(column: dict[str, str], value: Any) -> Cell:
    """A value as a cell of its own kind."""
    if value is None or value == "":
        return None
    if column["type"] == "own":
        return _own(column["key"], value)
    if column["type"] == "number":
        return Decimal(value) if len(value.replace(".", "").strip("-")) <= _DIGITS else str(value)
    return codes.value_words(column["type"], value)


def _own(key: str, value: Any) -> Cell:
    if key in _TIMES:
        return datetime.fromisoformat(value)
    if key == "day":
        return date.fromisoformat(value)
    if key == "state":
        return codes.entry_state_name(value)
    return value if isinstance(value, int) else str(value)


def _plain(cell: Cell) -> str:
    """A cell in a text: a number in plain digits, a time of Seoul, and text that a spreadsheet would run guarded."""
    if isinstance(cell, datetime):
        return cell.astimezone(SEOUL).strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_RUN) else cell
    return "" if cell is None else str(cell)


def _line(cells: list[str]) -> str:
    kept = io.StringIO()
    comma.writer(kept, lineterminator="\r\n").writerow(cells)
    return kept.getvalue()
