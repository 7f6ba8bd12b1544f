"""Cursor paging by keyset: a cursor is the sort key of the last row of the page before."""

from __future__ import annotations

import base64
import binascii
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
from sqlalchemy import ColumnElement, tuple_

from shared.errors import Invalid

Row = TypeVar("Row")


def encode(values: Sequence[Any]) -> str:
    """The cursor that holds these values; times become text and come back as times."""
    marked = [{"t": v.isoformat()} if isinstance(v, datetime) else v for v in values]
    return base64.urlsafe_b64encode(orjson.dumps(marked)).decode().rstrip("=")


def decode(cursor: str, n: int) -> list[Any]:
    """The `n` values of a cursor. Raises `Invalid` naming `cursor` if it was not made here."""
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != n:
            raise ValueError(cursor)
        return [datetime.fromisoformat(v["t"]) if isinstance(v, dict) else v for v in values]
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        raise Invalid({"cursor": "broken_cursor"}) from error


def page(rows: Sequence[Row], limit: int, key: Callable[[Row], Sequence[Any]]) -> tuple[Sequence[Row], str | None]:
    """The first `limit` of up to `limit + 1` rows, and the cursor of the next page, if there is one."""
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encode(key(rows[limit - 1]))


@dataclass(frozen=True, slots=True)
class Order:
    """A sort of the list `name`: its columns, all in one direction, the last ones making it unambiguous."""

    name: str
    columns: tuple[Any, ...]
    descending: bool

    def after(self, cursor: str) -> ColumnElement[bool]:
        """What comes after the cursor. Raises `Invalid` for one that is not of this very list."""
        name, *values = decode(cursor, len(self.columns) + 1)
        fitting = all(_fits(value, column) for value, column in zip(values, self.columns, strict=True))
        if name != self.name or not fitting:
            raise Invalid({"cursor": "broken_cursor"})
        here, there = tuple_(*self.columns), tuple_(*values)
        return here < there if self.descending else here > there

    def clauses(self) -> list[Any]:
        """For `ORDER BY`."""
        return [column.desc() if self.descending else column.asc() for column in self.columns]

    def key(self, row: Any) -> list[Any]:
        """What a cursor after this row holds."""
        return [self.name, *(getattr(row, column.key) for column in self.columns)]


def _fits(value: Any, column: Any) -> bool:
    if isinstance(value, datetime) and not _is_a_point_in_time(value):
        return False
    return isinstance(value, column.type.python_type) and "\0" not in str(value)


def _is_a_point_in_time(value: datetime) -> bool:
    """Whether it has a zone, and in UTC is within the years that can be written."""
    with contextlib.suppress(OverflowError):
        return value.tzinfo is not None and value.astimezone(UTC).year > 0
    return False
