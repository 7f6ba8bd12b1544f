"""The in-process broker hands over in order, keeps to the prefetch, and settles only what is acknowledged."""

from __future__ import annotations

import time
from pathlib import Path

from shared.bus.broker import Delivery, Message
from shared.bus.local import LocalBroker


def test_an_event_is_settled_when_every_consumer_has_acknowledged(tmp_path):
    broker = LocalBroker(tmp_path)
    taken: list = []
    settled: list = []
    broker.consume_events("desk", ["a.b"], taken.append, 10)
    broker.consume_events("documents", ["a.b"], taken.append, 10)
    broker.publish_event(Message("a.b", b"{}"), settled.append)
    assert len(taken) == 2
    taken[0].ack()
    taken[0].ack()
    assert settled == []
    taken[1].ack()
    assert settled == [True]


def test_an_event_waits_for_a_consumer_that_is_not_there_yet(tmp_path):
    broker = LocalBroker(tmp_path)
    settled: list = []
    taken: list = []
    broker.bind("desk", ["a.b"])
    broker.publish_event(Message("a.b", b"1"), settled.append)
    assert settled == []
    broker.consume_events("desk", ["a.b"], taken.append, 10)
    taken[0].ack()
    assert settled == [True]


def test_an_event_nobody_listens_to_is_settled_at_once(tmp_path):
    settled: list = []
    LocalBroker(tmp_path).publish_event(Message("a.b", b"1"), settled.append)
    assert settled == [True]


def test_no_more_than_the_prefetch_is_in_hand(tmp_path):
    broker = LocalBroker(tmp_path)
    taken: list = []
    broker.consume_rpc("desk", taken.append, 2)
    for n in range(4):
        broker.request(Message("desk.counts", str(n).encode()))
    assert [d.message.body for d in taken] == [b"0", b"1"]
    taken[0].ack()
    assert [d.message.body for d in taken] == [b"0", b"1", b"2"]


def test_a_retry_counts_the_attempt_and_keeps_the_event_unsettled(tmp_path):
    broker = LocalBroker(tmp_path)
    taken: list = []
    settled: list = []
    broker.consume_events("desk", ["a.b"], taken.append, 10)
    broker.publish_event(Message("a.b", b"1"), settled.append)
    broker.retry_later(taken[0], 0)
    until = time.monotonic() + 5
    while len(taken) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert taken[1].attempt == 1
    assert settled == []
    taken[1].ack()
    assert settled == [True]


def test_a_parked_event_is_a_file_that_can_be_replayed(tmp_path):
    broker = LocalBroker(tmp_path)
    taken: list = []
    settled: list = []
    broker.consume_events("desk", ["a.b"], taken.append, 10)
    broker.publish_event(Message("a.b", b'{"id":"1"}', {"oneway-attempt": 5}), settled.append)
    broker.park(taken[0], "desk", "why")
    assert settled == [True]
    (path,) = broker.dead_letters.paths("desk")
    assert b"why" in path.read_bytes()
    assert broker.replay_requested() == 0
    path.rename(path.with_suffix(".replay"))
    assert broker.replay_requested() == 1
    assert taken[1].message.body == b'{"id":"1"}'
    assert taken[1].attempt == 0
    assert broker.dead_letters.paths("desk") == []


def test_a_pattern_hears_events_of_every_service_and_each_of_them_once(tmp_path: Path) -> None:
    """`*.desk` stands for one word before the dot, as at RabbitMQ's topic exchange."""
    broker = LocalBroker(tmp_path)
    heard: list[str] = []

    def hear(delivery: Delivery) -> None:
        heard.append(delivery.message.routing_key)
        delivery.ack()

    broker.consume_events("listener", ["*.desk", "memo.desk"], hear, 10)
    settled: list[bool] = []
    for type_ in ("memo.desk", "approval.desk", "memo.sent"):
        broker.publish_event(Message(type_, b"{}"), settled.append)
    assert heard == ["memo.desk", "approval.desk"] and settled == [True, True, True]
