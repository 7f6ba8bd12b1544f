"""The four parts of the housekeeping: one that fails or is stuck holds up no other, and says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import func, select

from services.documents.models import Base, Reading
from services.documents.service import DocumentsService
from shared.bus.housekeeping import Housekeeping, sealer, sweeper
from shared.db import sent
from shared.db.tx import Tx
from shared.ids import new_id
from shared.testing import LocalService
from tests.support.waiting import LIMIT, until

TABLES = Base.metadata.tables


@pytest.fixture
def service() -> Iterator[LocalService]:
    with LocalService(DocumentsService) as local:
        yield local


@pytest.fixture
def housekeeping(service: LocalService) -> Iterator[Housekeeping]:
    found = service._runtime.housekeeping
    found.start()
    yield found
    found.stop()


def count(service: LocalService, table: str) -> int:
    with service.tx() as tx:
        return int(tx.scalar(select(func.count()).select_from(TABLES[table])))


def something_happens(service: LocalService, housekeeping: Housekeeping) -> None:
    """A transaction with an event, a row of the record and a note."""
    with service.tx() as tx:
        tx.emit("documents.submitted", subject="d1", data={})
        tx.audit("documents.submitted", subject="d1")
        tx.note(Reading, id=new_id(), document="d1", version=1, person={}, session="s", at=tx.now)
    housekeeping.committed(tx)


def done(service: LocalService) -> dict[str, bool]:
    return {
        "published": count(service, "outbox") == 0 and count(service, "sent") == 1,
        "sealed": count(service, "audit_seal") == 1,
        "noted": count(service, "reading") == 1,
    }


def failures(part: str) -> float:
    labels = {"service": "documents", "part": part}
    return REGISTRY.get_sample_value("oneway_housekeeping_failed_total", labels) or 0.0


def breaks(*_: Any, **__: Any) -> Any:
    raise RuntimeError("broken on purpose")


def test_everything_that_happened_is_published_sealed_and_noted(service: LocalService, housekeeping) -> None:
    something_happens(service, housekeeping)
    until(lambda: all(done(service).values()))


def test_what_nobody_waits_for_goes_out_with_the_next_round_and_is_nobody_elses_meanwhile(
    service: LocalService, housekeeping: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service.tx() as tx:
        tx.emit("documents.item", subject="d1", data={}, overtakes=1)
        tx.emit("documents.submitted", subject="d1", data={})
    publishes = housekeeping.publisher.publish_patient
    with monkeypatch.context() as held:
        held.setattr(housekeeping.publisher, "publish_patient", lambda: None)
        housekeeping.committed(tx)
        assert [event.type for event in service.events] == ["documents.submitted"]
        assert {event.id for event in (*tx.events, tx.patient[0][1])} <= housekeeping.publisher.own(tx.tenant)
    publishes()
    assert [event.type for event in service.events] == ["documents.submitted", "documents.item"]
    until(lambda: (count(service, "outbox"), count(service, "sent")) == (0, 2))


def test_what_was_overtaken_before_it_went_out_stays_behind(
    service: LocalService, housekeeping: Housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    publishes = housekeeping.publisher.publish_patient
    with monkeypatch.context() as held:
        held.setattr(housekeeping.publisher, "publish_patient", lambda: None)
        # As they are committed; who is told first of it may be another.
        for subject, sequence in (("d1", 1), ("d1", 3), ("d2", 1), ("d1", 2)):
            with service.tx() as tx:
                tx.emit("documents.item", subject=subject, data={"sequence": sequence}, overtakes=sequence)
            housekeeping.committed(tx)
    publishes()
    assert [(event.subject, event.data["sequence"]) for event in service.events] == [("d1", 3), ("d2", 1)]
    until(lambda: (count(service, "outbox"), count(service, "sent")) == (0, 4))


def test_at_the_stop_what_was_to_go_out_later_goes_out(service: LocalService, housekeeping: Housekeeping) -> None:
    with service.tx() as tx:
        tx.emit("documents.item", subject="d1", data={}, overtakes=1)
    housekeeping.committed(tx)
    housekeeping.stop()
    assert [event.type for event in service.events] == ["documents.item"]
    assert (count(service, "outbox"), count(service, "sent")) == (0, 1)


@pytest.mark.parametrize(
    ("part", "place", "others"),
    [
        ("publisher", (sent, "keep"), ("sealed", "noted")),
        ("sealer", (sealer.audit, "seal"), ("published", "noted")),
        ("noter", (Tx, "insert_many"), ("published",)),
    ],
)
def test_a_part_that_fails_is_counted_and_holds_up_no_other_until_it_can_go_on(
    service: LocalService, housekeeping, monkeypatch: pytest.MonkeyPatch, part: str, place: Any, others: tuple[str, ...]
) -> None:
    before = failures(part)
    with monkeypatch.context() as broken:
        broken.setattr(*place, breaks)
        something_happens(service, housekeeping)
        until(lambda: failures(part) > before and all(done(service)[other] for other in others))
        assert not all(done(service).values())
    until(lambda: all(done(service).values()))


def test_a_part_that_is_stuck_holds_up_no_other(
    service: LocalService, housekeeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = threading.Event()
    seal = sealer.Sealer._seal
    monkeypatch.setattr(sealer.Sealer, "_seal", lambda self, tenant: (free.wait(LIMIT), seal(self, tenant)))
    something_happens(service, housekeeping)
    until(lambda: done(service)["published"] and done(service)["noted"])
    assert not done(service)["sealed"]
    free.set()
    until(lambda: done(service)["sealed"])


def test_what_is_old_is_forgotten_in_small_pieces_and_what_is_young_stays(
    service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeper, "_FORGOTTEN_AT_ONCE", 10)
    now = datetime.now(UTC)
    ages = [timedelta(days=15)] * 35 + [timedelta(days=13)] * 3
    with service.tx() as tx:
        tx.insert_many(TABLES["inbox"], [{"id": new_id(), "at": now - age} for age in ages])
        answers = [{"key": str(n), "request": "", "answer": "", "at": now - age} for n, age in enumerate(ages)]
        tx.insert_many(TABLES["idempotency"], answers)
    pieces: list[int] = []
    some = sweeper.Sweeper._forget_some

    def counted(self: Any, tenant: str, table: Any, before: datetime) -> int:
        pieces.append(some(self, tenant, table, before))
        return pieces[-1]

    monkeypatch.setattr(sweeper.Sweeper, "_forget_some", counted)
    service._runtime.housekeeping.sweeper.work()
    assert pieces == [0, 10, 10, 10, 5, 10, 10, 10, 5]
    assert (count(service, "inbox"), count(service, "idempotency")) == (3, 3)
