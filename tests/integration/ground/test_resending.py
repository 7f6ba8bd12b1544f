"""What was sent and not handled, as a database taken back to an earlier time has it, is sent again and handled once."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from oneway.events import send_unhandled
from tests.integration.ground.stage import OTHER, Stage
from tests.integration.ground.toy.install import installed
from tests.support.waiting import until


def resend(stage: Stage, *, dry_run: bool = False) -> int:
    """How many events are not handled."""
    with installed():
        return sum(send_unhandled(stage.provisioner, stage.provisioner.registry.get(OTHER), dry_run=dry_run).values())


def forget(stage: Stage, series: str) -> None:
    """Takes the listener back to before it handled anything of the series."""
    tenant = stage.provisioner.registry.get(OTHER)
    with stage.provisioner.owner_engine(tenant, "sink").begin() as conn:
        conn.execute(text("DELETE FROM effect WHERE series = :s"), {"s": series})
        conn.execute(text("DELETE FROM inbox"))


def test_what_a_restored_listener_has_not_handled_is_sent_again_once(stage: Stage, toy, sink, series: str) -> None:
    before = resend(stage, dry_run=True)
    stage.make(series, count=3, tenant=OTHER)
    until(lambda: len(stage.effects(series, OTHER)) == 3)
    until(lambda: stage.outbox("toy", OTHER) == 0)
    assert resend(stage, dry_run=True) == before

    forget(stage, series)
    assert resend(stage, dry_run=True) >= 3
    assert stage.effects(series, OTHER) == []
    assert resend(stage) >= 3
    assert stage.outbox("toy", OTHER) >= 3
    stage.run("toy")
    until(lambda: len(stage.effects(series, OTHER)) == 3)
    until(lambda: stage.outbox("toy", OTHER) == 0)
    assert resend(stage) == 0
    assert stage.effects(series, OTHER) == [0, 1, 2]


@pytest.mark.long
def test_what_a_listener_handles_while_it_is_sent_again_takes_effect_once(stage: Stage, toy, sink, series: str) -> None:
    stage.end("sink")
    stage.make(series, count=5, tenant=OTHER)
    until(lambda: stage.outbox("toy", OTHER) == 0)
    # They wait in the broker: confirmed, and not handled.
    assert resend(stage) >= 5
    stage.run("toy")
    stage.run("sink")
    until(lambda: stage.outbox("toy", OTHER) == 0)
    until(lambda: len(stage.effects(series, OTHER)) >= 5)
    assert stage.effects(series, OTHER) == [0, 1, 2, 3, 4]
