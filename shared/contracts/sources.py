"""What another object is made from (근거): answered by the method `quote` of every service that has one."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.contracts.common import Id
from shared.contracts.files import FileView


class QuoteView(Schema):
    """What another object takes over from this one, for who may read it; the files may be copied."""

    noun = fields.String(required=True)
    subject = Id(required=True)
    title = fields.String(required=True)
    body = fields.String(required=True)
    files = fields.List(fields.Nested(FileView), required=True)
