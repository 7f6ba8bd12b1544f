"""Documents: drafts, versions, forms, record folders, the card, boxes and the register."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from shared.contracts.common import (
    BODY_LIMIT,
    SOURCES_LIMIT,
    TITLE_LIMIT,
    Id,
    Markup,
    Number,
    PageQuery,
    PersonRef,
    Several,
    Source,
    Strict,
    Text,
    page_of,
)
from shared.contracts.desk import Told
from shared.contracts.files import FileView
from shared.contracts.search import ItemTold

STATES = ("draft", "in_approval", "returned", "approved")
DISCLOSURE_CLASSES = ("open", "partly_open", "closed")
RETENTIONS = ("1", "3", "5", "10", "30", "semi_permanent", "permanent")
READING_SCOPES = ("route", "department", "organisation")
BOXES = ("drafts", "progress", "returned", "finished", "register")
LINE_ROLES = ("review", "cooperate", "decide")


class Disclosure(fields.Field[dict[str, Any]]):
    """공개구분: `"open"`, or `{"class", "clauses": [1..8], "reason"}` (clauses of OIA article 9 (1)).

    The shape only; which clauses go with which class is a rule of the documents service.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        loaded = DisclosureSchema().load({"class": value} if isinstance(value, str) else value)
        assert isinstance(loaded, dict)
        return loaded


DisclosureSchema = Strict.from_dict(
    {
        "class": fields.String(required=True, validate=validate.OneOf(DISCLOSURE_CLASSES)),
        "clauses": Several(Number(1, 8), 8, load_default=list),
        "reason": Text(500, load_default=""),
    },
    name="Disclosure",
)


class Retention(fields.String):
    """보존기간 in years, or semi_permanent, permanent. A whole number is taken for its text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.OneOf(RETENTIONS), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        text: str = super()._deserialize(value, attr, data, **kwargs)
        return text


class LineStep(Strict):
    """One step of an approval line as the drafter chose it."""

    person = Id(required=True)
    role = fields.String(required=True, validate=validate.OneOf(LINE_ROLES))
    parallel = fields.Boolean(
        load_default=False, metadata={"description": "Cooperate at the same time as the step before (병렬협조)"}
    )


class Recipient(Strict):
    """수신자: an organisation or department that is to receive the document."""

    name = Text(200, 1, required=True)
    code = Text(20, load_default="", metadata={"description": "7-character code where it has one"})


class DraftFields(Strict):
    """What a draft holds. Every field may be left out: nothing starts out empty, the service proposes."""

    title = Text(TITLE_LIMIT)
    body = Markup(BODY_LIMIT, metadata={"description": "HTML, cleaned on saving"})
    summary = Text(1000, lines=True, metadata={"description": "문서요지"})
    keywords = Several(Text(50, 1), 20)
    form = fields.String(validate=validate.Length(max=50))
    retention = Retention()
    disclosure = Disclosure()
    reading_scope = fields.String(validate=validate.OneOf(READING_SCOPES))
    folder = Id(allow_none=True)
    recipients = Several(fields.Nested(Recipient), 500)
    sender_name = Text(100, metadata={"description": "발신명의; empty on an internal paper"})
    line = Several(fields.Nested(LineStep), 30)


class CreateDraft(DraftFields):
    """`create_draft`: a new draft of the caller's. The title is what a draft cannot be without."""

    title = Text(TITLE_LIMIT, 1, required=True)
    sources = Several(
        fields.Nested(Source), SOURCES_LIMIT, load_default=list, metadata={"description": "What it is made from; stays"}
    )


class SaveDraft(DraftFields):
    """`save_draft`: the fields given replace those saved; `version` is the one the change was made on."""

    id = Id(required=True)
    version = Number(1, required=True)


class DocumentQuery(Strict):
    """One document by id (`card`, `versions`, `preview_submission`)."""

    id = Id(required=True)


class CardQuery(DocumentQuery):
    """`card`: `settled` is the state told by the approval service; the answer waits shortly until it is applied."""

    settled = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(STATES))


class DeleteDraft(DocumentQuery):
    """`delete_draft`: a draft that was never submitted; its versions stay on record."""

    version = Number(1, load_default=None, allow_none=True)


