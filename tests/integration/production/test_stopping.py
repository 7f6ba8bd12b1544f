"""The end of a system in production."""

from __future__ import annotations

from tests.support.deployment import Deployment


def test_each_process_ends_in_order(system: Deployment) -> None:
    """Last in this folder: the system is gone afterwards."""
    statuses = {}
    for name, process in system.processes().items():
        process.terminate()
        statuses[name] = process.wait(30)
    assert set(statuses.values()) == {0}
