"""The desks end the same in whatever order, and however often, they hear what the services really tell."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oneway import parts
from services.desk.models import Notice, Slot
from services.desk.service import DeskService
from shared import desk
from shared.events import Event
from shared.ids import new_id
from shared.testing import LocalService, context
from tests.unit.desk.cast import OPERATOR, REVIEWER, START, as_, ids, looking, slot, tell, told
from tests.unit.desk.drivers import DRIVERS
from tests.unit.promises.test_promised_events import agreed

TELLERS = [name for name in parts.SERVICES if f"{name}.desk" in agreed(name)]
# Making a service tell its story costs several times as much as hearing it: each story is heard in several orders.
_STORIES = settings(deadline=None, max_examples=6, suppress_health_check=[HealthCheck.too_slow])
_LONG_STORIES = settings(_STORIES, max_examples=4)
_ORDERS, _ORDERS_OF_A_LONG_ONE = 2, 3


def everything(service: LocalService) -> tuple[list[Any], list[Any]]:
    """What is on all desks, and all notices; but for the ids, which each desk gives for itself."""
    names = ("source", "subject", "person", "kind", "since", "noun", "role", "title", "due", "urgency", "params")
    about = ("source", "subject", "person", "code", "occasion", "noun", "params", "at")
    with service.tx() as tx:
        slots = tx.all(Slot.__table__.select().where(Slot.shown.is_(True)))
        notices = tx.all(Notice.__table__.select())
    return (
        sorted(str([getattr(row, name) for name in names]) for row in slots),
        sorted(str([getattr(row, name) for name in about]) for row in notices),
    )


def hear(service: LocalService, events: list[Event]) -> None:
    """Delivers what was told, each time as an event of its own: the inbox holds nothing off."""
    for event in events:
        service.deliver(event.type, event.data, subject=event.subject)


def as_heard(events: list[Event]) -> list[Event]:
    return [event for event in events if event.type.endswith(".desk")]


def test_who_tells_the_desks_has_a_driver_that_makes_it_do_so() -> None:
    found = {driver: {event.type for event in as_heard(drive(Random(1)))} for driver, drive in DRIVERS.items()}
    assert all(len(types) == 1 for types in found.values())
    assert set.union(*found.values()) == {f"{teller}.desk" for teller in TELLERS}


def desks_after(events: list[Event]) -> tuple[list[Any], list[Any]]:
    with LocalService(DeskService) as service:
        hear(service, events)
        return everything(service)


@pytest.mark.parametrize("driver", DRIVERS)
@_STORIES
@given(choose=st.randoms(use_true_random=False))
def test_the_desks_are_the_same_in_whatever_order_a_noun_is_heard(driver: str, choose: Random) -> None:
    in_order = as_heard(DRIVERS[driver](choose))
    expected = desks_after(in_order)
    for _ in range(_ORDERS):
        shuffled = in_order + choose.choices(in_order, k=min(4, len(in_order)))
        choose.shuffle(shuffled)
        assert desks_after(shuffled) == expected


@_LONG_STORIES
@given(choose=st.randoms(use_true_random=False))
def test_the_desks_are_the_same_in_whatever_order_all_services_are_heard(choose: Random) -> None:
    in_order = [event for drive in DRIVERS.values() for event in as_heard(drive(choose))]
    expected = desks_after(in_order)
    for _ in range(_ORDERS_OF_A_LONG_ONE):
        assert desks_after(choose.sample(in_order, len(in_order))) == expected


# -- more than one event holds ----------------------------------------------------------------------


class _Outbox:
    """Takes what is told where a transaction would."""

    service = "memo"

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []

    def emit(self, type_: str, subject: str, data: dict[str, Any]) -> None:
        self.events.append((type_, data))


def test_ten_thousand_receivers_are_twenty_events_that_mean_the_same_in_any_order() -> None:
    people = [new_id() for _ in range(10_000)]
    tx: Any = _Outbox()
    todo = desk.Todo("answer", START)
    slots = [desk.Slot(person, "memo", todo) for person in people]
    desk.tell(tx, "memo", new_id(), 3, title="알림", clear=3, slots=slots, watchers=people[:700])
    assert [len(data["slots"]) for _, data in tx.events] == [500] * 20
    assert [len(data["watchers"]) for _, data in tx.events] == [500, 200] + [0] * 18
    assert {(type_, data["sequence"], data["clear"]) for type_, data in tx.events} == {("memo.desk", 3, 3)}
    assert {s["person"] for _, data in tx.events for s in data["slots"]} == set(people)
    with LocalService(DeskService) as service:
        subject = tx.events[0][1]["subject"]
        tell(service, told(subject, 2, slot(REVIEWER)), source="memo")
        looking(service)
        for type_, data in [tx.events[7], tx.events[0], tx.events[7]]:
            service.deliver(type_, data)
        assert looking(service) == ids(REVIEWER) | set(people[:500]) | set(people[3500:4000])
        shown = everything(service)[0]
        assert len(shown) == 1000
        for person in (people[0], people[3999]):
            assert service.call("counts", context(person=person)) == {"memo": 1, "total": 1}
        assert service.call("counts", as_(REVIEWER)) == {"total": 0}


def test_nothing_but_that_something_happened_is_one_event() -> None:
    tx: Any = _Outbox()
    desk.tell(tx, "memo", new_id(), 1, title="알림")
    ((_, data),) = tx.events
    assert (data["slots"], data["notices"], data["watchers"], data["clear"]) == ([], [], [], None)


def test_a_rebuild_leaves_the_desks_as_they_were() -> None:
    events = as_heard(DRIVERS["approval"](Random(7)))
    latest = {event.subject: event for event in events}
    with LocalService(DeskService) as service:
        hear(service, events)
        before = everything(service)
        assert before[0]
        service.call("begin_rebuild", OPERATOR, {"source": "approval"})
        hear(service, [event for event in latest.values() if event.data["slots"]])
        service.call("end_rebuild", OPERATOR, {"source": "approval"})
        assert everything(service) == before
