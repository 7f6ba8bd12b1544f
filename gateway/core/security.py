"""Headers every answer carries, CSRF tokens, and limits on how often something may be tried."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from gateway.core import auth, telemetry
from shared.errors import Forbidden, TooMany
from shared.keys import split, uses
from shared.settings import Settings

BODY_LIMIT = 3 * 1024 * 1024
_STREAM_LIMIT = 1 << 40
VISITOR_COOKIE = "oneway_visitor"
_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
_CSRF_HEADERS = ("X-CSRF-Token", "X-CSRFToken")
_CSRF_FIELD = "csrf_token"
_EXTENSION = "oneway.security"
V = TypeVar("V", bound=Callable[..., Any])

# ProseMirror sets styles through the CSSOM, which style-src does not concern.
_PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"

# Failed sign-ins, in each gateway process; the directory counts and locks each login besides.
_FAILED_LOGINS = parse("20/minute")
_FAILED_ADDRESS = parse("120/minute")
# What is shown to nobody in particular, of one address: a building of tablets may stand behind one.
_VISITS = parse("300/minute")


@dataclass
class Security:
    """What the application holds: the keys of CSRF tokens, the one to use first, and the counters."""

    keys: list[bytes]
    limiter: FixedWindowRateLimiter
    rate: RateLimitItem | None


def install(app: Flask, settings: Settings) -> None:
    """Sets limits and headers, and checks unsafe requests. Raises `ValueError` without a key."""
    if not settings.cookie_key:
        raise ValueError("a key for CSRF tokens is needed (ONEWAY_COOKIE_KEY)")
    keys = split(settings.cookie_key)
    # Flask's own session carries what is told on the next page.
    app.config.update(SECRET_KEY=_messages(keys[0]), SECRET_KEY_FALLBACKS=[_messages(key) for key in keys[1:]])
    rate = parse(settings.api_rate) if settings.api_rate else None
    for key in keys:
        uses("cookie", key)
    app.extensions[_EXTENSION] = Security([key.encode() for key in keys], FixedWindowRateLimiter(MemoryStorage()), rate)
    app.config.update(MAX_CONTENT_LENGTH=BODY_LIMIT, MAX_FORM_MEMORY_SIZE=BODY_LIMIT)
    app.jinja_env.globals["csrf_token"] = csrf_token
    app.before_request(_check_unsafe)
    if rate:
        app.before_request(_check_rate)
    app.after_request(_Headers(settings.secure_cookies))


def _messages(key: str) -> str:
    return f"messages:{key}"


def _state() -> Security:
    found: Security = current_app.extensions[_EXTENSION]
    return found


# -- headers ----------------------------------------------------------------------------------------


class _Headers:
    """Adds the constant headers; a view that set one of them itself knows better."""

    def __init__(self, https: bool) -> None:
        always = [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin")]
        if https:
            always.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
        self._api = [*always, ("Content-Security-Policy", _API_POLICY), ("Cache-Control", "no-store")]
        self._page = [
            *always,
            ("Content-Security-Policy", _PAGE_POLICY),
            ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ]
        self._secure = https

    def __call__(self, response: Response) -> Response:
        """Flask's after_request hook."""
        headers = response.headers
        headers["X-Request-Id"] = telemetry.request_id()
        program = request.path.startswith("/api/") or auth.is_programs()
        page = response.mimetype == "text/html" or not program
        for name, value in self._page if page else self._api:
            if name not in headers:
                headers.add(name, value)
        visitor = g.get("new_visitor")
        if visitor:
            response.set_cookie(VISITOR_COOKIE, visitor, httponly=True, samesite="Lax", secure=self._secure, path="/")
        return response


# -- CSRF -------------------------------------------------------------------------------------------


def csrf_token() -> str:
    """The token of the session's forms; for a visitor bound to a cookie of their own."""
    return _csrf_of(request.cookies.get(auth.COOKIE) or _visitor(), _state().keys[0])


def _visitor() -> str:
    known = request.cookies.get(VISITOR_COOKIE) or g.get("new_visitor")
    if not known:
        known = g.new_visitor = secrets.token_urlsafe(24)
    return known


def _csrf_of(bound_to: str, key: bytes) -> str:
    return hmac.new(key, f"csrf:{bound_to}".encode(), hashlib.sha256).hexdigest()


