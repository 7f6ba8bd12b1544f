"""Drafts as they are kept: the document's row, and a version row for every change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from services.documents import catalogue, figures, folders, forms
from services.documents.domain import audience, history, lifecycle, proposals, submission
from services.documents.domain import content as contents
from services.documents.domain import forms as form_data
from services.documents.domain import line as lines
from services.documents.domain.content import Content, content_hash
from services.documents.domain.lifecycle import Standing
from services.documents.models import Document, Version
from shared.audience import may_read
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, NotFound, Stale
from shared.work import bodies

_WHOLE = (
    select(Document.__table__, Version.body, Version.rest)
    .join(Version, (Version.document == Document.id) & (Version.version == Document.version))
    .where(Document.id == bindparam("document"), Document.state != lifecycle.DELETED)
)
_LOCKED = _WHOLE.with_for_update(of=Document)
# The columns to set are the other parameters it is executed with.
_UPDATE = update(Document).where(Document.id == bindparam("document"))


@dataclass(frozen=True, slots=True)
class Draft:
    """A document's row and the content of its present version.

    `earlier`: both as they were for somebody who was on an earlier line and is on it no longer.
    """

    row: Any
    content: Content
    earlier: bool = False

    @classmethod
    def of(cls, row: Row[Any]) -> Draft:
        """From a row that has the version's `body` and `rest` beside the document's columns."""
        return cls(row, Content.kept(row.title, row.body, row.rest))

    @property
    def standing(self) -> Standing:
        """Where it stands."""
        return Standing(self.row.state, self.row.submission, self.row.sequence)


def readable(ctx: Context, row: Row[Any]) -> bool:
    """Whether the caller may open the document of this row."""
    return may_read(ctx, audience.of(row._mapping))


def locked(tx: Tx, document: str) -> Draft:
    """A document, to be changed in this transaction. Raises `NotFound`."""
    # Where somebody changed it while we waited for the lock, the join still looked at the version before:
    # no row comes back, but the lock is ours and the second look finds the new one.
    row = tx.execute(_LOCKED, {"document": document}).first() or tx.execute(_LOCKED, {"document": document}).first()
    if row is None:
        raise NotFound("document")
    return Draft.of(row)


def own(tx: Tx, ctx: Context, document: str) -> Draft:
    """A document of the caller's drafting, locked. Raises `NotFound`, or `Forbidden` for one only to be read."""
    draft = locked(tx, document)
    require_drafter(ctx, draft)
    return draft


def require_drafter(ctx: Context, draft: Draft) -> None:
    """Raises `Forbidden` for a reader, `NotFound` for anybody else who is not the drafter."""
    if draft.row.drafter_id != ctx.person:
        raise Forbidden("drafter") if readable(ctx, draft.row) else NotFound("document")


def require_version(draft: Draft, version: int | None) -> None:
    """Raises `Stale` where the caller has looked at another version."""
    if version is not None and version != draft.row.version:
        raise Stale(draft.row.version)


# -- content ----------------------------------------------------------------------------------------


def first_content(tx: Tx, ctx: Context, given: dict[str, Any]) -> Content:
    """What a new draft holds: what was given, and for the rest what the form and the record folder propose."""
    named = given.get("form") or form_data.DEFAULT
    asks = "form" in given or "body" not in given
    form = forms.one(tx, named) if asks else form_data.DEFAULTS[named]
    chosen = given.get("folder")
    if chosen:
        folder = folders.of_department(tx, chosen, ctx.department_id)
    else:
        folder = folders.likely(tx, ctx, given["title"])
    start = Content(title="", body=form["body"], retention=folder.retention, disclosure=form["disclosure"])
    content = contents.changed(start, given, bodies.accepted)
    return _with_sender(replace(content, form=named, folder=folder.id), given, ctx.department)


def edited(tx: Tx, draft: Draft, changes: dict[str, Any]) -> Content:
    """The draft's content with the changes made, and what follows from them."""
    content = contents.changed(draft.content, changes, bodies.accepted)
    if content.form != draft.content.form:
        forms.one(tx, content.form)
    if content.folder and content.folder != draft.content.folder:
        folder = folders.of_department(tx, content.folder, draft.row.department_id)
        if "retention" not in changes:
            content = replace(content, retention=folder.retention)
    return _with_sender(content, changes, draft.row.department)


def _with_sender(content: Content, given: dict[str, Any], department: str) -> Content:
    if content.recipients and not content.sender_name and "sender_name" not in given:
        return replace(content, sender_name=proposals.sender_name(department))
    return content


# -- keeping ----------------------------------------------------------------------------------------


