"""The search service's tables on both databases, as its revisions make them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlalchemy.engine import Engine

from services.search import models
from shared.context import Context
from shared.db import Tx
from shared.db.engines import postgres_engine, sqlite_engine
from shared.db.ground import tables
from shared.db.migrate import upgrade
from shared.db.pool import Budget
from tests.support.servers import Servers

Open = Callable[[], contextlib.AbstractContextManager[Tx]]


def _engine(kind: str, request: pytest.FixtureRequest, directory: Path) -> Engine:
    if kind == "sqlite":
        return sqlite_engine(make_url(f"sqlite:///{directory / 'search.sqlite'}"))
    servers: Servers = request.getfixturevalue("servers")
    url = make_url(servers.postgres("search").url).set(drivername="postgresql+psycopg")
    return postgres_engine(url, "tests", schema="public", pool=(Budget(2), 2))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Opens a transaction; everything is undone at its end."""
    engine = _engine(request.param, request, tmp_path_factory.mktemp("search"))
    with engine.connect() as conn, conn.begin():
        upgrade(conn, Path(str(models.__file__)).parent / "migrations")
    ground = tables(models.Base.metadata)

    @contextlib.contextmanager
    def open_() -> Iterator[Tx]:
        with engine.connect() as conn:
            conn = conn.execution_options(writes=True)
            transaction = conn.begin()
            try:
                yield Tx(conn, Context("city"), ground, "search", writes=True)
            finally:
                transaction.rollback()

    yield open_
    engine.dispose()
