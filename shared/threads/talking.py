"""The life of a comment: written, edited, withdrawn, read. docs/dev/ground.md has the whole."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, func, select, update

from shared import paging
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from shared.paging import Order
from shared.people import ref
from shared.threads.owners import Owners

People = dict[str, dict[str, Any]]
# Who wrote before and is told: so many at the most, those who wrote last.
_MOST_TOLD = 100


def write(tx: Tx, ctx: Context, owners: Owners, asked: dict[str, Any], people: People) -> dict[str, Any]:
    """A comment of the caller's, as `CommentView`. Raises `NotFound` for one that cannot be answered, `Invalid`."""
    owner, owners = asked["id"], owners.of(tx, asked["id"])
    found = owners.joined(tx, ctx, owner)
    answered = None if asked["reply_to"] is None else _seen(tx, ctx, owners, owner, found, asked["reply_to"])
    if answered is not None and answered.withdrawn_at:
        raise Conflict("withdrawn")
    mentions = _mentioned(tx, owners, found, asked["mentions"], people)
    before = _wrote_before(tx, owners, owner)
    view = {
        "id": tx.new_id(),
        "sequence": _next_place(tx, owners, owner),
        "reply_to": asked["reply_to"],
        "person": ctx.person_ref,
        "text": asked["text"],
        "mentions": mentions,
        "version": 1,
        "at": tx.now,
        "edited_at": None,
        "withdrawn_at": None,
    }
    tx.insert(owners.tables.comment, owner=owner, person_id=ctx.person, **view)
    _keep_text(tx, owners, view, tx.now)
    _record(tx, owners, owner, "written", view)
    others = [answered.person_id, *before] if answered is not None else before
    _tell(tx, ctx, owners, found, view, asked["mentions"], others)
    return view


def edit(tx: Tx, ctx: Context, owners: Owners, asked: dict[str, Any], people: People) -> dict[str, Any]:
    """Another text of the caller's own comment, as `CommentView`; the one before is kept. Raises `Stale`."""
    owners = owners.of(tx, asked["id"])
    found = owners.joined(tx, ctx, asked["id"])
    row = _own(tx, ctx, owners, asked)
    mentions = _mentioned(tx, owners, found, asked["mentions"], people)
    was = {mention["id"] for mention in row.mentions}
    if asked["text"] == row.text and was == set(asked["mentions"]):
        return _view(row)
    changes = {"text": asked["text"], "mentions": mentions, "version": row.version + 1, "edited_at": tx.now}
    _change(tx, owners, row, changes)
    view = _view(row) | changes
    _keep_text(tx, owners, view, tx.now)
    _record(tx, owners, asked["id"], "edited", view, before=row.version)
    _tell(tx, ctx, owners, found, view, [person for person in asked["mentions"] if person not in was], [])
    return view


def withdraw(tx: Tx, ctx: Context, owners: Owners, asked: dict[str, Any]) -> dict[str, Any]:
    """Takes the caller's own comment out of view, as `CommentView`; its texts stay on record. Raises `Stale`."""
    owners = owners.of(tx, asked["id"])
    owners.joined(tx, ctx, asked["id"])
    row = _own(tx, ctx, owners, asked)
    changes = {"version": row.version + 1, "withdrawn_at": tx.now}
    _change(tx, owners, row, changes)
    view = _shown(_view(row) | changes)
    _record(tx, owners, asked["id"], "withdrawn", view, before=row.version)
    return view


def mark_read(tx: Tx, ctx: Context, owners: Owners, asked: dict[str, Any]) -> dict[str, Any]:
    """Sets how far the caller has read, as `ReadMark`; never back, and not beyond what there is."""
    owner, marks = asked["id"], owners.tables.thread_read
    owners = owners.of(tx, owner)
    found = owners.opened(tx, ctx, owner)
    last = tx.scalar(select(owners.tables.thread.c.last).where(owners.tables.thread.c.owner == owner)) or 0
    place = min(asked["sequence"], last)
    if place:
        tx.insert_new(marks, owner=owner, person=ctx.person, sequence=0, at=tx.now)
        mine = (marks.c.owner == owner, marks.c.person == ctx.person, marks.c.sequence < place)
        tx.execute(update(marks).where(*mine).values(sequence=place, at=tx.now))
    return _mark(tx, ctx, owners, owner, found)