def create(tx: Tx, ctx: Context, content: Content, sources: list[dict[str, Any]]) -> dict[str, Any]:
    """Keeps a new draft of the caller's, made from `sources`; answers as `SaveResult`."""
    document, digest = tx.new_id(), content_hash(content)
    row = {
        "id": document,
        "state": "draft",
        "version": 1,
        "submission": 0,
        "sequence": 0,
        "drafter_id": ctx.person,
        "drafter": ctx.person_ref,
        "department_id": ctx.department_id,
        "department": ctx.department,
        "participants": [ctx.person],
        "sources": sources,
        "history": [history.entry(tx.now, "drafted", ctx.person_ref, 1)],
        "created_at": tx.now,
        "updated_at": tx.now,
        "submitted_at": None,
        "registered_at": None,
        "number": None,
        "number_year": 0,
        "number_serial": 0,
        "decision": None,
        **_projected(content, digest),
    }
    tx.insert(Document, **row)
    _keep_version(tx, ctx, document, 1, content, digest)
    made_from = {"sources": sources} if sources else {}
    after = {"version": 1, "content_hash": digest, **made_from}
    tx.audit("documents.draft.created", subject=document, after=after)
    tx.count(figures.DRAFTED)
    catalogue.tell(tx, row, content)
    return _result(document, "draft", 1, content.title, tx)


def save(tx: Tx, ctx: Context, draft: Draft, content: Content, action: str = "saved") -> dict[str, Any]:
    """Keeps the changed content as a new version; nothing where nothing changed. Answers as `SaveResult`."""
    row = draft.row
    if contents.same(content, draft.content):
        return result_of(row)
    version = row.version + 1
    changed = changed_names(draft.content, content)
    entry = history.entry(tx.now, action, ctx.person_ref, version, **{"from": row.version, "changed": changed})
    digest = content_hash(content)
    values = {"version": version, "history": history.with_entry(row.history, entry), "updated_at": tx.now}
    values |= _projected(content, digest)
    change(tx, row.id, values)
    if content.title != row.title:
        catalogue.tell(tx, {**row._mapping, **values}, content)
    _keep_version(tx, ctx, row.id, version, content, digest)
    before = {"version": row.version, "content_hash": row.content_hash}
    after = {"version": version, "content_hash": digest, "changed": changed}
    tx.audit(f"documents.draft.{action}", subject=row.id, before=before, after=after)
    return _result(row.id, row.state, version, content.title, tx)


def submit(tx: Tx, ctx: Context, draft: Draft, content: Content) -> dict[str, Any]:
    """Sends the draft on its way: completes it, keeps what that changed, and tells. Answers as `SaveResult`.

    It does not wait for the approval service, which takes up the process when it hears of it.
    """
    row = draft.row
    content, derived = submission.completed(content)
    number = row.submission + 1
    unchanged = contents.same(content, draft.content)
    version = row.version if unchanged else row.version + 1
    digest = row.content_hash if unchanged else content_hash(content)
    detail = {"submission": number, **({"derived": derived} if derived else {})}
    entry = history.entry(tx.now, "submitted", ctx.person_ref, version, **detail)
    values = {
        "state": "in_approval",
        "version": version,
        "submission": number,
        "submitted_at": tx.now,
        "updated_at": tx.now,
        # Who was on an earlier line and is on this no longer keeps what was shown then (`domain.earlier`).
        "participants": sorted({row.drafter_id, *lines.ids(content.line)}),
        "history": history.with_entry(row.history, entry),
        **_projected(content, digest),
    }
    change(tx, row.id, values)
    if not unchanged:
        _keep_version(tx, ctx, row.id, version, content, digest)
    before = {"state": row.state, "version": row.version}
    tx.audit("documents.submitted", row.id, before, {"version": version, "content_hash": digest} | detail)
    event = {
        "document": row.id,
        "submission": number,
        "version": version,
        "content_hash": digest,
        "title": content.title,
        "drafter": row.drafter,
        "reading_scope": content.reading_scope,
        "disclosure": content.disclosure,
        "line": content.line,
        "submitted_at": tx.now,
    }
    tx.emit("documents.submitted", subject=row.id, data=event)
    tx.count(figures.SUBMITTED)
    catalogue.tell(tx, {**row._mapping, **values}, content)
    return _result(row.id, "in_approval", version, content.title, tx)


def change(tx: Tx, document: str, values: dict[str, Any]) -> None:
    """Changes a document's row, which the transaction has locked."""
    tx.change(_UPDATE, {"document": document, **values})


def changed_names(old: Content, new: Content) -> list[str]:
    """The names of the fields that differ."""
    names = ("title", "body", *old.rest())
    return [name for name in names if getattr(old, name) != getattr(new, name)]


def result_of(row: Row[Any]) -> dict[str, Any]:
    """The row as `SaveResult`."""
    return {name: getattr(row, name) for name in ("id", "state", "version", "title", "updated_at")}


def _result(document: str, state: str, version: int, title: str, tx: Tx) -> dict[str, Any]:
    return {"id": document, "state": state, "version": version, "title": title, "updated_at": tx.now}


def _projected(content: Content, digest: str) -> dict[str, Any]:
    """What the document's row repeats of its present version, for boxes, permission and registration."""
    return {
        "title": content.title,
        "folder_id": content.folder,
        "disclosure": content.disclosure,
        "disclosure_class": content.disclosure["class"],
        "reading_scope": content.reading_scope,
        "attachments": len(content.attachments),
        "for_dispatch": bool(content.recipients),
        "content_hash": digest,
    }


def _keep_version(tx: Tx, ctx: Context, document: str, version: int, content: Content, digest: str) -> None:
    tx.insert(
        Version,
        document=document,
        version=version,
        at=tx.now,
        person=ctx.person_ref,
        title=content.title,
        body=content.body,
        rest=content.rest(),
        content_hash=digest,
    )
