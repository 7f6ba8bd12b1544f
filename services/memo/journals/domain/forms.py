"""Forms (서식): the fields an administrator puts together, checked and brought into one shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from services.memo.journals.domain.numbers import NotANumber, number
from shared.errors import Invalid

Field = dict[str, Any]

MOST_FIELDS = 200
"""Fields of a form, those within parts that repeat among them."""
MOST_OPTIONS = 50
MOST_REPEATS = 50
MOST_PHOTOS = 10
MOST_TEXT = 4_000
MOST_DECIMALS = 9
CHECKS = ("normal", "abnormal", "not_applicable")
"""정상, 이상, 해당없음."""
TYPES = ("text", "number", "choice", "check", "photo", "place", "signature", "group")
KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")

# What each type may say beside key, type, label, hint and required; with what holds where it says nothing.
_OWN: dict[str, Mapping[str, Any]] = {
    "text": {"most": 1_000, "lines": False},
    "number": {"unit": "", "least": None, "most": None, "low": None, "high": None},
    "choice": {"options": (), "abnormal": (), "several": False},
    "check": {},
    "photo": {"most": 3},
    "place": {},
    "signature": {},
    "group": {"fields": (), "most": 10},
}
_COMMON = ("key", "type", "label", "hint", "required")


def checked(fields: Sequence[Mapping[str, Any]]) -> list[Field]:
    """The fields with everything they leave out. Raises `Invalid`, naming each bad one: `fields.3.options`."""
    bad: dict[str, str] = {}
    found = [_field(field, f"fields.{place}", bad) for place, field in enumerate(fields)]
    if not found:
        bad["fields"] = "required"
    elif sum(1 for _ in every(found)) > MOST_FIELDS:
        bad = {"fields": "too_many"}
    _name_twins(found, "fields", bad)
    if bad:
        raise Invalid(bad)
    return found


def every(fields: Sequence[Field]) -> Iterator[Field]:
    """All fields in the order in which they are filled in, those within a part behind it."""
    for field in fields:
        yield field
        yield from field.get("fields", ())


def _name_twins(fields: Sequence[Field], path: str, bad: dict[str, str]) -> None:
    seen: set[str] = set()
    for place, field in enumerate(fields):
        if field["key"] in seen:
            bad[f"{path}.{place}.key"] = "taken"
        seen.add(field["key"])
        if field["type"] == "group":
            _name_twins(field["fields"], f"{path}.{place}.fields", bad)


def _field(given: Mapping[str, Any], path: str, bad: dict[str, str], *, inner: bool = False) -> Field:
    """One field in its whole shape; what is wrong with it goes into `bad`."""
    type_ = given.get("type", "")
    if type_ not in TYPES or (inner and type_ == "group"):
        bad[f"{path}.type"] = "not_a_choice" if type_ else "required"
        type_ = "text"
    if not KEY.fullmatch(given.get("key", "")):
        bad[f"{path}.key"] = "not_valid" if given.get("key") else "required"
    if not given.get("label"):
        bad[f"{path}.label"] = "required"
    own = _OWN[type_]
    for name in given.keys() - own.keys() - set(_COMMON):
        bad[f"{path}.{name}"] = "unknown_field"
    field: Field = {
        "key": given.get("key", ""),
        "type": type_,
        "label": given.get("label", ""),
        "hint": given.get("hint", ""),
        "required": bool(given.get("required", type_ == "check")),
    }
    field |= {name: given.get(name, otherwise) for name, otherwise in own.items()}
    _BY_TYPE.get(type_, _nothing)(field, path, bad)
    return field


def _nothing(field: Field, path: str, bad: dict[str, str]) -> None:
    """A type that says nothing of its own."""


def _whole(most: int) -> Any:
    def check(field: Field, path: str, bad: dict[str, str]) -> None:
        value = field["most"]
        if isinstance(value, bool) or not isinstance(value, int):
            bad[f"{path}.most"] = "wrong_type"
        elif not 1 <= value <= most:
            bad[f"{path}.most"] = "out_of_range"

    return check


def _text(field: Field, path: str, bad: dict[str, str]) -> None:
    _whole(MOST_TEXT)(field, path, bad)
    field["lines"] = bool(field["lines"])


def _number(field: Field, path: str, bad: dict[str, str]) -> None:
    """Limits are numbers as they are typed, each pair in its order: `least`…`most` are taken, `low`…`high` normal."""
    for name in ("least", "most", "low", "high"):
        try:
            field[name] = number(field[name])
        except NotANumber:
            bad[f"{path}.{name}"] = "not_a_number"
            field[name] = None
    for low, high in (("least", "most"), ("low", "high")):
        if field[low] is not None and field[high] is not None and Decimal(field[low]) > Decimal(field[high]):
            bad[f"{path}.{high}"] = "out_of_range"


def _choice(field: Field, path: str, bad: dict[str, str]) -> None:
    options, abnormal = field["options"], field["abnormal"]
    if len(options) < 2:
        bad[f"{path}.options"] = "required"
    elif len(set(options)) < len(options):
        bad[f"{path}.options"] = "taken"
    if not set(abnormal) <= set(options):
        bad[f"{path}.abnormal"] = "not_a_choice"
    field |= {"options": list(options), "abnormal": list(abnormal), "several": bool(field["several"])}


def _group(field: Field, path: str, bad: dict[str, str]) -> None:
    inner = [_field(each, f"{path}.fields.{place}", bad, inner=True) for place, each in enumerate(field["fields"])]
    if not inner:
        bad[f"{path}.fields"] = "required"
    field["fields"] = inner
    _whole(MOST_REPEATS)(field, path, bad)


_BY_TYPE: dict[str, Any] = {
    "text": _text,
    "number": _number,
    "choice": _choice,
    "photo": _whole(MOST_PHOTOS),
    "group": _group,
}
