"""What is written down of a request beside its answer: a span, the ids on each line of the log, and the access log.

A request is told of by its route, never by its path or query, and without the person or their address.
"""

from __future__ import annotations

import re
import secrets
import time

from flask import Flask, Response, g, request

from shared import log, trace
from shared.context import Context
from shared.ids import new_id
from shared.settings import Settings

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_DAV = ("PROPFIND", "PROPPATCH", "REPORT", "MKCALENDAR", "MKCOL", "MOVE", "COPY", "LOCK", "UNLOCK")
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", *_DAV))
# Probes and built files are no journeys of anybody's.
_UNTOLD = frozenset(("healthz", "readyz", "metrics", "static"))
_access = log.get("access")


def install(app: Flask, settings: Settings) -> None:
    """To be installed before everything else that looks at requests, so that it sees the whole of them."""
    app.before_request(_begin)
    app.after_request(_ready_with_access_log if settings.access_log else _ready)


def request_id() -> str:
    """The id of the current request: the caller's `X-Request-Id` where it is a sound one, or a new one."""
    found: str | None = g.get("request_id")
    if found is None:
        given = request.headers.get("X-Request-Id", "")
        found = g.request_id = given if _REQUEST_ID.fullmatch(given) else new_id()
    return found


def route() -> str:
    """The rule of the current request; empty where there is none."""
    return request.url_rule.rule if request.url_rule else ""


def method() -> str:
    """The request's method, or `_OTHER` for one that somebody made up."""
    return request.method if request.method in METHODS else "_OTHER"


def arrived_at() -> float:
    """When the request came, in seconds since the epoch."""
    passed: float = time.perf_counter() - g.arrived
    return time.time() - passed


def _begin() -> None:
    g.arrived = time.perf_counter()
    traceparent = _given() or ""
    if trace.on() and request.endpoint not in _UNTOLD:
        ctx = Context("", request_id=request_id(), traceparent=traceparent)
        attributes = {"http.request.method": method(), "url.scheme": request.scheme}
        if route():
            # An id in a path says what somebody looked at: the path is told as the rule has it.
            attributes |= {"http.route": route(), "url.path": route()}
        step = trace.entry("gateway", f"{method()} {route()}".rstrip(), "server", ctx, attributes)
        step.enter()
        g.step, traceparent = step, step.traceparent
    # Begun here where nobody has begun it, for the log; not sampled, for nobody records it.
    g.traceparent = traceparent or f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"
    g.about = log.About(request_id=request_id(), trace_id=g.traceparent[3:35], service="gateway")
    g.about.__enter__()


def _given() -> str | None:
    given = request.headers.get("Traceparent", "")
    return given if _TRACEPARENT.fullmatch(given) else None


def traceparent() -> str:
    """The W3C trace context of the current request, with its span as the parent where it has one."""
    found: str = g.traceparent
    return found


def of(tenant: str) -> None:
    """Tells whose request it is, once that is known."""
    g.about.add(tenant=tenant)
    if "step" in g:
        g.step.describe(tenant=tenant)


def _ready(response: Response) -> Response:
    """The answer stands; what is sent piece by piece, like a download, still belongs to the request."""
    about, step = g.about, g.get("step", trace.NOTHING)
    step.set("http.response.status_code", response.status_code)
    if response.status_code >= 500:
        step.failed(str(response.status_code))

    def sent() -> None:
        step.leave()
        step.end()
        about.__exit__()

    # A page that listens is answered once it begins to; the server sends a file by itself and says nothing of its end.
    if response.mimetype == "text/event-stream" or response.direct_passthrough:
        sent()
    else:
        response.call_on_close(sent)
    return response


def _ready_with_access_log(response: Response) -> Response:
    if request.endpoint not in _UNTOLD:
        took = round((time.perf_counter() - g.arrived) * 1000, 1)
        _access.info("request", method=method(), route=route(), status=response.status_code, ms=took)
    return _ready(response)
