"""What the forms of a report and of a plan send, as commands take it."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from shared.contracts.weekly import SECTIONS
from shared.errors import Invalid

Doc = dict[str, Any]
Form = MultiDict[str, str]
_FIELDS = ("line", "section", "text", "left_out", "merged_into", "cards")


def lines(form: Form) -> list[Doc]:
    """The lines of a form: each has one field of each name, in their order. Those without a word are left away.

    Raises `Invalid` where a field is missing.
    """
    columns = [form.getlist(name) for name in _FIELDS]
    if len({len(column) for column in columns}) > 1:
        raise Invalid({"lines": "not_valid"})
    found = [
        {
            "id": id_ or None,
            "section": section,
            "text": text,
            "left_out": left_out == "yes",
            "merged_into": merged_into or None,
            "cards": cards.split(),
        }
        for id_, section, text, left_out, merged_into, cards in zip(*columns, strict=True)
        if text.strip()
    ]
    return sorted(found, key=lambda each: SECTIONS.index(each["section"]) if each["section"] in SECTIONS else 0)


def seen(form: Form) -> list[Doc]:
    """The reports below that were shown as news, with their versions."""
    found = [each.partition(":") for each in form.getlist("seen")]
    return [{"id": id_, "version": number(version) or 0} for id_, _, version in found]


def plan(form: Form) -> Doc:
    """A plan."""
    names = ("weekday", "day", "hour")
    numbers = {name: found for name in names if (found := number(form.get(name))) is not None}
    keys = {name: form.get(name, "") for name in ("department", "cadence")}
    return {**keys, **numbers, "active": "active" in form, "version": number(form.get("version"))}


def number(text: str | None) -> int | None:
    """A whole number, or None."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else None
