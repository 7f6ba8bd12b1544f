"""Tables of the memo service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.memo.base import Base
from services.memo.journals import models as journals
from services.memo.rounds import models as rounds
from services.memo.weekly import models as weekly
from shared import alarms, audience, threads
from shared.db import Ident, Json, Utc
from shared.files.tables import table as file_table

# The tables of the service's parts stand on the same base.
__all__ = [
    "ALARM",
    "AUDIENCE",
    "FILE",
    "THREADS",
    "Base",
    "Content",
    "Delivery",
    "Memo",
    "Setting",
    "Step",
    "Template",
    "Viewing",
    "journals",
    "rounds",
    "weekly",
]

FILE = file_table(Base.metadata)
THREADS = threads.tables(Base.metadata)
AUDIENCE = audience.table(Base.metadata)
ALARM = alarms.table(Base.metadata)


def _only(condition: str, sqlite: str = "") -> dict[str, Any]:
    """An index of these rows alone: it costs nothing for the others, and stays as small as they are few.

    SQLite knows no booleans, and takes an index only where its condition reads as the query's does.
    """
    return {"postgresql_where": text(condition), "sqlite_where": text(sqlite or condition)}


class Memo(Base):
    """A memo's standing, light, for boxes and permission; `at` is the time it is listed by on its sender's `shelf`.

    `sequence` grows with everything that is told of it. `receivers`, `read` and `answered` count people.
    """

    __tablename__ = "memo"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    shelf: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    urgent: Mapped[bool] = mapped_column(Boolean)
    asks: Mapped[bool] = mapped_column(Boolean)
    no_forward: Mapped[bool] = mapped_column(Boolean)
    escalate_after: Mapped[int | None] = mapped_column(Integer)
    send_at: Mapped[datetime | None] = mapped_column(Utc)
    sender_id: Mapped[str] = mapped_column(Ident)
    sender: Mapped[dict[str, Any]] = mapped_column(Json)
    # The first three of those it is addressed to, and how many there are.
    first: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    named: Mapped[int] = mapped_column(Integer)
    files: Mapped[int] = mapped_column(Integer)
    receivers: Mapped[int] = mapped_column(Integer)
    read: Mapped[int] = mapped_column(Integer)
    answered: Mapped[int] = mapped_column(Integer)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Utc)
    updated_at: Mapped[datetime] = mapped_column(Utc)
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (Index("memo_own", "sender_id", "shelf", "at", "id"),)


class Content(Base):
    """What a memo says, and whom it is addressed to, as they were named."""

    __tablename__ = "content"
    memo: Mapped[str] = mapped_column(Ident, primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    to: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    cc: Mapped[list[dict[str, Any]]] = mapped_column(Json)


class Delivery(Base):
    """A memo with one receiver: how it came, what became of it, and how it lies in their own lists.

    `at` is the time it is listed by, which a snoozed one takes up anew. `todo` is what it has on the desk, since
    `since`. `gone_to` are those it went on to while it was unread. Who came later sees the comments after the place
    `joined` and the answers since `sees_from`.
    """

    __tablename__ = "delivery"
    memo: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(Ident, primary_key=True)
    id: Mapped[str] = mapped_column(Ident, unique=True)
    number: Mapped[int] = mapped_column(Integer)
    ref: Mapped[dict[str, Any]] = mapped_column(Json)
    role: Mapped[str] = mapped_column(String(10))
    via: Mapped[str] = mapped_column(String(10))
    by: Mapped[dict[str, Any] | None] = mapped_column(Json)
    note: Mapped[str] = mapped_column(Text)
    arrived_at: Mapped[datetime] = mapped_column(Utc)
    state: Mapped[str] = mapped_column(String(10))
    asks: Mapped[bool] = mapped_column(Boolean)
    urgent: Mapped[bool] = mapped_column(Boolean)
    read_at: Mapped[datetime | None] = mapped_column(Utc)
    channel: Mapped[str | None] = mapped_column(String(10))
    answer: Mapped[str | None] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    place: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Utc)
    unread: Mapped[bool] = mapped_column(Boolean)
    pinned_at: Mapped[datetime | None] = mapped_column(Utc)
    snoozed_till: Mapped[datetime | None] = mapped_column(Utc)
    todo: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(Utc)
    escalate_at: Mapped[datetime | None] = mapped_column(Utc)
    gone_to: Mapped[list[str]] = mapped_column(Json)
    joined: Mapped[int] = mapped_column(Integer)
    sees_from: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (
        Index("delivery_box", "person", "place", "at", "memo"),
        Index("delivery_unread", "person", "place", "at", "memo", **_only("unread", "unread = 1")),
        Index("delivery_urgent", "person", "place", "at", "memo", **_only("urgent", "urgent = 1")),
        Index("delivery_pinned", "person", "pinned_at", "memo", **_only("pinned_at IS NOT NULL")),
        Index("delivery_alert", "person", "at", **_only("urgent AND todo = 'read'", "urgent = 1 AND todo = 'read'")),
        Index("delivery_receipts", "memo", "number"),
        Index("delivery_todo", "memo", **_only("todo <> ''")),
        Index("delivery_due", "memo", "escalate_at", **_only("escalate_at IS NOT NULL")),
    )


class Step(Base):
    """Something that happened to a memo, its readings apart; `notified` are those who were told of it."""

    __tablename__ = "step"
    memo: Mapped[str] = mapped_column(Ident, primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(20))
    person: Mapped[dict[str, Any] | None] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Utc)
    params: Mapped[dict[str, Any]] = mapped_column(Json)
    notified: Mapped[list[str]] = mapped_column(Json)

    __table_args__ = (Index("step_at", "at", "memo"),)


class Viewing(Base):
    """An auditor or administrator opened a memo that was not sent to them."""

    __tablename__ = "viewing"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    memo: Mapped[str] = mapped_column(Ident, index=True)
    person: Mapped[dict[str, Any]] = mapped_column(Json)
    session: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(Utc)


class Template(Base):
    """서식: what a department's memos may begin with."""

    __tablename__ = "template"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    department_id: Mapped[str] = mapped_column(Ident)
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    person: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (UniqueConstraint("department_id", "name", name="template_of_department"),)


class Setting(Base):
    """A setting of the organisation, where it differs from the system's own."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[int] = mapped_column(Integer)
