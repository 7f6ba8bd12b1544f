"""The bands of a desk: reckoned when it is read, in Seoul's days, and the same from page to page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.desk.service import DeskService
from shared import paging
from shared.contracts import desk as contract
from shared.errors import Invalid
from shared.ids import new_id
from shared.testing import LocalService
from tests.unit.desk.cast import REVIEWER, as_, holds, slot, tell, todos, told

# 10:00 of a Monday in Seoul; the day ends at 15:00 UTC.
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def put(service: LocalService, due: datetime | None = None, kind: str = "request", **todo: Any) -> str:
    """A to-do on the reviewer's desk; its subject."""
    subject = new_id()
    item = slot(REVIEWER, kind, due=due.isoformat() if due else None, **todo)
    tell(service, told(subject, 1, item), source="requests")
    return subject


def bands(service: LocalService, **asked: Any) -> list[tuple[str, str]]:
    return [(todo["subject"], todo["band"]) for todo in todos(service, REVIEWER, sort="due", **asked)]


def pressing(service: LocalService) -> dict[str, int]:
    found = service.call("pressing", as_(REVIEWER))
    holds(contract.Pressing, found)
    return {item["kind"]: item["count"] for item in found["items"]}


def test_what_is_urgent_comes_first_then_by_band_and_by_date(service: LocalService) -> None:
    service.now = NOW
    later, tomorrow = put(service, NOW + timedelta(days=9)), put(service, MIDNIGHT + timedelta(seconds=1))
    undated = put(service)
    today, by_noon = put(service, MIDNIGHT), put(service, NOW + timedelta(hours=2))
    late, long_late = put(service, NOW), put(service, NOW - timedelta(days=3))
    urgent, urgent_dated = put(service, urgency=2), put(service, NOW + timedelta(days=30), urgency=2)
    assert bands(service) == [
        (urgent_dated, "urgent"),
        (urgent, "urgent"),
        (long_late, "overdue"),
        (late, "overdue"),
        (by_noon, "today"),
        (today, "today"),
        (undated, "undated"),
        (tomorrow, "later"),
        (later, "later"),
    ]


def test_the_desk_has_no_clock_a_band_is_that_of_the_moment(service: LocalService) -> None:
    service.now = NOW
    subject = put(service, MIDNIGHT)
    for moment, band in (
        (NOW - timedelta(days=1), "later"),
        (NOW, "today"),
        (MIDNIGHT - timedelta(seconds=1), "today"),
        (MIDNIGHT, "overdue"),
    ):
        service.now = moment
        assert bands(service) == [(subject, band)]


def test_the_longest_waiting_come_first_unless_bands_are_asked_for_and_say_their_band_too(
    service: LocalService,
) -> None:
    service.now = NOW
    new = put(service, NOW, since=NOW)
    old = put(service, since=NOW - timedelta(days=1))
    found = todos(service, REVIEWER)
    assert [(todo["subject"], todo["band"]) for todo in found] == [(old, "undated"), (new, "overdue")]


def test_what_is_late_or_due_today_is_counted_by_kind(service: LocalService) -> None:
    service.now = NOW
    put(service, NOW - timedelta(days=1))
    put(service, MIDNIGHT)
    put(service, MIDNIGHT + timedelta(days=1))
    put(service, NOW, "memo")
    put(service, None, "approval")
    assert pressing(service) == {"request": 2, "memo": 1}


def test_bands_are_of_one_kind_where_one_is_asked_for(service: LocalService) -> None:
    service.now = NOW
    put(service, NOW, "memo")
    subject = put(service, NOW)
    assert bands(service, kind="request") == [(subject, "overdue")]


def test_pages_go_on_as_of_the_moment_of_the_first(service: LocalService) -> None:
    service.now = MIDNIGHT - timedelta(seconds=1)
    first, second = put(service, MIDNIGHT - timedelta(minutes=1)), put(service, MIDNIGHT)
    third = put(service, MIDNIGHT + timedelta(hours=1))
    page = service.call("todos", as_(REVIEWER), {"sort": "due", "limit": 1})
    service.now = MIDNIGHT + timedelta(days=1)
    rest = service.call("todos", as_(REVIEWER), {"sort": "due", "cursor": page["next"]})
    assert [todo["subject"] for todo in page["items"] + rest["items"]] == [first, second, third]
    assert [todo["band"] for todo in rest["items"]] == ["today", "later"]


@pytest.mark.parametrize(
    "values",
    [
        ["todos None due x", 0, NOW, NOW, "a"],
        ["todos None due 2026-03-02T01:00:00", 0, NOW, NOW, "a"],
        ["todos None due 9999-12-31T23:59:59+00:00", 0, NOW, NOW, "a"],
        ["todos memo due 2026-03-02T01:00:00+00:00", 0, NOW, NOW, "a"],
        ["todos None due 2026-03-02T01:00:00+00:00", "0", NOW, NOW, "a"],
        [None, 0, NOW, NOW, "a"],
        ["todos None", NOW, "a"],
    ],
)
def test_a_cursor_of_another_list_is_refused(service: LocalService, values: list[Any]) -> None:
    with pytest.raises(Invalid) as refused:
        todos(service, REVIEWER, sort="due", cursor=paging.encode(values))
    assert refused.value.fields == {"cursor": "broken_cursor"}


HOURS = st.integers(-72, 72)


@settings(deadline=None, max_examples=12)
@given(st.lists(st.tuples(st.none() | HOURS, HOURS, st.integers(0, 2)), max_size=12), st.integers(1, 5))
def test_every_to_do_is_on_one_page_in_the_order_of_the_bands(
    given_: list[tuple[int | None, int, int]], limit: int
) -> None:
    with LocalService(DeskService) as service:
        service.now = NOW
        made = {
            put(
                service,
                None if due is None else NOW + timedelta(hours=due),
                since=NOW + timedelta(hours=since),
                urgency=urgency,
            )
            for due, since, urgency in given_
        }
        found, cursor = [], None
        while True:
            page = service.call("todos", as_(REVIEWER), {"sort": "due", "limit": limit, "cursor": cursor})
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
    assert {todo["subject"] for todo in found} == made and len(found) == len(made)
    far = datetime.max.replace(tzinfo=UTC).isoformat()
    order = [(contract.BANDS.index(todo["band"]), todo["due"] or far, todo["since"], todo["id"]) for todo in found]
    assert order == sorted(order)
