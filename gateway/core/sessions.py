"""Beginning and ending sessions, and the cookie a browser keeps one by."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from gateway.core import auth, backend, security
from shared.context import Context
from shared.errors import Problem, Unauthorized

# Seconds: at ten to nine a proof by password waits up to ten in the directory for its turn.
PROOF_TIMEOUT = 12.0


def sign_in(tenant: str, login: str, password: str, code: str = "", kind: str = "browser") -> dict[str, Any]:
    """A new session as the directory's `SignInResult`.

    Raises its `Problem` (401, 423, 429, 422), and `TooMany` where too many attempts failed from this address.
    """
    data = {
        "login": login,
        "password": password,
        "code": code,
        "kind": kind,
        "address": request.remote_addr or "",
        "agent": request.headers.get("User-Agent", "")[:300],
    }
    attempts = security.sign_in_attempts(tenant, login)
    attempts.require()
    try:
        # No idempotency key: the answer holds the token, which is to be written down nowhere.
        client = backend.backend().client
        result: dict[str, Any] = client.call("directory", "sign_in", _nobody_of(tenant), data, timeout=PROOF_TIMEOUT)
    except Problem as problem:
        if problem.status == 401:
            attempts.failed()
        raise
    return result


def _nobody_of(tenant: str) -> Context:
    """A context for the sign-in; an unknown tenant is refused like a wrong password."""
    try:
        backend.tenant(tenant)
    except Problem as problem:
        raise Unauthorized("bad-credentials") from problem
    return backend.anonymous(tenant)


def remember(response: Response, session: dict[str, Any]) -> None:
    """Puts a new session's token into the browser's cookie; it goes when the browser closes."""
    secure = backend.backend().settings.secure_cookies
    response.set_cookie(auth.COOKIE, session["token"], httponly=True, samesite="Lax", secure=secure, path="/")


def end_session() -> None:
    """Ends the session of the request in the directory and here. Raises `Unauthorized` where nobody is signed in."""
    auth.require()
    backend.call("directory", "revoke_session", {"id": auth.principal().session})
    auth.forget()


def sign_out(response: Response) -> None:
    """Ends the browser's session where there is one, and takes its cookie back."""
    if auth.current() is not None:
        end_session()
    response.delete_cookie(auth.COOKIE, path="/", httponly=True, samesite="Lax")
