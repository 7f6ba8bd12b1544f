"""What journals count for each tenant."""

from __future__ import annotations

from datetime import datetime

from shared.db import Tx
from shared.metrics import tenant_counter, tenant_histogram

ENTRIES = tenant_counter("oneway_journal_entries_total", "Journal entries sent", kind=("new", "changed"))
ABNORMAL = tenant_counter("oneway_journal_abnormal_total", "Journal entries with something abnormal in them")
MISSING = tenant_counter("oneway_journal_missing_total", "Journal entries that were due and not written")
VERIFIED = tenant_histogram("oneway_journal_verify_seconds", "From a journal entry's receipt to its verification")


def sent(tx: Tx, version: int, abnormal: int) -> None:
    """A version of an entry has come."""
    tx.count(ENTRIES, "new" if version == 1 else "changed")
    if abnormal:
        tx.count(ABNORMAL)


def missing(tx: Tx, count: int) -> None:
    """A period has ended without so many entries."""
    for _ in range(count):
        tx.count(MISSING)


def verified(tx: Tx, received: datetime) -> None:
    """A version was verified."""
    tx.observe(VERIFIED, max(0.0, (tx.now - received).total_seconds()))
