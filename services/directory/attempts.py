"""Failed proofs of identity, counted for each login whether or not there is such a person (domain/lockout.py)."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from services.directory.domain.lockout import FORGOTTEN, LONGEST_LOCK, Attempts
from services.directory.domain.person import folded_login
from services.directory.models import SignInAttempts
from shared.db import Tx
from shared.errors import Problem

_HELD = select(SignInAttempts.failures, SignInAttempts.last_at, SignInAttempts.locked_until).where(
    SignInAttempts.login_hash == bindparam("key")
)
_TAKEN = _HELD.with_for_update()


class FailedProof(Problem):
    """A proof of identity that did not hold. A command that raises it keeps its transaction, and the count with it."""


@dataclass(frozen=True)
class Taken:
    """The count of one login, locked until the transaction ends."""

    key: str
    attempts: Attempts


def _key(login: str) -> str:
    return hashlib.sha256(folded_login(login).encode()).hexdigest()


def _attempts(row: Row[Any] | None) -> Attempts:
    return Attempts(row.failures, row.last_at, row.locked_until) if row else Attempts()


def _require_open(attempts: Attempts, now: datetime) -> None:
    if attempts.locked(now):
        raise Problem(423, "locked", "Too many failed attempts", retry_after=attempts.wait(now))


def require_open(tx: Tx, login: str) -> None:
    """Raises 423 `locked` while a login is locked, before anything is spent on the attempt."""
    _require_open(_attempts(tx.execute(_HELD, {"key": _key(login)}).first()), tx.now)


def take(tx: Tx, login: str) -> Taken:
    """The count as it is now, after the proof was looked at: of many guesses at once no more count than one by one.

    Raises 423 `locked`, also for a right guess.
    """
    key = _key(login)
    tx.insert_new(SignInAttempts, login_hash=key, failures=0, last_at=tx.now, locked_until=None)
    attempts = _attempts(tx.execute(_TAKEN, {"key": key}).first())
    _require_open(attempts, tx.now)
    return Taken(key, attempts)


def count(tx: Tx, taken: Taken, person: str, address: str = "") -> None:
    """Counts a failure, to be kept by raising `FailedProof`. `person` is empty where unknown.

    The login itself is not written down: people type passwords into the wrong field.
    """
    after = taken.attempts.failed(tx.now)
    tx.execute(update(SignInAttempts).where(SignInAttempts.login_hash == taken.key).values(**asdict(after)))
    if after.locked(tx.now):
        told = {"failures": after.failures, "until": after.locked_until, "address": address}
        tx.audit("directory.login.locked", subject=person, after=told)


def forget(tx: Tx, login: str) -> bool:
    """Begins again at none, after a success or by the administrator; whether anything was counted."""
    return tx.execute(delete(SignInAttempts).where(SignInAttempts.login_hash == _key(login))).rowcount > 0


def locked_until(tx: Tx, login: str) -> datetime | None:
    """Until when a login is locked, None where it is not."""
    attempts = _attempts(tx.execute(_HELD, {"key": _key(login)}).first())
    return attempts.locked_until if attempts.locked(tx.now) else None


def forget_old(tx: Tx) -> None:
    """Deletes counts that mean nothing any more; those somebody is at are left for another time."""
    old = select(SignInAttempts.login_hash).where(SignInAttempts.last_at < tx.now - FORGOTTEN - LONGEST_LOCK)
    tx.execute(delete(SignInAttempts).where(SignInAttempts.login_hash.in_(old.with_for_update(skip_locked=True))))
