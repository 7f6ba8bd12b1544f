"""Reading: the document management card (문서관리카드), its kept versions, and the preview of a submission."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row, bindparam, select

from services.documents import drafts, slow
from services.documents.domain import compare, earlier, lifecycle, submission
from services.documents.domain import line as lines
from services.documents.domain.content import Content
from services.documents.drafts import Draft
from services.documents.models import Document, Folder, Reading, Version
from shared.calendar import seoul_year
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, NotFound

_AS_THEY_ARE = (
    *("id", "state", "version", "title", "drafter", "department", "number", "content_hash", "sources"),
    *("created_at", "updated_at", "submitted_at", "registered_at", "decision", "history"),
)
_CARD = (
    select(
        Document.__table__,
        Version.body,
        Version.rest,
        Folder.title.label("folder_title"),
        Folder.unit_task,
        Folder.year,
        Folder.retention,
    )
    .join(Version, (Version.document == Document.id) & (Version.version == Document.version))
    .outerjoin(Folder, Folder.id == Document.folder_id)
    .where(Document.id == bindparam("document"), Document.state != lifecycle.DELETED)
)


def opened(tx: Tx, ctx: Context, document: str) -> Draft:
    """A document the caller may read; as it was then, where they were on an earlier line and are on it no longer.

    Raises `Forbidden` where the caller sees it in the register of the department but may not open it, and
    `NotFound` for everything else that is not the caller's to know of.
    """
    row = tx.once(_card, document)
    if row is None:
        raise NotFound("document")
    if not drafts.readable(ctx, row):
        if kept := _of_an_earlier_line(tx, ctx, row):
            return kept
        listed = row.state == "approved" and row.department_id == ctx.department_id
        raise Forbidden("reading scope") if listed else NotFound("document")
    return Draft.of(row)


def _of_an_earlier_line(tx: Tx, ctx: Context, row: Row[Any]) -> Draft | None:
    """The document as it was shown the caller, who was on the line of an earlier submission and is on it no longer."""
    earlier_ones = list(earlier.submissions(row.history))
    if not earlier_ones or not ctx.person:
        return None
    versions = _kept(tx, row.id, {shown.version for shown in earlier_ones})
    for shown in earlier_ones:
        version = versions[shown.version]
        if ctx.person in lines.ids(version.rest["line"]):
            then = SimpleNamespace(**earlier.as_it_was({**row._mapping}, {**version._mapping}, shown))
            return Draft(then, Content.kept(version.title, version.body, version.rest), earlier=True)
    return None


def _card(tx: Tx, document: str) -> Row[Any] | None:
    return tx.execute(_CARD, {"document": document}).first()


def settled(tx: Tx, asked: dict[str, Any]) -> bool:
    """Whether the end that the approval service has told of (`settled`) has arrived here."""
    if asked["settled"] is None:
        return True
    row = tx.once(_card, asked["id"])
    return row is None or not lifecycle.is_behind(row.state, asked["settled"])


def card(tx: Tx, ctx: Context, document: str) -> dict[str, Any]:
    """The card as `DocumentView`."""
    draft = opened(tx, ctx, document)
    row = draft.row
    if row.drafter_id != ctx.person:
        _note_reading(tx, ctx, draft)
    view = {name: getattr(row, name) for name in _AS_THEY_ARE}
    view |= {"body": row.body, **draft.content.rest(), "folder": _folder(draft)}
    return view | {"may": lifecycle.may(draft.standing, row.drafter_id == ctx.person)}


def _folder(draft: Draft) -> dict[str, Any] | None:
    row = draft.row
    if row.folder_title is None:
        return None
    folder = {"id": row.folder_id, "title": row.folder_title, "unit_task": row.unit_task, "year": row.year}
    return folder | {"retention": row.retention, "likely": False}


def _note_reading(tx: Tx, ctx: Context, draft: Draft) -> None:
    tx.note(
        Reading,
        id=tx.new_id(),
        document=draft.row.id,
        version=draft.row.version,
        person=ctx.person_ref,
        session=ctx.session,
        at=tx.now,
    )


# -- versions ---------------------------------------------------------------------------------------


def _with_versions(tx: Tx, ctx: Context, document: str) -> Draft:
    """A document whose earlier versions the caller may see: who took part, and auditors. Raises `Forbidden`.

    None is shown that is later than the draft's.
    """
    draft = opened(tx, ctx, document)
    if not draft.earlier and ctx.person not in draft.row.participants and not ctx.has("auditor"):
        raise Forbidden("earlier versions are for those on its route")
    return draft


def versions(tx: Tx, ctx: Context, document: str) -> dict[str, Any]:
    """Every kept version as a row (`VersionLine`), the newest first."""
    last = _with_versions(tx, ctx, document).row.version
    columns = (Version.version, Version.at, Version.person, Version.title, Version.content_hash)
    mine = (Version.document == document, Version.version <= last)
    rows = tx.all(select(*columns).where(*mine).order_by(Version.version.desc()))
    return {"items": [dict(row._mapping) for row in rows]}


def _shown(tx: Tx, ctx: Context, document: str, numbers: set[int]) -> dict[int, Any]:
    """Versions the caller may see. Raises `NotFound` for one that is not there, or later than what they were shown."""
    if max(numbers) > _with_versions(tx, ctx, document).row.version:
        raise NotFound("version")
    return _kept(tx, document, numbers)


def _kept(tx: Tx, document: str, numbers: set[int]) -> dict[int, Any]:
    rows = tx.all(select(Version.__table__).where(Version.document == document, Version.version.in_(numbers)))
    found = {row.version: row for row in rows}
    if set(found) != numbers:
        raise NotFound("version")
    return found


def version(tx: Tx, ctx: Context, document: str, number: int) -> dict[str, Any]:
    """One kept version, whole: a `VersionLine` with the content of that time."""
    row = _shown(tx, ctx, document, {number})[number]
    whole = {name: getattr(row, name) for name in ("version", "at", "person", "title", "content_hash", "body")}
    return {"document": document} | whole | Content.kept(row.title, row.body, row.rest).rest()


def comparison(tx: Tx, ctx: Context, document: str, left: int, right: int) -> dict[str, Any]:
    """Two versions beside each other, as `Comparison`."""
    kept = _shown(tx, ctx, document, {left, right})
    old, new = (Content.kept(kept[n].title, kept[n].body, kept[n].rest) for n in (left, right))
    return {
        "left": left,
        "right": right,
        "fields": compare.changed_fields(old, new),
        "left_body": old.body,
        "right_body": new.body,
        "redline": slow.redline(old.body, new.body),
    }


# -- before submission ------------------------------------------------------------------------------


def preview(tx: Tx, draft: Draft, people: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What a submission would bring about and what stands in its way, as `SubmissionPreview`."""
    row, content = draft.row, draft.content
    found = submission.problems(content, row.drafter_id, people)
    return {
        "will": submission.consequences(content, row.department, seoul_year(tx.now)),
        "problems": [{"field": field, "code": code, "params": {}} for field, code in found.items()],
        "warnings": submission.warnings(content),
    }