class Submit(DocumentQuery):
    """`submit` (상신): along `line`, or along the line saved in the draft."""

    line = Several(fields.Nested(LineStep), 30, 1, load_default=None, allow_none=True)
    version = Number(1, load_default=None, allow_none=True)


class VersionQuery(DocumentQuery):
    """`version`: one kept version, whole."""

    version = Number(1, required=True)


class CompareQuery(DocumentQuery):
    """`compare`: two kept versions, `left` the older."""

    left = Number(1, required=True)
    right = Number(1, required=True)


class BoxQuery(PageQuery):
    """`box`: 문서함. `register` is the department's register of the year; the others are the caller's own."""

    box = fields.String(required=True, validate=validate.OneOf(BOXES))
    q = Text(100, load_default="")
    sort = fields.String(
        load_default="-updated", validate=validate.OneOf(("-updated", "updated", "title", "number", "-number"))
    )
    department = Id(load_default=None, allow_none=True)
    year = Number(1948, 2200, load_default=None, allow_none=True)
    disclosure = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(DISCLOSURE_CLASSES))


class FoldersQuery(Strict):
    """`folders`: the record folders of the caller's department (or of `department`), the likely one first."""

    title = Text(TITLE_LIMIT, load_default="")
    department = Id(load_default=None, allow_none=True)


class SaveFolder(Strict):
    """`save_folder` (document officer): a new record folder of the caller's department where `id` is absent.

    `year` is of a new folder only, this year unless told.
    """

    id = Id(load_default=None, allow_none=True)
    title = Text(200, 1, required=True)
    unit_task = Text(100, 1, required=True)
    year = Number(1948, 2200, load_default=None, allow_none=True)
    retention = Retention(required=True)


class SaveForm(Strict):
    """`save_form` (document officer): a form of the tenant's own, or in place of the one with this id."""

    id = fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9_]{0,49}$"))
    name = Text(100, 1, required=True)
    body = Markup(BODY_LIMIT, required=True)
    retention = Retention(required=True)
    disclosure = Disclosure(load_default=lambda: {"class": "open", "clauses": [], "reason": ""})


class Nothing(Strict):
    """A query that asks for nothing in particular (`forms`)."""


class Folder(Schema):
    """기록물철."""

    id = Id(required=True)
    title = fields.String(required=True)
    unit_task = fields.String(required=True, metadata={"description": "단위과제"})
    year = fields.Integer(required=True)
    retention = fields.String(required=True)
    likely = fields.Boolean(required=True, metadata={"description": "The one proposed for this draft"})


class Form(Schema):
    """서식: what a new draft starts with."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    body = fields.String(required=True)
    retention = fields.String(required=True)
    disclosure = fields.Dict(required=True)


class AttachmentResult(FileView):
    """What attaching answers with: the file, and the version the draft has with it."""

    version = fields.Integer(required=True)


class HistoryEntry(Schema):
    """One line of a document's history: who did what, when, from which version to which."""

    at = fields.DateTime(required=True)
    action = fields.String(
        required=True, metadata={"description": "drafted, saved, submitted, returned, registered, …"}
    )
    person = fields.Nested(PersonRef, required=True, allow_none=True)
    version = fields.Integer(required=True, allow_none=True)
    detail = fields.Dict(required=True)


