"""What people typed into a form, as services take it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from gateway.core.format import SEOUL
from shared.errors import Invalid


def seoul_time(form: Mapping[str, str], name: str) -> str:
    """A field's local date and time (`datetime-local`) with Seoul's offset. Raises `Invalid`."""
    try:
        return datetime.fromisoformat(form.get(name, "")).replace(tzinfo=SEOUL).isoformat()
    except ValueError as error:
        raise Invalid({name: "not_a_date"}) from error
