"""Two versions of a service side by side, on one queue and one database."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from oneway import parts
from tests.integration.ground import toy as toys
from tests.integration.ground.flow import Flow
from tests.integration.ground.stage import TENANT, Stage
from tests.support.waiting import until


def test_an_event_that_the_old_version_does_not_know_is_not_lost_to_the_new_one(
    stage: Stage, toy, sink, series
) -> None:
    old = stage.run("sink-2", TOY_HEARS="toy.something_else")
    stage.make(series, count=30)
    until(lambda: old.counted("oneway_events_handled_total") > 0)
    stage.end("sink-2")
    # The toys try only twice; what only the old one has seen is parked by then.
    assert stage.command("dead-letters", "replay", "--service", "sink").returncode == 0
    until(lambda: stage.effects(series) == list(range(30)))


REVISION = """
from alembic import op
import sqlalchemy as sa
revision, down_revision, phase = "toy_{number}", "toy_{before}", "{phase}"
def upgrade():
    {change}
"""


@pytest.fixture
def release(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, str], None]:
    """Adds a revision to those of the toys, as a release does: what was read of the releases before stays as it is."""
    directories = [Path(toys.__file__).parent / "migrations"]
    monkeypatch.setattr(parts, "migrations", lambda _: directories[-1])

    def add(number: str, phase: str, change: str) -> None:
        to = tmp_path / number
        shutil.copytree(directories[-1], to)
        revision = REVISION.format(number=number, before=f"{int(number) - 1:04}", phase=phase, change=change)
        (to / "versions" / f"{number}_next.py").write_text(revision)
        directories.append(to)

    return add


def test_two_versions_work_while_the_schema_expands_and_then_contracts(
    stage: Stage, toy, sink, series: str, release
) -> None:
    tenant = stage.provisioner.registry.get(TENANT)
    engine = stage.provisioner.owner_engine(tenant, "toy")
    with Flow(stage, series) as flow, ThreadPoolExecutor() as pool:
        flow.go_on(5)
        release("0002", "expand", "op.add_column('thing', sa.Column('note', sa.String(20)))")
        with engine.connect() as reader:
            # Somebody who reads for long: the change has to wait for them, and nobody may wait behind the change.
            reader.execute(text("SELECT count(*) FROM thing"))
            migrated = pool.submit(stage.provisioner.migrate, tenant, "toy")
            flow.go_on(60)
            assert not migrated.done()
            reader.rollback()
        assert migrated.result() == ["toy_0002"]
        # The old version goes on beside the new one.
        new = stage.run("toy-2", TOY_FILLS="yes")
        done = new.counted("oneway_rpc_seconds_count")
        until(lambda: new.counted("oneway_rpc_seconds_count") > done)
        flow.go_on(5)
        stage.end("toy-2")
        release("0003", "contract", "op.drop_column('thing', 'note')")
        assert stage.provisioner.migrate(tenant, "toy") == ["toy_0003"]
        flow.go_on(5)
    with engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = 'toy_0001'"))
    engine.dispose()
    until(lambda: len(stage.effects(series)) >= len(flow.made))
    assert stage.effects(series) == flow.made
