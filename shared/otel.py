"""OpenTelemetry's SDK as this system sets it up. Imported only where traces are asked for: see `shared.trace`."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opentelemetry import context as otel
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)
from opentelemetry.trace.propagation import get_current_span

from shared.settings import Telemetry
from shared.version import version

KINDS = {kind.name.lower(): kind for kind in SpanKind}
_SCOPE = otel.create_key("oneway-scope")
_NONE = otel.Context()
# Seconds: the last spans are waited for so long at the stop; how often a collector that is away is told of.
_STOP_WITHIN = 2.0
_TELL_EVERY = 60.0
# Seconds between two traces that are made all the same while it is away.
_TRY_EVERY = 1.0
_IDS = RandomIdGenerator()


class Scope:
    """What all spans of one request or event in one service have in common."""

    __slots__ = ("attributes", "tracer")

    def __init__(self, tracer: Tracer, attributes: dict[str, str]) -> None:
        self.tracer = tracer
        self.attributes = attributes


class Step:
    """A span under way. In a `with` it is the parent of what is begun inside, and ends with it."""

    __slots__ = ("_context", "_scope", "_span", "_token")

    def __init__(self, span: Span, scope: Scope) -> None:
        self._span = span
        self._scope = scope
        self._context = set_span_in_context(span, otel.set_value(_SCOPE, scope, _NONE))
        self._token: Any = None

    @property
    def traceparent(self) -> str:
        """The W3C trace context with this span as the parent."""
        own = self._span.get_span_context()
        return f"00-{own.trace_id:032x}-{own.span_id:016x}-{own.trace_flags:02x}"

    @property
    def recording(self) -> bool:
        """Whether the span is sampled, so that it is worth describing."""
        return self._span.is_recording()

    def describe(self, **attributes: str) -> None:
        """Sets `oneway.<name>` on this span and on all that are begun inside."""
        told = {f"oneway.{name}": value for name, value in attributes.items() if value}
        self._scope.attributes.update(told)
        self._span.set_attributes(told)

    def set(self, name: str, value: str | int | float | bool) -> None:
        """Sets an attribute: never what a person wrote, never a secret."""
        self._span.set_attribute(name, value)

    def failed(self, kind: str) -> None:
        """Marks the span as failed; `kind` is a word of a bounded number, never a message."""
        self._span.set_status(StatusCode.ERROR)
        self._span.set_attribute("error.type", kind)

    def end(self, at: int | None = None) -> None:
        """Ends the span, now or at a time in nanoseconds since the epoch."""
        self._span.end(at)

    def broke(self, error: BaseException) -> None:
        """Marks the span as failed by an exception; a refusal that the caller is told of is no failure."""
        kind = _failure(error)
        if kind:
            self.failed(kind)

    @property
    def links(self) -> list[Link]:
        """The link to this span."""
        return [Link(self._span.get_span_context())]

    def enter(self) -> None:
        """Makes this span the parent of what is begun from now on in this greenlet."""
        self._token = otel.attach(self._context)

    def leave(self) -> None:
        """Undoes `enter`."""
        otel.detach(self._token)

    def __enter__(self) -> Step:
        self.enter()
        return self

    def __exit__(self, _: Any, error: BaseException | None, __: Any) -> None:
        self.leave()
        if error is not None:
            self.broke(error)
        self.end()


def _failure(error: BaseException) -> str:
    """What an exception is called on a span; empty for what is no fault: a refusal the caller is told of."""
    status = getattr(error, "status", None)
    if isinstance(status, int) and hasattr(error, "slug"):
        return str(error.slug) if status >= 500 else ""
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    return str(state) if state else f"{type(error).__module__}.{type(error).__qualname__}"


class _Processor(BatchSpanProcessor):
    """Batches; when the queue is full, as while the collector is away, a new span is let go without a word."""

    def on_end(self, span: ReadableSpan) -> None:
        batch = self._batch_processor
        if len(batch._queue) < batch._max_queue_size:
            super().on_end(span)

    def finish(self) -> None:
        """Sends what is left, but does not wait long for a collector that is away."""
        ending = threading.Thread(target=self.shutdown, name="traces-end", daemon=True)
        ending.start()
        ending.join(_STOP_WITHIN)


class _Exporter(OTLPSpanExporter):
    """Knows whether the collector took the last batch. Where it did not, a trace a second is made, to find out."""

    def __init__(self) -> None:
        super().__init__()
        self._away = False
        self._tried_at = float("-inf")

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = super().export(spans)
        self._away = result is not SpanExportResult.SUCCESS
        return result

    def worth_it(self) -> bool:
        """Whether a request may be traced now: what nobody takes costs nothing."""
        if not self._away:
            return True
        now = time.monotonic()
        if now < self._tried_at + _TRY_EVERY:
            return False
        self._tried_at = now
        return True


class _NowAndThen(logging.Filter):
    """Lets one record through a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._told_at = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        if time.monotonic() - self._told_at < _TELL_EVERY:
            return False
        self._told_at = time.monotonic()
        return True


