"""The RPC client: each call has one deadline, and a service that fell silent is not waited for again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.bus import wire
from shared.bus.broker import Delivery
from shared.bus.client import Client
from shared.bus.local import LocalBroker
from shared.context import Signer
from shared.errors import Unavailable
from shared.testing import context
from tests.support.waiting import until

SHORT = 0.05


class Half:
    """A service that answers, or keeps its requests."""

    def __init__(self, broker: LocalBroker, name: str) -> None:
        self._broker = broker
        self.silent = False
        self.kept: list[Delivery] = []
        broker.consume_rpc(name, self._receive, 1000)

    def _receive(self, delivery: Delivery) -> None:
        if self.silent:
            self.kept.append(delivery)
        else:
            self.answer(delivery)

    def answer(self, delivery: Delivery) -> None:
        self._broker.reply(delivery.message, wire.answer(b'"answered"'))
        delivery.ack()


class Breaking(LocalBroker):
    """A broker to which the connection can break: replies under way are lost."""

    def on_reply(self, callback: Callable[[str, bytes], None], lost: Callable[[], None]) -> None:
        super().on_reply(callback, lost)
        self.breaks = lost


@pytest.fixture
def broker(tmp_path: Path) -> LocalBroker:
    return LocalBroker(tmp_path)


def client(broker: LocalBroker, timeout: float = SHORT) -> Client:
    return Client(broker, Signer([b"key"]), timeout)


def told_to_wait(service: Half) -> float:
    """Seconds for which the request kept last is asked for."""
    asked = service.kept[-1].message.expiration
    assert asked is not None
    return asked


def test_a_call_ends_at_its_deadline(broker: LocalBroker) -> None:
    desk = Half(broker, "desk")
    desk.silent = True
    with pytest.raises(Unavailable):
        client(broker).call("desk", "counts", context())
    assert told_to_wait(desk) == SHORT


def test_a_service_that_fell_silent_is_waited_for_shortly_until_it_answers(broker: LocalBroker) -> None:
    desk, documents = Half(broker, "desk"), Half(broker, "documents")
    desk.silent = documents.silent = True
    calls = client(broker, timeout=0.7)
    with pytest.raises(Unavailable):
        calls.call("desk", "counts", context(), timeout=SHORT)
    with pytest.raises(Unavailable):
        calls.call("desk", "counts", context())
    assert told_to_wait(desk) == 0.5
    # Others are waited for as before, and who knows that it takes long is given the time.
    with pytest.raises(Unavailable):
        calls.call("documents", "card", context())
    assert told_to_wait(documents) == 0.7
    with pytest.raises(Unavailable):
        calls.call("desk", "counts", context(), timeout=0.6)
    assert told_to_wait(desk) == 0.6
    desk.silent = False
    assert calls.call("desk", "counts", context()) == "answered"
    desk.silent = True
    with pytest.raises(Unavailable):
        calls.call("desk", "counts", context())
    assert told_to_wait(desk) == 0.7


def test_an_answer_that_comes_too_late_shows_that_the_service_is_there(broker: LocalBroker) -> None:
    desk = Half(broker, "desk")
    desk.silent = True
    calls = client(broker, timeout=0.7)
    with pytest.raises(Unavailable):
        calls.call("desk", "counts", context(), timeout=SHORT)
    desk.answer(desk.kept[0])
    with pytest.raises(Unavailable):
        calls.call("desk", "counts", context())
    assert told_to_wait(desk) == 0.7


def test_of_several_calls_at_once_each_ends_for_itself(broker: LocalBroker) -> None:
    for name in ("desk", "documents", "approval"):
        Half(broker, name).silent = True
    Half(broker, "directory")
    calls = [(name, "anything", {}) for name in ("desk", "documents", "approval", "directory")]
    results = client(broker).call_many(calls, context())
    assert [type(result) for result in results] == [Unavailable, Unavailable, Unavailable, str]


def test_what_can_be_done_without_makes_nobody_wait_and_is_not_taken_to_be_silent(broker: LocalBroker) -> None:
    Half(broker, "desk")
    memo = Half(broker, "memo")
    memo.silent = True
    caller = client(broker, 30)
    calls = [("desk", "counts", {}), ("memo", "alerts", {})]
    began = time.monotonic()
    counts, alerts = caller.call_many(calls, context(), spare=1)
    assert time.monotonic() - began < 10
    assert (counts, type(alerts)) == ("answered", Unavailable)
    assert told_to_wait(memo) == 30
    memo.silent = False
    assert caller.call_many(calls, context(), spare=1) == ["answered", "answered"]


def test_what_can_be_done_without_is_not_asked_of_a_service_that_is_silent(broker: LocalBroker) -> None:
    Half(broker, "desk")
    memo = Half(broker, "memo")
    memo.silent = True
    caller = client(broker)
    with pytest.raises(Unavailable):
        caller.call("memo", "alerts", context())
    memo.kept.clear()
    results = caller.call_many([("desk", "counts", {}), ("memo", "alerts", {})], context(), spare=1)
    assert (results[0], type(results[1]), memo.kept) == ("answered", Unavailable, [])


@pytest.mark.parametrize("how", [{"idempotency_key": "k"}, {"repeatable": True}])
def test_what_may_be_repeated_is_asked_again_where_the_connection_breaks(tmp_path: Path, how: dict) -> None:
    broker = Breaking(tmp_path)
    desk = Half(broker, "desk")
    desk.silent = True
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(client(broker, 30).call, "desk", "counts", context(), **how)
        until(lambda: len(desk.kept) == 1)
        desk.silent = False
        broker.breaks()
        assert answer.result() == "answered"


def test_what_may_not_be_repeated_ends_at_once_where_the_connection_breaks(tmp_path: Path) -> None:
    broker = Breaking(tmp_path)
    desk = Half(broker, "desk")
    desk.silent = True
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(client(broker, 30).call, "desk", "sign_in", context())
        until(lambda: len(desk.kept) == 1)
        broker.breaks()
        with pytest.raises(Unavailable):
            answer.result()
    assert len(desk.kept) == 1
