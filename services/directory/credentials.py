"""How a person proves who it is: password and second factor, as they are kept and changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyotp
from sqlalchemy import select, update

from services.directory import attempts, hashing, sessions, vault
from services.directory.domain import totp
from services.directory.domain.passwords import weakness
from services.directory.models import Credential, Organisation, Person
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Forbidden, Invalid, NotFound


def require_strong(password: str, login: str, field: str) -> None:
    """Raises `Invalid` naming `field` for a password that may not be used."""
    code = weakness(password, login)
    if code:
        raise Invalid({field: code})


def put_password(tx: Tx, person: str, password_hash: str) -> None:
    """Keeps a password in place of the one there was."""
    values = {"password_hash": password_hash, "changed_at": tx.now}
    if not tx.execute(update(Credential).where(Credential.person == person).values(**values)).rowcount:
        add_passwords(tx, {person: password_hash})


def add_passwords(tx: Tx, hashes: Mapping[str, str]) -> None:
    """Keeps the first passwords of people, by their ids."""
    without = {"changed_at": tx.now, "totp_secret": None, "totp_on": False, "totp_step": 0}
    tx.insert_many(Credential, [{"person": id_, "password_hash": kept, **without} for id_, kept in hashes.items()])


def change_password(tx: Tx, ctx: Context, old: str, new: str) -> None:
    """Changes the caller's password and ends their other sessions.

    Raises `Invalid` for a weak one, 422 `bad-password` (counted like a failed sign-in) and 423 `locked`.
    """
    login = _login(tx, ctx.person)
    require_strong(new, login, "new")
    if new == old:
        raise Invalid({"new": "same"})
    attempts.require_open(tx, login)
    right = hashing.matches(tx.scalar(select(Credential.password_hash).where(Credential.person == ctx.person)), old)
    password_hash = hashing.hashed(new)
    taken = attempts.take(tx, login)
    if not right:
        attempts.count(tx, taken, ctx.person)
        raise attempts.FailedProof(422, "bad-password", "The present password is another one", fields={"old": "wrong"})
    attempts.forget(tx, login)
    put_password(tx, ctx.person, password_hash)
    sessions.end_all(tx, ctx.person, but=ctx.session)
    tx.audit("directory.password.changed", subject=ctx.person)


# -- the second factor ------------------------------------------------------------------------------


def begin_totp(tx: Tx, ctx: Context) -> dict[str, Any]:
    """A new TOTP secret as `TotpSecret`, not in force before it is confirmed. Raises 409 `totp-on` where one is."""
    sessions.require_person(tx, ctx)
    seed = pyotp.random_base32()
    values = {"totp_secret": vault.lock(tx.keys.vault, ctx.person, seed), "totp_step": 0}
    mine = (Credential.person == ctx.person, Credential.totp_on.is_(False))
    if not tx.execute(update(Credential).where(*mine).values(**values)).rowcount:
        raise Conflict("totp-on")
    organisation = tx.scalar(select(Organisation.name))
    return {"secret": seed, "uri": totp.uri(seed, _login(tx, ctx.person), organisation)}


def set_totp(tx: Tx, ctx: Context, code: str, on: bool) -> None:
    """Turns the second factor on or off, with a code that proves the device.

    Raises 422 `bad-code` (counted like a failed sign-in), 423 `locked`, and 409 where nothing was begun or is on.
    """
    sessions.require_person(tx, ctx)
    login = _login(tx, ctx.person)
    taken = attempts.take(tx, login)
    row = tx.one(select(Credential.totp_on, Credential.totp_secret).where(Credential.person == ctx.person))
    if row is None or row.totp_secret is None or row.totp_on == on:
        raise Conflict("totp-on" if row and row.totp_on else "totp-off")
    if not use_code(tx, ctx.person, code):
        attempts.count(tx, taken, ctx.person)
        raise attempts.FailedProof(422, "bad-code", "This is not the code of now", fields={"code": "wrong"})
    attempts.forget(tx, login)
    values: dict[str, Any] = {"totp_on": True} if on else {"totp_on": False, "totp_secret": None}
    tx.execute(update(Credential).where(Credential.person == ctx.person).values(**values))
    tx.audit("directory.totp.on" if on else "directory.totp.off", subject=ctx.person)


def use_code(tx: Tx, person: str, code: str) -> bool:
    """Whether a TOTP code is right; it is spent then (RFC 6238, 5.2)."""
    kept = select(Credential.totp_secret, Credential.totp_step).where(Credential.person == person)
    row = tx.one(kept.with_for_update())
    if row is None or row.totp_secret is None:
        return False
    step = totp.accepted_step(vault.unlock(tx.keys.vault, person, row.totp_secret), code, tx.now, row.totp_step)
    if step is not None:
        tx.execute(update(Credential).where(Credential.person == person).values(totp_step=step))
    return step is not None


# -- the administrator's ----------------------------------------------------------------------------


def unlock(tx: Tx, person: str) -> dict[str, Any]:
    """Lets somebody who is locked out try again. Raises `NotFound`."""
    if attempts.forget(tx, _login(tx, person)):
        tx.audit("directory.login.unlocked", subject=person)
    return {"id": person, "unlocked": True}


def reset_totp(tx: Tx, ctx: Context, person: str) -> dict[str, Any]:
    """Takes the second factor from somebody who has lost the device, and ends their sessions: the finder may hold one.

    Raises `NotFound`, 409 `totp-off`, and `Forbidden` for one's own: that is taken away with a code.
    """
    sessions.require_person(tx, ctx)
    if person == ctx.person:
        raise Forbidden("not one's own")
    _login(tx, person)
    on = (Credential.person == person, Credential.totp_on)
    without = {"totp_on": False, "totp_secret": None}
    if not tx.execute(update(Credential).where(*on).values(**without)).rowcount:
        raise Conflict("totp-off")
    sessions.end_all(tx, person)
    tx.audit("directory.totp.reset", subject=person)
    return {"id": person, "totp": False}


def _login(tx: Tx, person: str) -> str:
    login: str | None = tx.scalar(select(Person.login).where(Person.id == person))
    if login is None:
        raise NotFound("person")
    return login
