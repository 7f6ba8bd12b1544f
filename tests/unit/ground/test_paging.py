"""Cursors come back as they went out, and nothing else is taken for one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column

from shared import paging
from shared.db import Ident, Utc
from shared.errors import Invalid

VALUES = st.lists(
    st.one_of(st.text(), st.integers(-(2**53), 2**53), st.none(), st.datetimes(timezones=st.just(UTC))), min_size=1
)


@given(VALUES)
def test_a_cursor_holds_its_values(values):
    assert paging.decode(paging.encode(values), len(values)) == values


@given(st.text(max_size=60))
def test_a_made_up_cursor_is_refused_by_name(text):
    try:
        assert len(paging.decode(text, 2)) == 2
    except Invalid as problem:
        assert problem.fields == {"cursor": "broken_cursor"}


def test_the_last_page_has_no_next():
    rows = [(n, datetime.now(UTC)) for n in range(3)]
    assert paging.page(rows, 3, lambda r: r) == (rows, None)
    items, following = paging.page(rows, 2, lambda r: r)
    assert items == rows[:2]
    assert following is not None
    assert paging.decode(following, 2)[0] == 1


def test_a_cursor_of_another_list_is_refused():
    with pytest.raises(Invalid):
        paging.decode(paging.encode([1]), 2)


NOW = datetime.now(UTC)
BROKEN = [
    ["other", NOW, "a"],
    ["list", "2026", "a"],
    ["list", NOW.replace(tzinfo=None), "a"],
    ["list", datetime.fromisoformat("0001-01-01T00:00:00+09:00"), "a"],
    ["list", NOW, 5],
    ["list", NOW, "a\0"],
    ["list", None, "a"],
]


@pytest.mark.parametrize("values", BROKEN)
def test_a_cursor_of_an_order_holds_its_list_and_fitting_values(values):
    order = paging.Order("list", (Column("at", Utc), Column("id", Ident)), descending=True)
    order.after(paging.encode(["list", NOW, "a"]))
    with pytest.raises(Invalid):
        order.after(paging.encode(values))
