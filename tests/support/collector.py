"""A collector of traces of the tests' own: takes OTLP over HTTP as a real one does, and keeps what it was told."""

from __future__ import annotations

import gzip
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Told
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from shared import trace


@dataclass(frozen=True)
class Span:
    """A span as it was told; ids in hexadecimal, `parent` empty at the root, times in nanoseconds."""

    service: str
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    failed: bool
    began: int
    ended: int
    attributes: dict[str, Any] = field(hash=False)
    links: tuple[str, ...] = ()
    resource: dict[str, Any] = field(default_factory=dict, hash=False)


def _attributes(given: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in given}


def spans(body: bytes) -> Iterator[Span]:
    """The spans of one request."""
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        about = _attributes(resource.resource.attributes)
        for scope in resource.scope_spans:
            for told in scope.spans:
                yield Span(
                    service=about["service.name"],
                    name=told.name,
                    kind=Told.SpanKind.Name(told.kind).removeprefix("SPAN_KIND_").lower(),
                    trace=told.trace_id.hex(),
                    id=told.span_id.hex(),
                    parent=told.parent_span_id.hex(),
                    failed=told.status.code == Status.STATUS_CODE_ERROR,
                    began=told.start_time_unix_nano,
                    ended=told.end_time_unix_nano,
                    attributes=_attributes(told.attributes),
                    links=tuple(link.span_id.hex() for link in told.links),
                    resource=about,
                )


class Collector:
    """Listens while it is used in a `with`. `bodies` has every byte it took: none, with a status in `refuses`."""

    def __init__(self) -> None:
        self.refuses = 0
        self.spans: list[Span] = []
        self.bodies: list[bytes] = []
        self.paths: Counter[str] = Counter()
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                if not collector.refuses:
                    collector.take(self.path, body)
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(collector.refuses or 200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        Handler.protocol_version = "HTTP/1.1"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """What `OTEL_EXPORTER_OTLP_ENDPOINT` is to be."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """How a process is told to trace to here, and not to let the test wait."""
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": self.url, "OTEL_BSP_SCHEDULE_DELAY": "200"}

    def take(self, path: str, body: bytes) -> None:
        """Keeps what came."""
        self.paths[path] += 1
        self.bodies.append(body)
        self.spans.extend(spans(body))

    def trace(self, id_: str) -> dict[str, Span]:
        """The spans of one trace by their ids."""
        return {span.id: span for span in list(self.spans) if span.trace == id_}

    def __enter__(self) -> Collector:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def traced(*services: str, **environment: str) -> Iterator[Collector]:
    """This process traces these services while it is used in a `with`."""
    with Collector() as found, pytest.MonkeyPatch.context() as patched:
        for name, value in {**found.environment, **environment}.items():
            patched.setenv(name, value)
        trace.start(*services)
        yield found
        trace.stop()


def flush() -> None:
    """Sends what this process has gathered, and waits for what comes of it."""
    assert trace._tracing
    trace._tracing._processor.force_flush()


def told(collector: Collector) -> list[Span]:
    """Every span of this process in the order they began. From then on it traces no more."""
    trace.stop()
    return sorted(collector.spans, key=lambda span: span.began)
