"""A message that somebody else put on the bus is refused, whatever is wrong with its context."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import kombu
import orjson
import pytest

from shared import context as contexts
from shared.bus import wire
from shared.bus.broker import EVENT_EXCHANGE, LIVE_EXCHANGE, Message, dead_queue
from shared.bus.client import Client
from shared.context import RPC_LIFETIME, Signer
from shared.errors import Problem
from shared.events import Event
from tests.integration.ground.stage import OTHER, Stage, context
from tests.support.altering import Alter, AlteringBroker
from tests.support.waiting import until


class Tampering(Client):
    """A client of such a broker."""

    def __init__(self, broker: AlteringBroker, signer: Signer) -> None:
        super().__init__(broker, signer)
        self.broker = broker


@pytest.fixture
def tampering(stage: Stage) -> Iterator[Tampering]:
    broker = AlteringBroker(stage.settings.broker_url, "attacker")
    client = Tampering(broker, stage.signer)
    broker.start()
    yield client
    broker.stop()


def without(header: str) -> Alter:
    return lambda message: message.headers.pop(header)


def with_header(header: str, value: Any) -> Alter:
    return lambda message: message.headers.update({header: value})


def with_field(field: str, value: Any) -> Alter:
    return lambda message: setattr(message, field, value)


def signed_by_somebody_else(message: Message) -> None:
    wire_context = context().to_wire()
    signature = Signer([b"guessed"]).sign(wire_context, "toy.make k", message.body)
    message.headers.update({"oneway-context": wire_context, "oneway-signature": signature})


FORGERIES = {
    "without a context": without("oneway-context"),
    "without a signature": without("oneway-signature"),
    "with an empty signature": with_header("oneway-signature", ""),
    "with a signature that is no text": with_header("oneway-signature", 12),
    "with a signature in another alphabet": with_header("oneway-signature", "1.서명"),
    "signed with another key": signed_by_somebody_else,
    "with another tenant in its context": with_header("oneway-context", context(OTHER).to_wire()),
    "with more roles in its context": with_header("oneway-context", context(roles=frozenset({"auditor"})).to_wire()),
    "with a context that cannot be read": with_header("oneway-context", "[]"),
    "with another body": with_field("body", b'{"args":[{"series":"x"}],"kwargs":{}}'),
    "with a body that is no text": with_field("body", b"\xff\xfe"),
    "sent to another method": with_field("routing_key", "toy.tell"),
    "under another idempotency key": with_header("oneway-key", "another"),
}


@pytest.mark.parametrize("alter", FORGERIES.values(), ids=FORGERIES)
def test_a_request_is_refused(stage: Stage, toy, tampering: Tampering, alter: Alter, series: str) -> None:
    tampering.broker.alter = alter
    with pytest.raises(Problem) as raised:
        tampering.call("toy", "make", context(), {"series": series}, idempotency_key="k")
    assert (raised.value.status, raised.value.slug) == (401, "refused")
    assert stage.client.call("toy", "made", context(), {"series": series}) == []


def test_a_request_is_refused_once_its_context_has_expired(stage: Stage, toy, tampering: Tampering, series) -> None:
    def sign_anew(age: int) -> Alter:
        def alter(message: Message) -> None:
            now = time.time
            try:
                contexts.time.time = lambda: now() - age  # type: ignore[assignment]
                signature = stage.signer.sign(message.headers["oneway-context"], "toy.make ", message.body)
            finally:
                contexts.time.time = now  # type: ignore[assignment]
            message.headers["oneway-signature"] = signature

        return alter

    tampering.broker.alter = sign_anew(RPC_LIFETIME + 5)
    with pytest.raises(Problem) as raised:
        tampering.call("toy", "make", context(), {"series": series})
    # Nobody is told to sign in because a clock is wrong.
    assert raised.value.status == 503
    tampering.broker.alter = sign_anew(RPC_LIFETIME // 2)
    tampering.call("toy", "make", context(), {"series": series})


def test_a_service_goes_on_after_any_number_of_refused_requests(stage: Stage, toy, tampering: Tampering) -> None:
    tampering.broker.alter = without("oneway-context")
    for _ in range(stage.settings.rpc_workers + 8):
        with pytest.raises(Problem):
            tampering.call("toy", "echo", context())
    assert stage.client.call("toy", "echo", context(), {"value": 1})["value"] == 1


# -- events -----------------------------------------------------------------------------------------


def event(series: str, tenant: str = "aa") -> Event:
    data = {"series": series, "number": 1, "manner": ""}
    return Event.new("toy.made", series, data, context(tenant), datetime.now(UTC))


def publish(stage: Stage, message: Message, exchange: str = EVENT_EXCHANGE) -> None:
    with kombu.Connection(stage.settings.broker_url) as connection:
        connection.Producer().publish(
            message.body,
            exchange=exchange,
            routing_key=message.routing_key,
            headers=message.headers,
            content_type="application/json",
            content_encoding="utf-8",
        )


def parked(stage: Stage) -> tuple[bytes, dict[str, Any]]:
    """The next dead letter of `sink`, taken away."""
    with kombu.Connection(stage.settings.broker_url) as connection, connection.channel() as channel:
        message = until(lambda: channel.basic_get(dead_queue("sink"), no_ack=True))
        body = message.body
        return body if isinstance(body, bytes) else body.encode(), message.headers


def forged_events(stage: Stage, series: str) -> dict[str, Message]:
    good = wire.event_message(stage.signer, event(series))
    envelope = orjson.loads(good.body)
    of_another = {**envelope, "tenant": OTHER}
    body = orjson.dumps(of_another)
    wire_context = good.headers["oneway-context"]
    mismatch = {**good.headers, "oneway-signature": stage.signer.sign(wire_context, "toy.made", body)}
    return {
        "without a context": replace(good, headers={}),
        "without a signature": replace(good, headers={"oneway-context": wire_context}),
        "signed with another key": wire.event_message(Signer([b"guessed"]), event(series)),
        "with another body": replace(good, body=orjson.dumps({**envelope, "data": {"series": series, "number": 7}})),
        "with another tenant's context": replace(
            good, headers={**good.headers, "oneway-context": context(OTHER).to_wire()}
        ),
        "of another tenant than its context's": replace(good, body=body, headers=mismatch),
        "with a context that cannot be read": replace(good, headers={**good.headers, "oneway-context": "[]"}),
        "that is no envelope": replace(good, body=b"[1]"),
        "that is no JSON": replace(good, body=b"{"),
        "that is no text": replace(good, body=b"\xff\xfe"),
    }


FORGED_EVENTS = (
    "without a context",
    "without a signature",
    "signed with another key",
    "with another body",
    "with another tenant's context",
    "of another tenant than its context's",
    "with a context that cannot be read",
    "that is no envelope",
    "that is no JSON",
    "that is no text",
)


@pytest.mark.parametrize("how", FORGED_EVENTS)
def test_an_event_is_parked_and_has_no_effect(stage: Stage, toy, sink, series: str, how: str) -> None:
    message = forged_events(stage, series)[how]
    publish(stage, message)
    body, headers = parked(stage)
    assert body == message.body
    assert headers["oneway-reason"]
    # The service is well, and what is signed still has its effect.
    stage.make(series, first=5)
    until(lambda: stage.effects(series))
    assert stage.effects(series) == [5]
    assert stage.effects(series, OTHER) == []


def test_an_event_reaches_only_the_tenant_it_is_of(stage: Stage, toy, sink, series: str) -> None:
    stage.make(series, count=3, tenant=OTHER)
    until(lambda: len(stage.effects(series, OTHER)) == 3)
    assert stage.effects(series) == []


def test_a_live_message_of_somebody_else_s_is_not_passed_on(stage: Stage, toy) -> None:
    stage.told.clear()
    forged = wire.live_message(Signer([b"guessed"]), "aa", {"forged": ["p1"]})
    publish(stage, forged, LIVE_EXCHANGE)
    stage.client.call("toy", "tell", context(), {"people": ["p1"]})
    until(lambda: [t for t in stage.told if t["topic"] == "toys"])
    assert "forged" not in {t["topic"] for t in stage.told}
