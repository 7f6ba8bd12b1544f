"""Rooms that many want at the same moment, in two processes on one PostgreSQL: one has it, never two."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from shared.context import Context
from shared.ids import new_id
from tests.support.at_once import Bureau, Doc, at_once, parted
from tests.support.servers import Servers
from tests.support.services import ServiceSystem, serving

_BEGINS = datetime(2099, 3, 2, 1, tzinfo=UTC)


def periods(*places: int, minutes: int = 60) -> list[Doc]:
    """Times of so many minutes, each so many after the first of all."""
    starts = [_BEGINS + timedelta(minutes=place) for place in places]
    return [{"starts_at": s.isoformat(), "ends_at": (s + timedelta(minutes=minutes)).isoformat()} for s in starts]


class Office(Bureau):
    """People who want the same rooms."""

    writes = frozenset({"hold", "save_room", "create", "change", "release"})

    def __init__(self, services: ServiceSystem) -> None:
        super().__init__(services, "schedule", 6)
        self.all = [self.people[f"p{n}"] for n in range(6)]
        self.admin = Context(**{**_fields(self.all[0]), "roles": frozenset({"tenant_admin"})})

    def room(self) -> str:
        return str(self.call(self.admin, "save_room", name=f"회의실 {new_id()[-6:]}")["id"])

    def hold(self, who: Context, room: str, *places: int, **given: Any) -> Any:
        asked = {"resource": room, "noun": "meetings", "subject": new_id(), "key": new_id(), "title": new_id()}
        return self.call(who, "hold", **asked, periods=periods(*places), **given)

    def booked(self, room: str) -> list[str]:
        """When the room is taken, in order."""
        asked = {"from": "2099-03-01", "to": "2099-04-01", "rooms": [room]}
        return [each["starts_at"] for each in self.call(self.all[0], "entries", **asked)["items"]]


def _fields(who: Context) -> dict[str, Any]:
    return {name: getattr(who, name) for name in Context.__dataclass_fields__}


@pytest.fixture(scope="module")
def office(servers: Servers) -> Iterator[Office]:
    """The directory, and the schedule in two processes."""
    with serving(servers, "directory", "schedule", name="schedule") as services:
        services.run("schedule-2")
        yield Office(services)


def test_of_fifty_who_want_a_room_at_the_same_moment_one_has_it(office: Office) -> None:
    for _ in range(3):
        room = office.room()
        # Each half an hour later than the last, over and over: every two of one number, and neighbours, clash.
        calls = [partial(office.hold, office.all[n % 6], room, 30 * (n % 2)) for n in range(50)]
        done, refused = parted(at_once(*calls))
        assert (len(done), len(refused)) == (1, 49)
        assert {problem.slug for problem in refused} == {"room-taken"}
        assert len(office.booked(room)) == 1


def test_of_series_that_cross_each_is_booked_whole_or_not_at_all(office: Office) -> None:
    room = office.room()
    day = 24 * 60
    calls = [partial(office.hold, office.all[n % 6], room, *(day * (n + step) for step in range(4))) for n in range(12)]
    done, refused = parted(at_once(*calls))
    assert done and {problem.slug for problem in refused} == {"room-taken"}
    booked = office.booked(room)
    assert len(booked) == len(set(booked)) == 4 * len(done)


def test_back_to_back_at_the_same_moment_is_no_clash(office: Office) -> None:
    room = office.room()
    done, refused = parted(at_once(*(partial(office.hold, office.all[n % 6], room, 60 * n) for n in range(12))))
    assert (len(done), refused) == (12, [])


def test_the_same_booking_sent_by_both_processes_is_there_once(office: Office) -> None:
    room, key, subject = office.room(), new_id(), new_id()
    asked = {
        "resource": room,
        "noun": "meetings",
        "subject": subject,
        "key": key,
        "title": "회의",
        "periods": periods(0),
    }
    done, refused = parted(at_once(*(partial(office.call, office.all[1], "hold", **asked) for _ in range(8))))
    assert (len({each["booking"] for each in done}), refused) == (1, [])
    assert len(office.booked(room)) == 1


def test_of_two_who_change_an_entry_at_the_same_moment_one_hears_that_it_is_another_one(office: Office) -> None:
    one = office.all[1]
    (time,) = periods(0)
    for _ in range(10):
        made = office.call(one, "create", title="협의", **time)
        change = partial(office.call, one, "change", id=made["id"], version=1)
        done, refused = parted(at_once(partial(change, title="가"), partial(change, title="나")))
        assert [len(done), len(refused)] == [1, 1]
        assert refused[0].status == 412
