"""Prometheus metrics of the ground. Labels are service, method, event type and outcome only: all bounded."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

RPC = Histogram(
    "oneway_rpc_seconds", "Time a service took for an RPC", ["service", "method", "outcome"], buckets=_SECONDS
)
EVENTS = Counter("oneway_events_handled_total", "Events handled", ["service", "type", "outcome"])
EVENT_LAG = Histogram("oneway_event_lag_seconds", "From emitted to handled", ["service"], buckets=_SECONDS)
EMITTED = Counter("oneway_events_published_total", "Events the broker has confirmed", ["service"])
OUTBOX = Gauge("oneway_outbox_pending", "Events committed and not yet confirmed by the broker", ["service"])
SWEPT = Counter("oneway_outbox_swept_total", "Events found in an outbox by the sweep", ["service"])
DEAD = Counter("oneway_dead_letters_total", "Events parked among the dead letters", ["service", "type"])
SEALED = Counter("oneway_audit_sealed_total", "Rows of the record sealed", ["service"])
POOL = Gauge("oneway_database_connections", "Database connections", ["service", "state"])
BUS = Gauge("oneway_bus_connected", "Whether the broker is connected", ["service"])
