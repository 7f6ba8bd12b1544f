"""A dataclass as a dictionary has its very values: nothing is copied, nothing within it changed."""

from __future__ import annotations

from datetime import UTC, datetime

from shared.desk import Slot, Todo
from shared.records import values


def test_the_fields_are_there_by_name_and_the_same_objects() -> None:
    todo = Todo("read", datetime(2026, 3, 2, tzinfo=UTC), params={"kind": "brief"})
    slot = Slot("someone", "memo", todo)
    assert values(slot) == {"person": "someone", "kind": "memo", "todo": todo}
    assert values(slot)["todo"] is todo
    assert values(todo)["params"] is todo.params
