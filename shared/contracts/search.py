"""Search: what every service tells of its objects, and what is found among them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.contracts.common import TITLE_LIMIT, Id, Name, Number, PageQuery, PersonRef, Several, Strict, Text

QUESTION_LIMIT = 200
# In characters: some 90 kB of Hangul.
TEXT_LIMIT = 30_000
PEOPLE_LIMIT = 500
# People by name, where an object went to them: a department would open it to those who join later as well.
AUDIENCE_LIMIT = 20_000
CARDS_LIMIT = 50
LINKS_LIMIT = 200
HAPPENED_LIMIT = 200
LINK_ROLES = ("based_on", "reply_to", "follows", "attached_to")

# -- events -----------------------------------------------------------------------------------------


class ItemLink(Schema):
    """What an object refers to: based on (근거), reply to, follows from, attached to."""

    role = fields.String(required=True, validate=validate.OneOf(LINK_ROLES))
    noun = fields.String(required=True, validate=Name)
    subject = Id(required=True)


class ItemHappening(Schema):
    """Something that happened to an object; the code is put into words by its noun's pages."""

    code = fields.String(required=True, validate=Name)
    person = fields.Nested(PersonRef, required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)


class ItemTold(Schema):
    """`<service>.item`: what an object is at this moment (`shared.catalogue`).

    `sequence` grows with each change of the object that is told: a consumer that keeps the highest one is indifferent
    to order. Of a removed object nothing is to be found any more.
    """

    noun = fields.String(required=True, validate=Name)
    subject = Id(required=True)
    sequence = Number(0, 2**53, required=True)
    number = fields.String(required=True, allow_none=True, validate=validate.Length(max=120))
    title = fields.String(required=True, validate=validate.Length(max=TITLE_LIMIT))
    state = fields.String(required=True, validate=Name)
    at = fields.AwareDateTime(required=True)
    owner = fields.Nested(PersonRef, required=True, allow_none=True)
    department_id = Id(required=True, allow_none=True)
    department = fields.String(required=True, validate=validate.Length(max=100))
    people = Several(Id(), PEOPLE_LIMIT, required=True)
    audience = Several(fields.String(validate=validate.Length(1, 60)), AUDIENCE_LIMIT, required=True)
    cards = Several(Id(), CARDS_LIMIT, required=True)
    links = Several(fields.Nested(ItemLink), LINKS_LIMIT, required=True)
    text = fields.String(required=True, validate=validate.Length(max=TEXT_LIMIT))
    happened = Several(fields.Nested(ItemHappening), HAPPENED_LIMIT, required=True)
    removed = fields.Boolean(required=True)


# -- queries ----------------------------------------------------------------------------------------


class FindQuery(PageQuery):
    """`find`: objects in which every word of `q` is; without `q` all of them, the newest first.

    `from` and `to` are days of the organisation's calendar (Asia/Seoul), both included.
    """

    q = Text(QUESTION_LIMIT, load_default="")
    kind = fields.String(load_default=None, allow_none=True, validate=Name, metadata={"description": "A noun"})
    from_ = fields.Date(load_default=None, allow_none=True, data_key="from")
    to = fields.Date(load_default=None, allow_none=True)
    department = Id(load_default=None, allow_none=True)


class RelatedQuery(Strict):
    """`related`: what an object refers to, and what refers to it."""

    subject = Id(required=True)


class TimelineQuery(PageQuery):
    """`timeline`: what happened to the objects of a task card, the newest first."""

    card = Id(required=True)


# -- views ------------------------------------------------------------------------------------------


class ItemLine(Schema):
    """An object as a row of a list."""

    noun = fields.String(required=True)
    subject = Id(required=True)
    title = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    at = fields.DateTime(required=True)
    owner = fields.Nested(PersonRef, required=True, allow_none=True)
    department = fields.String(required=True)


class FoundLine(ItemLine):
    """An object that was found, with a piece of its text."""

    excerpt = fields.String(required=True, metadata={"description": "Plain text"})
    marks = fields.List(
        fields.List(fields.Integer()),
        required=True,
        metadata={"description": "[from, to) of each hit in the excerpt, in Unicode code points"},
    )


class Facet(Schema):
    """How many were found of one noun."""

    noun = fields.String(required=True)
    count = fields.Integer(required=True)


class FoundPage(Schema):
    """One page of what was found, the best first. `facets` count what was found of each noun, whatever `kind` is."""

    items = fields.List(fields.Nested(FoundLine), required=True)
    facets = fields.List(fields.Nested(Facet), required=True)
    next = fields.String(required=True, allow_none=True)


class RelatedLine(ItemLine):
    """A related object: `to` where the one asked about refers to it, `from` where it refers to the one asked about."""

    role = fields.String(required=True)
    direction = fields.String(required=True, validate=validate.OneOf(("to", "from")))


class RelatedList(Schema):
    """`{items: [RelatedLine]}`."""

    items = fields.List(fields.Nested(RelatedLine), required=True)


class TimelineLine(Schema):
    """Something that happened to an object of a task card."""

    noun = fields.String(required=True)
    subject = Id(required=True)
    title = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    code = fields.String(required=True)
    person = fields.Nested(PersonRef, required=True, allow_none=True)
    at = fields.DateTime(required=True)


class TimelinePage(Schema):
    """One page of a timeline."""

    items = fields.List(fields.Nested(TimelineLine), required=True)
    next = fields.String(required=True, allow_none=True)


EVENTS: dict[str, type[Schema]] = {}
