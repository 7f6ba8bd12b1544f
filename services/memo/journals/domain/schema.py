"""The JSON Schema (2020-12) under a form: what an entry in its kept shape has to be, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

import orjson
from jsonschema import Draft202012Validator, ValidationError

from services.memo.journals.domain import numbers
from services.memo.journals.domain.forms import CHECKS, Field

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
NOTE_LIMIT = 1_000
MOST_STROKES = 200
MOST_POINTS = 4_000
# Bad fields that are named; who sent more will not read more.
_MOST_NAMED = 50
_ID_LENGTH = 36
_CODES = {
    "required": "required",
    "minLength": "required",
    "minItems": "required",
    "additionalProperties": "unknown_field",
    "enum": "not_a_choice",
    "type": "wrong_type",
    "maxLength": "too_long",
    "maxItems": "too_many",
    "uniqueItems": "taken",
    "minimum": "out_of_range",
    "maximum": "out_of_range",
}


def of(fields: Sequence[Field]) -> dict[str, Any]:
    """The schema of an entry's values. It has no pattern: nothing that is written can make it slow."""
    return {"$schema": _DIALECT, **_object(fields)}


def problems(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with values in their kept shape, by path: `{"values.pumps.0.pressure": "required"}`."""
    found: dict[str, str] = {}
    errors: Iterable[ValidationError] = _validator(orjson.dumps(fields)).iter_errors(values)
    for error in islice(errors, _MOST_NAMED):
        path = ".".join(["values", *map(str, error.absolute_path)])
        for name in _names(error):
            found.setdefault(f"{path}.{name}" if name else path, _CODES.get(str(error.validator), "not_valid"))
    return found


def _names(error: ValidationError) -> list[str]:
    """The fields an error is about, where it stands at what holds them."""
    instance: Mapping[str, Any] = error.instance if isinstance(error.instance, dict) else {}
    asked: Any = error.validator_value
    if error.validator == "required":
        return [name for name in asked if name not in instance]
    if error.validator == "additionalProperties":
        of: Any = error.schema
        return [name for name in instance if name not in of.get("properties", {})][:_MOST_NAMED]
    return [""]


@lru_cache(maxsize=256)
def _validator(fields: bytes) -> Draft202012Validator:
    """A form's validator: made once for as long as its fields stay the same."""
    return Draft202012Validator(of(orjson.loads(fields)))


def _object(fields: Sequence[Field]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field["key"]: _MAKERS[field["type"]](field) for field in fields},
        "required": [field["key"] for field in fields if field["required"]],
        "additionalProperties": False,
    }


def _text(field: Field) -> dict[str, Any]:
    return {"type": "string", "minLength": int(field["required"]), "maxLength": field["most"], "title": field["label"]}


def _number(field: Field) -> dict[str, Any]:
    """Decimals are kept as text: a JSON number would lose `12.50`. Limits are held by `answers`."""
    return {"type": "string", "minLength": 1, "maxLength": numbers.LENGTH, "title": field["label"]}


def _choice(field: Field) -> dict[str, Any]:
    one = {"enum": field["options"]}
    if not field["several"]:
        return {**one, "title": field["label"]}
    least = int(field["required"])
    return {"type": "array", "items": one, "uniqueItems": True, "minItems": least, "title": field["label"]}


def _check(field: Field) -> dict[str, Any]:
    parts = {"result": {"enum": list(CHECKS)}, "note": {"type": "string", "maxLength": NOTE_LIMIT}}
    return {**_closed(parts, "result"), "title": field["label"]}


def _photo(field: Field) -> dict[str, Any]:
    one = {"type": "string", "minLength": _ID_LENGTH, "maxLength": _ID_LENGTH}
    least = int(field["required"])
    several = {"type": "array", "items": one, "uniqueItems": True, "minItems": least, "maxItems": field["most"]}
    return {**several, "title": field["label"]}


def _place(field: Field) -> dict[str, Any]:
    parts = {
        "latitude": {"type": "number", "minimum": -90, "maximum": 90},
        "longitude": {"type": "number", "minimum": -180, "maximum": 180},
        "accuracy": {"type": "number", "minimum": 0, "maximum": 10_000_000},
    }
    return {**_closed(parts, "latitude", "longitude"), "title": field["label"]}


def _signature(field: Field) -> dict[str, Any]:
    """Lines drawn in a square of 1,000 by 1,000, each as x, y, x, y, …; or a name alone, where nobody can draw."""
    point = {"type": "integer", "minimum": 0, "maximum": 1_000}
    stroke = {"type": "array", "items": point, "minItems": 2, "maxItems": MOST_POINTS}
    parts = {
        "name": {"type": "string", "minLength": 1, "maxLength": 100},
        "strokes": {"type": "array", "items": stroke, "maxItems": MOST_STROKES},
    }
    return {**_closed(parts, "name"), "title": field["label"]}


def _group(field: Field) -> dict[str, Any]:
    several = {"type": "array", "items": _object(field["fields"]), "maxItems": field["most"]}
    return {**several, "minItems": int(field["required"]), "title": field["label"]}


def _closed(parts: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": parts, "required": list(required), "additionalProperties": False}


_MAKERS: dict[str, Callable[[Field], dict[str, Any]]] = {
    "text": _text,
    "number": _number,
    "choice": _choice,
    "check": _check,
    "photo": _photo,
    "place": _place,
    "signature": _signature,
    "group": _group,
}
