"""`oneway audit verify` names the first bad row, whoever altered, removed or inserted it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text

from oneway import parts
from shared.tenants import Tenant, wrap_new_key
from tests.integration.tenancy.installation import Installation

LONG_AGO = "2020-01-01 00:00:00.000000"


@pytest.fixture
def recorded(here: Installation, code: str) -> Installation:
    """A tenant with a record of a few rows."""
    here.add(code)
    here.record(code, 6)
    return here


def verify(here: Installation, code: str) -> tuple[int, str]:
    answer = here.command("audit", "verify", "--tenant", code)
    (line,) = [line for line in answer.output.splitlines() if f"{code} directory:" in line]
    return answer.exit_code, line


def row(conn: Connection, seq: int) -> str:
    """The id of the row with this number on the chain."""
    return str(conn.execute(text("SELECT audit_id FROM audit_seal WHERE seq = :s"), {"s": seq}).scalar_one())


def test_an_untouched_record_is_sound(recorded: Installation, code: str) -> None:
    status, line = verify(recorded, code)
    assert status == 0
    assert "sound" in line


@pytest.mark.parametrize("change", ["action = 'x'", "subject = 'x'", "entry = '{}'", f"at = '{LONG_AGO}'"])
def test_an_altered_row_is_named(recorded: Installation, code: str, change: str) -> None:
    with recorded.owner(code, "directory") as conn:
        altered = row(conn, 3)
        for seq in (5, 3):
            conn.execute(text(f"UPDATE audit SET {change} WHERE id = :i"), {"i": row(conn, seq)})
        conn.commit()
    status, line = verify(recorded, code)
    assert status == 1
    assert line.startswith(f"{code} directory: 2 rows, row 3 ({altered}")


def test_a_removed_row_is_named(recorded: Installation, code: str) -> None:
    with recorded.owner(code, "directory") as conn:
        removed = row(conn, 4)
        conn.execute(text("DELETE FROM audit WHERE id = :i"), {"i": removed})
        conn.commit()
    status, line = verify(recorded, code)
    assert status == 1
    assert f"row 4 ({removed}) was removed" in line


def test_a_row_removed_with_its_seal_is_named(recorded: Installation, code: str) -> None:
    with recorded.owner(code, "directory") as conn:
        conn.execute(text("DELETE FROM audit WHERE id = :i"), {"i": row(conn, 4)})
        conn.execute(text("DELETE FROM audit_seal WHERE seq = 4"))
        conn.commit()
    assert "seal 4 was removed" in verify(recorded, code)[1]


def test_an_inserted_row_is_named_and_stays_bad_after_the_service_has_gone_on(
    recorded: Installation, code: str
) -> None:
    with recorded.owner(code, "directory") as conn:
        conn.execute(
            text(
                "INSERT INTO audit (id, at, action, subject, entry, mac)"
                f" SELECT 'inserted', '{LONG_AGO}', 'forged', subject, entry, mac FROM audit WHERE id = :i"
            ),
            {"i": row(conn, 2)},
        )
        conn.commit()
    assert verify(recorded, code)[0] == 1
    recorded.sweep("directory", code)
    status, line = verify(recorded, code)
    assert status == 1
    assert "row inserted was inserted without a seal" in line


def test_a_row_inserted_with_a_seal_is_named(recorded: Installation, code: str) -> None:
    with recorded.owner(code, "directory") as conn:
        last = int(conn.execute(text("SELECT max(seq) FROM audit_seal")).scalar_one())
        conn.execute(text("INSERT INTO audit SELECT 'inserted', at, action, subject, entry, mac FROM audit LIMIT 1"))
        conn.execute(
            text("INSERT INTO audit_seal (seq, audit_id, hash) SELECT :s, 'inserted', hash FROM audit_seal LIMIT 1"),
            {"s": last + 1},
        )
        conn.commit()
    assert f"row {last + 1} (inserted" in verify(recorded, code)[1]


def altered(here: Installation, code: str) -> None:
    """Alters what the tenant has on its record."""
    with here.owner(code, "directory") as conn:
        conn.execute(text("UPDATE audit SET action = 'x'"))
        conn.commit()


def test_a_bad_record_of_one_tenant_is_not_another_s(here: Installation, code: str) -> None:
    here.add(code)
    here.add(f"{code}b")
    altered(here, code)
    assert verify(here, code)[0] == 1
    assert verify(here, f"{code}b")[0] == 0


@pytest.fixture
def unreadable(here: Installation) -> Iterator[str]:
    """A tenant that comes before all others and has no tables, as where its onboarding was cut off."""
    code = "a0"
    registry = here.provisioner.registry
    key = wrap_new_key(here.settings.storage_key, code)
    url, keys = here.provisioner.database_url(code), here.provisioner.new_keys(code)
    registry.add(Tenant(code, f"{code}기관", "AB00000", "onboarding", url, key, keys))
    yield code
    with registry._engine.begin() as conn:
        for table, column in (("tenant_keys", "tenant"), ("tenant", "code")):
            conn.execute(text(f"DELETE FROM {table} WHERE {column} = :c"), {"c": code})


def test_one_that_is_bad_and_one_that_cannot_be_read_keep_no_other_from_being_verified(
    here: Installation, code: str, unreadable: str
) -> None:
    here.add(code)
    here.add(f"{code}b")
    altered(here, code)
    answer = here.command("audit", "verify")
    assert answer.exit_code == 1, answer.output
    said = {about: rest for about, _, rest in (line.partition(": ") for line in answer.output.splitlines())}
    for service in parts.SERVICES:
        assert "could not be read" in said[f"{unreadable} {service}"]
    assert "row 1 (" in said[f"{code} directory"]
    assert "sound" in said[f"{code}b directory"]


def test_the_record_of_a_tenant_from_before_its_keys_were_kept_stays_sound(here: Installation, code: str) -> None:
    here.add(code)
    with here.provisioner.registry._engine.begin() as conn:
        conn.execute(text("DELETE FROM tenant_keys WHERE tenant = :t"), {"t": code})
    with here.owner(code, "directory") as conn:
        for table in ("audit", "audit_seal"):
            conn.execute(text(f"DELETE FROM {table}"))
        conn.commit()
    here.record(code, 2)
    assert here.tenant(code).keys == {}
    assert here.command("migrate").exit_code == 0
    assert set(here.tenant(code).keys) == set(parts.SERVICES)
    here.record(code, 2, first=2)
    assert verify(here, code)[0] == 0
