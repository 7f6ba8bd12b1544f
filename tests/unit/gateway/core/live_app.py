"""A small application with the live channel, served as the two modes serve the gateway: see `test_live.py`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import REGISTRY

from gateway.core import backend, health, live, waiting
from gateway.core.auth import Principal
from shared.settings import settings

SOMEBODY = Principal(
    *("city", "s", "p", "hong", "홍길동", "주무관", "총무과", "d"), frozenset(("drafter",)), 0, "ko", time.time() + 3600
)


def create() -> Flask:
    """`X-Person` names who is signed in; `POST /tell` tells as the live channel would."""
    app = Flask(__name__)
    hub = live.install(app)
    client: Any = SimpleNamespace(connected=True)
    backend.install(app, client, settings())
    health.install(app, client)

    @app.before_request
    def sign_in() -> None:
        if "X-Person" in request.headers:
            expires = float(request.headers.get("X-Expires", SOMEBODY.expires_at))
            g.principal = replace(SOMEBODY, person=request.headers["X-Person"], expires_at=expires)

    @app.post("/tell")
    def tell() -> Response:
        hub.told({"tenant": "city", **request.get_json()})
        return Response("told")

    app.config["VALUE"] = "one"

    @app.post("/value")
    def change() -> Response:
        app.config["VALUE"] = request.get_json()["value"]
        hub.told({"tenant": "city", "people": [], "topic": "desk"})
        return Response("told")

    @app.get("/value")
    def value() -> Response:
        return waiting.when_changed(hub.waiters, "desk", lambda: Response(app.config["VALUE"]))

    @app.get("/waiting")
    def how_many_wait() -> Response:
        return Response(str(int(REGISTRY.get_sample_value("oneway_waiting_requests") or 0)))

    @app.get("/long")
    def long() -> Response:
        def pieces() -> Iterator[bytes]:
            yield b"begun"
            while not health.is_leaving(app):
                time.sleep(0.05)

        return Response(pieces())

    @app.get("/open")
    def count() -> Response:
        return Response(str(int(REGISTRY.get_sample_value("oneway_live_streams") or 0)))

    return app


app = create()

if __name__ == "__main__":
    import eventlet.wsgi

    eventlet.wsgi.server(eventlet.listen(("127.0.0.1", int(sys.argv[1]))), app, max_size=2000, log_output=False)
