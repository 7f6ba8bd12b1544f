"""Today's rail on the desk: order, where the hour is, what makes room."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from gateway.core.format import SEOUL
from gateway.desk.rail import SHOWN, rail

NOON = datetime(2099, 5, 5, 12, tzinfo=SEOUL)


def line(first: int, last: int, **changes: Any) -> dict[str, Any]:
    day = NOON.replace(hour=0)
    times = {"starts_at": day + timedelta(hours=first), "ends_at": day + timedelta(hours=last)}
    return {name: time.isoformat() for name, time in times.items()} | {"all_day": False, "id": str(first)} | changes


def states(found: dict[str, Any]) -> list[str]:
    return [row["state"] for row in found["rows"]]


def test_what_takes_all_day_is_first_and_the_hour_stands_before_what_comes() -> None:
    whole = {"all_day": True, "starts_at": "2099-05-05", "ends_at": "2099-05-06", "id": "w"}
    found = rail([line(9, 10), line(11, 13), whole, line(14, 15)], NOON)
    assert (states(found), found["now"], found["more"]) == (["whole", "over", "now", "coming"], 3, 0)


def test_after_the_last_of_the_day_the_hour_is_at_the_end() -> None:
    assert rail([line(9, 10)], NOON)["now"] == 1


def test_without_an_hour_of_its_own_nothing_has_a_line() -> None:
    whole = {"all_day": True, "starts_at": "2099-05-05", "ends_at": "2099-05-06", "id": "w"}
    assert rail([whole], NOON)["now"] is None and rail([], NOON) == {"rows": [], "now": None, "more": 0}


def test_of_more_than_fit_those_that_are_over_make_room() -> None:
    lines = [line(hour, hour + 1) for hour in range(7, 18)]
    found = rail(lines, NOON)
    assert len(found["rows"]) == SHOWN and found["more"] == len(lines) - SHOWN
    assert states(found).count("over") == 1 and states(found)[-1] == "coming"
