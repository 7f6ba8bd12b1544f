"""A box is read from its index: what it costs does not grow with what is in it."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import sqlite

from services.memo import boxes
from shared.testing import LocalService
from tests.unit.memo.cast import ME

_ASKED = {"q": "", "kind": None, "urgent": False, "unread": False, "cursor": None}


@pytest.mark.parametrize(
    ("box", "asked", "index"),
    [
        ("inbox", {}, "delivery_box"),
        ("inbox", {"unread": True}, "delivery_unread"),
        ("inbox", {"urgent": True}, "delivery_urgent"),
        ("snoozed", {}, "delivery_box"),
        ("archived", {}, "delivery_box"),
        ("pinned", {}, "delivery_pinned"),
        ("sent", {}, "memo_own"),
        ("drafts", {}, "memo_own"),
        ("scheduled", {}, "memo_own"),
    ],
)
def test_a_box_is_read_in_the_order_of_its_index(
    memo: LocalService, box: str, asked: dict[str, bool], index: str
) -> None:
    statement = boxes.statement(ME, {**_ASKED, **asked, "box": box, "limit": 20})
    compiled = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with memo.tx() as tx:
        plan = [row[-1] for row in tx.all(text(f"EXPLAIN QUERY PLAN {compiled}"))]
    assert any(index in step for step in plan), plan
    assert not any("TEMP B-TREE" in step or step.startswith("SCAN") for step in plan), plan


def test_urgent_unread_ones_are_found_by_an_index_of_their_own(memo: LocalService) -> None:
    compiled = boxes.alerting(ME, 5).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with memo.tx() as tx:
        plan = [row[-1] for row in tx.all(text(f"EXPLAIN QUERY PLAN {compiled}"))]
    assert any("delivery_alert" in step for step in plan), plan
