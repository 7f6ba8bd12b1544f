"""A desk of the version before has everything on it after the upgrade."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from sqlalchemy import Connection, Engine, create_engine, select, text

from services.desk import models
from services.desk.models import Notice, Slot, Subject
from shared.db.migrate import upgrade
from shared.ids import new_id

MIGRATIONS = Path(models.__file__).parent / "migrations"
AT = "2026-03-02 00:00:00.000000"
PERSON = {"name": "홍기안", "position": "주무관"}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return create_engine(f"sqlite:///{tmp_path / 'desk.sqlite'}")


def insert(conn: Connection, table: str, **values: object) -> None:
    names = ", ".join(values)
    conn.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in values)})"), values)


def test_to_dos_notices_and_how_far_each_process_was_followed_are_carried_over(engine: Engine) -> None:
    running, forgotten, ended, reviewer, drafter = (new_id() for _ in range(5))
    todo = {"title": "계획", "sender": orjson.dumps(PERSON).decode(), "since": AT}
    note = {"person": drafter, "occasion": 3, "params": '{"title": "계획"}', "at": AT}
    ids = [new_id() for _ in range(4)]
    with engine.begin() as conn:
        upgrade(conn, MIGRATIONS, "desk_0002")
        insert(conn, "process", document=running, sequence=4, ended_at=None)
        insert(conn, "process", document=ended, sequence=7, ended_at=AT)
        insert(conn, "todo", id=ids[0], person=reviewer, kind="approval", subject=running, role="review", **todo)
        insert(conn, "todo", id=ids[1], person=drafter, kind="returned", subject=forgotten, role="revise", **todo)
        insert(conn, "notice", id=ids[2], code="returned", subject=ended, read=True, **note)
        insert(conn, "notice", id=ids[3], code="registered", subject=ended, read=False, **note)
        assert upgrade(conn, MIGRATIONS) == ["desk_0003", "desk_0004"]
    with engine.begin() as conn:
        since = datetime(2026, 3, 2, tzinfo=UTC)
        subjects = {row.subject: row for row in conn.execute(select(Subject.__table__))}
        assert {id_: (s.sequence, s.cleared, s.ended_at) for id_, s in subjects.items()} == {
            running: (4, 4, None),
            ended: (7, 7, since),
        }
        first, second = conn.execute(select(Slot.__table__).order_by(Slot.id)).all()
        assert (first.id, first.source, first.noun, first.subject) == (ids[0], "approval", "documents", running)
        assert (first.sequence, first.since, first.shown, first.dismissible) == (4, since, True, False)
        assert (first.title, first.role, first.sender, first.params) == ("계획", "review", PERSON, {})
        assert (second.subject, second.sequence, second.dismissible) == (forgotten, 0, True)
        notices = conn.execute(select(Notice.__table__).order_by(Notice.id)).all()
        assert [(n.id, n.source, n.code, n.read) for n in notices] == [
            (ids[2], "approval", "returned", True),
            (ids[3], "documents", "registered", False),
        ]
        assert {(n.noun, n.occasion, n.at, n.params["title"]) for n in notices} == {("documents", 3, since, "계획")}
