"""Receivers as forms send them: `person:<id>`, `department:<id>`, `group:<id>` (`<receiver-picker>`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from gateway.core import backend
from shared.errors import Invalid

_KINDS = {"person": "people", "department": "departments", "group": "groups"}


def split(values: Iterable[str], field: str = "receivers") -> dict[str, list[str]]:
    """`{people, departments, groups}`, the ids of each kind. Raises `Invalid` for what names no kind."""
    found: dict[str, list[str]] = {name: [] for name in _KINDS.values()}
    for value in values:
        kind, _, id_ = value.partition(":")
        if kind not in _KINDS:
            raise Invalid({field: "not_valid"})
        found[_KINDS[kind]].append(id_)
    return found


def chosen(values: Sequence[str]) -> list[dict[str, Any]]:
    """What a picker begins with (`chosen=`): these as they stand now, without those that are unknown."""
    found: list[dict[str, Any]] = backend.call("directory", "receivers_by_ids", {"receivers": list(values)})["items"]
    return found
