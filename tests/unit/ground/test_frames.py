"""What we put on the wire ourselves is what py-amqp would have put there."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import amqp
import pytest
from amqp import spec
from amqp.method_framing import frame_writer
from amqp.serialization import dumps

from shared.bus import frames
from shared.bus.broker import Message

FRAME_MAX = 4096
HEADERS = {"oneway-context": "맥락", "oneway-key": "k" * 300}


def by_amqp(method, arguments, content=None) -> bytes:
    written = bytearray()
    transport = SimpleNamespace(write=written.extend)
    connection = SimpleNamespace(frame_max=FRAME_MAX, bytes_sent=0, lock=threading.Lock())
    frame_writer(connection, transport)(1, 3, method, dumps(*arguments), content)
    return bytes(written)


@pytest.mark.parametrize("size", [0, 1, FRAME_MAX - 8, FRAME_MAX * 3])
@pytest.mark.parametrize("headers", [{}, HEADERS, HEADERS | {"oneway-attempt": 2, "x-death": [{"count": 1}]}])
def test_a_published_message_is_the_same_bytes(size: int, headers: dict) -> None:
    message = Message("desk.todos", b"x" * size, headers, "amq.rabbitmq.reply-to", "7f-1", 5.0)
    properties = {
        "content_type": "application/json",
        "content_encoding": "utf-8",
        "delivery_mode": 1,
        "correlation_id": "7f-1",
        "reply_to": "amq.rabbitmq.reply-to",
        "expiration": "5000",
    }
    if headers:
        properties["application_headers"] = headers
    ours = frames.published(3, "nameko-rpc", "desk.todos", message, durable=False, frame_max=FRAME_MAX)
    arguments = ("Bssbb", (0, "nameko-rpc", "desk.todos", False, False))
    assert ours == by_amqp(spec.Basic.Publish, arguments, amqp.Message(message.body, **properties))


def test_a_routing_key_too_long_for_the_protocol_is_refused() -> None:
    with pytest.raises(ValueError, match="bytes must be in range"):
        frames.published(3, "", "k" * 256, Message("k", b""), durable=True, frame_max=FRAME_MAX)
