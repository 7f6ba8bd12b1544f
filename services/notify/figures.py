"""What the notification service counts for each tenant."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import Gauge

from services.notify.domain.message import FAILED, VOID
from shared.contracts.notify import CHANNELS, OUTCOMES
from shared.db import Tx
from shared.metrics import tenant_counter, tenant_histogram

TOLD = tenant_counter(
    "oneway_notifications_total",
    "What came of messages, and of each try that is to be repeated",
    channel=CHANNELS,
    outcome=(*OUTCOMES, FAILED, VOID),
)
LAG = tenant_histogram(
    "oneway_notification_seconds",
    "From when a message was due to its being sent",
    "channel",
    buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 6 * 3600, 86400, 2 * 86400),
)
# Each process of the service tells of the same: the largest holds.
WAITING = Gauge("oneway_notifications_waiting", "Things and further tries that are due and not claimed", ["channel"])
OLDEST = Gauge(
    "oneway_notifications_oldest_seconds", "For how long the oldest of them has been due, 0 where none is", ["channel"]
)


def ended(tx: Tx, channel: str, outcome: str) -> None:
    """One message ended so, or is to be tried again."""
    tx.count(TOLD, channel, outcome)


def sent(tx: Tx, channel: str, wanted_at: datetime) -> None:
    """One message was sent that was due at a time."""
    tx.observe(LAG, max(0.0, (tx.now - wanted_at).total_seconds()), channel)
