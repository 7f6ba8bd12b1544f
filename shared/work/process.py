"""One worker process, as the service that started it sees it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from shared.errors import Problem
from shared.work import frames

# Seconds for which a process may start and load a function; then it counts as died.
_LOADING = 30.0
# Seconds by which the service counts a process as ended before that ends itself.
_SAFELY = 5.0


class Died(Exception):
    """The process ended before it answered."""


class NoMemory(Exception):
    """The function asked for more memory than the process may have."""


class Failed(Exception):
    """The function raised something: the name of its class, and where."""


class Process:
    """A process that runs one function at a time; green where the service is."""

    def __init__(self, memory: int, idle: float) -> None:
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(  # noqa: S603  this very interpreter
                [sys.executable, "-P", "-m", "shared.work.child", str(memory), str(idle)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                close_fds=True,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._channel = ours
        self._idle = idle
        self._loaded: set[str] = set()
        self._used = time.monotonic()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def run(self, function: str, arguments: tuple[Any, ...], seconds: float) -> Any:
        """What the function answers, or its `Problem`. Raises `TimeoutError`, `Died`, `NoMemory`, `Failed`.

        After `TimeoutError`, `Died` and `NoMemory` the process is of no more use.
        """
        try:
            if function not in self._loaded:
                self._ask(function, (), _LOADING, load=True)
                self._loaded.add(function)
            return self._ask(function, arguments, seconds)
        finally:
            self._used = time.monotonic()

    def _ask(self, function: str, arguments: tuple[Any, ...], seconds: float, *, load: bool = False) -> Any:
        head = {"function": function, "arguments": len(arguments), "seconds": seconds, "load": load}
        until = time.monotonic() + seconds
        try:
            self._channel.settimeout(seconds)
            frames.write(self._channel, *frames.packed(head))
            for argument in arguments:
                frames.write(self._channel, *frames.packed(argument))
            self._channel.settimeout(max(0.001, until - time.monotonic()))
            kind, content = frames.read(self._channel)
        except TimeoutError as error:
            if load:
                raise Died from error
            raise
        except (EOFError, OSError) as error:
            raise Died from error
        if kind == frames.PROBLEM:
            raise Problem.from_wire(orjson.loads(content))
        if kind == frames.NO_MEMORY:
            raise NoMemory
        if kind == frames.FAILED:
            raise Failed(content.decode())
        return frames.unpacked(kind, content)

    def stale(self) -> bool:
        """Whether it has ended, or is about to because nobody has asked."""
        return time.monotonic() - self._used > self._idle - min(_SAFELY, self._idle / 2) or self.ended()

    def ended(self) -> bool:
        """Whether it is gone; the system is told that nobody waits for it."""
        return self._process.poll() is not None

    def end(self) -> None:
        """Ends it at once, whatever it does."""
        self._channel.close()
        with contextlib.suppress(OSError):
            self._process.kill()
        until = time.monotonic() + 2
        while not self.ended() and time.monotonic() < until:
            time.sleep(0.005)


def _environment() -> dict[str, str]:
    """What the process has in its environment: where modules are, and nothing of ours."""
    paths = os.pathsep.join(str(Path(path).resolve()) for path in sys.path)
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS")}
    return threads | {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
