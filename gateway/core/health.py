"""What the gateway answers about itself: `/healthz`, `/readyz`, `/metrics`, and the measure of its requests.

The first two are for everybody: they tell nothing but yes or no. `/metrics` is answered to callers on this machine
(not to those a proxy on this machine speaks for), and on the port of its own that `ONEWAY_METRICS_PORT` adds in
full mode, which is to be reached from inside only; for everybody else it is not there. With more than one worker
(`ONEWAY_WORKERS`) any of them answers for all (`gateway.gunicorn_conf`).
"""

from __future__ import annotations

import ipaddress
import time

from flask import Flask, g, request
from prometheus_client import Histogram
from werkzeug.wrappers import Response

from gateway.core import backend
from gateway.core.auth import public
from gateway.core.telemetry import METHODS
from shared import metrics, scrape
from shared.bus.client import Client
from shared.errors import NotFound
from shared.health import HealthApp

# Labels are the route's rule (never the path), the method and the class of the status: all bounded.
_HTTP = Histogram(
    "oneway_http_seconds",
    "Time until the answer to a request was ready to be sent",
    ["route", "method", "status"],
    buckets=metrics.SECONDS,
)
_LEAVING = "oneway.leaving"
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


def install(app: Flask, client: Client) -> None:
    """Adds the routes to the application, and measures every request."""

    def ready() -> bool:
        return client.connected and not is_leaving(app)

    def look() -> None:
        metrics.BUS.labels("gateway").set(client.connected)
        metrics.READY.labels("gateway").set(ready())

    scrape.before_scrape(look)
    metrics.tell_build(backend.of(app).settings.revision)
    answers = HealthApp(ready)

    @public
    def about() -> Response:
        """What `shared.health` answers."""
        if request.path == "/metrics" and not _may_measure():
            raise NotFound()
        return Response.from_app(answers, request.environ)

    for path in ("/healthz", "/readyz", "/metrics"):
        app.add_url_rule(path, path[1:], about)
    app.before_request(_begin)
    app.after_request(_measure)


def leave(app: Flask) -> None:
    """The process is about to end: it is not ready for requests any more."""
    app.extensions[_LEAVING] = True


def is_leaving(app: Flask) -> bool:
    """Whether the process is about to end."""
    return _LEAVING in app.extensions


def _may_measure() -> bool:
    port = backend.backend().settings.metrics_port
    if port and request.environ.get("SERVER_PORT") == str(port):
        return True
    forwarded = any(name in request.headers for name in _FORWARDED)
    return not forwarded and bool(request.remote_addr) and ipaddress.ip_address(request.remote_addr or "").is_loopback


def _begin() -> None:
    g.began = time.perf_counter()


def _measure(response: Response) -> Response:
    """Of a stream the time until it began."""
    route = request.url_rule.rule if request.url_rule else "none"
    method = request.method if request.method in METHODS else "other"
    # What a program waited for as it preferred is not what we took.
    took = time.perf_counter() - g.began - g.get("waited", 0.0)
    metrics.series(_HTTP, route, method, f"{response.status_code // 100}xx").observe(took)
    return response
