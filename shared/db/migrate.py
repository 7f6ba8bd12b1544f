"""Alembic, run from here for one service's schema in one tenant's database."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


@cache
def _script(directory: Path) -> ScriptDirectory:
    """The revisions of a directory: reading them takes longer than finding that there is nothing to do."""
    return ScriptDirectory(str(directory))


def head(directory: Path) -> str | None:
    """The newest revision in a service's `migrations` directory."""
    return _script(directory).get_current_head()


def knows(directory: Path, revision: str) -> bool:
    """Whether a revision is one of those in a service's `migrations` directory."""
    return any(found.revision == revision for found in _script(directory).walk_revisions())


def current(connection: Connection) -> str | None:
    """The revision a database is at."""
    return MigrationContext.configure(connection, opts={"version_table": "alembic_version"}).get_current_revision()


def upgrade(connection: Connection, directory: Path, to: str = "head") -> list[str]:
    """Brings a schema to a revision in `directory`, the newest unless told. Repeatable.

    Answers the revisions that were run.
    """
    script = _script(directory)
    ran: list[str] = []

    def steps(revision: Any, _: MigrationContext) -> Any:
        found = script._upgrade_revs(to, revision)
        ran.extend(step.revision.revision for step in found)
        return found

    context = MigrationContext.configure(connection, opts={"fn": steps, "version_table": "alembic_version"})
    with context.begin_transaction(), Operations.context(context):
        context.run_migrations()
    return ran
