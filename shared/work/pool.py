"""A few worker processes: started when needed, ended when idle or over time, replaced after a crash."""

from __future__ import annotations

import threading
from typing import Any

from shared import log, metrics
from shared.cores import cores
from shared.errors import Problem, Unavailable, Unworkable
from shared.trace import span
from shared.work.process import Died, Failed, NoMemory, Process

_log = log.get("work")
# Seconds for which a piece of work waits for a process; then its caller hears that all are busy.
_PATIENCE = 2.0


class Pool:
    """Up to `most` processes of up to `memory` bytes each, which end after `idle` seconds without work.

    Up to `waiting` calls wait for one; each may hold a connection of a database meanwhile, so they are few.
    A pool of its own gives a function that is costly to load (a model) a process that stays warm beside the others'.
    """

    def __init__(
        self, name: str, *, most: int = 0, waiting: int = 0, idle: float = 60.0, memory: int = 1 << 30
    ) -> None:
        self.name = name
        self._most = most or min(cores(), 4)
        self._waiting_most = waiting or 2 * self._most
        self._idle = idle
        self._memory = memory
        self._free = threading.Semaphore(self._most)
        self._lock = threading.Lock()
        self._waiting = 0
        self._processes: list[Process] = []
        self._reaper: threading.Timer | None = None
        self._running = metrics.series(metrics.WORK_RUNNING, name)

    def run(self, function: str, arguments: tuple[Any, ...], seconds: float) -> Any:
        """What `function` answers within `seconds`.

        Raises its `Problem`, `Unworkable` where it is too slow or ends its process, `Unavailable` where too many wait.
        """
        self._take()
        self._running.inc()
        try:
            with metrics.timed(metrics.WORK, function), span("work.run"):
                return self._run(function, arguments, seconds)
        finally:
            self._running.dec()
            self._free.release()

    def _take(self) -> None:
        if self._waiting >= self._waiting_most:
            raise Unavailable("work", retry_after=2)
        self._waiting += 1
        metrics.series(metrics.WORK_WAITING, self.name).set(self._waiting)
        try:
            if not self._free.acquire(timeout=_PATIENCE):
                raise Unavailable("work", retry_after=2)
        finally:
            self._waiting -= 1
            metrics.series(metrics.WORK_WAITING, self.name).set(self._waiting)

    def _run(self, function: str, arguments: tuple[Any, ...], seconds: float) -> Any:
        process, fresh = self._process()
        try:
            answer = process.run(function, arguments, seconds)
        except Died as error:
            self._drop(process, "died")
            if fresh:
                raise Unworkable("too-hard") from error
            # What was ended while nobody used it says nothing of this work.
            return self._run(function, arguments, seconds)
        except NoMemory as error:
            self._drop(process, "memory")
            raise Unworkable("too-hard") from error
        except TimeoutError as error:
            self._drop(process, "too_slow")
            raise Unworkable("too-slow") from error
        except (Problem, Failed):
            self._keep(process)
            raise
        except BaseException:
            # A killed greenlet: what the process still answers would be taken for the next answer.
            process.end()
            raise
        self._keep(process)
        return answer

    def _process(self) -> tuple[Process, bool]:
        """A process nobody uses, or else a new one, and whether it is new."""
        while True:
            with self._lock:
                process = self._processes.pop() if self._processes else None
            if process is None:
                return Process(self._memory, self._idle), True
            if not process.stale():
                return process, False
            process.end()

    def _keep(self, process: Process) -> None:
        with self._lock:
            self._processes.append(process)
            if self._reaper is None:
                self._reaper = threading.Timer(self._idle, self._reap)
                self._reaper.daemon = True
                self._reaper.start()

    def _reap(self) -> None:
        """Ends the processes that have been idle for long, and looks again later while there are others."""
        with self._lock:
            self._reaper = None
            waiting, self._processes = self._processes, []
        for process in waiting:
            if process.stale():
                process.end()
            else:
                self._keep(process)

    def _drop(self, process: Process, cause: str) -> None:
        metrics.series(metrics.WORK_ENDED, self.name, cause).inc()
        _log.warning("work_ended", pool=self.name, cause=cause)
        process.end()

    def pids(self) -> list[int]:
        """The ids of the processes that wait for work."""
        with self._lock:
            return [process.pid for process in self._processes]

    def close(self) -> None:
        """Ends the processes that wait for work."""
        with self._lock:
            waiting, self._processes = self._processes, []
            if self._reaper:
                self._reaper.cancel()
                self._reaper = None
        for process in waiting:
            process.end()


_COMMON = Pool("common")


class Work:
    """A pure function, `module:function`, that is called in a worker process and has `seconds` for its answer.

    Its arguments and its answer are JSON or bytes; a `Problem` it raises is raised here. Only what is declared so, as
    a constant of a module, is ever run there: no name comes from what a caller sends.
    """

    def __init__(self, function: str, *, seconds: float, pool: Pool = _COMMON) -> None:
        self.function = function
        self.seconds = seconds
        self.pool = pool

    def __call__(self, *arguments: Any) -> Any:
        """The answer. Raises `Unworkable` (422) where it takes too long or too much, `Unavailable` (503) where many
        wait."""
        return self.pool.run(self.function, arguments, self.seconds)