def _quiet() -> None:
    """The exporter tells of every batch it tries again: that it cannot reach the collector is enough, now and then."""
    exporter = logging.getLogger("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    exporter.setLevel(logging.ERROR)
    exporter.addFilter(_NowAndThen())


class Tracing:
    """The tracers of this process, one for each service in it, and the way out that they share."""

    def __init__(self, services: Iterable[str], telemetry: Telemetry) -> None:
        _quiet()
        batch = telemetry.bsp_max_export_batch_size
        self._exporter = _Exporter()
        self._processor = _Processor(self._exporter, max_export_batch_size=batch)
        self._tracers = {service: self._tracer(service) for service in services}

    def _tracer(self, service: str) -> Tracer:
        ours = {"service.name": service, "service.namespace": "oneway", "service.version": version()}
        resource = Resource.create({**ours, **OTELResourceDetector().detect().attributes})
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        provider.add_span_processor(self._processor)
        return provider.get_tracer("oneway", version())

    def entry(
        self,
        service: str,
        name: str,
        kind: str,
        traceparent: str,
        about: dict[str, str],
        attributes: Mapping[str, Any],
        links: Sequence[Link] = (),
    ) -> Step:
        """The first span of a request or an event in a service; `traceparent` names its parent, if there is one.

        `about` is for all spans below it as well.
        """
        named = _named(traceparent)
        tracer = self._tracers[service]
        if not self._exporter.worth_it():
            return Step(_left_out(named), Scope(tracer, about))
        parent = set_span_in_context(NonRecordingSpan(named), _NONE) if named else _NONE
        span = tracer.start_span(name, parent, KINDS[kind], {**about, **attributes}, links)
        return Step(span, Scope(tracer, about))

    @staticmethod
    def recording() -> bool:
        """Whether the current span is sampled."""
        return get_current_span(otel.get_current()).is_recording()

    @staticmethod
    def child(name: str, kind: str, attributes: Mapping[str, Any]) -> Step | None:
        """A span below the current one; None where there is none, or none that is sampled."""
        here = otel.get_current()
        scope, parent = here.get(_SCOPE), get_current_span(here)
        if not isinstance(scope, Scope) or not parent.is_recording():
            return None
        span = scope.tracer.start_span(name, here, KINDS[kind], {**scope.attributes, **attributes})
        return Step(span, scope)

    def stop(self) -> None:
        """Sends what is left."""
        self._processor.finish()


def _left_out(parent: SpanContext | None) -> Span:
    """A span that nobody records, nor what is below it elsewhere; the trace keeps its id, for the logs."""
    trace_id = parent.trace_id if parent else _IDS.generate_trace_id()
    return NonRecordingSpan(SpanContext(trace_id, _IDS.generate_span_id(), False, TraceFlags(TraceFlags.DEFAULT)))


def link_to(traceparent: str) -> Link | None:
    """A link to the span that a trace context names; None where that is none, or not sampled."""
    named = _named(traceparent)
    return Link(named) if named and named.trace_flags.sampled else None


def _named(traceparent: str) -> SpanContext | None:
    """The span that a W3C trace context names. The gateway lets in only what is one; none is no matter here."""
    try:
        _, trace_id, span_id, flags = traceparent.split("-")
        return SpanContext(int(trace_id, 16), int(span_id, 16), True, TraceFlags(int(flags, 16)))
    except ValueError:
        return None
