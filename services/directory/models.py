"""Tables of the directory."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import Ident, Json, Utc
from shared.db.ground import tables


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)


def sorted_text(length: int) -> Any:
    """Text compared byte by byte on both databases: Hangul in its own order, and prefixes are ranges."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Organisation(Base):
    """The tenant itself: one row."""

    __tablename__ = "organisation"
    code: Mapped[str] = mapped_column(String(7), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    root: Mapped[str] = mapped_column(Ident)
    created_at: Mapped[datetime] = mapped_column(Utc)


class Department(Base):
    """A department of the tree; the root is the organisation."""

    __tablename__ = "department"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    code: Mapped[str] = mapped_column(String(7), unique=True)
    parent: Mapped[str | None] = mapped_column(Ident, index=True)
    order: Mapped[int] = mapped_column("sort_order", Integer)
    abolished: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)


class DepartmentName(Base):
    """A name a department had, and until when."""

    __tablename__ = "department_name"
    department: Mapped[str] = mapped_column(Ident, primary_key=True)
    until: Mapped[datetime] = mapped_column(Utc, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))


class Person(Base):
    """A person of the organisation, now or once."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_name", "name", "id"),)
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    login: Mapped[str] = mapped_column(sorted_text(100), unique=True)
    name: Mapped[str] = mapped_column(sorted_text(100))
    email: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(50))
    roles: Mapped[list[str]] = mapped_column(Json)
    clearance: Mapped[int] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(Boolean)
    locale: Mapped[str] = mapped_column(String(5))
    version: Mapped[int] = mapped_column(Integer)


class PersonTerm(Base):
    """A string whose beginnings find a person."""

    __tablename__ = "person_term"
    term: Mapped[str] = mapped_column(sorted_text(100), primary_key=True)
    person: Mapped[str] = mapped_column(Ident, primary_key=True, index=True)


class Post(Base):
    """직위: a person in a department; number 0 is the main post. `seniority` orders the heads of a department."""

    __tablename__ = "post"
    __table_args__ = (Index("ix_post_department", "department", "seniority"),)
    person: Mapped[str] = mapped_column(Ident, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    department: Mapped[str] = mapped_column(Ident)
    position: Mapped[str] = mapped_column(String(50))
    rank: Mapped[str] = mapped_column(String(50))
    seniority: Mapped[int] = mapped_column(Integer)


class Credential(Base):
    """How a person proves who it is. `totp_step` is the time step of the last code taken: a code is good once."""

    __tablename__ = "credential"
    person: Mapped[str] = mapped_column(Ident, primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200), info={"secret": True})
    changed_at: Mapped[datetime] = mapped_column(Utc)
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary, info={"secret": True})
    totp_on: Mapped[bool] = mapped_column(Boolean)
    totp_step: Mapped[int] = mapped_column(BigInteger)


class SignInAttempts(Base):
    """Failures in a row for a login (its SHA-256), whether or not there is such a person."""

    __tablename__ = "sign_in_attempts"
    login_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Utc, index=True)
    locked_until: Mapped[datetime | None] = mapped_column(Utc)


class Session(Base):
    """A session or a program's token; of the token only a hash is kept. A browser's is prolonged by its use."""

    __tablename__ = "session"
    # A session is one of this installation: it does not go with the tenant to another.
    __table_args__ = ({"info": {"stays": True}},)
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person: Mapped[str] = mapped_column(Ident, index=True)
    kind: Mapped[str] = mapped_column(String(10))
    scope: Mapped[str] = mapped_column(String(20), server_default=text("''"))
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(100))
    agent: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)


class SessionUse(Base):
    """A browser's session or a program's token was in use: the idle limit of the former counts from the last one."""

    __tablename__ = "session_use"
    __table_args__ = (Index("ix_session_use_session", "session", "at"), {"info": {"stays": True}})
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    session: Mapped[str] = mapped_column(Ident)
    at: Mapped[datetime] = mapped_column(Utc)


class Absence(Base):
    """부재 of a person from `starts_at` to before `ends_at`; `sequence` grows with what is told of it."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_person", "person", "ends_at"),)
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(Ident)
    starts_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(20))
    deputy: Mapped[str | None] = mapped_column(Ident)
    note: Mapped[str] = mapped_column(String(300))
    sequence: Mapped[int] = mapped_column(Integer, server_default="1")


class Holiday(Base):
    """A day (`YYYY-MM-DD`) on which the organisation does not work (`off`), or works all the same (`working`)."""

    __tablename__ = "holiday"
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(100))


class ReceiverGroup(Base):
    """회람 그룹, 수신 그룹: receivers under one name, of a person or of a department."""

    __tablename__ = "receiver_group"
    __table_args__ = (Index("ix_receiver_group_owner", "owner", "name", "id"),)
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    owner_kind: Mapped[str] = mapped_column(String(10))
    owner: Mapped[str] = mapped_column(Ident)
    version: Mapped[int] = mapped_column(Integer)


class ReceiverGroupMember(Base):
    """A person or a department in a group, by its id: a name that changes does not matter."""

    __tablename__ = "receiver_group_member"
    group_id: Mapped[str] = mapped_column(Ident, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    member: Mapped[str] = mapped_column(Ident, primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
