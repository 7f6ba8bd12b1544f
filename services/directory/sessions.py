"""Sessions and programs' tokens as they are kept: who holds a token, how long, and how they end."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, func, or_, select
from sqlalchemy.orm import aliased

from services.directory import people
from services.directory.domain import sessions as rules
from services.directory.domain.person import ADMIN
from services.directory.models import Person, Session, SessionUse
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, NotFound, Unauthorized

TOPIC = "session_revoked"
HOLDER = (*people.REF, Person.login, Person.roles, Person.clearance, Person.locale)

_LAST_USE = select(func.max(SessionUse.at)).where(SessionUse.session == Session.id).scalar_subquery()
_SEEN = func.coalesce(_LAST_USE, Session.created_at).label("seen_at")
_BY_TOKEN = (
    people.with_main_post(Session.id.label("session"), Session.kind, Session.scope, Session.expires_at, _SEEN, *HOLDER)
    .join(Session, Session.person == Person.id)
    .where(Session.token_hash == bindparam("hash"), Person.active)
)
_OF_PERSON = select(
    Session.id,
    Session.kind,
    Session.scope,
    Session.name,
    Session.address,
    Session.agent,
    Session.created_at,
    Session.expires_at,
    _SEEN,
).where(Session.person == bindparam("person"))


# -- beginning --------------------------------------------------------------------------------------


def begin(
    tx: Tx,
    person: str,
    kind: str,
    lifetime: timedelta,
    *,
    scope: str = "",
    name: str = "",
    address: str = "",
    agent: str = "",
) -> tuple[str, str, datetime]:
    """A new session of a person: its id, its token (kept only as a hash) and when it ends."""
    token = rules.token(tx.tenant, secrets.token_urlsafe(32))
    session, expires_at = tx.new_id(), tx.now + lifetime
    tx.insert(
        Session,
        id=session,
        token_hash=rules.token_hash(token),
        person=person,
        kind=kind,
        scope=scope,
        name=name,
        address=address,
        agent=agent,
        created_at=tx.now,
        expires_at=expires_at,
    )
    return session, token, expires_at


def create_program_token(tx: Tx, ctx: Context, name: str, days: int, scope: str) -> dict[str, Any]:
    """A token for a program that acts as the caller within its `scope` (`ProgramToken`)."""
    require_person(tx, ctx)
    session, token, expires_at = begin(tx, ctx.person, "program", timedelta(days=days), scope=scope, name=name)
    made = {"session": session, "name": name, "days": days, "scope": scope}
    tx.audit("directory.token.created", subject=ctx.person, after=made)
    return {"id": session, "name": name, "scope": scope, "token": token, "expires_at": expires_at}


def require_person(tx: Tx, ctx: Context) -> None:
    """Raises `Forbidden` for a program: a stolen token must not make others, or change how the person signs in."""
    kind = tx.scalar(select(Session.kind).where(Session.id == ctx.session, Session.person == ctx.person))
    if kind is None:
        raise Unauthorized("session-ended")
    if kind == "program":
        raise Forbidden("not with a program's token")


# -- reading ----------------------------------------------------------------------------------------


def principal(tx: Tx, holder: Row[Any], session: str, expires_at: datetime, scope: str = "") -> dict[str, Any]:
    """The `Principal` of a session, from a row of `HOLDER`."""
    return {
        "tenant": tx.tenant,
        "session": session,
        "person": holder.id,
        "login": holder.login,
        "name": holder.name,
        "position": holder.position,
        "department": holder.department,
        "department_id": holder.department_id,
        "roles": holder.roles,
        "clearance": holder.clearance,
        "locale": holder.locale,
        "scope": scope,
        "expires_at": expires_at,
    }


def held_by(tx: Tx, token: str) -> dict[str, Any]:
    """The `Principal` a token stands for; its use is noted, and prolongs a browser's session. Raises `Unauthorized`."""
    row = tx.execute(_BY_TOKEN, {"hash": rules.token_hash(token)}).first()
    if row is None or _end(row) <= tx.now:
        raise Unauthorized("session-ended")
    expires_at = _end(row)
    if rules.due(row.kind, row.seen_at, tx.now):
        tx.note(SessionUse, id=tx.new_id(), session=row.session, at=tx.now)
        expires_at = rules.end(row.kind, row.expires_at, tx.now)
    return principal(tx, row, row.session, expires_at, row.scope)


def _end(row: Row[Any]) -> datetime:
    return rules.end(row.kind, row.expires_at, row.seen_at)


def of_caller(tx: Tx, ctx: Context) -> dict[str, Any]:
    """`{items: [SessionView]}`: the caller's, the one last used first."""
    rows = [row for row in tx.execute(_OF_PERSON, {"person": ctx.person}) if _end(row) > tx.now]
    rows.sort(key=lambda row: (row.seen_at, row.id), reverse=True)
    return {"items": [{**row._mapping, "expires_at": _end(row), "current": row.id == ctx.session} for row in rows]}


# -- ending -----------------------------------------------------------------------------------------


def revoke(tx: Tx, ctx: Context, session: str) -> dict[str, Any]:
    """Ends one of the caller's sessions, or anybody's for an administrator; one's own may have ended already."""
    row = tx.one(select(Session.person, Session.kind, Session.name).where(Session.id == session))
    if row is not None and (row.person == ctx.person or ctx.has(ADMIN)):
        _delete(tx, Session.id == session)
        tx.tell([row.person], TOPIC)
        tx.audit("directory.session.ended", subject=row.person, before={"session": session, "kind": row.kind})
    elif session != ctx.session:
        raise NotFound("session")
    return {"id": session, "revoked": True}


def end_all(tx: Tx, person: str, but: str = "") -> None:
    """Ends the sessions of a person, programs' too, but for the session `but`."""
    _delete(tx, Session.person == person, Session.id != but)
    tx.tell([person], TOPIC)


def _delete(tx: Tx, *where: Any) -> None:
    tx.execute(delete(SessionUse).where(SessionUse.session.in_(select(Session.id).where(*where))))
    tx.execute(delete(Session).where(*where))


def forget_ended(tx: Tx) -> None:
    """Deletes what ended by itself, of everybody; rows somebody is at are left for another time.

    The last use of a program's token is kept as long as the token.
    """
    programs = select(Session.id).where(Session.kind == "program", Session.expires_at >= tx.now)
    later = aliased(SessionUse)
    overtaken = exists().where(later.session == SessionUse.session, later.at > SessionUse.at)
    old = SessionUse.at < tx.now - rules.IDLE_LIMIT
    tx.execute(delete(SessionUse).where(old, or_(SessionUse.session.not_in(programs), overtaken)))
    unused = Session.id.not_in(select(SessionUse.session))
    ended = select(Session.id).where(Session.expires_at < tx.now, unused).with_for_update(skip_locked=True)
    tx.execute(delete(Session).where(Session.id.in_(ended)))
