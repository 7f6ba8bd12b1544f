"""What goes between a service and its worker process: a kind, a length, JSON or bytes."""

from __future__ import annotations

import socket
import struct
from typing import Any

import orjson

_HEAD = struct.Struct(">cI")
# Of an answer or a question, bytes.
MOST = 256 << 20
JSON, BYTES, PROBLEM, FAILED, NO_MEMORY = b"j", b"b", b"p", b"f", b"m"


def write(channel: socket.socket, kind: bytes, content: bytes) -> None:
    """Sends one frame. Raises `OSError` where nobody reads it in the channel's time."""
    channel.sendall(_HEAD.pack(kind, len(content)) + content)


def read(channel: socket.socket) -> tuple[bytes, bytes]:
    """The next frame. Raises `EOFError` at the end, `TimeoutError` where none comes in the channel's time."""
    kind, length = _HEAD.unpack(_exactly(channel, _HEAD.size))
    if length > MOST:
        raise EOFError(length)
    return kind, _exactly(channel, length)


def _exactly(channel: socket.socket, length: int) -> bytes:
    found = bytearray()
    while len(found) < length:
        part = channel.recv(min(length - len(found), 1 << 20))
        if not part:
            raise EOFError(length)
        found += part
    return bytes(found)


def packed(value: Any) -> tuple[bytes, bytes]:
    """A value as the kind and content of a frame: bytes as they are, anything else as JSON."""
    return (BYTES, bytes(value)) if isinstance(value, (bytes, bytearray)) else (JSON, orjson.dumps(value))


def unpacked(kind: bytes, content: bytes) -> Any:
    """The value that `packed` was given."""
    return content if kind == BYTES else orjson.loads(content)
