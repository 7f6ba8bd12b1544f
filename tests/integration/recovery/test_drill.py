"""An installation whose database is destroyed at work comes back with everything that was archived, once."""

from __future__ import annotations

import pytest

from tests.drill.drill import Drill

pytestmark = pytest.mark.long


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_what_was_acknowledged_before_the_recovery_point_is_there_once() -> None:
    report = Drill(before=2, after=2, clients=2).run()
    assert report.counts["journeys acknowledged before the recovery point"] >= 4
