"""Entries beside each other: which quarters and which lane each takes."""

from __future__ import annotations

from datetime import date

from gateway.schedule.grid import cells, columns, hours, placed, quarters
from tests.unit.gateway.schedule.stand import line
from tests.unit.gateway.stage import ONE, REVIEWER

DAY = date(2099, 5, 5)


def lasting(start: str, end: str, **changes: object) -> dict[str, object]:
    times = {"starts_at": f"2099-05-05T{start}:00+09:00", "ends_at": f"2099-05-05T{end}:00+09:00"}
    return line(**{**times, **changes})


def test_a_time_takes_the_quarters_it_touches_and_none_of_another_day() -> None:
    assert quarters(lasting("09:00", "10:00"), DAY) == (36, 40)
    assert quarters(lasting("09:05", "09:20"), DAY) == (36, 38)
    assert quarters(lasting("09:00", "09:00"), DAY) == (36, 37)
    night = {"starts_at": "2099-05-04T22:00:00+09:00", "ends_at": "2099-05-06T02:00:00+09:00"}
    assert quarters(line(**night), DAY) == (0, 96)


def test_what_overlaps_shares_the_width_and_what_does_not_has_it_all() -> None:
    lines = [lasting("09:00", "11:00"), lasting("10:00", "12:00"), lasting("11:00", "12:00"), lasting("14:00", "15:00")]
    assert [(each.lane, each.lanes) for each in placed(lines, DAY)] == [(0, 2), (1, 2), (0, 2), (0, 1)]


def test_back_to_back_is_no_overlap() -> None:
    lines = [lasting("09:00", "10:00"), lasting("10:00", "11:00")]
    assert [each.lanes for each in placed(lines, DAY)] == [1, 1]


def test_each_person_has_a_column_of_their_own() -> None:
    whole = line(all_day=True, starts_at="2099-05-05", ends_at="2099-05-06", person=ONE["id"])
    found = columns([lasting("09:00", "10:00"), whole], [REVIEWER["id"], ONE["id"]], DAY)
    assert [(len(each["whole"]), len(each["timed"])) for each in found] == [(0, 1), (1, 0)]


def test_the_hours_of_the_office_are_shown_and_more_where_something_is() -> None:
    assert hours([]) == range(8, 19)
    assert hours(placed([lasting("06:30", "07:00"), lasting("20:00", "21:15")], DAY)) == range(6, 22)


def test_a_rooms_day_is_half_hours_of_which_the_free_ones_can_be_booked() -> None:
    found = cells([lasting("09:15", "10:00")], DAY, range(8, 11))
    assert [(cell["span"], cell["line"] is not None) for cell in found] == [
        *((1, False), (1, False)),
        (2, True),
        *((1, False), (1, False)),
    ]
    assert [cell["start"] for cell in found if cell["line"] is None] == ["08:00", "08:30", "10:00", "10:30"]
