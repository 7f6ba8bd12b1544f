"""A revision leaves the version before working, and holds up nobody, unless it says that it contracts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.promises import source
from tests.unit.promises.revisions import breaking, phase

REVISIONS = sorted(source.ROOT.glob("services/*/migrations/versions/*.py"))


@pytest.mark.parametrize("path", REVISIONS, ids=lambda path: f"{path.parts[-4]}-{path.stem}")
def test_each_revision_only_expands_or_says_that_it_contracts(path: Path) -> None:
    text = path.read_text()
    assert phase(text) in ("expand", "contract")
    assert phase(text) == "contract" or breaking(text) == []


def upgrade(line: str) -> str:
    return f"def upgrade():\n    {line}\n\ndef downgrade():\n    op.drop_table('anything')\n"


@pytest.mark.parametrize(
    "line",
    [
        "op.drop_column('thing', 'old')",
        "op.drop_table('thing')",
        "op.rename_table('thing', 'item')",
        "op.alter_column('thing', 'a', new_column_name='b')",
        "op.alter_column('thing', 'a', nullable=False)",
        "op.alter_column('thing', 'a', type_=sa.Text())",
        "op.add_column('thing', sa.Column('a', sa.Integer(), nullable=False))",
        "op.create_index('i', 'thing', ['a'])",
        "op.create_unique_constraint('u', 'thing', ['a'])",
        "op.create_foreign_key('f', 'thing', 'other', ['a'], ['b'])",
        "op.execute('ALTER TABLE thing DROP COLUMN a')",
        "op.execute('CREATE INDEX i ON thing (a)')",
        "op.execute('ALTER TABLE thing ALTER a SET NOT NULL')",
        "op.execute(statement)",
        "with op.batch_alter_table('thing') as batch: batch.drop_column('a')",
    ],
)
def test_what_breaks_the_version_before_or_locks_is_found(line: str) -> None:
    assert breaking(upgrade(line))


@pytest.mark.parametrize(
    "line",
    [
        "op.add_column('thing', sa.Column('a', sa.Integer()))",
        "op.add_column('thing', sa.Column('a', sa.Integer(), nullable=False, server_default='0'))",
        "op.alter_column('thing', 'a', nullable=True)",
        "op.create_table('new', sa.Column('id', sa.Integer(), nullable=False)); op.create_index('i', 'new', ['id'])",
        "op.create_index('i', 'thing', ['a'], postgresql_concurrently=True)",
        "op.execute('UPDATE thing SET a = 1 WHERE a IS NULL')",
        "op.execute('CREATE INDEX CONCURRENTLY i ON thing (a)')",
        "op.execute('ALTER TABLE thing ADD CONSTRAINT c CHECK (a > 0) NOT VALID')",
    ],
)
def test_what_only_expands_is_let_through(line: str) -> None:
    assert breaking(upgrade(line)) == []


def test_a_revision_may_say_that_it_contracts() -> None:
    assert phase(upgrade("pass")) == "expand"
    assert phase('phase = "contract"\n' + upgrade("pass")) == "contract"
