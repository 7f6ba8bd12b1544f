"""Tables of the notification service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.contracts.desk import CODE_LENGTH
from shared.db import Ident, Json, Utc
from shared.db.ground import tables


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)

_CODE = String(CODE_LENGTH)
_TOPIC = String(40)
_CHANNEL = String(4)


def _only(condition: str) -> dict[str, Any]:
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


class Subject(Base):
    """Below which sequence the slots of a subject are empty."""

    __tablename__ = "subject"
    source: Mapped[str] = mapped_column(_CODE, primary_key=True)
    subject: Mapped[str] = mapped_column(Ident, primary_key=True)
    cleared: Mapped[int] = mapped_column(Integer)
    heard_at: Mapped[datetime] = mapped_column(Utc, index=True)


class Slot(Base):
    """What a source has told last of a slot: since when it is filled; empty without `since`."""

    __tablename__ = "slot"
    source: Mapped[str] = mapped_column(_CODE, primary_key=True)
    subject: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(Ident, primary_key=True)
    kind: Mapped[str] = mapped_column(_CODE, primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime | None] = mapped_column(Utc)
    heard_at: Mapped[datetime] = mapped_column(Utc, index=True)


class Delivery(Base):
    """A thing that one person is told of by one channel, once: `waiting`, `bound` to a message, or `dropped`.

    `since` is that of the slot's filling, null for a notice; `mark` tells it from others of its topic.
    """

    __tablename__ = "delivery"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    source: Mapped[str] = mapped_column(_CODE)
    subject: Mapped[str] = mapped_column(Ident)
    person: Mapped[str] = mapped_column(Ident)
    topic: Mapped[str] = mapped_column(_TOPIC)
    mark: Mapped[str] = mapped_column(_TOPIC)
    channel: Mapped[str] = mapped_column(_CHANNEL)
    device: Mapped[str] = mapped_column(Ident)
    noun: Mapped[str] = mapped_column(_CODE)
    code: Mapped[str] = mapped_column(_CODE)
    since: Mapped[datetime | None] = mapped_column(Utc)
    at: Mapped[datetime] = mapped_column(Utc)
    title: Mapped[str] = mapped_column(String(300))
    params: Mapped[dict[str, Any]] = mapped_column(Json)
    sender: Mapped[dict[str, Any] | None] = mapped_column(Json, nullable=False)
    urgent: Mapped[bool] = mapped_column(Boolean)
    grouped: Mapped[bool] = mapped_column(Boolean)
    due: Mapped[datetime] = mapped_column(Utc)
    state: Mapped[str] = mapped_column(String(10))
    message: Mapped[str | None] = mapped_column(Ident, index=True)

    __table_args__ = (
        UniqueConstraint(
            *("source", "subject", "person", "topic", "mark", "channel", "device"), name="delivery_of_thing"
        ),
        Index("delivery_due", "channel", "due", "id", **_only("state = 'waiting'")),
        Index("delivery_of_person", "person", "channel", "due", **_only("state = 'waiting'")),
        Index("delivery_at", "due"),
    )


class Message(Base):
    """What a courier sends at once: one thing, or all that were due for a person; `domain/message.py` has its states.

    `due`: when it is to be claimed (again), or its lease is over; null at its end.
    """

    __tablename__ = "message"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    channel: Mapped[str] = mapped_column(_CHANNEL)
    person: Mapped[str] = mapped_column(Ident)
    device: Mapped[str] = mapped_column(Ident)
    test: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(Integer)
    due: Mapped[datetime | None] = mapped_column(Utc)
    lease: Mapped[str | None] = mapped_column(Ident)
    # From when its first thing was due.
    wanted_at: Mapped[datetime] = mapped_column(Utc)
    made_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(200))

    __table_args__ = (
        Index("message_due", "channel", "due", "id", **_only("due IS NOT NULL")),
        Index("message_ended", "ended_at"),
        Index("message_lost", "ended_at", "id", **_only("state NOT IN ('leased', 'again', 'sent', 'void')")),
    )


class Preference(Base):
    """What a person has set; minutes of the day, and the digest's hour, in Seoul."""

    __tablename__ = "preference"
    person: Mapped[str] = mapped_column(Ident, primary_key=True)
    levels: Mapped[dict[str, Any]] = mapped_column(Json)
    quiet_from: Mapped[int | None] = mapped_column(Integer)
    quiet_until: Mapped[int | None] = mapped_column(Integer)
    digest_hour: Mapped[int | None] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)


class Minimum(Base):
    """What the tenant has everybody told at the least: one row. Who claims messages locks it, one after the other."""

    __tablename__ = "minimum"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    levels: Mapped[dict[str, Any]] = mapped_column(Json)
    titles: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)


class Device(Base):
    """A push subscription. Its keys are this browser's of this installation: they do not go with the tenant."""

    __tablename__ = "device"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(Ident, index=True)
    # The digest of the endpoint: a browser has one, whoever is signed in.
    place: Mapped[str] = mapped_column(String(64), unique=True)
    endpoint: Mapped[str] = mapped_column(String(1000), info={"secret": True})
    p256dh: Mapped[str] = mapped_column(String(100), info={"secret": True})
    auth: Mapped[str] = mapped_column(String(30), info={"secret": True})
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = ({"info": {"stays": True}},)


class Bounced(Base):
    """An address that a mail server refused for good: it is tried no more until it is another one."""

    __tablename__ = "bounced"
    person: Mapped[str] = mapped_column(Ident, primary_key=True)
    address: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(200))
