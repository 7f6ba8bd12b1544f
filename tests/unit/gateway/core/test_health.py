"""What the gateway answers about itself, to whom, and what it measures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import REGISTRY

from gateway.core import backend, health
from shared.bus.broker import Broker
from shared.bus.client import Client
from shared.bus.local import LocalBroker
from shared.bus.rabbit import RabbitBroker
from shared.context import Signer
from shared.errors import Forbidden, Problem
from shared.settings import Settings

METRICS_PORT = 9123


def application(broker: Broker) -> Flask:
    app = Flask(__name__)
    client = Client(broker, Signer([b"key"]))
    backend.install(app, client, Settings(metrics_port=METRICS_PORT))
    health.install(app, client)
    app.register_error_handler(Problem, lambda problem: (problem.slug, problem.status))

    @app.route("/documents/<document>", methods=["GET", "POST"])
    def document(document: str) -> str:
        if document == "secret":
            raise Forbidden()
        return document

    return app


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return application(LocalBroker(tmp_path)).test_client()


def test_it_lives_and_is_ready_while_the_broker_is_connected(client: FlaskClient) -> None:
    assert client.get("/healthz").data == b"ok\n"
    assert client.get("/readyz").data == b"ready\n"
    assert client.get("/readyz").mimetype == "text/plain"


def test_without_the_broker_it_lives_and_is_not_ready() -> None:
    client = application(RabbitBroker("amqp://127.0.0.1:1//", "test")).test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert 'oneway_bus_connected{service="gateway"} 0.0' in client.get("/metrics").text


def test_everybody_may_ask_whether_it_is_there(client: FlaskClient) -> None:
    for path in ("healthz", "readyz", "metrics"):
        assert client.application.view_functions[path].access == "public"  # type: ignore[attr-defined]
    assert client.get("/readyz", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200


@pytest.mark.parametrize(
    ("environ", "headers", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, {}, 200),
        ({"REMOTE_ADDR": "::1"}, {}, 200),
        ({"REMOTE_ADDR": "203.0.113.7"}, {}, 404),
        ({"REMOTE_ADDR": ""}, {}, 404),
        ({"REMOTE_ADDR": "127.0.0.1"}, {"X-Forwarded-For": "127.0.0.1"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1"}, {"Forwarded": "for=203.0.113.7"}, 404),
        ({"REMOTE_ADDR": "203.0.113.7"}, {"Host": f"x:{METRICS_PORT}"}, 404),
        ({"REMOTE_ADDR": "203.0.113.7", "SERVER_PORT": str(METRICS_PORT)}, {}, 200),
    ],
)
def test_metrics_are_for_this_machine_and_for_the_port_of_their_own(
    client: FlaskClient, environ: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    answer = client.get("/metrics", environ_overrides={"SERVER_PORT": "80", **environ}, headers=headers)
    assert answer.status_code == status
    assert ("oneway_http_seconds" in answer.text) == (status == 200)


def measured(route: str, method: str, status: str) -> float:
    labels = {"route": route, "method": method, "status": status}
    return REGISTRY.get_sample_value("oneway_http_seconds_count", labels) or 0.0


def test_requests_are_measured_by_route_and_not_by_path(client: FlaskClient) -> None:
    route = "/documents/<document>"
    before = measured(route, "GET", "2xx"), measured(route, "POST", "2xx"), measured(route, "GET", "4xx")
    for document in ("a", "b", "secret"):
        client.get(f"/documents/{document}")
    client.post("/documents/a")
    after = measured(route, "GET", "2xx"), measured(route, "POST", "2xx"), measured(route, "GET", "4xx")
    assert [b - a for a, b in zip(before, after, strict=True)] == [2, 1, 1]


def test_what_a_caller_makes_up_makes_no_new_series(client: FlaskClient) -> None:
    before = measured("none", "GET", "4xx"), measured("none", "other", "4xx")
    for n in range(3):
        client.get(f"/made-up/{n}")
        client.open("/documents/a", method=f"MADEUP{n}")
    after = measured("none", "GET", "4xx"), measured("none", "other", "4xx")
    assert [b - a for a, b in zip(before, after, strict=True)] == [3, 3]
