"""The RPC client: one connection a process, many calls in flight, a deadline on every call."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from shared import log
from shared.bus import wire
from shared.bus.broker import Broker, Message, NotConnected
from shared.context import Context, Signer
from shared.errors import Problem, Refused, Unavailable

# Seconds a service that has fallen silent is given to answer, until it does.
_SILENT_WAIT = 0.5

Told = Callable[[dict[str, Any]], None]


class _Call:
    """A call under way: its lock is released when the answer is there."""

    __slots__ = ("body", "lock", "service", "until")

    def __init__(self, service: str, until: float) -> None:
        self.service = service
        self.until = until
        self.body: bytes | None = None
        self.lock = threading.Lock()
        self.lock.acquire()

    def finish(self, body: bytes | None) -> None:
        self.body = body
        self.lock.release()


class Client:
    """Calls services over a broker. Safe to use from many threads or greenlets."""

    def __init__(self, broker: Broker, signer: Signer, timeout: float = 5.0) -> None:
        self._broker = broker
        self._signer = signer
        self._timeout = timeout
        self._calls: dict[str, _Call] = {}
        self._numbers = itertools.count(1)
        # Services that owe an answer: others need not wait as long for the same silence.
        self._silent: set[str] = set()
        self._listeners: list[tuple[Told, Callable[[], None]]] = []
        broker.on_reply(self._reply, self._lost)

    @property
    def connected(self) -> bool:
        """Whether calls can be made right now."""
        return self._broker.connected

    def call(
        self,
        service: str,
        method: str,
        context: Context,
        data: Any = None,
        *,
        idempotency_key: str | None = None,
        timeout: float | None = None,
    ) -> Any:
        """The method's result. Raises the service's `Problem`, or `Unavailable` when no answer comes in time."""
        return self._wait(*self._send(service, method, context, data, idempotency_key, timeout))

    def call_many(
        self, calls: Sequence[tuple[str, str, Any]], context: Context, timeout: float | None = None
    ) -> list[Any]:
        """Runs several calls (service, method, data) at once: for each its result, or the `Problem` it ended with."""
        started: list[tuple[str, _Call] | Problem] = []
        for service, method, data in calls:
            try:
                started.append(self._send(service, method, context, data, None, timeout))
            except Problem as problem:
                started.append(problem)
        results: list[Any] = []
        for call in started:
            try:
                results.append(call if isinstance(call, Problem) else self._wait(*call))
            except Problem as problem:
                results.append(problem)
        return results

    def on_live(self, callback: Told, missed: Callable[[], None], topics: tuple[str, ...] = ("#",)) -> None:
        """Calls `callback({tenant, people, topic})` for what services tell. To be called before the broker starts.

        `missed()` is called when something may have been told that was not heard: what is held is to be got anew.
        """
        if not self._listeners:
            self._broker.on_told(self._told, topics, self._missed)
        self._listeners.append((callback, missed))

    def _send(
        self, service: str, method: str, context: Context, data: Any, key: str | None, timeout: float | None
    ) -> tuple[str, _Call]:
        correlation = f"{service}-{id(self):x}-{next(self._numbers)}"
        limit = timeout or (_SILENT_WAIT if service in self._silent else self._timeout)
        message = wire.request(
            self._signer, service, method, context, {} if data is None else data, key or "", limit, correlation
        )
        call = _Call(service, time.monotonic() + limit)
        self._calls[correlation] = call
        try:
            self._request(message, limit)
        except NotConnected as error:
            self._calls.pop(correlation, None)
            raise Unavailable(service) from error
        return correlation, call

    def _request(self, message: Message, limit: float) -> None:
        """Sends; a connection that is being mended is waited for, half of the time there is."""
        until = time.monotonic() + limit / 2
        while True:
            try:
                return self._broker.request(message)
            except NotConnected:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def _wait(self, correlation: str, call: _Call) -> Any:
        if not call.lock.acquire(timeout=max(0.0, call.until - time.monotonic())):
            self._calls.pop(correlation, None)
            self._silent.add(call.service)
            raise Unavailable(call.service)
        if call.body is None:
            raise Unavailable(call.service, retry_after=1)
        return wire.read_reply(call.body)

    def _reply(self, correlation: str, body: bytes) -> None:
        if self._silent:
            # Also by an answer that comes too late.
            self._silent.discard(correlation.split("-", 1)[0])
        call = self._calls.pop(correlation, None)
        if call:
            call.finish(body)

    def _lost(self) -> None:
        """The connection broke: no reply to what is under way can come any more."""
        calls, self._calls = self._calls, {}
        for call in calls.values():
            call.finish(None)

    def _told(self, message: Message) -> None:
        try:
            told = wire.read_live(self._signer, message)
        except Refused as refused:
            log.get("bus.client").warning("live_message_refused", reason=str(refused))
            return
        for listener, _ in self._listeners:
            listener(told)

    def _missed(self) -> None:
        for _, missed in self._listeners:
            missed()
