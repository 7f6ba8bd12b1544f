"""Dataclasses as dictionaries."""

from __future__ import annotations

from typing import Any


def values(record: Any) -> dict[str, Any]:
    """The fields of a dataclass by name, as they are.

    `dataclasses.asdict` copies all that is in them: a quarter of the CPU of a memo to many.
    """
    return {name: getattr(record, name) for name in record.__dataclass_fields__}
