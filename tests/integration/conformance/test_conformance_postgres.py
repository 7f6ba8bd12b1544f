"""On PostgreSQL too data of the first revision reach the newest, and the migrated schema is what the models say."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from oneway import parts
from shared.db.engines import postgres_engine
from shared.db.migrate import current, head, upgrade
from tests.support import conformance as kit
from tests.support.servers import Servers


@pytest.mark.parametrize("service", parts.SERVICES)
def test_data_of_the_first_revision_reach_the_newest(servers: Servers, service: str) -> None:
    url = make_url(servers.postgres("ground").url).set(drivername="postgresql+psycopg")
    database = f"revisions_{service}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as conn:
        conn.execute(text(f"CREATE DATABASE {database}"))
    engine = postgres_engine(url.set(database=database), "tests", schema=service)
    with engine.connect() as conn:
        with conn.begin():
            conn.execute(text(f"CREATE SCHEMA {service}"))
            made = kit.filled(conn, service)
        with conn.begin():
            upgrade(conn, parts.migrations(service))
        with conn.begin():
            assert current(conn) == head(parts.migrations(service))
            for name, before, now in kit.survivors(conn, made):
                assert before in now, name
            assert kit.differences(conn, service) == []
    engine.dispose()
