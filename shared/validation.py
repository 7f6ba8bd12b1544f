"""Marshmallow's messages as stable codes under the path of each bad field."""

from __future__ import annotations

from itertools import islice
from typing import Any

from marshmallow import Schema, ValidationError

from shared.errors import Invalid

_CODES = (
    ("Missing data", "required"),
    ("Unknown field", "unknown_field"),
    ("Field may not be null", "required"),
    ("Longer than", "too_long"),
    ("Shorter than", "too_short"),
    ("Length must be", "wrong_length"),
    ("Must be one of", "not_a_choice"),
    ("Must be greater", "out_of_range"),
    ("Must be less", "out_of_range"),
    ("Not an identifier", "not_an_id"),
    ("Invalid input type", "wrong_type"),
)
# Bad fields a problem names; who sent more will not read more.
_MOST_NAMED = 100


def code_of(message: str) -> str:
    """The code of one of marshmallow's messages."""
    return next((code for start, code in _CODES if message.startswith(start)), "not_valid")


def flatten(messages: Any, path: str = "") -> dict[str, str]:
    """`{"line": {1: {"person": ["Not an identifier."]}}}` as `{"line.1.person": "not_an_id"}`."""
    if isinstance(messages, dict):
        found: dict[str, str] = {}
        for name, inner in messages.items():
            here = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            found.update(flatten(inner, here))
        return found
    first = messages[0] if isinstance(messages, list) and messages else messages
    return {path or "body": code_of(str(first))}


def load(schema: Schema, data: Any) -> dict[str, Any]:
    """The data as the schema loads it. Raises `Invalid`, naming each bad field, a hundred at the most."""
    try:
        loaded: dict[str, Any] = schema.load(data)
        return loaded
    except ValidationError as error:
        raise Invalid(dict(islice(flatten(error.messages).items(), _MOST_NAMED))) from error