class DocumentView(Schema):
    """The document management card (문서관리카드) without the route, which the approval service owns."""

    id = Id(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    body = fields.String(required=True)
    summary = fields.String(required=True)
    keywords = fields.List(fields.String(), required=True)
    form = fields.String(required=True)
    retention = fields.String(required=True)
    disclosure = fields.Dict(required=True)
    reading_scope = fields.String(required=True)
    folder = fields.Nested(Folder, required=True, allow_none=True)
    recipients = fields.List(fields.Nested(Recipient), required=True)
    sender_name = fields.String(required=True)
    line = fields.List(
        fields.Dict(), required=True, metadata={"description": "As drafted: {person: PersonRef, role, parallel}"}
    )
    attachments = fields.List(fields.Nested(FileView), required=True)
    drafter = fields.Nested(PersonRef, required=True)
    department = fields.String(required=True)
    sources = fields.List(
        fields.Nested(Source), required=True, metadata={"description": "What the draft was made from: {noun, subject}"}
    )
    number = fields.String(required=True, allow_none=True, metadata={"description": "생산등록번호, e.g. 총무과-12"})
    content_hash = fields.String(required=True, metadata={"description": "SHA-256 of what a decision is bound to"})
    created_at = fields.DateTime(required=True)
    updated_at = fields.DateTime(required=True)
    submitted_at = fields.DateTime(required=True, allow_none=True)
    registered_at = fields.DateTime(required=True, allow_none=True)
    decision = fields.Dict(
        required=True, allow_none=True, metadata={"description": "{person, version, content_hash, at, opinion}"}
    )
    history = fields.List(fields.Nested(HistoryEntry), required=True)
    may = fields.List(
        fields.String(), required=True, metadata={"description": "What the caller may do: edit, submit, delete"}
    )


class DocumentLine(Schema):
    """A document as a row of a box."""

    id = Id(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    drafter = fields.Nested(PersonRef, required=True)
    disclosure = fields.Dict(required=True)
    attachments = fields.Integer(required=True)
    updated_at = fields.DateTime(required=True)
    registered_at = fields.DateTime(required=True, allow_none=True)


DocumentPage = page_of(DocumentLine, "DocumentPage")


class SaveResult(Schema):
    """What creating, saving and submitting answer with."""

    id = Id(required=True)
    state = fields.String(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    updated_at = fields.DateTime(required=True)


class VersionLine(Schema):
    """A kept version as a row."""

    version = fields.Integer(required=True)
    at = fields.DateTime(required=True)
    person = fields.Nested(PersonRef, required=True)
    title = fields.String(required=True)
    content_hash = fields.String(required=True)


class VersionView(VersionLine):
    """A kept version, whole: the content as it was then."""

    document = Id(required=True)
    body = fields.String(required=True)
    summary = fields.String(required=True)
    keywords = fields.List(fields.String(), required=True)
    form = fields.String(required=True)
    retention = fields.String(required=True)
    disclosure = fields.Dict(required=True)
    reading_scope = fields.String(required=True)
    folder = Id(required=True, allow_none=True)
    recipients = fields.List(fields.Nested(Recipient), required=True)
    sender_name = fields.String(required=True)
    line = fields.List(fields.Dict(), required=True)
    attachments = fields.List(fields.Nested(FileView), required=True)


class Comparison(Schema):
    """Two versions beside each other: for each changed field old and new, for the body HTML with ins and del."""

    left = fields.Integer(required=True)
    right = fields.Integer(required=True)
    fields_ = fields.List(
        fields.Dict(), required=True, data_key="fields", metadata={"description": "{field, left, right}"}
    )
    left_body = fields.String(required=True)
    right_body = fields.String(required=True)
    redline = fields.String(required=True)


class SubmissionPreview(Schema):
    """What will happen on submission, as codes the page puts into words, and what still stands in the way."""

    will = fields.List(fields.Dict(), required=True, metadata={"description": "{code, params}, in order of happening"})
    problems = fields.List(fields.Dict(), required=True, metadata={"description": "{field, code, params}"})
    warnings = fields.List(fields.Dict(), required=True, metadata={"description": "{field, code, params}"})


# -- events -----------------------------------------------------------------------------------------


class Submitted(Schema):
    """`documents.submitted`: the approval service starts (or starts again) a process."""

    document = Id(required=True)
    submission = fields.Integer(required=True, metadata={"description": "1 for the first, 2 after a return, …"})
    version = fields.Integer(required=True)
    content_hash = fields.String(required=True)
    title = fields.String(required=True)
    drafter = fields.Nested(PersonRef, required=True)
    reading_scope = fields.String(required=True)
    disclosure = fields.Dict(required=True)
    line = fields.List(fields.Dict(), required=True, metadata={"description": "{person: PersonRef, role, parallel}"})
    submitted_at = fields.DateTime(required=True)


EVENTS: dict[str, type[Schema]] = {
    "documents.submitted": Submitted,
    "documents.desk": Told,
    "documents.item": ItemTold,
}
