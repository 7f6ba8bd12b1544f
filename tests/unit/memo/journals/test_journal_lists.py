"""A page of a journal's entries is read in the order of an index: what it costs does not grow with the journal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import sqlite

from services.memo.journals import reading
from shared.ids import new_id
from tests.support.examples.journals import VALUES
from tests.unit.memo.journals.cast import Office, as_

_ASKED: dict[str, Any] = {
    **dict.fromkeys(("day", "month", "state", "writer", "shift", "cursor")),
    "abnormal": False,
    "limit": 20,
}
BAD: dict[str, Any] = {**VALUES, "door": {"result": "abnormal", "note": "잠기지 않음"}}


@pytest.mark.parametrize(
    ("sort", "asked", "index"),
    [
        ("-received", {}, "journal_entry_by_day"),
        ("-received", {"month": "2026-05"}, "journal_entry_by_day"),
        ("received", {"month": "2026-05"}, "journal_entry_by_day"),
        ("-abnormal", {"day": date(2026, 5, 20)}, "journal_entry_abnormal_first"),
        ("-abnormal", {"month": "2026-05"}, "journal_entry_of_month"),
    ],
)
def test_entries_are_read_in_the_order_of_an_index(
    office: Office, sort: str, asked: dict[str, Any], index: str
) -> None:
    statement = reading.statement(new_id(), {**_ASKED, **asked, "sort": sort})
    compiled = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with office.service.tx() as tx:
        plan = [row[-1] for row in tx.all(text(f"EXPLAIN QUERY PLAN {compiled}"))]
    assert any(index in step for step in plan), plan
    assert not any("TEMP B-TREE" in step or step.startswith("SCAN") for step in plan), plan


def test_of_a_month_what_is_not_in_order_comes_first_and_no_other_month(office: Office) -> None:
    journal = office.journal()
    made = {}
    for day, values in (("2026-05-18", BAD), ("2026-05-19", VALUES), ("2026-04-30", BAD)):
        asked = {"journal": journal, "id": new_id(), "day": day, "values": values}
        made[day] = office.service.call("save_entry", as_(office.writer), asked)["id"]
    asked = {"journal": journal, "month": "2026-05", "sort": "-abnormal"}
    found = office.service.call("journal_entries", as_(office.verifier), asked)
    assert [item["id"] for item in found["items"]] == [made["2026-05-18"], made["2026-05-19"]]
