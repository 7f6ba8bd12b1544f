"""Who a request acts for: a bearer token or the session cookie, and the principal behind it.

What calendar programs speak to takes a token as the password of HTTP Basic too, and no cookie.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, g, request

from gateway.core import backend
from shared.contracts.directory import LOCALES
from shared.errors import Forbidden, Problem, Unauthorized

COOKIE = "oneway_session"
LOCALE_COOKIE = "locale"
_TOKEN = re.compile(r"ow1\.([a-z][a-z0-9]{1,30})\.[A-Za-z0-9_-]{16,160}")
_LIFETIME = 30.0
_MOST = 20_000
_EXTENSION = "oneway.principals"
# What other programs than browsers speak to: no cookie signs anybody in there, so that no other site can use one.
_PROGRAMS = ("/dav", "/.well-known/caldav")
# What a token with a scope opens, with everything below; the rest is closed to it, whatever its route says.
OPENED: dict[str, tuple[str, ...]] = {"calendar": (*_PROGRAMS, "/api/v1/schedule")}

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Principal:
    """The person signed in, as the directory described them half a minute ago at the most."""

    tenant: str
    session: str
    person: str
    login: str
    name: str
    position: str
    department: str
    department_id: str
    roles: frozenset[str]
    clearance: int
    locale: str
    expires_at: float
    scope: str = ""

    @classmethod
    def of(cls, told: dict[str, Any]) -> Principal:
        """From the directory's view of a session."""
        # A directory of the version before does not tell a scope: it makes no tokens that have one.
        values = {"scope": "", **{name: told[name] for name in cls.__dataclass_fields__ if name in told}}
        expires_at = datetime.fromisoformat(told["expires_at"]).timestamp()
        return cls(**{**values, "roles": frozenset(told["roles"]), "expires_at": expires_at})

    def has(self, role: str) -> bool:
        """Whether the person has this role."""
        return role in self.roles

    def opens(self, path: str) -> bool:
        """Whether what is signed in with may be used at this path."""
        return not self.scope or _below(path, OPENED.get(self.scope, ()))


def _below(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith(f"{root}/") for root in roots)


class Principals:
    """Principals by the hash of their token: each for half a minute, or until the directory tells of a change."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, tuple[float, Principal]] = OrderedDict()
        self._lock = threading.Lock()
        self._changes = 0

    def get(self, token: str, fetch: Callable[[], Principal]) -> Principal:
        """The principal of a token; `fetch` asks the directory where it is not known."""
        key = hashlib.sha256(token.encode()).digest()
        # Not by the time of day: that may be put back.
        now = time.monotonic()
        with self._lock:
            kept = self._kept.get(key)
            if kept and now < kept[0]:
                self._kept.move_to_end(key)
                return kept[1]
            changes = self._changes
        found = fetch()
        with self._lock:
            # What was fetched while a change was told may be from before it.
            if changes == self._changes:
                self._kept[key] = (now + min(_LIFETIME, found.expires_at - time.time()), found)
                if len(self._kept) > _MOST:
                    self._kept.popitem(last=False)
        return found

    def drop(self, tenant: str, people: list[str]) -> None:
        """Forgets these people's principals; the whole tenant's where nobody is named."""
        named = set(people)
        with self._lock:
            self._changes += 1
            for key, (_, kept) in list(self._kept.items()):
                if kept.tenant == tenant and (not named or kept.person in named):
                    del self._kept[key]

    def clear(self) -> None:
        """Forgets everybody."""
        with self._lock:
            self._changes += 1
            self._kept.clear()

    def told(self, told: dict[str, Any]) -> None:
        """Listens to the live channel."""
        if is_about_sessions(told["topic"]):
            self.drop(told["tenant"], told["people"])


def is_about_sessions(topic: str) -> bool:
    """Whether the directory tells of sessions that ended or of people who changed."""
    return topic.startswith("session") or topic == "people_changed"


def install(app: Flask) -> Principals:
    """Gives the application its cache of principals."""
    principals = app.extensions[_EXTENSION] = Principals()
    return principals


# -- the current request ----------------------------------------------------------------------------


def token() -> str:
    """The token the request brings, a bearer token before the cookie; empty where there is none."""
    authorization: str = request.environ.get("HTTP_AUTHORIZATION", "")
    if authorization:
        scheme, _, value = authorization.partition(" ")
        if scheme.lower() == "bearer":
            return value.strip()
        return basic()[1] if is_programs() else ""
    if is_programs() or "HTTP_COOKIE" not in request.environ:
        return ""
    return request.cookies.get(COOKIE, "")


def is_programs() -> bool:
    """Whether the request is to what other programs than browsers speak to, with names and passwords of their own."""
    return _below(request.path, _PROGRAMS)


def basic() -> tuple[str, str]:
    """User name and password of HTTP Basic (RFC 7617), in UTF-8; both empty where the request brings none."""
    scheme, _, value = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, password


def require() -> Principal:
    """The principal of the request.

    Raises `Unauthorized` where nobody is signed in any more, and `Forbidden` (`token-scope`) where the token is
    confined to something else.
    """
    found: Principal | None = g.get("principal")
    if found is None:
        given = token()
        form = _TOKEN.fullmatch(given)
        if form is None:
            raise Unauthorized()
        principals: Principals = current_app.extensions[_EXTENSION]
        g.nobody = True
        found = principals.get(given, lambda: _fetch(form[1], given))
        if not found.opens(request.path):
            raise Forbidden("This token is confined to something else", "token-scope")
        g.principal = found
    return found


def _fetch(tenant: str, given: str) -> Principal:
    try:
        client, nobody = backend.backend().client, backend.anonymous(tenant)
        told = client.call("directory", "session", nobody, {"token": given}, repeatable=True)
    except Problem as problem:
        if problem.status in (401, 403, 404):
            raise Unauthorized("session-ended") from problem
        raise
    found = Principal.of(told)
    if found.tenant != tenant:
        raise Unauthorized("session-ended")
    return found


def current() -> Principal | None:
    """The principal of the request, or None; the directory is asked once a request at the most."""
    if "principal" not in g and "nobody" not in g:
        try:
            require()
        except Problem:
            g.nobody = True
    found: Principal | None = g.get("principal")
    return found


def principal() -> Principal:
    """Who is signed in, in a view behind `signed_in`."""
    found: Principal = g.principal
    return found


def forget() -> None:
    """Drops what is kept of the person signed in, whose settings or sessions were just changed."""
    principals: Principals = current_app.extensions[_EXTENSION]
    principals.drop(principal().tenant, [principal().person])


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Lets only people in who are signed in: others get 401 at the API and the sign-in page in the browser."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        require()
        return view(*args, **kwargs)

    guarded.access = "signed_in"  # type: ignore[attr-defined]
    return guarded


@signed_in
def administrators_only() -> None:
    """Before each request of pages for tenant administrators; the services decide again on every call."""
    if "tenant_admin" not in principal().roles:
        raise Forbidden()


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Says that a view is meant for everybody: each route has either this or `signed_in` (a test holds it)."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def locale() -> str:
    """`ko` or `en`: the person's choice, the browser's cookie, what the browser asks for; Korean otherwise."""
    found = g.get("principal")
    if found is not None:
        return str(found.locale)
    chosen = request.cookies.get(LOCALE_COOKIE)
    if chosen in LOCALES:
        return chosen
    return request.accept_languages.best_match(LOCALES, "ko")
