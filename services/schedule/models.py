"""Tables of the schedule service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.schedule.base import Base
from services.schedule.rooms import models as rooms
from shared import alarms, audience
from shared.db import Ident, Json, Utc
from shared.files.tables import table as file_table

__all__ = [
    "ALARM",
    "AUDIENCE",
    "FILE",
    "Absence",
    "Base",
    "Calendar",
    "Diary",
    "Due",
    "Entry",
    "Executive",
    "Expansion",
    "Feed",
    "Heard",
    "Presence",
    "Resource",
    "Share",
    "rooms",
]

FILE = file_table(Base.metadata)
AUDIENCE = audience.table(Base.metadata)
ALARM = alarms.table(Base.metadata)


class Calendar(Base):
    """A calendar of a holder (`shared.audience`). `slug` is `main` for the one that others fill, or its own id.

    `number` grows with each change of a resource in it: the sync state of CalDAV. `version` is of its settings.
    `department` is its owner's; `by_rule`: it is open as everybody's is, until the owner says otherwise.
    """

    __tablename__ = "calendar"
    __table_args__ = (UniqueConstraint("holder", "slug"),)
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    holder: Mapped[str] = mapped_column(String(60))
    slug: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(100))
    colour: Mapped[int] = mapped_column(Integer)
    counts: Mapped[bool] = mapped_column(Boolean)
    number: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)
    department: Mapped[str | None] = mapped_column(Ident)
    by_rule: Mapped[bool] = mapped_column(Boolean)
    removed_at: Mapped[datetime | None] = mapped_column(Utc)


class Share(Base):
    """How far a calendar is open to a principal, as its owner has said."""

    __tablename__ = "share"
    __table_args__ = (Index("share_of_principal", "principal", "calendar"),)
    calendar: Mapped[str] = mapped_column(Ident, primary_key=True)
    principal: Mapped[str] = mapped_column(String(60), primary_key=True)
    level: Mapped[str] = mapped_column(String(10))


class Entry(Base):
    """An entry: `text` is all of it as iCalendar, the other columns what it is found and shown by.

    `starts_at` is the first beginning, `ends_at` the last end, far away where a series has none. `name` is the last
    part of its address in CalDAV. What another noun fills has its `source`, and is written by nobody else.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("calendar", "uid"),
        UniqueConstraint("calendar", "name"),
        # Both ends, so that a window long ago looks at no row of what came after, and no other that might seem to do.
        Index("entry_by_end", "calendar", "recurring", "ends_at", "starts_at"),
        Index("entry_of_source", "source_noun", "source_subject"),
    )
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    calendar: Mapped[str] = mapped_column(Ident)
    name: Mapped[str] = mapped_column(String(200))
    uid: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)
    tag: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(BigInteger)
    stamp: Mapped[datetime] = mapped_column(Utc)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    place: Mapped[str] = mapped_column(String(300))
    link: Mapped[str | None] = mapped_column(String(1000))
    importance: Mapped[int] = mapped_column(Integer)
    visibility: Mapped[str] = mapped_column(String(10))
    shown_as: Mapped[str] = mapped_column(String(10))
    starts_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    all_day: Mapped[bool] = mapped_column(Boolean)
    recurring: Mapped[bool] = mapped_column(Boolean)
    people: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    cards: Mapped[list[str]] = mapped_column(Json)
    source_noun: Mapped[str | None] = mapped_column(String(20))
    source_subject: Mapped[str | None] = mapped_column(Ident)
    made_from: Mapped[dict[str, Any] | None] = mapped_column(Json)
    booking: Mapped[str | None] = mapped_column(Ident)
    entered_by: Mapped[dict[str, Any] | None] = mapped_column(Json)
    changed_at: Mapped[datetime] = mapped_column(Utc)


class Expansion(Base):
    """The instances of a series from one moment to another, so that a window is read and not reckoned.

    `instances` are, of each: beginning and end in seconds since the epoch, its original beginning, and what it says
    otherwise than its series.
    """

    __tablename__ = "expansion"
    __table_args__ = (Index("expansion_until", "to_at"),)
    entry: Mapped[str] = mapped_column(Ident, primary_key=True)
    from_at: Mapped[datetime] = mapped_column(Utc)
    to_at: Mapped[datetime] = mapped_column(Utc)
    instances: Mapped[list[list[Any]]] = mapped_column(Json)
    truncated: Mapped[bool] = mapped_column(Boolean)


class Resource(Base):
    """The state of a resource of a calendar for who follows it: the `number` of its last change; no tag once gone."""

    __tablename__ = "resource"
    __table_args__ = (Index("resource_by_number", "calendar", "number"),)
    calendar: Mapped[str] = mapped_column(Ident, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    tag: Mapped[str | None] = mapped_column(String(64))


class Diary(Base):
    """What came of an entry, or of one instance of a series (`rid`, else empty)."""

    __tablename__ = "diary"
    entry: Mapped[str] = mapped_column(Ident, primary_key=True)
    rid: Mapped[str] = mapped_column(String(40), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    progress: Mapped[int | None] = mapped_column(Integer)
    by: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Utc)


class Due(Base):
    """A to-do with a date, as a service told it to the desks: the highest sequence of a slot holds.

    `cleared` rows have no kind: slots of their subject that were told before are empty.
    """

    __tablename__ = "due"
    __table_args__ = (Index("due_of_person", "person", "due"), Index("due_heard", "heard_at"))
    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    noun: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    due: Mapped[datetime | None] = mapped_column(Utc)
    heard_at: Mapped[datetime] = mapped_column(Utc)


class Heard(Base):
    """The sequence of another noun's subject that was last heard of a person; of the subject itself without one."""

    __tablename__ = "heard"
    __table_args__ = (Index("heard_long_ago", "heard_at"),)
    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(String(36), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    heard_at: Mapped[datetime] = mapped_column(Utc)


class Absence(Base):
    """When somebody is away, as the directory says, and who stands in; `ended` where it was taken back."""

    __tablename__ = "absence"
    __table_args__ = (Index("absence_of_person", "person", "ends_at"), Index("absence_of_deputy", "deputy", "ends_at"))
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    person: Mapped[str] = mapped_column(Ident)
    starts_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(20))
    deputy: Mapped[str | None] = mapped_column(Ident)
    ended: Mapped[bool] = mapped_column(Boolean)


class Presence(Base):
    """Where somebody says they are, until a moment."""

    __tablename__ = "presence"
    person: Mapped[str] = mapped_column(Ident, primary_key=True)
    status: Mapped[str] = mapped_column(String(10))
    until: Mapped[datetime] = mapped_column(Utc)
    by: Mapped[dict[str, Any]] = mapped_column(Json)


class Executive(Base):
    """Somebody whose day is on the executives' sheet. `viewers` are principals, `writers` enter for them."""

    __tablename__ = "executive"
    person: Mapped[str] = mapped_column(Ident, primary_key=True)
    ref: Mapped[dict[str, Any]] = mapped_column(Json)
    place: Mapped[int] = mapped_column(Integer)
    viewers: Mapped[list[str]] = mapped_column(Json)
    writers: Mapped[list[dict[str, Any]]] = mapped_column(Json)


class Feed(Base):
    """A secret address of a calendar; of the secret only a hash is kept."""

    __tablename__ = "feed"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    calendar: Mapped[str] = mapped_column(Ident, index=True)
    person: Mapped[str] = mapped_column(Ident, index=True)
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(Utc)
    read_at: Mapped[datetime | None] = mapped_column(Utc)
    revoked_at: Mapped[datetime | None] = mapped_column(Utc)
