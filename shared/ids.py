"""Identifiers: UUID version 7, which sort by time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from uuid_utils import uuid7


def new_id() -> str:
    """A new identifier as text of 36 characters."""
    return str(uuid7())


def first_id(at: datetime) -> str:
    """What comes before every identifier made at this time or later."""
    return str(UUID(int=int(at.timestamp() * 1000) << 80))


def made_at(identifier: str) -> float:
    """When an identifier was made, in seconds since the epoch."""
    return int(identifier[:8] + identifier[9:13], 16) / 1000
