"""What is written into a form: brought into the shape it is kept in, judged, and compared with what was there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import orjson

from services.memo.journals.domain import schema
from services.memo.journals.domain.forms import Field
from services.memo.journals.domain.numbers import NotANumber, number
from shared import text as texts
from shared.errors import Invalid

Values = dict[str, Any]
MOST_BYTES = 200_000
"""Of all values of an entry, as JSON."""


def kept(fields: Sequence[Field], given: Mapping[str, Any]) -> Values:
    """The values as they are kept. Raises `Invalid` naming each bad one: `values.pressure: not_a_number`.

    Blank is not there: it is neither 0 nor an empty text. Numbers are text with the decimals they were typed with.
    """
    if len(orjson.dumps(given)) > MOST_BYTES:
        raise Invalid({"values": "too_long"})
    bad: dict[str, str] = {}
    values = _object(fields, given, "values", bad)
    bad = {**schema.problems(fields, values), **bad}
    if bad:
        raise Invalid(bad)
    return values


def _object(fields: Sequence[Field], given: Mapping[str, Any], path: str, bad: dict[str, str]) -> Values:
    by_key = {field["key"]: field for field in fields}
    values: Values = {}
    for key, value in given.items():
        field = by_key.get(key)
        found = _value(field, value, f"{path}.{key}", bad) if field else value
        if found is not None:
            values[key] = found
    return values


def _value(field: Field, value: Any, path: str, bad: dict[str, str]) -> Any:
    """One value in the shape it is kept in; what has another shape is left for the schema to refuse."""
    if field["type"] == "number":
        return _number(field, value, path, bad)
    if field["type"] == "text" and isinstance(value, str):
        return _text(value, path, bad, lines=field["lines"]) or None
    if field["type"] == "check" and isinstance(value, dict) and isinstance(value.get("note"), str):
        return {**value, "note": _text(value["note"], f"{path}.note", bad, lines=True)}
    if field["type"] == "signature" and isinstance(value, dict) and isinstance(value.get("name"), str):
        return {**value, "name": _text(value["name"], f"{path}.name", bad)}
    if field["type"] == "group" and isinstance(value, list) and len(value) <= field["most"]:
        rows = enumerate(value)
        return [_object(field["fields"], r, f"{path}.{n}", bad) if isinstance(r, dict) else r for n, r in rows]
    return None if value in ("", [], {}) else value


def _number(field: Field, value: Any, path: str, bad: dict[str, str]) -> str | None:
    try:
        found = number(value)
    except NotANumber:
        bad[path] = "not_a_number"
        return None
    if found is not None:
        least, most = field["least"], field["most"]
        below = least is not None and Decimal(found) < Decimal(least)
        if below or (most is not None and Decimal(found) > Decimal(most)):
            bad[path] = "out_of_range"
    return found


def _text(value: str, path: str, bad: dict[str, str], *, lines: bool = False) -> str:
    try:
        return texts.lines(value) if lines else texts.line(value)
    except texts.NotText:
        bad[path] = "not_valid"
        return ""


# -- judged -----------------------------------------------------------------------------------------


def abnormal(fields: Sequence[Field], values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is 이상 in an entry, in the order of the form: `{label, value, note}` of each."""
    return list(_abnormal(fields, values))


def _abnormal(fields: Sequence[Field], values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for field in fields:
        value = values.get(field["key"])
        if value is None:
            continue
        if field["type"] == "group":
            for row in value:
                yield from _abnormal(field["fields"], row)
        elif _is_abnormal(field, value):
            note = value.get("note", "") if field["type"] == "check" else ""
            shown = "" if field["type"] == "check" else words(field, value)
            yield {"label": field["label"], "value": shown, "note": note}


def _is_abnormal(field: Field, value: Any) -> bool:
    if field["type"] == "check":
        return bool(value["result"] == "abnormal")
    if field["type"] == "choice":
        return not set(value if field["several"] else [value]).isdisjoint(field["abnormal"])
    if field["type"] == "number":
        low, high = field["low"], field["high"]
        below = low is not None and Decimal(value) < Decimal(low)
        return below or (high is not None and Decimal(value) > Decimal(high))
    return False


def words(field: Field, value: Any) -> str:
    """A value as it is read in a list; a check by its code, which the page puts into words."""
    if field["type"] == "number":
        return f"{value} {field['unit']}".strip()
    if field["type"] == "check":
        return str(value["result"])
    if field["type"] in ("photo", "group"):
        return str(len(value))
    if field["type"] == "place":
        return f"{value['latitude']:.5f}, {value['longitude']:.5f}"
    if field["type"] == "signature":
        return str(value["name"])
    return ", ".join(value) if isinstance(value, list) else str(value)


def photos(fields: Sequence[Field], values: Mapping[str, Any]) -> set[str]:
    """The ids of all files that the values have as photos."""
    found: set[str] = set()
    for field in fields:
        value = values.get(field["key"], ())
        if field["type"] == "photo":
            found |= set(value)
        elif field["type"] == "group":
            found |= {file for row in value for file in photos(field["fields"], row)}
    return found


# -- compared ---------------------------------------------------------------------------------------


def changed(fields: Sequence[Field], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What differs between two versions: `{key, label, before, after}` of each field, in the order of the form.

    `fields` are those of the later one; what only the earlier form had comes last, by its key.
    """
    labels = {field["key"]: field["label"] for field in fields}
    keys = [*labels, *sorted((before.keys() | after.keys()) - labels.keys())]
    return [
        {"key": key, "label": labels.get(key, key), "before": before.get(key), "after": after.get(key)}
        for key in keys
        if before.get(key) != after.get(key)
    ]
