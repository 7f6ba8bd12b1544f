"""Identifiers: UUID version 7, which sort by time."""

from __future__ import annotations

from uuid_utils import uuid7


def new_id() -> str:
    """A new identifier as text of 36 characters."""
    return str(uuid7())
