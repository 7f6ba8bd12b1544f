"""What CalDAV (RFC 4791) and sync-collection (RFC 6578) ask of the schedule: calendars as collections of resources.

A resource has a `name`, the last part of its address, and a `tag`, which changes with its content.
"""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.contracts.common import Id, Number, Several, Strict, Text
from shared.contracts.schedule import ICS_LIMIT

NAMES_LIMIT = 500
SYNC_LIMIT = 1_000
NAME_LIMIT = 200

ResourceName = validate.Regexp(r"^[^/\x00-\x1f]{1,200}$", error="Not a resource's name.")


class DavCalendar(Schema):
    """A collection. `number` is its sync state: it grows with each change of a resource in it."""

    id = Id(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    colour = fields.Integer(required=True)
    main = fields.Boolean(required=True)
    counts = fields.Boolean(required=True)
    access = fields.String(required=True)
    number = fields.Integer(required=True)
    zone = fields.String(required=True)


class DavCalendars(Schema):
    """`dav_calendars`: those the caller reads at least, their own first."""

    items = fields.List(fields.Nested(DavCalendar), required=True)


class DavMake(Strict):
    """`dav_make` (MKCALENDAR): a further calendar of the caller's, under an id the client has chosen, or none."""

    id = Id(load_default=None, allow_none=True)
    name = Text(100, 1, required=True)
    colour = Number(0, 7, load_default=0)


class DavQuery(Strict):
    """`dav_objects`: the resources of a calendar: those of `names`, those of the `uid`, those with an instance in
    `[from_, to)`, or all; with their text where it is asked for. In the order of names, on after `after`."""

    calendar = Id(required=True)
    names = Several(fields.String(validate=ResourceName), NAMES_LIMIT, load_default=None, allow_none=True)
    uid = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 1_000))
    from_ = fields.AwareDateTime(load_default=None, allow_none=True, data_key="from")
    to = fields.AwareDateTime(load_default=None, allow_none=True)
    text = fields.Boolean(load_default=True)
    after = fields.String(load_default="", validate=validate.Length(max=NAME_LIMIT))
    limit = Number(1, SYNC_LIMIT, load_default=SYNC_LIMIT)


class DavObject(Schema):
    """A resource. `text` is null where it was not asked for; `writable` unless something else fills it."""

    name = fields.String(required=True)
    tag = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)
    writable = fields.Boolean(required=True)


class DavObjects(Schema):
    """`dav_objects`; `next` is the name to go on after, null at the end. `missing` are names there are not."""

    items = fields.List(fields.Nested(DavObject), required=True)
    missing = fields.List(fields.String(), required=True)
    next = fields.String(required=True, allow_none=True)


class DavPut(Strict):
    """`dav_put`: keeps a resource. `tag` is what `If-Match` names, `absent` what `If-None-Match: *` says.

    Raises `Stale` (412), `Conflict` `uid-elsewhere` (its `name`), `Invalid` with `content`, `Forbidden`.
    """

    calendar = Id(required=True)
    name = fields.String(required=True, validate=ResourceName)
    content = fields.String(required=True, validate=validate.Length(1, ICS_LIMIT))
    tag = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))
    absent = fields.Boolean(load_default=False)


class DavPutResult(Schema):
    """`dav_put`. `same`: what is kept is what was sent, octet by octet, so that its tag may be told."""

    name = fields.String(required=True)
    tag = fields.String(required=True)
    created = fields.Boolean(required=True)
    same = fields.Boolean(required=True)


class DavDelete(Strict):
    """`dav_delete`: takes a resource out. Raises `NotFound`, `Stale`, `Forbidden`."""

    calendar = Id(required=True)
    name = fields.String(required=True, validate=ResourceName)
    tag = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))


class DavChangesQuery(Strict):
    """`dav_changes`: what has changed in a calendar since the sync state `since` (null: everything there is).

    Raises `Conflict` `sync-token-unknown` for a state that this calendar never had, or has forgotten.
    """

    calendar = Id(required=True)
    since = Number(0, 2**53, load_default=None, allow_none=True)
    limit = Number(1, SYNC_LIMIT, load_default=SYNC_LIMIT)


class DavChange(Schema):
    """A resource that was changed or removed since then, once each."""

    name = fields.String(required=True)
    tag = fields.String(required=True, allow_none=True, metadata={"description": "Null: it is no more"})


class DavChanges(Schema):
    """`dav_changes`. `number` is the state to ask with next; `more`: there are further ones after it."""

    items = fields.List(fields.Nested(DavChange), required=True)
    number = fields.Integer(required=True)
    more = fields.Boolean(required=True)


class DavBusy(Strict):
    """`dav_busy`: the free-busy of one calendar, as `BusyView.items` has it under the calendar's id."""

    calendar = Id(required=True)
    from_ = fields.AwareDateTime(required=True, data_key="from")
    to = fields.AwareDateTime(required=True)
