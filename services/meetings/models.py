"""Tables of the meetings service."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Index, Integer, String, Text
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


class Meeting(Base):
    """A meeting as it stands. `version` grows with what changes it, `sequence` with all that is told.

    `itip` is the SEQUENCE of its mails. `at` has when each state began; `quorum` is the committee's rule as it was
    when the meeting was called; `untold`: calendars will hear of answers in a moment;
    `asks`: those who have not answered have that on their desks, of a series at the next one only.
    """

    __tablename__ = "meeting"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    itip: Mapped[int] = mapped_column(Integer)
    uid: Mapped[str] = mapped_column(String(60), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    purpose: Mapped[str] = mapped_column(Text)
    organiser: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    place: Mapped[str] = mapped_column(String(200))
    room: Mapped[str | None] = mapped_column(Ident)
    booking: Mapped[str | None] = mapped_column(Ident, index=True)
    link: Mapped[str | None] = mapped_column(String(1000))
    closed: Mapped[bool] = mapped_column(Boolean)
    closed_until: Mapped[date | None] = mapped_column(Date)
    hide_guests: Mapped[bool] = mapped_column(Boolean)
    papers_due: Mapped[datetime | None] = mapped_column(Utc)
    series: Mapped[str | None] = mapped_column(Ident)
    rid: Mapped[str | None] = mapped_column(String(20))
    committee: Mapped[str | None] = mapped_column(Ident)
    committee_name: Mapped[str] = mapped_column(String(100))
    quorum: Mapped[str] = mapped_column(String(10))
    year: Mapped[int | None] = mapped_column(Integer)
    turn: Mapped[int | None] = mapped_column(Integer)
    number: Mapped[str | None] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(64))
    counts: Mapped[dict[str, Any]] = mapped_column(Json)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    cards: Mapped[list[str]] = mapped_column(Json)
    at: Mapped[dict[str, Any]] = mapped_column(Json)
    review_due: Mapped[datetime | None] = mapped_column(Utc)
    lapsed: Mapped[bool] = mapped_column(Boolean)
    untold: Mapped[bool] = mapped_column(Boolean)
    asks: Mapped[bool] = mapped_column(Boolean)
    called_at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (
        Index("meeting_of_series", "series", "starts_at"),
        Index("meeting_of_committee", "committee", "year", "turn"),
    )


class Person(Base):
    """Somebody on a meeting, or who was; `number` is their place in the list."""

    __tablename__ = "person"
    meeting: Mapped[str] = mapped_column(Ident, primary_key=True)
    person_id: Mapped[str] = mapped_column(Ident, primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    person: Mapped[dict[str, Any]] = mapped_column(Json)
    role: Mapped[str] = mapped_column(String(10))
    answer: Mapped[str] = mapped_column(String(10))
    word: Mapped[str] = mapped_column(Text)
    substitute: Mapped[dict[str, Any] | None] = mapped_column(Json)
    stands_for: Mapped[str | None] = mapped_column(Ident)
    present: Mapped[bool | None] = mapped_column(Boolean)
    present_at: Mapped[datetime | None] = mapped_column(Utc)
    review: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text)
    member: Mapped[bool] = mapped_column(Boolean)
    active: Mapped[bool] = mapped_column(Boolean)
    since: Mapped[datetime | None] = mapped_column(Utc)


class Guest(Base):
    """Somebody from outside. `normal` is the address as it is compared; `told_sequence` and `told_stamp` are those of
    the mail whose answer counts."""

    __tablename__ = "guest"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    meeting: Mapped[str] = mapped_column(Ident, index=True)
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(254))
    normal: Mapped[str] = mapped_column(String(254))
    answer: Mapped[str] = mapped_column(String(10))
    word: Mapped[str] = mapped_column(Text)
    told_sequence: Mapped[int] = mapped_column(Integer)
    told_stamp: Mapped[datetime | None] = mapped_column(Utc)
    present: Mapped[bool | None] = mapped_column(Boolean)
    active: Mapped[bool] = mapped_column(Boolean)


class Letter(Base):
    """A mail to a guest: `waiting`, `leased`, then `sent` or `failed`; `void` where another one says it better.

    `sequence` and `stamp` are those of its iTIP message; all else is read from the meeting when it is claimed.
    """

    __tablename__ = "letter"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    meeting: Mapped[str] = mapped_column(Ident)
    guest: Mapped[str] = mapped_column(Ident)
    method: Mapped[str] = mapped_column(String(10))
    sequence: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10))
    due: Mapped[datetime | None] = mapped_column(Utc)
    lease: Mapped[str | None] = mapped_column(Ident)
    tries: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (Index("letter_due", "due", "id"), Index("letter_of_guest", "guest", "id"))


class HeldAnswer(Base):
    """What came by mail from somebody who was not invited: for the organiser to see."""

    __tablename__ = "held_answer"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    meeting: Mapped[str] = mapped_column(Ident, index=True)
    address: Mapped[str] = mapped_column(String(300))
    partstat: Mapped[str] = mapped_column(String(20))
    comment: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Utc)


class Item(Base):
    """An agenda item. `gist` is cleaned HTML; its clock has run `spent` seconds, and since `started_at`."""

    __tablename__ = "item"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    meeting: Mapped[str] = mapped_column(Ident)
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(String(300))
    presenter: Mapped[dict[str, Any] | None] = mapped_column(Json)
    minutes: Mapped[int | None] = mapped_column(Integer)
    ready: Mapped[bool] = mapped_column(Boolean)
    gist: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime | None] = mapped_column(Utc)
    spent: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("item_of_meeting", "meeting", "number"),)


class Minutes(Base):
    """What was written of a meeting as a whole; `digest` is that of the minutes as they were confirmed."""

    __tablename__ = "minutes"
    meeting: Mapped[str] = mapped_column(Ident, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    written_by: Mapped[dict[str, Any]] = mapped_column(Json)
    written_at: Mapped[datetime] = mapped_column(Utc)
    digest: Mapped[str] = mapped_column(String(64))


class MinutesState(Base):
    """Minutes that are written together. `last` is the number of the newest update, `snapshot` (base64) is all of them
    up to `held`; `settled`: up to where what they say is in the rows.

    `everyone`: whoever is present writes too, not only who leads; `seeded` are the agenda items that have their
    heading; `size` is how many characters of updates there are.
    """

    __tablename__ = "minutes_state"
    meeting: Mapped[str] = mapped_column(Ident, primary_key=True)
    last: Mapped[int] = mapped_column(Integer)
    held: Mapped[int] = mapped_column(Integer)
    settled: Mapped[int] = mapped_column(Integer)
    snapshot: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    seeded: Mapped[list[str]] = mapped_column(Json)
    everyone: Mapped[bool] = mapped_column(Boolean)


class MinutesUpdate(Base):
    """What somebody typed into shared minutes (base64): `key` is its browser's name for it, `cursor` where that was."""

    __tablename__ = "minutes_update"
    meeting: Mapped[str] = mapped_column(Ident, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(Ident)
    content: Mapped[str] = mapped_column(Text)
    person: Mapped[dict[str, Any]] = mapped_column(Json)
    client: Mapped[int] = mapped_column(BigInteger)
    cursor: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (Index("minutes_update_of_key", "meeting", "key"),)


class Decision(Base):
    """What was decided; `quorate` says whether enough members were there, where that is asked."""

    __tablename__ = "decision"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    meeting: Mapped[str] = mapped_column(Ident, index=True)
    item: Mapped[str | None] = mapped_column(Ident)
    text: Mapped[str] = mapped_column(Text)
    quorate: Mapped[bool | None] = mapped_column(Boolean)


class Vote(Base):
    """A vote with its counts."""

    __tablename__ = "vote"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    meeting: Mapped[str] = mapped_column(Ident, index=True)
    item: Mapped[str | None] = mapped_column(Ident)
    question: Mapped[str] = mapped_column(String(300))
    secret: Mapped[bool] = mapped_column(Boolean)
    closed: Mapped[bool] = mapped_column(Boolean)
    in_favour: Mapped[int] = mapped_column(Integer)
    against: Mapped[int] = mapped_column(Integer)
    abstained: Mapped[int] = mapped_column(Integer)


class Ballot(Base):
    """That somebody has voted; what, only where the vote is by name."""

    __tablename__ = "ballot"
    vote: Mapped[str] = mapped_column(Ident, primary_key=True)
    person_id: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[dict[str, Any]] = mapped_column(Json)
    choice: Mapped[str | None] = mapped_column(String(10))


class Action(Base):
    """What somebody is to do after the meeting; `request` is what it became, and how that stands."""

    __tablename__ = "action"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    meeting: Mapped[str] = mapped_column(Ident, index=True)
    item: Mapped[str | None] = mapped_column(Ident)
    title: Mapped[str] = mapped_column(String(300))
    person: Mapped[dict[str, Any] | None] = mapped_column(Json)
    due: Mapped[date | None] = mapped_column(Date)
    request: Mapped[str | None] = mapped_column(Ident, index=True)
    request_state: Mapped[str] = mapped_column(String(20))
    request_sequence: Mapped[int] = mapped_column(Integer)


class Entry(Base):
    """A line of a meeting's history; never changed."""

    __tablename__ = "entry"
    meeting: Mapped[str] = mapped_column(Ident, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Utc)
    action: Mapped[str] = mapped_column(String(30))
    person: Mapped[dict[str, Any] | None] = mapped_column(Json)
    detail: Mapped[dict[str, Any]] = mapped_column(Json)


class Place(Base):
    """A meeting in a list: `holder` is a principal (`shared.audience`). What is ahead is apart from what was."""

    __tablename__ = "place"
    holder: Mapped[str] = mapped_column(String(60), primary_key=True)
    box: Mapped[str] = mapped_column(String(20), primary_key=True)
    meeting: Mapped[str] = mapped_column(Ident, primary_key=True)
    ahead: Mapped[bool] = mapped_column(Boolean)
    starts_at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (
        Index("place_by_time", "holder", "box", "ahead", "starts_at", "meeting"),
        Index("place_of_meeting", "meeting"),
    )


class Series(Base):
    """Meetings that recur by one rule."""

    __tablename__ = "series"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    rule: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Utc)


class Committee(Base):
    """A committee with its members, each `{person, role, from, until}`."""

    __tablename__ = "committee"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(100))
    purpose: Mapped[str] = mapped_column(Text)
    quorum: Mapped[str] = mapped_column(String(10))
    closed: Mapped[bool] = mapped_column(Boolean)
    agenda: Mapped[list[str]] = mapped_column(Json)
    members: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    founder: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (Index("committee_by_name", "name", "id"),)


class Turn(Base):
    """How many meetings a committee has had in a year."""

    __tablename__ = "turn"
    committee: Mapped[str] = mapped_column(Ident, primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)
