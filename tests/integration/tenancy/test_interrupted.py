"""Onboarding that is killed again and again ends as onboarding in peace does."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import MetaData, Table, inspect, select, text

from oneway import parts
from shared.db.migrate import current
from tests.integration.tenancy.installation import PASSWORD, Installation


def shape(here: Installation, code: str) -> dict[str, object]:
    """What a tenant consists of, without what is its own: ids, times, names."""
    found: dict[str, object] = {"state": here.tenant(code).state}
    for service in parts.SERVICES:
        with here.owner(code, service) as conn:
            found[f"{service} revision"] = current(conn)
            for name in inspect(conn).get_table_names():
                table = Table(name, MetaData(), autoload_with=conn)
                found[f"{service}.{name}"] = len(conn.execute(select(table)).all())
            if here.mode == "full":
                grants = text(
                    "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
                    " WHERE grantee = :role ORDER BY 1, 2"
                )
                rows = conn.execute(grants, {"role": f"ow_{code}_{service}"}).all()
                found[f"{service} grants"] = [tuple(row) for row in rows]
    return found


def interrupted(here: Installation, code: str) -> int:
    """How many processes were killed until one onboarded the tenant."""
    command = [sys.executable, "-m", "tests.integration.tenancy.interrupted", code, PASSWORD]
    done = subprocess.run(command, env=here.environ(), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.long
def test_a_tenant_whose_onboarding_was_killed_again_and_again_is_like_any_other(here: Installation, code: str) -> None:
    peaceful = f"{code}p"
    here.add(peaceful)
    assert interrupted(here, code) >= 4
    assert shape(here, code) == shape(here, peaceful)
    here.sign_in(code)
    here.record(code, 2)
    assert here.command("audit", "verify", "--tenant", code).exit_code == 0
