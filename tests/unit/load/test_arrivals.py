"""People come when they are due: as many as the rate says, shaped as it says, the same at each run."""

from __future__ import annotations

import random

import pytest

from tests.load.arrivals import due, share
from tests.load.plan import Arrivals
from tests.load.report import tables
from tests.support.pages import filled


@pytest.mark.parametrize("shape", ["steady", "rush"])
def test_as_many_come_as_the_rate_says_and_the_same_each_time(shape: str) -> None:
    arrivals = Arrivals("look", 20.0, shape)
    moments = list(due(arrivals, 500.0, random.Random(1)))
    assert len(moments) == pytest.approx(10_000, rel=0.05)
    assert moments == sorted(moments) and moments[0] >= 0 and moments[-1] < 500.0
    assert moments == list(due(arrivals, 500.0, random.Random(1)))


def test_a_rush_has_most_in_its_middle() -> None:
    moments = list(due(Arrivals("sign in", 20.0, "rush"), 500.0, random.Random(1)))
    middle = sum(1 for moment in moments if 200 <= moment < 300)
    assert middle > 3 * sum(1 for moment in moments if moment < 100)
    assert share("rush", 0.5) == pytest.approx(2.0)


def test_nobody_comes_at_no_rate_and_no_shape_is_made_up() -> None:
    assert list(due(Arrivals("look", 0.0), 10.0, random.Random(1))) == []
    with pytest.raises(ValueError, match="no such shape"):
        share("tide", 0.5)


def test_tables_take_the_place_between_their_marks_and_nothing_else() -> None:
    machine = {"cores": 2, "model": "M", "memory_gib": 24, "date": "today", "load": 0.1}
    text = "before\n<!-- machine -->\nold\n<!-- /machine -->\nafter <!-- rush -->\nkept\n<!-- /rush -->\n"
    made = filled(text, tables({"machine": machine, "failures": 0}))
    assert "old" not in made and "2 cores of M" in made
    assert made.startswith("before\n") and made.endswith("after <!-- rush -->\nkept\n<!-- /rush -->\n")
