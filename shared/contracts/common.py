"""Fields and schemas that every contract uses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from shared import text

TITLE_LIMIT = 300
BODY_LIMIT = 2_000_000
OPINION_LIMIT = 4_000
PAGE_LIMIT = 100
SOURCES_LIMIT = 20

Name = validate.Regexp(r"^[a-z][a-z_]{0,19}$", error="Not a name.")


class Strict(Schema):
    """A schema that refuses fields it does not know, with their names."""


# Of text as it comes in against `most` as it is kept: a syllable typed in parts is three characters, some are four.
_UNCOMPOSED = 4


class Text(fields.String):
    """What a person writes, in the one form of `shared.text`, then of `least` to `most` characters.

    On one line unless it may have several (`lines`). What shows nothing counts as empty: where something must be
    written (`least`), that is a missing field.
    """

    def __init__(self, most: int, least: int = 0, *, lines: bool = False, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(least, most), **kwargs)
        self._raw = validate.Length(max=_UNCOMPOSED * most + 100)
        self._kept = text.lines if lines else text.line
        self._needed = least > 0

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        typed: str = super()._deserialize(value, attr, data, **kwargs)
        self._raw(typed)
        try:
            kept = self._kept(typed)
        except text.NotText as error:
            raise self.make_error("invalid") from error
        if self._needed and not kept:
            raise self.make_error("required")
        return kept


class Markup(fields.String):
    """HTML of up to `most` characters, as it comes in: what keeps it cleans it and puts its text in form."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(max=most), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        html: str = super()._deserialize(value, attr, data, **kwargs)
        try:
            text.require_text(html)
        except text.NotText as error:
            raise self.make_error("invalid") from error
        return html


_Identifier = validate.Regexp(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", error="Not an identifier.")


class Id(fields.String):
    """An identifier of this system: a UUID (version 7) as 36 characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=_Identifier, **kwargs)


class ChosenId(fields.String):
    """An identifier that the caller has made, or of what is another service's: nothing here need have it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=_Identifier, **kwargs)


class DayOrMoment(fields.Field[Any]):
    """A day (`YYYY-MM-DD`), in Seoul, or a moment with its offset from UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date | datetime:
        if not isinstance(value, str) or len(value) > 40:
            raise ValidationError("Not a day or a moment.")
        if "T" not in value and " " not in value:
            day: date = fields.Date().deserialize(value)
            return day
        moment: datetime = fields.AwareDateTime().deserialize(value)
        return moment


class Number(fields.Integer):
    """A whole number of `least` to `most`, which the databases' integers hold (32 bits) unless told otherwise."""

    def __init__(self, least: int = -(2**31), most: int = 2**31 - 1, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(least, most), **kwargs)


class Several(fields.List[Any]):
    """A list of `least` to `most` items. One that is too long is refused before its items are looked at."""

    def __init__(self, item: Any, most: int, least: int = 0, **kwargs: Any) -> None:
        self._length = validate.Length(least or None, most)
        super().__init__(item, validate=self._length, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list):
            self._length(value)
        loaded: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        return loaded


class PersonRef(Schema):
    """A person as written on a record: the names are those of the moment, the ids stay."""

    id = Id(required=True)
    name = fields.String(required=True)
    position = fields.String(required=True, metadata={"description": "직위"})
    department = fields.String(required=True, metadata={"description": "Name of the department"})
    department_id = Id(required=True)


class Source(Strict):
    """What something was made from (근거): an object of this or another noun."""

    noun = fields.String(required=True, validate=Name)
    subject = Id(required=True)


class PageQuery(Strict):
    """Cursor paging: `cursor` is the `next` of the page before."""

    limit = Number(1, PAGE_LIMIT, load_default=20)
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=500))


# For the desks, for the catalogue, and for calendars.
RETELLINGS = ("desk", "item", "calendar")


class Retell(Strict):
    """`retell`: tells anew how a batch of the service's subjects stands, for who keeps what it tells of `what`.

    Those after the id `after`, in the order of their ids. Answers `{told, next}`: how many, and the id to go on after,
    null at the end. Raises `Invalid` for a `what` the service tells nothing of.
    """

    what = fields.String(required=True, validate=validate.OneOf(RETELLINGS))
    after = Id(load_default=None, allow_none=True)
    limit = Number(1, 500, load_default=200)


def page_of(item: type[Schema], name: str) -> type[Schema]:
    """The schema of one page of `item`: `{items, next}`; `next` is null on the last page."""
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next": fields.String(required=True, allow_none=True),
        },
        name=name,
    )
