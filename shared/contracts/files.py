"""Files of any object: what the gateway asks the service that owns the object, the same for every noun."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.contracts.common import Id, Number, Several, Strict, Text

SWEPT_AT_ONCE = 100


class _OfOwner(Strict):
    id = Id(required=True, metadata={"description": "The object that the file belongs to"})


class BeginFile(_OfOwner):
    """`begin_file`: asks for a place to upload to. `size` in bytes where the client told it."""

    name = Text(255, 1, required=True)
    size = Number(0, 2**53, load_default=None, allow_none=True)


class CompleteFile(_OfOwner):
    """`complete_file`: what the gateway stored at the place it was given.

    `head` is the first 8 KiB in base64: the service decides the content type from it, never from the name alone.
    """

    file = Id(required=True)
    name = Text(255, 1, required=True)
    size = Number(0, 2**53, required=True)
    sha256 = fields.String(required=True, validate=validate.Length(equal=64))
    head = fields.String(required=True)


class FileQuery(_OfOwner):
    """One file (`file_ticket`)."""

    file = Id(required=True)


class RemoveFile(FileQuery):
    """`remove_file`: takes a file off its object."""


class SameFile(_OfOwner):
    """`same_file`: the file of this name and content that the object has, which a repeated upload made before."""

    name = Text(255, 1, required=True)
    sha256 = fields.String(required=True, validate=validate.Length(equal=64))


class SweepFiles(Strict):
    """`sweep_files`: `gone` are those whose objects were deleted since the last answer."""

    gone = Several(Id(), SWEPT_AT_ONCE, load_default=list)


class FileView(Schema):
    """A file as its object shows it; `size` in bytes."""

    id = Id(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True)
    type = fields.String(required=True, metadata={"description": "By its content; a text's with its encoding"})
    sha256 = fields.String(required=True)


class FileTicket(Schema):
    """Where the gateway reads or writes a file's bytes; never shown to a client."""

    file = Id(required=True)
    object = fields.String(required=True, metadata={"description": "Key in the object store"})
    name = fields.String(required=True)
    type = fields.String(required=True)
    size = fields.Integer(required=True, allow_none=True)
    sha256 = fields.String(required=True, metadata={"description": "Empty before the upload"})
    limit = fields.Integer(required=True, metadata={"description": "Bytes allowed at the most"})


class FileToSweep(Schema):
    """A file whose object is to be deleted."""

    file = Id(required=True)
    object = fields.String(required=True, metadata={"description": "Key in the object store"})


class FilesToSweep(Schema):
    """What `sweep_files` answers with; empty when nothing is left to be done."""

    files = fields.List(fields.Nested(FileToSweep), required=True)
