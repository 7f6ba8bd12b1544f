"""The morphemes' process as the service sees it: begun when there is something to read, ended when idle."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence

import orjson

from shared import log

# Seconds: to load the dictionary, to answer one request, and without work until it is ended.
_LOADED_WITHIN, _ANSWERED_WITHIN, _IDLE = 120.0, 30.0, 60.0
# Characters of one request: whoever asks waits for no more than the request before.
AT_ONCE = 4_000
_ATTEMPTS = 2

Answer = list[list[str]]


class _Job:
    """Texts to be read, and once that is `done` their words: None where they were not to be had."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.words: Answer | None = None
        self.done = threading.Event()


class Worker:
    """One process, and one thread of this service that talks to it over a socket, one request after the other."""

    def __init__(self, module: str, idle: float = _IDLE) -> None:
        self._module = module
        self._idle = idle
        self._lock = threading.Lock()
        self._urgent: deque[_Job] = deque()
        self._waiting: deque[_Job] = deque()
        self._came = threading.Event()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._unread = b""
        self._log = log.get("words")

    def read(self, texts: Sequence[str], within: float | None = None) -> Answer | None:
        """The words of each of these texts, `AT_ONCE` characters together at the most.

        None where the process ended on them twice, or where `within` seconds were not enough: such a question goes
        before texts, and is answered for the next one who asks.
        """
        job = _Job(texts)
        with self._lock:
            (self._waiting if within is None else self._urgent).append(job)
            self._came.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="words", daemon=True)
                self._thread.start()
        job.done.wait(within)
        return job.words

    def close(self) -> None:
        """Ends the process; texts that wait are not read."""
        with self._lock:
            jobs = [*self._urgent, *self._waiting]
            self._urgent.clear()
            self._waiting.clear()
        self._end()
        for job in jobs:
            job.done.set()

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    # -- in the thread ------------------------------------------------------------------------------

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._do(job)
            finally:
                job.done.set()

    def _next(self) -> _Job | None:
        """The next job; None, and no process any more, where none came for a while."""
        while True:
            with self._lock:
                if self._urgent or self._waiting:
                    return (self._urgent or self._waiting).popleft()
                self._came.clear()
            if not self._came.wait(self._idle):
                with self._lock:
                    if not (self._urgent or self._waiting):
                        self._thread = None
                        self._end()
                        return None

    def _do(self, job: _Job) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                if self._socket is None:
                    self._begin()
                job.words = self._answer(job.texts)
                return
            except (OSError, ValueError) as error:
                size = sum(map(len, job.texts))
                self._log.warning("words_process_failed", attempt=attempt, characters=size, error=repr(error))
                self._end()

    def _begin(self) -> None:
        ours, its = socket.socketpair()
        with its:
            # None of the service's secrets are in its environment.
            environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
            command = [sys.executable, "-m", self._module]
            fd = its.fileno()
            # eventlet's sockets do not block, and a process that reads one of them takes "nothing yet" for the end.
            os.set_blocking(fd, True)
            self._process = subprocess.Popen(command, stdin=fd, stdout=fd, env=environment)  # noqa: S603
        self._socket, self._unread = ours, b""
        ours.settimeout(_LOADED_WITHIN)
        self._line()

    def _answer(self, texts: Sequence[str]) -> Answer:
        assert self._socket
        self._socket.settimeout(_ANSWERED_WITHIN)
        self._socket.sendall(orjson.dumps(list(texts)) + b"\n")
        found: Answer = orjson.loads(self._line())
        if len(found) != len(texts):
            raise ValueError("an answer to something else")
        return found

    def _line(self) -> bytes:
        """The next line the process says. Raises `OSError` where it is late, or has ended."""
        assert self._socket
        while b"\n" not in self._unread:
            more = self._socket.recv(1 << 16)
            if not more:
                raise ConnectionResetError("the process has ended")
            self._unread += more
        line, self._unread = self._unread.split(b"\n", 1)
        return line

    def _end(self) -> None:
        process, connection = self._process, self._socket
        self._process = self._socket = None
        if connection is not None:
            connection.close()
        if process is not None:
            process.kill()
            process.wait()
