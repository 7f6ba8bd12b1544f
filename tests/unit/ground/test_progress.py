"""Progress is rolled up by one rule for requests, goals and projects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.progress import WHOLE, Share, percent, rolled, shown


# REQ-06: (weight, percent), or (weight, percent, counted).
@pytest.mark.parametrize(
    ("children", "own", "expected"),
    [
        ([(3, 50), (1, 100), (0, 100)], 0, 62.5),
        ([(0, 100), (0, 0)], 0, 50.0),
        ([(1, 33), (1, 33), (1, 34)], 0, 33.3),
        ([(1, 100), (1, 0, False)], 0, 100.0),
        ([(249, 100), (1, 0)], 0, 99.6),
        ([], 40, 40.0),
        ([(1, 0, False)], 70, 70.0),
        ([(10_000, 100), (1, 0)], 0, 99.9),
    ],
)
def test_the_whole_is_the_mean_of_what_counts_by_weight(
    children: list[tuple[int, ...]], own: int, expected: float
) -> None:
    shares = [Share(weight, tenths * 10, *map(bool, rest)) for weight, tenths, *rest in children]
    assert percent(rolled(shares, own * 10)) == expected


def test_people_are_shown_whole_percents_that_were_reached() -> None:
    assert [shown(value) for value in (99.6, 100.0, 0.9, 62.5)] == [99, 100, 0, 62]


_SHARES = st.lists(st.builds(Share, st.integers(0, 1000), st.integers(0, WHOLE), st.booleans()), max_size=30)


@given(_SHARES, st.integers(0, WHOLE))
def test_it_is_whole_only_where_every_counted_part_is(shares: list[Share], own: int) -> None:
    counted = [share for share in shares if share.counted]
    found = rolled(shares, own)
    assert 0 <= found <= WHOLE
    if counted:
        assert (found == WHOLE) == all(share.tenths == WHOLE for share in counted)
    else:
        assert found == own
