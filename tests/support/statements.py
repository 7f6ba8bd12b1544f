"""The statements that a piece of code sends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

_COUNTED = re.compile(r"(?i)\s*(select|with|insert|update|delete)")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Everything that reads or writes rows within, in this process; not what begins and ends transactions."""
    found: list[str] = []

    def executed(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        if _COUNTED.match(statement):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", executed)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", executed)
