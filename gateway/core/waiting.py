"""Answers that wait until something has changed (`Prefer: wait=N`, RFC 7240): a program needs no polling.

A request waits for what the live channel tells its person, in a greenlet that sleeps. It is entered before the service
is asked, so that nothing told between the answer and the wait is missed. Who has the answer that was given last, and of
whom nothing has been told since, waits without the service being asked first.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, defaultdict
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
# Answers of which is remembered that nothing has been told since: people, and of one person.
_MOST_REMEMBERED, _MOST_ANSWERS = 10_000, 10

_WAITING = Gauge("oneway_waiting_requests", "Requests that wait for a change", multiprocess_mode="livesum")


Person = tuple[str, str]
"""A tenant and a person of it."""


class Answers:
    """Of which answers nothing was told since they were given: a person's by topic and what was asked, as ETags."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Person, dict[tuple[str, str], str]] = OrderedDict()

    def remember(self, person: Person, topic: str, asked: str, tag: str) -> None:
        """The answer to this is `tag` now."""
        of_one = self._kept.setdefault(person, {})
        of_one.pop((topic, asked), None)
        of_one[topic, asked] = tag
        if len(of_one) > _MOST_ANSWERS:
            del of_one[next(iter(of_one))]
        self._kept.move_to_end(person)
        if len(self._kept) > _MOST_REMEMBERED:
            self._kept.popitem(last=False)

    def last(self, person: Person, topic: str, asked: str) -> str | None:
        """The answer to this, where nothing has been told since."""
        return self._kept.get(person, {}).get((topic, asked))

    def forget(self, tenant: str, people: list[str], topic: str) -> None:
        """Something of the topic was told these people, or the whole tenant; of sessions, all is forgotten."""
        for person in [(tenant, each) for each in people] or [key for key in self._kept if key[0] == tenant]:
            of_one = self._kept.get(person, {})
            for key in [key for key in of_one if key[0] == topic or is_about_sessions(topic)]:
                del of_one[key]

    def clear(self) -> None:
        """Something may have been told that was not heard."""
        self._kept.clear()


class Waiter:
    """One request that waits."""

    def __init__(self, key: Person, topic: str) -> None:
        self.key = key
        self.topic = topic
        self.ended = False
        self._wake = threading.Event()

    @property
    def woken(self) -> bool:
        """Whether something was told that it has not used up."""
        return self._wake.is_set()

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
        self._answers = Answers()
        self._waiters: defaultdict[Person, list[Waiter]] = defaultdict(list)
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
        # In this order: an answer that is just being remembered is either known to be old, or forgotten here.
        with self._lock:
            self._answers.forget(told["tenant"], told["people"], told["topic"])

    def remember(self, waiter: Waiter, asked: str, tag: str) -> None:
        """The answer to what was asked is `tag`, unless something was told meanwhile."""
        with self._lock:
            if not waiter.woken:
                self._answers.remember(waiter.key, waiter.topic, asked, tag)

    def last(self, waiter: Waiter, asked: str) -> str | None:
        """The last answer to this, where nothing has been told since."""
        with self._lock:
            return self._answers.last(waiter.key, waiter.topic, asked)

    def _of(self, tenant: str, people: list[str]) -> list[Waiter]:
        with self._lock:
            keys = [(tenant, person) for person in people] or [key for key in self._waiters if key[0] == tenant]
            return [waiter for key in keys for waiter in self._waiters.get(key, ())]

    def missed(self) -> None:
        """Wakes all: something may have been told that was not heard."""
        for waiter in self._all():
            waiter.wake()
        with self._lock:
            self._answers.clear()

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
        response = _waited(waiters, waiter, ask, time.monotonic() + min(seconds, who.expires_at - time.time()))
    finally:
        waiters.leave(waiter)
    response.headers["Preference-Applied"] = f"wait={seconds}"
    return response


def _waited(waiters: Waiters, waiter: Waiter, ask: Callable[[], Response], until: float) -> Response:
    last = waiters.last(waiter, request.full_path)
    goes_on = True
    if last and request.if_none_match.contains(last):
        goes_on = _sleep(waiter, until)
        if waiter.ended:
            return _unchanged(last)
    # At the end of the wait too: something may have been told that was not heard.
    while True:
        response = _conditional(ask())
        waiters.remember(waiter, request.full_path, response.get_etag()[0] or "")
        if response.status_code != 304 or not goes_on or not _sleep(waiter, until):
            return response


def _sleep(waiter: Waiter, until: float) -> bool:
    """Whether the waiter was woken to ask again."""
    began = time.perf_counter()
    woken = waiter.wait(until - time.monotonic())
    # Not time that the request took.
    g.waited = g.get("waited", 0.0) + time.perf_counter() - began
    return woken


def _unchanged(tag: str) -> Response:
    response = Response(status=304)
    response.set_etag(tag)
    return response


def _conditional(response: Response) -> Response:
    response.add_etag()
    response.make_conditional(request)
    return response
