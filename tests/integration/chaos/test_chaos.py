"""A short form of `make chaos`: a few faults under load, and everything that must hold after any."""

from __future__ import annotations

import pytest

from tests.chaos.faults import FAULTS
from tests.chaos.run import run

_SHORT = (
    *(f"kill -9: {name}" for name in ("approval", "memo", "requests", "meetings", "schedule", "notify", "PostgreSQL")),
    *("every connection to RabbitMQ", "every connection to PostgreSQL"),
)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_nothing_is_lost_doubled_or_wrong_after_a_fault() -> None:
    chosen = [fault for fault in FAULTS if fault.name.startswith(_SHORT)]
    assert len(chosen) == len(_SHORT)
    outcomes = run(chosen, rate=3.0, calm=1.0)
    assert all(outcome.journeys for outcome in outcomes)
    assert sum(outcome.mails for outcome in outcomes)
    assert {outcome.fault: outcome.wrong for outcome in outcomes if outcome.wrong} == {}
