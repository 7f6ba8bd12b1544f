"""Migrated schemas are what the models say, on both databases; migrating is repeatable and goes on where it stopped."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, Table, event, insert, inspect, select, text
from sqlalchemy.engine import Engine

from oneway import parts
from shared.db import Utc
from shared.db.migrate import current, head
from shared.ids import new_id
from tests.integration.tenancy.installation import Installation

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class PowerCut(BaseException):
    """The process is gone."""


def is_of_the_models(name: str | None, kind: str, _: object) -> bool:
    """Whether it is one of the models' tables; an index that triggers keep is the database's own (`words_index`)."""
    return kind != "table" or not str(name).startswith("words_index")


def differences(conn: Connection, service: str) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True, "include_name": is_of_the_models}
    context = MigrationContext.configure(conn, opts=options)
    return list(compare_metadata(context, parts.metadata(service)))


def forget(conn: Connection, service: str) -> None:
    """Takes a schema back to before its first revision."""
    parts.metadata(service).drop_all(conn)
    conn.execute(text("DROP TABLE alembic_version"))
    conn.commit()


@contextlib.contextmanager
def cut_at(number: int) -> Iterator[None]:
    """The power goes when the table of this number is to be created."""
    seen = itertools.count(1)

    def before(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        if "CREATE TABLE" in statement and next(seen) == number:
            raise PowerCut

    event.listen(Engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", before)


@pytest.mark.parametrize("service", list(parts.SERVICES))
def test_the_migrated_schema_is_what_the_models_say(here: Installation, code: str, service: str) -> None:
    here.add(code)
    with here.owner(code, service) as conn:
        assert differences(conn, service) == []
        assert current(conn) == head(parts.migrations(service))


@pytest.mark.parametrize("service", list(parts.SERVICES))
def test_revisions_follow_one_another_in_one_line(service: str) -> None:
    names = sorted(path.name for path in (parts.migrations(service) / "versions").glob("*.py"))
    assert names[0].startswith("0001_")
    assert head(parts.migrations(service)) == f"{service}_{len(names):04}"


def test_migrating_again_runs_nothing(here: Installation, code: str) -> None:
    here.add(code)
    answer = here.command("migrate")
    assert answer.exit_code == 0
    assert code not in answer.stdout


@pytest.mark.parametrize("number", [1, 4, 7])
def test_a_migration_that_is_cut_off_leaves_nothing_half_done_and_goes_on(
    here: Installation, code: str, number: int
) -> None:
    tenant = here.add(code)
    with here.owner(code, "desk") as conn:
        forget(conn, "desk")
    with pytest.raises(PowerCut), cut_at(number):
        here.provisioner.migrate(tenant, "desk")
    with here.owner(code, "desk") as conn:
        assert inspect(conn).get_table_names() == []
    answer = here.command("migrate")
    assert answer.exit_code == 0, answer.output
    assert f"{code}: desk_0001" in answer.output
    with here.owner(code, "desk") as conn:
        assert differences(conn, "desk") == []
    here.record(code, 1)


def test_attachments_of_the_version_before_are_files_afterwards(here: Installation, code: str) -> None:
    tenant = here.add(code)
    with here.owner(code, "documents") as conn:
        forget(conn, "documents")
    here.provisioner.migrate(tenant, "documents", "documents_0002")
    about = {"document": new_id(), "person": new_id(), "sha256": "5e" * 32, "type": "application/pdf", "at": NOW}
    old = {"stored": about | {"name": "계획.pdf", "size": 2**40}, "begun": about | {"name": "늦은.pdf", "size": None}}
    ids = {state: new_id() for state in old}
    with here.owner(code, "documents") as conn:
        table = Table("attachment", MetaData(), Column("at", Utc), autoload_with=conn)
        for state, row in old.items():
            place = f"documents/{row['document']}/{ids[state]}"
            conn.execute(insert(table), row | {"id": ids[state], "object": place, "stored": state == "stored"})
        conn.commit()
    here.provisioner.migrate(tenant, "documents")
    with here.owner(code, "documents") as conn:
        assert differences(conn, "documents") == []
        found = {
            row.state: dict(row._mapping) for row in conn.execute(select(parts.metadata("documents").tables["file"]))
        }
    for state, row in old.items():
        owner = row.pop("document")
        place = f"documents/{owner}/{ids[state]}"
        assert found[state] == row | {"id": ids[state], "owner": owner, "object": place, "state": state}
