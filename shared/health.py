"""What every process answers about itself: /healthz, /readyz, /metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST

from shared import scrape

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class HealthApp:
    """A WSGI application; `ready` tells whether the process can do its work right now."""

    def __init__(self, ready: Callable[[], bool]) -> None:
        self._ready = ready

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request."""
        path = environ.get("PATH_INFO", "")
        status, kind, body = "404 Not Found", "text/plain", b"not found\n"
        if path == "/healthz":
            status, body = "200 OK", b"ok\n"
        elif path == "/readyz":
            ready = self._ready()
            status, body = ("200 OK", b"ready\n") if ready else ("503 Service Unavailable", b"not ready\n")
        elif path == "/metrics":
            status, kind, body = "200 OK", CONTENT_TYPE_LATEST, scrape.exposition()
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]
