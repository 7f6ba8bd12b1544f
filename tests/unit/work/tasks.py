"""Functions that a worker process runs in the tests, good ones and bad ones."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any

from shared.errors import Invalid

_calls = 0


def joined(left: str, right: str) -> str:
    return left + right


def turned(content: bytes) -> bytes:
    return content[::-1]


def counted() -> list[int]:
    """How often this process has been asked, and which it is."""
    global _calls
    _calls += 1
    return [_calls, os.getpid()]


def spins() -> None:
    while True:
        pass


def sleeps(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def dies() -> None:
    os.abort()


def eats() -> int:
    kept = []
    while True:
        kept.append(bytearray(16 << 20))


def refuses() -> None:
    raise Invalid({"body": "too_deep"})


def breaks(secret: str) -> None:
    raise KeyError(secret)


def surroundings() -> dict[str, Any]:
    """What the process has from the one that started it."""
    sockets = []
    for descriptor in (int(path.name) for path in Path("/proc/self/fd").iterdir()):
        try:
            with socket.socket(fileno=os.dup(descriptor)):
                sockets.append(descriptor)
        except OSError:
            continue
    return {"environment": sorted(os.environ), "sockets": sockets}


def writes(path: str) -> None:
    Path(path).write_text("x" * 10)