def _is_csrf_of(bound_to: str, given: str) -> bool:
    """Whether it is the token of this session, under any of the keys: a page may have been open for long."""
    for key in _state().keys:
        if hmac.compare_digest(given.encode(), _csrf_of(bound_to, key).encode()):
            uses("cookie", key).inc()
            return True
    return False


def _check_unsafe() -> None:
    """Sets the body's limit; refuses an unsafe request that a browser may have been made to send by another site."""
    if request.method in _SAFE:
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "proves_itself", False):
        return
    limit = getattr(view, "body_limit", None)
    if limit:
        request.max_content_length = request.max_form_memory_size = limit
    if "HTTP_AUTHORIZATION" in request.environ:
        return
    session = request.cookies.get(auth.COOKIE)
    if auth.is_programs() or (not session and request.path.startswith("/api/")):
        return
    bound_to = session or request.cookies.get(VISITOR_COOKIE, "")
    given = _given_csrf(streams=getattr(view, "streams", False)) if bound_to else ""
    if not given or not _is_csrf_of(bound_to, given):
        raise Forbidden("The CSRF token is missing or not of this session", "csrf")


def _given_csrf(streams: bool) -> str:
    for name in _CSRF_HEADERS:
        given = request.headers.get(name)
        if given:
            return given
    # What streams its body tells the token by the header: reading the form would read the whole upload.
    return "" if streams else request.form.get(_CSRF_FIELD, "")


def streaming(view: V) -> V:
    """Says that a view reads its body in pieces and limits it itself."""
    view.streams = True  # type: ignore[attr-defined]
    return body_limit(_STREAM_LIMIT)(view)


def signed_link(view: V) -> V:
    """Says that a view's address is itself signed and that it acts for whom the address names, whoever sends it.

    Mail programs send such a form without a cookie (RFC 8058): there is no session that another site could use.
    """
    view.proves_itself = True  # type: ignore[attr-defined]
    return view


def body_limit(limit: int) -> Callable[[V], V]:
    """Lets a view take a larger body than others; `limit` in bytes."""

    def mark(view: V) -> V:
        view.body_limit = limit  # type: ignore[attr-defined]
        return view

    return mark


# -- rates ------------------------------------------------------------------------------------------


def _check_rate() -> None:
    """At most `api_rate` requests of one session (of one address without one) to the API, or as a calendar program."""
    if not request.path.startswith("/api/") and not auth.is_programs():
        return
    state = _state()
    who = hashlib.sha256((auth.token() or request.remote_addr or "").encode()).hexdigest()
    if state.rate and not state.limiter.hit(state.rate, "api", who):
        raise TooMany(state.rate.get_expiry())


def require_few_visits(name: str) -> None:
    """Counts one more visit of the current request's address to a public page. Raises `TooMany`."""
    if not _state().limiter.hit(_VISITS, name, request.remote_addr or ""):
        raise TooMany(_VISITS.get_expiry())


@dataclass(frozen=True)
class Attempts:
    """Failed sign-ins from one address, for one login and for all of them."""

    counted: tuple[tuple[RateLimitItem, str], ...]

    def require(self) -> None:
        """Raises `TooMany` where more failures are not taken for now."""
        for limit, key in self.counted:
            if not _state().limiter.test(limit, "sign-in", key):
                raise TooMany(limit.get_expiry())

    def failed(self) -> None:
        """Counts one more failure."""
        for limit, key in self.counted:
            _state().limiter.hit(limit, "sign-in", key)


def take(what: str, rate: str) -> None:
    """Counts one more use by the current request's address. Raises `TooMany` where it has had as many as it may."""
    limit = parse(rate)
    if not _state().limiter.hit(limit, what, request.remote_addr or ""):
        raise TooMany(limit.get_expiry())


def misses(what: str, rate: str) -> Attempts:
    """Attempts of the current request's address to find something by guessing, at most `rate` in vain."""
    return Attempts(((parse(rate), f"{what} {request.remote_addr or ''}"),))


def sign_in_attempts(tenant: str, login: str) -> Attempts:
    """The attempts of the current request's address."""
    address = request.remote_addr or ""
    return Attempts(((_FAILED_LOGINS, f"{address} {tenant} {login}"), (_FAILED_ADDRESS, address)))
