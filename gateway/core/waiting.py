"""Answers that wait until something has changed (`Prefer: wait=N`, RFC 7240): a program needs no polling.

A request waits for what the live channel tells its person, in a greenlet that sleeps. It is entered before the service
is asked, so that nothing told between the answer and the wait is missed.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from flask import Response, g, request
from prometheus_client import Gauge

from gateway.core.auth import is_about_sessions, principal

# Seconds; balancers close what is silent for a minute.
LONGEST = 30
# Of this process, and of one person: beyond that, requests are answered at once.
_MOST = 2_000
_MOST_OF_ONE = 5

_WAITING = Gauge("oneway_waiting_requests", "Requests that wait for a change", multiprocess_mode="livesum")


class Waiter:
    """One request that waits."""

    def __init__(self, key: tuple[str, str], topic: str) -> None:
        self.key = key
        self.topic = topic
        self.ended = False
        self._wake = threading.Event()

    def wake(self) -> None:
        """Something may have changed: it is to ask again."""
        self._wake.set()

    def end(self) -> None:
        """It is to be answered now, without asking again."""
        self.ended = True
        self._wake.set()

    def wait(self, seconds: float) -> bool:
        """Whether it was woken to ask again, and not ended, within so many seconds. What woke it is used up by it."""
        woken = self._wake.wait(max(0.0, seconds))
        self._wake.clear()
        return woken and not self.ended


class Waiters:
    """The requests of this process that wait, by tenant and person."""

    def __init__(self) -> None:
        self._waiters: defaultdict[tuple[str, str], list[Waiter]] = defaultdict(list)
        self._lock = threading.Lock()
        self._closed = False
        self._count = 0

    def enter(self, tenant: str, person: str, topic: str) -> Waiter | None:
        """A new waiter for what is told the person of this topic; None where so many wait already."""
        waiter = Waiter((tenant, person), topic)
        with self._lock:
            of_one = self._waiters[waiter.key]
            if self._count >= _MOST or len(of_one) >= _MOST_OF_ONE:
                return None
            of_one.append(waiter)
            self._count += 1
        _WAITING.inc()
        if self._closed:
            waiter.end()
        return waiter

    def leave(self, waiter: Waiter) -> None:
        """Forgets a waiter."""
        with self._lock:
            self._waiters[waiter.key].remove(waiter)
            self._count -= 1
            if not self._waiters[waiter.key]:
                del self._waiters[waiter.key]
        _WAITING.dec()

    def told(self, told: dict[str, Any]) -> None:
        """Listens to the live channel. Whose sessions changed is to be looked at anew before anything is shown."""
        for waiter in self._of(told["tenant"], told["people"]):
            if is_about_sessions(told["topic"]):
                waiter.end()
            elif told["topic"] == waiter.topic:
                waiter.wake()

    def _of(self, tenant: str, people: list[str]) -> list[Waiter]:
        with self._lock:
            keys = [(tenant, person) for person in people] or [key for key in self._waiters if key[0] == tenant]
            return [waiter for key in keys for waiter in self._waiters.get(key, ())]

    def missed(self) -> None:
        """Wakes all: something may have been told that was not heard."""
        for waiter in self._all():
            waiter.wake()

    def close(self) -> None:
        """Ends every wait, and each that comes later at once: the process stops. Safe in a signal handler."""
        self._closed = True
        for waiter in self._all():
            waiter.end()

    def _all(self) -> list[Waiter]:
        return [waiter for waiters in list(self._waiters.values()) for waiter in list(waiters)]


def preferred() -> int:
    """The seconds of the request's `Prefer: wait=N`, `LONGEST` at the most; 0 where there is none."""
    for preference in request.headers.get("Prefer", "").split(","):
        name, _, value = preference.partition(";")[0].partition("=")
        seconds = value.strip().strip('"')
        if name.strip().lower() == "wait" and seconds.isascii() and seconds.isdigit():
            return min(int(seconds[:9]), LONGEST)
    return 0


def when_changed(waiters: Waiters, topic: str, ask: Callable[[], Response]) -> Response:
    """What `ask` answers, with an ETag; 304 where the request knows it, after it has waited as it prefers.

    It waits for what is told the person signed in of `topic`, and asks again each time. Raises what `ask` raises.
    """
    seconds = preferred() if request.if_none_match else 0
    if not seconds:
        return _conditional(ask())
    who = principal()
    waiter = waiters.enter(who.tenant, who.person, topic)
    if waiter is None:
        return _conditional(ask())
    try:
        response = _waited(waiter, ask, time.monotonic() + min(seconds, who.expires_at - time.time()))
    finally:
        waiters.leave(waiter)
    response.headers["Preference-Applied"] = f"wait={seconds}"
    return response


def _waited(waiter: Waiter, ask: Callable[[], Response], until: float) -> Response:
    while True:
        response = _conditional(ask())
        if response.status_code != 304:
            return response
        began = time.perf_counter()
        woken = waiter.wait(until - time.monotonic())
        # Not time that the request took.
        g.waited = g.get("waited", 0.0) + time.perf_counter() - began
        if not woken:
            return response


def _conditional(response: Response) -> Response:
    response.add_etag()
    response.make_conditional(request)
    return response
