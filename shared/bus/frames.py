"""Where py-amqp is gone round: a message that is published becomes frames here (docs/performance.md tells why).

That knows py-amqp's inside, which is why its version is pinned. All else is left to it.
"""

from __future__ import annotations

from struct import Struct
from typing import Any

from amqp.serialization import dumps

from shared.bus.broker import Message

_FRAME = Struct(">BHI")
_METHOD, _HEADER, _BODY, _END = 1, 2, 3, b"\xce"
_OVERHEAD = 8
# Which properties follow, in this order, by the bit in the header frame.
_ALWAYS = 1 << 15 | 1 << 14 | 1 << 12  # content type, content encoding, delivery mode
_HEADERS, _CORRELATION, _REPLY_TO, _EXPIRATION = 1 << 13, 1 << 10, 1 << 9, 1 << 8
_START = b"\x10application/json\x05utf-8"


def _short(text: str) -> bytes:
    data = text.encode()
    return bytes((len(data),)) + data


def _table(values: dict[str, Any]) -> bytes:
    """A field table. What is no text (RabbitMQ's own notes on an event that was sent back) py-amqp puts down."""
    parts = []
    for name, value in values.items():
        if not isinstance(value, str):
            return bytes(dumps("F", [values]))
        data = value.encode()
        parts.append(b"%s\x53%s%s" % (_short(name), len(data).to_bytes(4, "big"), data))
    table = b"".join(parts)
    return len(table).to_bytes(4, "big") + table


def _frame(kind: int, channel: int, payload: bytes) -> bytes:
    return _FRAME.pack(kind, channel, len(payload)) + payload + _END


def published(
    channel: int, exchange: str, routing_key: str, message: Message, *, durable: bool, frame_max: int
) -> bytes:
    """`basic.publish` with the message's properties and body. Raises `ValueError` for a name of over 255 bytes."""
    method = b"\x00\x3c\x00\x28\x00\x00%s%s\x00" % (_short(exchange), _short(routing_key))
    flags, properties = _ALWAYS, [_START]
    if message.headers:
        flags |= _HEADERS
        properties.append(_table(message.headers))
    properties.append(b"\x02" if durable else b"\x01")
    if message.correlation_id:
        flags |= _CORRELATION
        properties.append(_short(message.correlation_id))
    if message.reply_to:
        flags |= _REPLY_TO
        properties.append(_short(message.reply_to))
    if message.expiration is not None:
        flags |= _EXPIRATION
        properties.append(_short(str(max(1, int(message.expiration * 1000)))))
    body = message.body
    header = b"\x00\x3c\x00\x00%s%s" % (len(body).to_bytes(8, "big"), flags.to_bytes(2, "big"))
    frames = [_frame(_METHOD, channel, method), _frame(_HEADER, channel, header + b"".join(properties))]
    most = frame_max - _OVERHEAD
    frames += [_frame(_BODY, channel, body[at : at + most]) for at in range(0, len(body), most)]
    return b"".join(frames)


def publish(channel: Any, exchange: str, routing_key: str, message: Message, *, durable: bool) -> None:
    """Writes the message to a channel of py-amqp's. Its `basic_publish` also reads, which only the reader may."""
    connection = channel.connection
    most = connection.frame_max
    data = published(channel.channel_id, exchange, routing_key, message, durable=durable, frame_max=most)
    connection.transport.write(data)
    # By this py-amqp tells whether a heartbeat is due.
    connection.bytes_sent += 1
