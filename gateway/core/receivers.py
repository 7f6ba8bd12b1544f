"""Receivers as forms send them: `person:<id>`, `department:<id>`, `group:<id>` (`<receiver-picker>`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from gateway.core import backend
from shared import receivers
from shared.errors import Invalid


def split(values: Iterable[str], field: str = "receivers") -> dict[str, list[str]]:
    """`{people, departments, groups}`, the ids of each kind. Raises `Invalid` for what names no kind."""
    try:
        return receivers.by_kind(values)
    except ValueError as error:
        raise Invalid({field: "not_valid"}) from error


def chosen(values: Sequence[str]) -> list[dict[str, Any]]:
    """What a picker begins with (`chosen=`): these as they stand now, without those that are unknown."""
    found: list[dict[str, Any]] = backend.call("directory", "receivers_by_ids", {"receivers": list(values)})["items"]
    return found
