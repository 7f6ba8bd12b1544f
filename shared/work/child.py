"""The worker process: loads functions by name and runs them, one at a time, until nobody asks for a while.

Its environment has no setting and no secret, its only socket is the one to the service that started it. What it may
use is limited before any function is loaded. An alarm ends it where the service is no longer there to do so.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

import orjson

from shared.errors import Problem
from shared.work import frames

# Seconds that the service has to end what is over its time, before the alarm does.
_GRACE = 2.0


def main(memory: int, idle: float) -> None:
    """Answers what comes on the standard input, a socket, and ends after `idle` seconds without a question."""
    _limit(memory)
    channel = socket.socket(fileno=0)
    functions: dict[str, Callable[..., Any]] = {}
    while True:
        channel.settimeout(idle)
        try:
            _, head = frames.read(channel)
            asked = orjson.loads(head)
            arguments = [frames.unpacked(*frames.read(channel)) for _ in range(asked["arguments"])]
        except (EOFError, OSError):
            return
        channel.settimeout(None)
        signal.setitimer(signal.ITIMER_REAL, asked["seconds"] + _GRACE)
        answer = _answer(functions, asked, arguments)
        signal.setitimer(signal.ITIMER_REAL, 0)
        del arguments
        with contextlib.suppress(OSError):
            frames.write(channel, *answer)


def _limit(memory: int) -> None:
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(what, (most, most))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(5)


def _answer(
    functions: dict[str, Callable[..., Any]], asked: dict[str, Any], arguments: list[Any]
) -> tuple[bytes, bytes]:
    name = asked["function"]
    try:
        if name not in functions:
            module, _, function = name.partition(":")
            functions[name] = getattr(importlib.import_module(module), function)
        return frames.packed(None if asked["load"] else functions[name](*arguments))
    except Problem as problem:
        return frames.PROBLEM, orjson.dumps(problem.to_wire())
    except MemoryError:
        return frames.NO_MEMORY, b""
    except Exception as error:
        # Without what the exception says: it may quote what a person wrote.
        where = "".join(traceback.format_tb(error.__traceback__))
        return frames.FAILED, f"{type(error).__name__}\n{where}".encode()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
