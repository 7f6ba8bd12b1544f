"""What PostgreSQL itself refuses a service, however it comes to try."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

from oneway import parts
from shared.db.engines import control_engine
from shared.db.urls import role_name
from shared.tenants import Registry
from tests.integration.tenancy.installation import Installation

SERVICES = list(parts.SERVICES)


@pytest.fixture(scope="module")
def two(make) -> tuple[Installation, str, str]:
    full = make("full")
    full.add("isolated")
    full.add("neighbour")
    full.record("isolated", 2)
    return full, "isolated", "neighbour"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_cannot_read_another_service_s_schema(two, service: str) -> None:
    full, code, _ = two
    with full.as_role(code, (code, service)) as conn:
        conn.execute(text(f"SELECT * FROM {service}.audit"))
        for other in SERVICES:
            if other != service:
                with pytest.raises(ProgrammingError, match="permission denied"):
                    conn.execute(text(f"SELECT * FROM {other}.audit"))
                with pytest.raises(ProgrammingError, match="permission denied"):
                    conn.execute(text(f"CREATE TABLE {other}.mine (id int)"))


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("table", ["audit", "audit_seal"])
def test_a_service_cannot_change_its_record(two, service: str, table: str) -> None:
    full, code, _ = two
    column = "action" if table == "audit" else "hash"
    with full.as_role(code, (code, service)) as conn:
        for statement in (
            f"UPDATE {service}.{table} SET {column} = 'x'",
            f"DELETE FROM {service}.{table}",
            f"TRUNCATE {service}.{table}",
            f"DROP TABLE {service}.{table}",
            f"ALTER TABLE {service}.{table} DISABLE TRIGGER ALL",
            f"CREATE RULE r AS ON INSERT TO {service}.{table} DO INSTEAD NOTHING",
        ):
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
                conn.execute(text(statement))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_s_role_of_one_tenant_is_not_let_into_another_tenant_s_database(two, service: str) -> None:
    full, code, other = two
    with pytest.raises(OperationalError, match="permission denied for database"):
        full.as_role(other, (code, service))


def test_a_tenant_s_role_is_not_let_into_the_control_database(two) -> None:
    full, code, _ = two
    with pytest.raises(OperationalError, match="permission denied for database"):
        full.as_role_in("oneway_control", (code, "directory"))


def test_a_service_cannot_become_another_role_or_make_one(two) -> None:
    full, code, other = two
    with full.as_role(code, (code, "documents")) as conn:
        for statement in (
            f"SET ROLE {role_name(code, 'directory')}",
            f"SET ROLE {role_name(other, 'documents')}",
            "CREATE ROLE mine",
            "CREATE DATABASE mine",
            "CREATE SCHEMA mine",
            "CREATE TABLE public.mine (id int)",
            "SELECT pg_read_file('/etc/passwd')",
            "COPY (SELECT 1) TO PROGRAM 'id'",
        ):
            with pytest.raises(ProgrammingError, match="InsufficientPrivilege"):
                conn.execute(text(statement))


def test_the_registry_holds_no_credentials(two) -> None:
    full, code, _ = two
    assert full.tenant(code).database == f"postgresql+psycopg://127.0.0.1:{full.postgres.port}/ow_{code}"


def test_the_registry_s_reader_cannot_change_the_registry(two) -> None:
    full, _, _ = two
    reading = Registry(control_engine(full.settings.control_url))
    assert {"isolated", "neighbour"} <= {tenant.code for tenant in reading.all()}
    with pytest.raises(ProgrammingError, match="permission denied"):
        reading.set_state("neighbour", "disabled")
