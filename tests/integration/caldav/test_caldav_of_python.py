"""The library `caldav` of Python's with the whole system: it finds, reads, writes, searches and follows calendars."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from caldav.lib.error import AuthorizationError, NotFoundError

from tests.integration.caldav.account import Account, event

pytestmark = pytest.mark.journey
# It makes its names known when they are asked for: no type is told of them.
caldav: Any = importlib.import_module("caldav")
FROM, TO = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def principal(account: Account) -> Any:
    return caldav.DAVClient(account.url, username=account.login, password=account.password).get_principal()


@pytest.fixture
def calendar(account: Account, principal: Any) -> Any:
    return principal.calendar(cal_url=f"{account.server}{account.calendar()}")


def test_the_persons_calendars_are_found_from_the_servers_address(account: Account, principal: Any) -> None:
    found = {calendar.get_display_name() for calendar in principal.get_calendars()}
    assert account.api.get("/me")["person"]["name"] in found and len(found) >= 3


def test_a_wrong_password_opens_nothing(account: Account) -> None:
    for login, password in ((account.login, "wrong"), ("somebody", account.password)):
        client = caldav.DAVClient(account.url, username=login, password=password)
        with pytest.raises(AuthorizationError):
            client.get_principal()


def test_an_event_is_written_read_changed_and_taken_away(calendar: Any) -> None:
    uid = str(uuid4())
    made = calendar.add_event(event(uid, "예산 회의, 3층"))
    assert calendar.get_event_by_uid(uid).component["SUMMARY"] == "예산 회의, 3층"
    made.component["SUMMARY"] = "예산 회의 — 4층"
    made.save()
    assert calendar.get_event_by_uid(uid).component["SUMMARY"] == "예산 회의 — 4층"
    made.delete()
    with pytest.raises(NotFoundError):
        calendar.get_event_by_uid(uid)


def test_a_series_is_found_in_a_window_whole_and_unfolded(calendar: Any) -> None:
    calendar.add_event(event(str(uuid4()), "주간회의", "RRULE:FREQ=WEEKLY;COUNT=10", day="20261105"))
    calendar.add_event(event(str(uuid4()), "예전 일", day="20261101"))
    whole = calendar.search(event=True, start=FROM, end=TO)
    unfolded = calendar.search(event=True, start=FROM, end=TO, expand=True)
    assert [one.component["SUMMARY"] for one in whole] == ["주간회의"]
    assert sorted(one.component["DTSTART"].dt.astimezone(UTC).day for one in unfolded) == [3, 10, 17, 24, 31]


def test_events_are_found_by_what_they_say(calendar: Any) -> None:
    for title in ("Budget meeting", "점심"):
        calendar.add_event(event(str(uuid4()), title))
    assert [one.component["SUMMARY"] for one in calendar.search(event=True, summary="Budget")] == ["Budget meeting"]


def test_busy_times_are_told(calendar: Any) -> None:
    calendar.add_event(event(str(uuid4())))
    assert "FREEBUSY;FBTYPE=BUSY:20261210T000000Z/20261210T010000Z" in calendar.freebusy_request(FROM, TO).data


def test_what_has_changed_is_followed(calendar: Any) -> None:
    """This library asks for changes with a depth that RFC 6578 forbids, is refused, and lists everything instead."""
    first = calendar.add_event(event(str(uuid4()), "처음"))
    known = calendar.get_objects_by_sync_token(load_objects=True)
    assert len(list(known)) == 1
    first.delete()
    second = calendar.add_event(event(str(uuid4()), "나중"))
    updated, deleted = known.sync()
    assert [one.url for one in updated] == [second.url] and [one.url for one in deleted] == [first.url]


def test_a_calendar_is_made_named_anew_and_taken_away(principal: Any) -> None:
    made = principal.make_calendar(name="출장")
    assert made.get_display_name() == "출장"
    made.set_properties([importlib.import_module("caldav.elements.dav").DisplayName("출장·교육")])
    # What it has read of a calendar it does not ask for again.
    assert principal.calendar(cal_url=str(made.url)).get_display_name() == "출장·교육"
    made.delete()
    assert made.url not in [calendar.url for calendar in principal.get_calendars()]


def test_calendars_that_one_may_only_read_take_nothing(principal: Any, account: Account) -> None:
    others = [one for one in principal.get_calendars() if not one.url.path.endswith(account.main())]
    refused = 0
    for calendar in others:
        try:
            calendar.add_event(event(str(uuid4()))).delete()
        except AuthorizationError:
            refused += 1
    assert refused
