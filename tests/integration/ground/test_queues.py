"""What is declared on RabbitMQ lasts, and is what newer brokers accept as well."""

from __future__ import annotations

import pytest

from shared.bus.broker import dead_queue, event_queue, retry_queue, rpc_queue
from tests.integration.ground.stage import Stage


@pytest.fixture
def queues(stage: Stage, toy, sink) -> dict[str, tuple[str, str, str]]:
    """Of each queue, as the broker tells: type, durable, exclusive (which a quorum queue leaves empty)."""
    told = stage.servers.rabbitmqctl("list_queues", "name", "type", "durable", "exclusive")
    rows = [line.split("\t") for line in told.splitlines()]
    return {name: (type_, durable, exclusive) for name, type_, durable, exclusive in rows}


def test_queues_of_events_are_quorum_queues(queues) -> None:
    waiting = [retry_queue(event_queue("sink"), delay) for delay in (1, 2)]
    for name in (event_queue("sink"), dead_queue("sink"), *waiting):
        assert queues[name] == ("quorum", "true", "")


def test_every_other_queue_is_durable_or_exclusive(queues) -> None:
    # RabbitMQ 4.3 refuses those that are neither.
    assert queues[rpc_queue("toy")] == ("classic", "true", "false")
    assert [name for name, (_, durable, exclusive) in queues.items() if "true" not in (durable, exclusive)] == []


def test_a_service_that_listens_to_nothing_has_no_queue_of_events(queues) -> None:
    assert event_queue("toy") not in queues
