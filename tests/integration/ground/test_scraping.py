"""What is told to who scrapes: true across processes, and told also while the broker and the database are away."""

from __future__ import annotations

import re
import time

from sqlalchemy import text

from shared.errors import Problem
from tests.integration.ground.stage import TENANT, Stage, Toy, context
from tests.support.waiting import until

# Seconds: more than the bounds of all looks together, less than Prometheus waits.
ANSWERED_WITHIN = 8.0


def value(process: Toy, name: str, **labels: str) -> float | None:
    """One series as it is told now; None where it is not."""
    wanted = ",".join(f'{key}="{labels[key]}"' for key in sorted(labels))
    found = re.search(rf"^{name}{{{wanted}}} (\S+)$", process.metrics(), re.M)
    return float(found[1]) if found else None


def works(stage: Stage) -> bool:
    """Whether both services have their databases again."""
    try:
        return stage.client.call("toy", "made", context(), {"series": ""}) == stage.effects("") == []
    except Problem:
        return False


def test_each_queue_is_told_with_what_waits_in_it(stage: Stage, toy: Toy, sink: Toy) -> None:
    until(lambda: value(sink, "oneway_queue_messages", queue="sink.events") == 0)
    told = sink.metrics()
    for queue in ("rpc-sink", "sink.events", "sink.dead", "sink.events.retry.1"):
        assert f'oneway_queue_messages{{queue="{queue}"}}' in told
    # It listens to nothing: there is nothing but its requests.
    assert set(re.findall(r'oneway_queue_messages\{queue="(.*?)"\}', toy.metrics())) == {"rpc-toy"}


def test_an_event_another_process_left_in_an_outbox_is_told(stage: Stage, toy: Toy) -> None:
    """One committed a minute ago by a process that is gone; it cannot be read, so nobody publishes it."""
    stage.make("outbox-in-use")
    tenant = stage.provisioner.registry.get(TENANT)
    with stage.provisioner.owner_engine(tenant, "toy").begin() as conn:
        conn.execute(
            text(
                "INSERT INTO outbox (id, type, context, body, at)"
                " VALUES ('00000000-0000-7000-8000-000000000000', 'toy.made', '{', '{', now() - interval '1 minute')"
            )
        )
    try:
        until(lambda: (value(toy, "oneway_outbox_oldest_seconds", service="toy") or 0) >= 60, pause=0.5)
        assert (value(toy, "oneway_outbox_pending", service="toy") or 0) >= 1
    finally:
        with stage.provisioner.owner_engine(tenant, "toy").begin() as conn:
            conn.execute(text("DELETE FROM outbox WHERE id = '00000000-0000-7000-8000-000000000000'"))
    until(lambda: value(toy, "oneway_outbox_pending", service="toy") == 0, pause=0.5)


def test_it_is_told_while_the_broker_and_the_database_are_away(stage: Stage, toy: Toy) -> None:
    until(lambda: value(toy, "oneway_queue_messages", queue="rpc-toy") is not None)
    stage.servers.crash(stage.servers.rabbitmq)
    stage.servers.crash(stage.postgres)
    try:
        until(lambda: value(toy, "oneway_bus_connected", service="toy") == 0)
        for _ in range(3):
            began = time.monotonic()
            assert value(toy, "oneway_ready", service="toy") == 0
            assert time.monotonic() - began < ANSWERED_WITHIN
        # What is not known any more is not told.
        assert value(toy, "oneway_queue_messages", queue="rpc-toy") is None
    finally:
        stage.postgres.start()
        stage.servers.rabbitmq.start()
    until(lambda: value(toy, "oneway_ready", service="toy") == 1)
    until(lambda: value(toy, "oneway_queue_messages", queue="rpc-toy") is not None)
    until(lambda: works(stage))
