"""Cursor paging by keyset: a cursor is the sort key of the last row of the page before."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

import orjson

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
