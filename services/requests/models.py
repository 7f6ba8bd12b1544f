"""Tables of the requests service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared import alarms, audience, threads
from shared.db import Ident, Json, Utc
from shared.db.ground import tables
from shared.files.tables import table as file_table


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)
FILE = file_table(Base.metadata)
THREADS = threads.tables(Base.metadata)
AUDIENCE = audience.table(Base.metadata)
ALARM = alarms.table(Base.metadata)


class Request(Base):
    """A request or an instruction as it stands. `version` grows with every change, `sequence` with all that is told.

    Progress is in tenths of a percent: `own` that of its parts, `progress` rolled up from the requests within it where
    there are any. `text` is what the body says, as far as it is searched; `blocked`: what it waits for is not finished.
    """

    __tablename__ = "request"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    asker: Mapped[dict[str, Any]] = mapped_column(Json)
    entered_by: Mapped[dict[str, Any] | None] = mapped_column(Json)
    unconfirmed: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(String(20))
    urgency: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime | None] = mapped_column(Utc)
    whole_day: Mapped[bool] = mapped_column(Boolean)
    first_due_at: Mapped[datetime | None] = mapped_column(Utc)
    first_whole_day: Mapped[bool] = mapped_column(Boolean)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    cards: Mapped[list[str]] = mapped_column(Json)
    parent: Mapped[str | None] = mapped_column(Ident)
    weight: Mapped[int] = mapped_column(Integer)
    own: Mapped[int] = mapped_column(Integer)
    progress: Mapped[int] = mapped_column(Integer)
    waits_for: Mapped[str | None] = mapped_column(Ident)
    blocked: Mapped[bool] = mapped_column(Boolean)
    series: Mapped[str | None] = mapped_column(Ident)
    extension: Mapped[str | None] = mapped_column(Ident)
    former: Mapped[list[str]] = mapped_column(Json)
    word: Mapped[dict[str, Any] | None] = mapped_column(Json)
    asked_at: Mapped[datetime] = mapped_column(Utc)
    handed_in_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    escalated_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (Index("request_of_parent", "parent", "id"), Index("request_waiting", "waits_for", "id"))


class Part(Base):
    """What one assignee is to do; `tenant` is for an assignee elsewhere, and empty."""

    __tablename__ = "part"
    request: Mapped[str] = mapped_column(Ident, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    lead: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(Utc)
    tenant: Mapped[str] = mapped_column(String(50))
    person: Mapped[dict[str, Any] | None] = mapped_column(Json)
    person_id: Mapped[str | None] = mapped_column(Ident)
    department: Mapped[dict[str, Any] | None] = mapped_column(Json)
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    offers: Mapped[str] = mapped_column(String(10))
    percent: Mapped[int] = mapped_column(Integer)


class Entry(Base):
    """A line of a request's history; never changed."""

    __tablename__ = "entry"
    request: Mapped[str] = mapped_column(Ident, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Utc)
    action: Mapped[str] = mapped_column(String(30))
    person: Mapped[dict[str, Any] | None] = mapped_column(Json)
    detail: Mapped[dict[str, Any]] = mapped_column(Json)


class Extension(Base):
    """A later date that was asked for; a request's `extension` names the one that is open."""

    __tablename__ = "extension"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    request: Mapped[str] = mapped_column(Ident)
    asker: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Utc)
    due_at: Mapped[datetime] = mapped_column(Utc)
    whole_day: Mapped[bool] = mapped_column(Boolean)
    before_at: Mapped[datetime] = mapped_column(Utc)
    before_whole_day: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text)


class Place(Base):
    """A request in somebody's list: `holder` is a principal (`shared.audience`), `box` what it is to them.

    What is running is apart from what has ended, so that a list costs the same however much has ended.
    """

    __tablename__ = "place"
    holder: Mapped[str] = mapped_column(String(60), primary_key=True)
    box: Mapped[str] = mapped_column(String(20), primary_key=True)
    request: Mapped[str] = mapped_column(Ident, primary_key=True)
    running: Mapped[bool] = mapped_column(Boolean)
    due: Mapped[datetime] = mapped_column(Utc)
    at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (
        Index("place_by_due", "holder", "box", "running", "due", "request"),
        Index("place_by_time", "holder", "box", "running", "at", "request"),
        Index("place_of_request", "request"),
    )


class Outcome(Base):
    """How a request ended that was done: for lead times and lateness by department and month. Times are seconds."""

    __tablename__ = "outcome"
    request: Mapped[str] = mapped_column(Ident, primary_key=True)
    month: Mapped[str] = mapped_column(String(7))
    department_id: Mapped[str] = mapped_column(Ident)
    department: Mapped[str] = mapped_column(String(100))
    asker: Mapped[str] = mapped_column(Ident)
    lead: Mapped[int] = mapped_column(Integer)
    late: Mapped[int] = mapped_column(Integer)
    late_first: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        Index("outcome_of_department", "department_id", "month"),
        Index("outcome_of_asker", "asker", "month"),
        Index("outcome_of_month", "month"),
    )


class Series(Base):
    """A recurring instruction: what each is made of, on which days one is due, and which is the next.

    `last` is the request that was made last.
    """

    __tablename__ = "series"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    owner: Mapped[str] = mapped_column(Ident, index=True)
    asker: Mapped[dict[str, Any]] = mapped_column(Json)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    rule: Mapped[dict[str, Any]] = mapped_column(Json)
    next_due: Mapped[str | None] = mapped_column(String(10))
    last: Mapped[str] = mapped_column(Ident)
    stopped_at: Mapped[datetime | None] = mapped_column(Utc)


class ReminderRule(Base):
    """The tenant's rule of reminders: one row, or none while the one that comes with the system holds."""

    __tablename__ = "reminder_rule"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer)
    rule: Mapped[dict[str, Any]] = mapped_column(Json)


class TreeLock(Base):
    """One row, locked by whoever moves a request in the tree: two moves at once never make a circle."""

    __tablename__ = "tree_lock"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
