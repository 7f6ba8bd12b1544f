"""The chain over the record shows what was altered, removed or inserted, and which row is the first bad one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import MetaData, create_engine, delete, insert, update
from sqlalchemy.pool import StaticPool

from shared.context import Context
from shared.db import audit, ground
from shared.db.tx import Tx, audit_digest, audit_mac
from shared.ids import new_id

KEY = b"the record's"


def enter(conn, tables, at, subject):
    """A row as the service itself enters it; its id and digest."""
    id_ = new_id()
    digest = audit_digest(id_, at, "a", subject, "{}")
    row = {"id": id_, "at": at, "action": "a", "subject": subject, "entry": "{}", "mac": audit_mac(KEY, digest)}
    conn.execute(insert(tables.audit), row)
    return id_, digest


def seal(conn, tables, rows, key=KEY):
    tx = Tx(conn, Context("city"), tables, "documents", writes=True)
    audit.seal(tx, tables, key, rows)
    tx.flush()


@pytest.fixture
def record():
    metadata = MetaData()
    tables = ground.tables(metadata)
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    with engine.connect() as conn:
        for part in range(2):
            rows = []
            for n in range(5):
                at = datetime.now(UTC) - timedelta(hours=1)
                rows.append(enter(conn, tables, at, f"{part}{n}"))
            seal(conn, tables, rows)
        yield conn, tables


def verdict(record):
    return audit.verify(record[0], record[1], KEY)


def test_an_untouched_record_is_sound(record):
    assert verdict(record).problem == ""
    assert verdict(record).rows == 10


def test_sealing_the_same_rows_again_changes_nothing(record):
    conn, tables = record
    rows = [(r.id, audit_digest(r.id, r.at, r.action, r.subject, r.entry)) for r in conn.execute(tables.audit.select())]
    seal(conn, tables, rows)
    assert verdict(record).rows == 10


def test_an_altered_row_is_named(record):
    conn, tables = record
    conn.execute(update(tables.audit).where(tables.audit.c.subject == "03").values(entry='{"x":1}'))
    assert verdict(record).problem.startswith("row 4 ")
    assert verdict(record).rows == 3


def test_a_removed_row_is_named(record):
    conn, tables = record
    conn.execute(delete(tables.audit).where(tables.audit.c.subject == "11"))
    assert "row 7" in verdict(record).problem
    assert "removed" in verdict(record).problem


def test_a_removed_row_with_its_seal_is_named(record):
    conn, tables = record
    conn.execute(delete(tables.audit).where(tables.audit.c.subject == "11"))
    conn.execute(delete(tables.audit_seal).where(tables.audit_seal.c.seq == 7))
    assert verdict(record).problem == "seal 7 was removed"


def test_an_inserted_row_is_named(record):
    conn, tables = record
    at = datetime.now(UTC) - timedelta(hours=1)
    conn.execute(insert(tables.audit).values(id=new_id(), at=at, action="forged", subject="x", entry="{}", mac="0"))
    assert "inserted without a seal" in verdict(record).problem


def test_a_seal_forged_without_the_key_is_named(record):
    conn, tables = record
    at = datetime.now(UTC)
    row = {"id": new_id(), "at": at, "action": "forged", "subject": "x", "entry": "{}", "mac": "0"}
    conn.execute(insert(tables.audit), row)
    seal(conn, tables, [(row["id"], audit_digest(row["id"], at, "forged", "x", "{}"))], b"guessed")
    assert verdict(record).problem.startswith("row 11 ")


def test_a_row_the_service_has_not_sealed_yet_is_no_problem(record):
    conn, tables = record
    enter(conn, tables, datetime.now(UTC) - timedelta(days=1), "late")
    assert verdict(record).problem == ""


def test_only_the_service_s_own_rows_are_sealed_after_a_crash(record):
    conn, tables = record
    own = enter(conn, tables, datetime.now(UTC) - timedelta(hours=1), "late")
    at = datetime.now(UTC) + timedelta(days=3650)
    conn.execute(insert(tables.audit).values(id="forged", at=at, action="a", subject="x", entry="{}", mac="0"))
    found = audit.unsealed(conn, tables, KEY)
    assert (found.own, found.forged) == ([own], ["forged"])
    seal(conn, tables, found.own)
    assert verdict(record).problem == "row forged was inserted without a seal"
