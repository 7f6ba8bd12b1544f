"""The RPC client: one connection a process, many calls in flight, a deadline on every call."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from shared import log, metrics, trace
from shared.bus import spans, wire
from shared.bus.broker import Broker, Message, NotConnected
from shared.context import Context, Signer
from shared.errors import Problem, Refused, Unavailable
from shared.trace import Nothing

if TYPE_CHECKING:
    from shared.otel import Step

# Seconds a service that has fallen silent is given to answer, until it does.
_SILENT_WAIT = 0.5
# Seconds an answer that can be done without may come after those that cannot.
_SPARE_WAIT = 0.02

Told = Callable[[dict[str, Any]], None]


class _Call:
    """A call under way: its lock is released when the answer is there, or is known not to come (`body` is None).

    `message(seconds)` makes the request anew; `repeatable` says whether it may be sent twice.
    """

    __slots__ = ("began", "body", "correlation", "lock", "message", "repeatable", "service", "spare", "step", "until")

    def __init__(
        self,
        service: str,
        correlation: str,
        message: Callable[[float], Message],
        limit: float,
        repeatable: bool,
        step: Step | Nothing,
    ) -> None:
        self.service = service
        self.correlation = correlation
        self.message = message
        self.repeatable = repeatable
        self.step = step
        self.spare = False
        self.began = time.monotonic()
        self.until = self.began + limit
        self.body: bytes | None = None
        self.lock = threading.Lock()
        self.lock.acquire()

    @property
    def left(self) -> float:
        """Seconds until its deadline."""
        return max(0.0, self.until - time.monotonic())

    def give_up_in(self, seconds: float) -> None:
        """Its answer is waited for no longer than these seconds, and nobody is to blame where it does not come."""
        self.spare = True
        self.until = min(self.until, time.monotonic() + seconds)

    def finish(self, body: bytes | None) -> None:
        self.body = body
        self.lock.release()


class Client:
    """Calls services over a broker. Safe to use from many threads or greenlets. `name` is who calls, in metrics."""

    def __init__(self, broker: Broker, signer: Signer, timeout: float = 5.0, name: str = "gateway") -> None:
        self.name = name
        self._broker = broker
        self._signer = signer
        self._timeout = timeout
        self._calls: dict[str, _Call] = {}
        self._numbers = itertools.count(1)
        # Services that owe an answer: others need not wait as long for the same silence.
        self._silent: set[str] = set()
        self._called: set[str] = set()
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
        repeatable: bool = False,
        timeout: float | None = None,
    ) -> Any:
        """The method's result. Raises the service's `Problem`, or `Unavailable` when no answer comes in time.

        What is `repeatable`, as a query is, or has an idempotency key, is sent again where the connection breaks.
        """
        may_repeat = repeatable or bool(idempotency_key)
        return self._wait(self._begin(service, method, context, data, idempotency_key, timeout, may_repeat))

    def call_many(
        self, calls: Sequence[tuple[str, str, Any]], context: Context, timeout: float | None = None, spare: int = 0
    ) -> list[Any]:
        """Runs several queries (service, method, data) at once: for each its result, or the `Problem` it ended with.

        The last `spare` can be done without: they make nobody wait, and have ended as `Unavailable` where the others
        have their answers first. Their services are not taken to be silent for it.
        """
        started: list[_Call | Problem] = []
        for number, (service, method, data) in enumerate(calls):
            try:
                if number >= len(calls) - spare and (service in self._silent or not self.connected):
                    raise Unavailable(service)
                started.append(self._begin(service, method, context, data, None, timeout, True))
            except Problem as problem:
                started.append(problem)
        results = [self._answer(call) for call in started[: len(started) - spare]]
        for call in started[len(results) :]:
            if isinstance(call, _Call):
                call.give_up_in(_SPARE_WAIT)
            results.append(self._answer(call))
        return results

    def _answer(self, call: _Call | Problem) -> Any:
        try:
            return call if isinstance(call, Problem) else self._wait(call)
        except Problem as problem:
            return problem

    def on_live(self, callback: Told, missed: Callable[[], None], topics: tuple[str, ...] = ("#",)) -> None:
        """Calls `callback({tenant, people, topic})` for what services tell. To be called before the broker starts.

        `missed()` is called when something may have been told that was not heard: what is held is to be got anew.
        """
        if not self._listeners:
            self._broker.on_told(self._told, topics, self._missed)
        self._listeners.append((callback, missed))

    def _begin(
        self,
        service: str,
        method: str,
        context: Context,
        data: Any,
        key: str | None,
        timeout: float | None,
        repeatable: bool,
    ) -> _Call:
        correlation = f"{service}-{id(self):x}-{next(self._numbers)}"
        limit = timeout or (_SILENT_WAIT if service in self._silent else self._timeout)
        step = spans.asking(service, method)
        context = trace.below(step, context)
        given = {} if data is None else data
        if service not in self._called:
            self._called.add(service)
            metrics.series(metrics.SILENT, self.name, service).set(0)

        def message(seconds: float) -> Message:
            return wire.request(self._signer, service, method, context, given, key or "", seconds, correlation)

        call = _Call(service, correlation, message, limit, repeatable, step)
        try:
            self._send(call, limit)
        except Problem:
            step.failed("not_connected")
            step.end()
            self._ended(call, "away")
            raise
        return call

    def _send(self, call: _Call, left: float) -> None:
        """Sends; a connection that is being mended is waited for, half of the seconds there are `left`."""
        message, until = call.message(left), time.monotonic() + left / 2
        self._calls[call.correlation] = call
        while True:
            try:
                return self._broker.request(message)
            except NotConnected as error:
                if time.monotonic() > until:
                    self._calls.pop(call.correlation, None)
                    raise Unavailable(call.service) from error
                time.sleep(0.05)

    def _wait(self, call: _Call) -> Any:
        try:
            result = self._result(call)
        except Problem as problem:
            spans.ended(call.step, problem)
            raise
        spans.ended(call.step)
        return result

    def _result(self, call: _Call) -> Any:
        while True:
            if not call.lock.acquire(timeout=call.left):
                self._calls.pop(call.correlation, None)
                self._ended(call, "left" if call.spare else "timeout")
                if not call.spare:
                    self._fell_silent(call.service, True)
                raise Unavailable(call.service)
            if call.body is not None:
                self._ended(call, "answered")
                return wire.read_reply(call.body)
            if not call.repeatable:
                self._ended(call, "lost")
                raise Unavailable(call.service, retry_after=1)
            self._again(call)

    def _again(self, call: _Call) -> None:
        try:
            self._send(call, call.left)
        except Problem:
            self._ended(call, "away")
            raise

    def _ended(self, call: _Call, outcome: str) -> None:
        took = time.monotonic() - call.began
        metrics.series(metrics.CALLS, self.name, call.service, outcome).observe(took)

    def _fell_silent(self, service: str, silent: bool) -> None:
        (self._silent.add if silent else self._silent.discard)(service)
        metrics.series(metrics.SILENT, self.name, service).set(silent)

    def _reply(self, correlation: str, body: bytes) -> None:
        if self._silent:
            # Also by an answer that comes too late.
            service = correlation.split("-", 1)[0]
            if service in self._silent:
                self._fell_silent(service, False)
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
            every = wire.read_live(self._signer, message)
        except Refused as refused:
            log.get("bus.client").warning("live_message_refused", reason=str(refused))
            return
        for told in every:
            for listener, _ in self._listeners:
                listener(told)

    def _missed(self) -> None:
        for _, missed in self._listeners:
            missed()
