"""A look into one service's tables of one tenant, past the services."""

from __future__ import annotations

from typing import Any

from sqlalchemy import create_engine, make_url, text

from tests.support.system import System


def sql(system: System, tenant: str, service: str, statement: str, **values: Any) -> list[Any]:
    """The rows a statement answers with; what it changes is committed."""
    if system.mode == "embedded":
        engine = create_engine(f"sqlite:///{system.var}/tenants/{tenant}/{service}.sqlite")
    else:
        server = make_url(system._environment["ONEWAY_DATABASE_URL"])
        url = server.set(drivername="postgresql+psycopg", database=f"ow_{tenant}")
        engine = create_engine(url, connect_args={"options": f"-c search_path={service}"})
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return list(result) if result.returns_rows else []
    finally:
        engine.dispose()
