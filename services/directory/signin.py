"""Signing in: password, second factor, lock-out, and a new session."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam

from services.directory import attempts, credentials, hashing, people, sessions
from services.directory.domain import sessions as rules
from services.directory.domain.person import folded_login
from services.directory.models import Credential, Person
from shared.db import Tx
from shared.errors import Unauthorized

_BY_LOGIN = (
    people.with_main_post(*sessions.HOLDER, Credential.password_hash, Credential.totp_on)
    .outerjoin(Credential, Credential.person == Person.id)
    .where(Person.login == bindparam("login"))
)


class NotProved(attempts.FailedProof, Unauthorized):
    """401, and counted."""


def sign_in(tx: Tx, data: dict[str, Any]) -> dict[str, Any]:
    """A new session as `SignInResult`.

    Raises 401 `bad-credentials`, `code-required` or `bad-code`, and 423 `locked`. A login that does not exist or
    whose person has left takes the same steps as a wrong password and is counted like one.
    """
    login = folded_login(data["login"])
    attempts.require_open(tx, login)
    row = tx.execute(_BY_LOGIN, {"login": login}).first()
    kept: str | None = row.password_hash if row and row.active else None
    right = hashing.matches(kept, data["password"])
    renewed = hashing.hashed(data["password"]) if kept and right and hashing.outdated(kept) else None
    # From here on there are writes, and nothing that takes time.
    taken = attempts.take(tx, login)
    if row is None or not right:
        person = row.id if row else ""
        attempts.count(tx, taken, person, data["address"])
        raise NotProved("bad-credentials")
    if row.totp_on:
        if not data["code"]:
            raise Unauthorized("code-required")
        if not credentials.use_code(tx, row.id, data["code"]):
            attempts.count(tx, taken, row.id, data["address"])
            raise NotProved("bad-code")
    attempts.forget(tx, login)
    if renewed:
        credentials.put_password(tx, row.id, renewed)
    kind = data["kind"]
    session, token, expires_at = sessions.begin(
        tx, row.id, kind, rules.lifetime(kind), address=data["address"], agent=data["agent"]
    )
    tx.audit(
        "directory.signed_in", subject=row.id, after={"session": session, "kind": kind, "address": data["address"]}
    )
    if rules.is_time_to_forget(session):
        sessions.forget_ended(tx)
        attempts.forget_old(tx)
    return {
        "token": token,
        "expires_in": int((expires_at - tx.now).total_seconds()),
        "principal": sessions.principal(tx, row, session, expires_at),
    }