def page(tx: Tx, ctx: Context, owners: Owners, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of the comments under an object with the caller's mark, as `Thread`."""
    owner, comments = asked["id"], owners.tables.comment
    owners = owners.of(tx, owner)
    found = owners.opened(tx, ctx, owner)
    order = Order("thread", (comments.c.owner, comments.c.sequence), descending=True)
    conditions = [comments.c.owner == owner, comments.c.sequence > owners.joined_at(ctx, found)]
    if asked["cursor"]:
        conditions.append(order.after(asked["cursor"]))
    rows = tx.all(select(comments).where(*conditions).order_by(*order.clauses()).limit(asked["limit"] + 1))
    shown, following = paging.page(rows, asked["limit"], order.key)
    items = [_shown(_view(row)) for row in shown]
    return {"items": items, "next": following, **_mark(tx, ctx, owners, owner, found)}


def texts(tx: Tx, ctx: Context, owners: Owners, asked: dict[str, Any]) -> dict[str, Any]:
    """Every text of a comment, the newest first, as `EarlierTexts`. Raises `Forbidden`."""
    owners = owners.of(tx, asked["id"])
    found = owners.opened(tx, ctx, asked["id"])
    row = _seen(tx, ctx, owners, asked["id"], found, asked["comment"])
    if not owners.sees_earlier(ctx, found, row.person_id):
        raise Forbidden("earlier texts")
    kept = owners.tables.comment_text
    rows = tx.all(select(kept).where(kept.c.comment == row.id).order_by(kept.c.version.desc()))
    return {"items": [{name: getattr(each, name) for name in ("version", "text", "mentions", "at")} for each in rows]}


# -- what they have in common -----------------------------------------------------------------------


def _comment(tx: Tx, owners: Owners, owner: str, comment: str) -> Row[Any]:
    comments = owners.tables.comment
    row = tx.one(select(comments).where(comments.c.id == comment, comments.c.owner == owner))
    if row is None:
        raise NotFound("comment")
    return row


def _seen(tx: Tx, ctx: Context, owners: Owners, owner: str, found: Any, comment: str) -> Row[Any]:
    """A comment that the caller may see. Raises `NotFound`, of one from before they came as well."""
    row = _comment(tx, owners, owner, comment)
    if row.sequence <= owners.joined_at(ctx, found):
        raise NotFound("comment")
    return row


def _own(tx: Tx, ctx: Context, owners: Owners, asked: dict[str, Any]) -> Row[Any]:
    """The caller's own comment as it was seen. Raises `Forbidden`, `Conflict` for a withdrawn one, `Stale`."""
    row = _comment(tx, owners, asked["id"], asked["comment"])
    if row.person_id != ctx.person:
        raise Forbidden("author")
    if row.withdrawn_at:
        raise Conflict("withdrawn")
    if row.version != asked["version"]:
        raise Stale(row.version)
    return row


def _change(tx: Tx, owners: Owners, row: Row[Any], values: dict[str, Any]) -> None:
    """Changes a comment that nobody has changed since it was read. Raises `Stale`."""
    comments = owners.tables.comment
    as_seen = (comments.c.id == row.id, comments.c.version == row.version)
    if not tx.execute(update(comments).where(*as_seen).values(**values)).rowcount:
        raise Stale(row.version + 1)


def _mentioned(tx: Tx, owners: Owners, found: Any, ids: list[str], people: People) -> list[dict[str, Any]]:
    """The people mentioned as `PersonRef`, each once. Raises `Invalid`: not there, not here any more, no reader."""
    readers = owners.readers(tx, found, ids) if ids else set()
    bad: dict[str, str] = {}
    for place, person in enumerate(ids):
        if person not in people:
            bad[f"mentions.{place}"] = "unknown_person"
        elif not people[person].get("active", True):
            bad[f"mentions.{place}"] = "inactive_person"
        elif person not in readers:
            bad[f"mentions.{place}"] = "not_a_reader"
    if bad:
        raise Invalid(bad)
    return [ref(people[person]) for person in dict.fromkeys(ids)]


def _wrote_before(tx: Tx, owners: Owners, owner: str) -> list[str]:
    comments = owners.tables.comment
    latest = func.max(comments.c.sequence)
    authors = select(comments.c.person_id).where(comments.c.owner == owner).group_by(comments.c.person_id)
    return [row.person_id for row in tx.all(authors.order_by(latest.desc()).limit(_MOST_TOLD))]


def _next_place(tx: Tx, owners: Owners, owner: str) -> int:
    """The next place in a thread, whose row stays locked to the commit: who has read up to one has missed none."""
    threads = owners.tables.thread
    tx.insert_new(threads, owner=owner, last=0)
    following = update(threads).where(threads.c.owner == owner).values(last=threads.c.last + 1)
    place = tx.execute(following.returning(threads.c.last)).scalar()
    assert isinstance(place, int)
    return place


def _keep_text(tx: Tx, owners: Owners, view: dict[str, Any], at: Any) -> None:
    kept = {name: view[name] for name in ("version", "text", "mentions")}
    tx.insert(owners.tables.comment_text, comment=view["id"], at=at, **kept)


def _record(tx: Tx, owners: Owners, owner: str, what: str, view: dict[str, Any], *, before: int | None = None) -> None:
    told = {"comment": view["id"], "version": view["version"], "text": view["text"]}
    told["mentions"] = [mention["id"] for mention in view["mentions"]]
    earlier = None if before is None else {"version": before}
    tx.audit(f"{owners.noun}.comment.{what}", subject=owner, before=earlier, after=told)


def _tell(
    tx: Tx, ctx: Context, owners: Owners, found: Any, view: dict[str, Any], mentioned: list[str], others: list[str]
) -> None:
    named = [person for person in dict.fromkeys(mentioned) if person != ctx.person]
    rest = [person for person in dict.fromkeys(others) if person != ctx.person and person not in named]
    readers = owners.readers(tx, found, rest) if rest else set()
    owners.told(tx, ctx, found, view, named, [person for person in rest if person in readers])


def _mark(tx: Tx, ctx: Context, owners: Owners, owner: str, found: Any) -> dict[str, Any]:
    marks, comments = owners.tables.thread_read, owners.tables.comment
    mine = (marks.c.owner == owner, marks.c.person == ctx.person)
    read = max(tx.scalar(select(marks.c.sequence).where(*mine)) or 0, owners.joined_at(ctx, found))
    new = (comments.c.owner == owner, comments.c.sequence > read, comments.c.person_id != ctx.person)
    unread = tx.scalar(select(func.count()).select_from(comments).where(*new, comments.c.withdrawn_at.is_(None)))
    return {"read": read, "unread": unread or 0}


def _view(row: Row[Any]) -> dict[str, Any]:
    names = ("id", "sequence", "reply_to", "person", "text", "mentions", "version", "at", "edited_at", "withdrawn_at")
    return {name: getattr(row, name) for name in names}


def _shown(view: dict[str, Any]) -> dict[str, Any]:
    return view | {"text": "", "mentions": []} if view["withdrawn_at"] else view
