"""Alembic, run from here for one service's schema in one tenant's database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def head(directory: Path) -> str | None:
    """The newest revision in a service's `migrations` directory."""
    return ScriptDirectory(str(directory)).get_current_head()


def current(connection: Connection) -> str | None:
    """The revision a database is at."""
    return MigrationContext.configure(connection, opts={"version_table": "alembic_version"}).get_current_revision()


def upgrade(connection: Connection, directory: Path) -> list[str]:
    """Brings a schema to the newest revision in `directory`; answers the revisions that were run. Repeatable."""
    script = ScriptDirectory(str(directory))
    ran: list[str] = []

    def steps(revision: Any, _: MigrationContext) -> Any:
        found = script._upgrade_revs("head", revision)
        ran.extend(step.revision.revision for step in found)
        return found

    context = MigrationContext.configure(connection, opts={"fn": steps, "version_table": "alembic_version"})
    with context.begin_transaction(), Operations.context(context):
        context.run_migrations()
    return ran
