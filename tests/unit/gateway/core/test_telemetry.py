"""What the gateway writes down of a request: its trace goes on to the services, its line in the log tells no path."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import structlog
from flask import Flask

from shared.errors import Unavailable
from tests.support.collector import Collector, told, traced
from tests.unit.gateway.fake import TOKEN, FakeClient, application, signed_in

TRACE, CALLER = "ab" * 16, "cd" * 8
DOCUMENT = "01900000-0000-7000-8000-0000000000aa"
COUNTS = {"approval": 0, "total": 0}


@pytest.fixture
def client() -> FakeClient:
    found = FakeClient()
    found.answers[("desk", "counts")] = COUNTS
    return found


@pytest.fixture
def collector() -> Iterator[Collector]:
    with traced("gateway") as found:
        yield found


def test_a_callers_trace_is_passed_on_where_nothing_is_traced(client: FakeClient, tmp_path: Path) -> None:
    given = f"00-{TRACE}-{CALLER}-01"
    signed_in(application(client, tmp_path)).get("/api/v1/desk/counts", headers={"Traceparent": given})
    assert client.contexts[-1].traceparent == given


@pytest.mark.parametrize("given", ["", "nonsense", f"00-{'0' * 32}-{CALLER}-01", f"01-{TRACE}-{CALLER}-01"])
def test_a_request_without_a_sound_one_is_a_trace_that_nobody_records(
    client: FakeClient, tmp_path: Path, given: str
) -> None:
    signed_in(application(client, tmp_path)).get("/api/v1/desk/counts", headers={"Traceparent": given})
    found = client.contexts[-1].traceparent
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", found) and TRACE not in found


def test_the_gateways_span_stands_between_the_caller_and_the_services(
    client: FakeClient, tmp_path: Path, collector: Collector
) -> None:
    browser = signed_in(application(client, tmp_path))
    path = "/api/v1/desk/counts?q=somebody"
    headers = {"Traceparent": f"00-{TRACE}-{CALLER}-01", "X-Request-Id": "request-1"}
    browser.get(path, headers=headers, buffered=True)
    (span,) = told(collector)
    assert (span.name, span.kind, span.parent) == ("GET /api/v1/desk/counts", "server", CALLER)
    assert client.contexts[-1].traceparent == f"00-{TRACE}-{span.id}-01"
    assert span.attributes == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "http.route": "/api/v1/desk/counts",
        "oneway.request_id": "request-1",
        "oneway.tenant": "city",
        "url.path": "/api/v1/desk/counts",
        "url.scheme": "http",
    }
    body = b"".join(collector.bodies)
    assert b"somebody" not in body and TOKEN.encode() not in body


def test_an_unsampled_caller_gets_no_span_and_the_services_are_told_so(
    client: FakeClient, tmp_path: Path, collector: Collector
) -> None:
    browser = signed_in(application(client, tmp_path))
    browser.get("/api/v1/desk/counts", headers={"Traceparent": f"00-{TRACE}-{CALLER}-00"}, buffered=True)
    assert told(collector) == []
    assert re.fullmatch(f"00-{TRACE}-[0-9a-f]{{16}}-00", client.contexts[-1].traceparent)


def test_what_failed_is_marked_and_probes_and_strange_paths_tell_nothing(
    client: FakeClient, tmp_path: Path, collector: Collector
) -> None:
    client.answers[("desk", "counts")] = Unavailable("desk")
    browser = signed_in(application(client, tmp_path))
    for path in ("/api/v1/desk/counts", "/healthz", "/metrics", "/no/such/somebody"):
        browser.get(path, buffered=True)
    browser.open("/no/such", method="GUESSED", buffered=True)
    assert [(span.name, span.failed, span.attributes.get("error.type")) for span in told(collector)] == [
        ("GET /api/v1/desk/counts", True, "503"),
        ("GET", False, None),
        ("_OTHER", False, None),
    ]


# -- the access log ---------------------------------------------------------------------------------


def logged(app: Flask) -> list[dict[str, object]]:
    """What is logged of three requests."""
    from shared import log

    out = io.StringIO()
    log.configure("gateway")
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=out), cache_logger_on_first_use=False)
    try:
        browser = signed_in(app)
        browser.get("/api/v1/desk/counts?q=somebody", headers={"X-Request-Id": "request-1"})
        browser.get(f"/api/v1/documents/{DOCUMENT}", headers={"Traceparent": f"00-{TRACE}-{CALLER}-00"})
        browser.get("/healthz")
    finally:
        structlog.reset_defaults()
    return [orjson.loads(line) for line in out.getvalue().splitlines()]


def test_each_request_is_one_line_without_its_path_where_that_is_wanted(client: FakeClient, tmp_path: Path) -> None:
    counts, card = logged(application(client, tmp_path, access_log=True))
    assert (counts["event"], counts["method"], counts["route"]) == ("request", "GET", "/api/v1/desk/counts")
    assert (counts["status"], counts["tenant"], counts["service"]) == (200, "city", "gateway")
    assert counts["request_id"] == "request-1" and isinstance(counts["ms"], float)
    assert (card["route"], card["status"], card["trace_id"]) == ("/api/v1/documents/<uuid:id>", 404, TRACE)
    assert "somebody" not in str(counts) and DOCUMENT not in str(card)


def test_there_are_none_where_it_is_not(client: FakeClient, tmp_path: Path) -> None:
    assert logged(application(client, tmp_path)) == []
