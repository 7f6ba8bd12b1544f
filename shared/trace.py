"""Traces: a span for each step of a request, across the gateway, the services, their events and their databases.

Off unless OTEL_EXPORTER_OTLP_ENDPOINT says where to: then nothing of OpenTelemetry is imported, no span is made, and a
caller's trace context is passed on as it came. Names and attributes follow OpenTelemetry's semantic conventions for
HTTP, RPC, messaging and databases. No span holds a person, a body, or a value of a statement (docs/operations.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shared.context import Context
from shared.settings import Telemetry

if TYPE_CHECKING:
    from opentelemetry.trace import Link

    from shared.otel import Step, Tracing

_tracing: Tracing | None = None


def _nothing(*_: object, **__: object) -> None:
    """What a step does that is not recorded."""


class Nothing:
    """A step that is not recorded: it takes everything a `Step` takes, and does nothing."""

    traceparent = ""
    recording = False
    links: Sequence[Link] = ()
    describe = set = failed = broke = end = enter = leave = __exit__ = _nothing

    def __enter__(self) -> Nothing:
        return self


NOTHING = Nothing()


def start(*services: str) -> None:
    """Begins to trace these services of the process, where it is asked for."""
    global _tracing
    telemetry = Telemetry()
    if telemetry.traced:
        from shared.otel import Tracing

        _tracing = Tracing(services, telemetry)


def stop() -> None:
    """Sends what is left; waits two seconds for it at the most."""
    global _tracing
    tracing, _tracing = _tracing, None
    if tracing:
        tracing.stop()


def on() -> bool:
    """Whether spans are made in this process."""
    return _tracing is not None


def recording() -> bool:
    """Whether the current span is sampled, so that it is worth describing what is done below it."""
    return _tracing is not None and _tracing.recording()


def span(name: str, **attributes: str | int | float | bool) -> Step | Nothing:
    """`with span("…"):` is a step of its own in the trace. `name` is a word of a bounded number, without values."""
    return child(name, "internal", {f"oneway.{key}": value for key, value in attributes.items()})


def child(name: str, kind: str, attributes: Mapping[str, Any]) -> Step | Nothing:
    """A span below the current one, of a kind of OpenTelemetry's; nothing where that is not sampled."""
    return (_tracing.child(name, kind, attributes) or NOTHING) if _tracing else NOTHING


def entry(
    service: str, name: str, kind: str, ctx: Context, attributes: Mapping[str, Any], links: Sequence[Link] = ()
) -> Step | Nothing:
    """The first span of a request or an event in a service: below the span that the context came with, if any did."""
    if _tracing is None:
        return NOTHING
    about = {"oneway.tenant": ctx.tenant, "oneway.request_id": ctx.request_id}
    told = {key: value for key, value in about.items() if value}
    return _tracing.entry(service, name, kind, ctx.traceparent, told, attributes, links)


def below(step: Step | Nothing, ctx: Context) -> Context:
    """The context as it is handed on by a step, which is the parent of what is made of it."""
    return replace(ctx, traceparent=step.traceparent) if step.traceparent else ctx
