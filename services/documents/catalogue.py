"""What the catalogue is told of a document (`shared.catalogue`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from services.documents.domain import audience, lifecycle
from services.documents.domain.content import Content
from services.documents.models import Document, Version
from shared import body as bodies
from shared import catalogue
from shared.catalogue import Happening, Item, Link
from shared.db import Tx
from shared.retelling import retold

NOUN = "documents"
# Entries of the history that are steps of the document, not of its writing.
_STEPS = ("drafted", "submitted", "returned", "withdrawn", "registered", "deleted")
_MOST_PEOPLE, _MOST_STEPS = 500, 200
_EVERY = (
    select(Document.__table__, Version.body, Version.rest)
    .join(Version, (Version.document == Document.id) & (Version.version == Document.version))
    .where(Document.id > bindparam("after"))
    .order_by(Document.id)
    .limit(bindparam("most"))
)


def tell(tx: Tx, row: Mapping[str, Any], content: Content) -> None:
    """Tells what the document of this row is now."""
    catalogue.tell(tx, item(row, content))


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells again of a batch of documents, deleted ones too, as `Retell` describes."""
    rows = tx.execute(_EVERY, {"after": after or "", "most": limit}).all()
    for row in rows:
        tell(tx, {**row._mapping}, Content.kept(row.title, row.body, row.rest))
    return retold(rows, limit)


def item(row: Mapping[str, Any], content: Content) -> Item:
    """The document as an item. `row` has the columns of the document, `content` is that of its present version."""
    steps = [entry for entry in row["history"] if entry["action"] in _STEPS]
    deleted = row["state"] == lifecycle.DELETED
    return Item(
        noun=NOUN,
        subject=row["id"],
        # Each of them only grows, and one of them with every change.
        sequence=row["version"] + row["submission"] + row["sequence"] + deleted,
        number=row["number"],
        title=content.title,
        state=row["state"],
        at=row["registered_at"] or row["submitted_at"] or row["created_at"],
        owner=row["drafter"],
        department_id=row["department_id"],
        department=row["department"],
        people=row["participants"][:_MOST_PEOPLE],
        audience=audience.of(row),
        links=[Link("based_on", source["noun"], source["subject"]) for source in row["sources"]],
        text="\n".join(_text(row, content)),
        happened=[_happening(entry) for entry in steps[-_MOST_STEPS:]],
        removed=deleted,
    )


def _text(row: Mapping[str, Any], content: Content) -> Iterator[str]:
    """What a document is found by beside its title: the opinions first, which are short, then the body."""
    yield from (value for value in (content.summary, ", ".join(content.keywords)) if value)
    yield from (entry["detail"]["opinion"] for entry in row["history"] if entry["detail"].get("opinion"))
    if row["decision"] and row["decision"].get("opinion"):
        yield row["decision"]["opinion"]
    yield from bodies.lines(content.body)


def _happening(entry: dict[str, Any]) -> Happening:
    return Happening(entry["action"], entry["person"], datetime.fromisoformat(entry["at"]))
