"""Data of the first revision reach the newest one on SQLite, and the migrated schema is that of the models."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import URL

from oneway import parts
from shared.db.engines import sqlite_engine
from shared.db.migrate import current, head, upgrade
from tests.support import conformance as kit


@pytest.mark.parametrize("service", parts.SERVICES)
def test_data_of_the_first_revision_reach_the_newest(service: str, tmp_path: Path) -> None:
    engine = sqlite_engine(URL.create("sqlite", database=str(tmp_path / "old.sqlite")))
    with engine.connect() as conn:
        with conn.begin():
            made = kit.filled(conn, service)
        with conn.begin():
            upgrade(conn, parts.migrations(service))
        with conn.begin():
            assert current(conn) == head(parts.migrations(service))
            for name, before, now in kit.survivors(conn, made):
                assert before in now, name
            assert kit.differences(conn, service) == []
    engine.dispose()
