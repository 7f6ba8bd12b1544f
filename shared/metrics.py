"""Prometheus metrics: what the ground measures, and how a service adds the figures of its business.

Every label is bounded: services, methods, event types, queues and outcomes come from the code, tenants from the
registry (`ONEWAY_METRICS_TENANTS`, see `shared.tenants.Registry.label`). docs/operations.md says what each one tells.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import Protocol, TypeVar, cast

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

from shared.version import version

# When each series began would double the counters, for nobody's use.
disable_created_metrics()  # type: ignore[no-untyped-call]

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
# An event that fails comes again for some 13 minutes.
_LAGS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900)
_HOUR, _DAY = 3600, 86400
# From an answer at once to the longest that anybody lets a document lie: in seconds, by the calendar.
LEAD_TIMES = (
    *(60, 300, 900, 1800, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR),
    *(_DAY, 2 * _DAY, 3 * _DAY, 5 * _DAY, 7 * _DAY, 14 * _DAY),
)
# What is not known of a label's value beyond the bounds.
UNKNOWN, OTHER = "unknown", "other"
_TENANT = "tenant"

M = TypeVar("M", Counter, Gauge, Histogram)


class _Series(Protocol):
    def __call__(self, metric: M, /, *labels: str) -> M: ...


# -- requests ---------------------------------------------------------------------------------------

RPC = Histogram(
    "oneway_rpc_seconds", "Time a service took for an RPC", ["service", "method", "outcome"], buckets=SECONDS
)
RPC_IN_HAND = Gauge("oneway_rpc_in_hand", "Requests a service works on", ["service"])
RPC_EXPIRED = Counter("oneway_rpc_expired_total", "Requests answered later than their callers wait", ["service"])
TURNS_WAITING = Gauge("oneway_turns_waiting", "Requests that wait for their turn", ["service"])
TURNS_REFUSED = Counter(
    "oneway_turns_refused_total",
    "Requests that had no turn: full, where as many waited as may, and late, where none came in time",
    ["service", "reason"],
)
REFUSED = Counter(
    "oneway_messages_refused_total", "Messages that nobody signed who may, by kind: rpc, event", ["service", "kind"]
)
CALLS = Histogram(
    "oneway_rpc_client_seconds",
    "Time until a call to a service ended for its caller: answered, timeout, left, lost, away",
    ["caller", "service", "outcome"],
    buckets=SECONDS,
)
SILENT = Gauge(
    "oneway_rpc_client_silent",
    "Whether a service owes its caller an answer",
    ["caller", "service"],
    multiprocess_mode="livemax",
)

# -- events -----------------------------------------------------------------------------------------

EVENTS = Counter("oneway_events_handled_total", "Events handled: ok, retried", ["service", "type", "outcome"])
EVENT = Histogram(
    "oneway_event_seconds",
    "Time the handlers of an event ran, the commit apart: ok, error",
    ["service", "type", "outcome"],
    buckets=SECONDS,
)
EVENT_BATCH = Histogram(
    "oneway_event_batch_seconds", "Time of a transaction that applied events", ["service", "outcome"], buckets=SECONDS
)
EVENT_LAG = Histogram(
    "oneway_event_lag_seconds", "From what happened to its effect committed here", ["service", "type"], buckets=_LAGS
)
EMITTED = Counter("oneway_events_published_total", "Events the broker has confirmed", ["service"])
SWEPT = Counter("oneway_outbox_swept_total", "Events found in an outbox by the sweep", ["service"])
OUTBOX = Gauge("oneway_outbox_pending", "Events committed and not yet cleared from the outbox", ["service"])
OUTBOX_AGE = Gauge("oneway_outbox_oldest_seconds", "Age of the oldest event in an outbox", ["service"])
DEAD = Counter("oneway_dead_letters_total", "Events parked among the dead letters", ["service", "type"])
DEAD_WAITING = Gauge("oneway_dead_letters_waiting", "Dead letters that wait to be replayed", ["service"])
ALARMS = Counter(
    "oneway_alarms_total", "Alarms that went off, by kind and how: ok, failed, gone", ["service", "kind", "outcome"]
)
HOUSEKEEPING_FAILED = Counter(
    "oneway_housekeeping_failed_total",
    "Pieces of housekeeping that failed, by part: publisher, sealer, noter, sweeper, clock",
    ["service", "part"],
)
HOUSEKEEPING_SUCCEEDED = Gauge(
    "oneway_housekeeping_succeeded_seconds",
    "When a round of a part of the housekeeping last went without a failure, in seconds since the epoch",
    ["service", "part"],
)
QUEUE = Gauge("oneway_queue_messages", "Messages that wait in a queue, those handed out apart", ["queue"])

# -- what a process stands on -----------------------------------------------------------------------

POOL = Gauge("oneway_database_connections", "Database connections: in_use, open", ["service", "state"])
POOL_DISPLACED = Counter(
    "oneway_database_displaced_total", "Connections closed so that another tenant's could be opened", ["service"]
)
POOL_WAITING = Gauge("oneway_database_waiting", "Transactions that wait for a connection", ["service"])
POOL_WAIT = Histogram(
    "oneway_database_wait_seconds", "Time until a transaction had its connection", ["service"], buckets=SECONDS
)
OUTAGES = Counter("oneway_database_outages_total", "Transactions that found the database away", ["service"])
BUS = Gauge("oneway_bus_connected", "Whether the broker is connected", ["service"], multiprocess_mode="livemin")
READY = Gauge("oneway_ready", "Whether the process can do its work", ["service"], multiprocess_mode="livemin")
CLOCK = Gauge(
    "oneway_clock_seconds", "The clock of this process, in seconds since the epoch", multiprocess_mode="mostrecent"
)
BUILD = Gauge(
    "oneway_build_info", "The version that runs; always 1", ["version", "revision"], multiprocess_mode="livemax"
)

# -- work in processes of its own -------------------------------------------------------------------

WORK = Histogram(
    "oneway_work_seconds",
    "Time a worker process took for a function: ok, error",
    ["function", "outcome"],
    buckets=SECONDS,
)
WORK_RUNNING = Gauge("oneway_work_running", "Functions that run in worker processes", ["pool"])
WORK_WAITING = Gauge("oneway_work_waiting", "Calls that wait for a worker process", ["pool"])
WORK_ENDED = Counter(
    "oneway_work_ended_total",
    "Worker processes that were ended or died at work: too_slow, memory, died",
    ["pool", "cause"],
)

# -- the record -------------------------------------------------------------------------------------

SEALED = Counter("oneway_audit_sealed_total", "Rows of the record sealed", ["service"])
UNSEALED = Gauge("oneway_audit_unsealed_rows", "Rows of the record this process has yet to seal", ["service"])
UNSEALED_AGE = Gauge("oneway_audit_unsealed_seconds", "Age of the oldest of them", ["service"])
FORGED = Gauge(
    "oneway_audit_forged_rows", "Rows of the record the service has not written, as of the last sweep", ["service"]
)


def tell_build(revision: str) -> None:
    """Says which version runs; `revision` names the source it was built from, where that is known."""
    BUILD.labels(version(), revision or UNKNOWN).set(1)


# -- labels -----------------------------------------------------------------------------------------


def _series(metric: Counter, *labels: str) -> Counter:
    return metric.labels(*labels)


series = cast(_Series, cache(_series))
"""One series of a metric, found again without a lock or a check: what a request measures is measured by this."""


class timed:  # noqa: N801  used like a function
    """Measures a block by a histogram whose last label is how it ended: `ok`, or `error` where it raised."""

    __slots__ = ("_labels", "_metric", "_started")

    def __init__(self, metric: Histogram, *labels: str) -> None:
        self._metric = metric
        self._labels = labels

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, kind: object, *_: object) -> None:
        took = time.perf_counter() - self._started
        series(self._metric, *self._labels, "error" if kind else "ok").observe(took)


# -- a service's own figures ------------------------------------------------------------------------


_COUNTERS: list[tuple[Counter, list[tuple[str, ...]]]] = []


def tenant_counter(name: str, documentation: str, **labels: Sequence[str]) -> Counter:
    """A figure of a service's business that is counted for each tenant, by `Tx.count`.

    Each label is given with all of its values: their series begin with 0, so that an increase shows the first.
    """
    counter = Counter(name, documentation, [_TENANT, *labels])
    _COUNTERS.append((counter, list(product(*labels.values()))))
    return counter


def begin(tenant: str) -> None:
    """The counts of a tenant, by what stands for it, begin with 0 where they have not begun."""
    for counter, combinations in _COUNTERS:
        for values in combinations:
            series(counter, tenant, *values)


def tenant_histogram(name: str, documentation: str, *labels: str, buckets: Sequence[float] = LEAD_TIMES) -> Histogram:
    """A figure of a service's business that is measured for each tenant, by `Tx.observe`."""
    return Histogram(name, documentation, [_TENANT, *labels], buckets=buckets)
