"""The live channel: open pages hear that something of theirs changed, by its topic (server-sent events).

On a page it is the event `live:<topic>`, for which the parts that show something of that topic wait.

A stream costs one greenlet that sleeps until it is woken, or until its next heartbeat. It ends by itself after
a quarter of an hour, and at once when the directory tells of a change to the person's sessions: the browser comes
back by itself, and whether it may is then decided like for any other request.
"""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Flask, Response, current_app, jsonify, request
from prometheus_client import Gauge

from gateway.core.auth import is_about_sessions, principal, signed_in
from gateway.core.waiting import Waiters

_EXTENSION = "oneway.live"
# Seconds.
_HEARTBEAT = 20.0
_LIFETIME = 900.0
# Of one person; more than one a browser means many browsers.
_MOST = 10
# Milliseconds until a browser comes back; different for each, so that not all come at once.
_COME_BACK = (1_000, 4_000)
_COME_BACK_DISPLACED = 60_000

# For how many seconds, and how much at the most, is kept of what was told.
_KEPT, _KEPT_MOST = 60.0, 2_000
# Stands for every topic (ui/scripts/live.ts).
_EVERY = ""

_OPEN = Gauge("oneway_live_streams", "Open pages that listen to the live channel", multiprocess_mode="livesum")


class Stream:
    """One page that listens: an iterable of the bytes of `text/event-stream`."""

    def __init__(self, key: tuple[str, str], lifetime: float) -> None:
        self.key = key
        self._ends = time.monotonic() + lifetime
        self._topics: dict[str, None] = {}
        self._last_words = b""
        self._ended = False
        self._wake = threading.Event()

    def tell(self, topic: str) -> None:
        """Something of this topic changed; told once, however often it changed before the page was reached."""
        self._topics[topic] = None
        self._wake.set()

    def end(self, last_words: bytes = b"") -> None:
        """Ends the stream after what was told."""
        self._last_words = last_words
        self._ended = True
        self._wake.set()

    def __iter__(self) -> Iterator[bytes]:
        """Says at once that it is there, then what is told, and something small where nothing is."""
        yield b"retry: %d\n\n" % random.randint(*_COME_BACK)  # noqa: S311
        while not self._ended and (left := self._ends - time.monotonic()) > 0:
            if self._wake.wait(min(_HEARTBEAT, left)):
                yield from self._news()
            else:
                yield b":\n\n"
        yield from self._news()
        if self._last_words:
            yield self._last_words

    def _news(self) -> Iterator[bytes]:
        self._wake.clear()
        topics, self._topics = self._topics, {}
        for topic in topics:
            yield f"event: changed\ndata: {topic}\n\n".encode()


class Lately:
    """What was told within the last minute: a page hears of what came after it was made and before it listened."""

    def __init__(self) -> None:
        self._told: deque[tuple[float, str, Sequence[str], str]] = deque()
        self._since = time.time()
        self._lock = threading.Lock()

    def told(self, tenant: str, people: Sequence[str], topic: str) -> None:
        """Keeps it, and forgets what is old or more than is kept."""
        now = time.time()
        with self._lock:
            self._told.append((now, tenant, people, topic))
            while len(self._told) > _KEPT_MOST or self._told[0][0] < now - _KEPT:
                self._since = self._told.popleft()[0]

    def forget(self) -> None:
        """Something was not heard: what came before now is not known."""
        with self._lock:
            self._told.clear()
            self._since = time.time()

    def topics(self, tenant: str, person: str, moment: float) -> list[str]:
        """The topics told the person since a moment (seconds since the epoch); every topic where that is not known."""
        with self._lock:
            if moment <= self._since:
                return [_EVERY]
            found = (t for at, of, people, t in self._told if at >= moment and of == tenant and _is_for(people, person))
            return list(dict.fromkeys(found))


def _is_for(people: Sequence[str], person: str) -> bool:
    return not people or person in people


class Hub:
    """The streams of this process, by tenant and person; and the requests that wait for the same news."""

    def __init__(self) -> None:
        self.waiters = Waiters()
        self.lately = Lately()
        self._streams: dict[tuple[str, str], list[Stream]] = {}
        self._lock = threading.Lock()
        self._closed = False

    def join(self, tenant: str, person: str, lifetime: float) -> Stream:
        """A new stream for `lifetime` seconds at the most; where the person has too many, the oldest ends."""
        stream = Stream((tenant, person), lifetime)
        with self._lock:
            streams = self._streams.setdefault(stream.key, [])
            streams.append(stream)
            displaced = streams[:-_MOST]
        _OPEN.inc()
        for oldest in displaced:
            oldest.end(b"retry: %d\n\n" % _COME_BACK_DISPLACED)
        if self._closed:
            stream.end()
        return stream

    def leave(self, stream: Stream) -> None:
        """Forgets a stream that ended; a second time does nothing."""
        with self._lock:
            streams = self._streams.get(stream.key, [])
            if stream not in streams:
                return
            streams.remove(stream)
            if not streams:
                del self._streams[stream.key]
        _OPEN.dec()

    def told(self, told: dict[str, Any]) -> None:
        """Listens to the live channel; where nobody is named, the whole tenant is meant."""
        if not is_about_sessions(told["topic"]):
            self.lately.told(told["tenant"], told["people"], told["topic"])
        for stream in self._of(told["tenant"], told["people"]):
            if is_about_sessions(told["topic"]):
                stream.end()
            else:
                stream.tell(told["topic"])
        self.waiters.told(told)

    def _of(self, tenant: str, people: list[str]) -> list[Stream]:
        with self._lock:
            keys = [(tenant, person) for person in people] or [key for key in self._streams if key[0] == tenant]
            return [stream for key in keys for stream in self._streams.get(key, ())]

    def missed(self) -> None:
        """Ends every stream: what was not heard is made up for when the pages come back and ask anew."""
        self.lately.forget()
        self._end()
        self.waiters.missed()

    def close(self) -> None:
        """Ends every stream, and each that comes later at once: the process stops. Safe in a signal handler."""
        self._closed = True
        self._end()
        self.waiters.close()

    def _end(self) -> None:
        for stream in self._all():
            stream.end()

    def _all(self) -> list[Stream]:
        return [stream for streams in list(self._streams.values()) for stream in list(streams)]


def install(app: Flask) -> Hub:
    """Adds `GET /live` and `/live/missed` to the application; its hub is to be told what the live channel tells."""
    app.add_url_rule("/live", "live", _live)
    app.add_url_rule("/live/missed", "missed", _missed)
    found = app.extensions[_EXTENSION] = Hub()
    return found


def hub(app: Flask) -> Hub:
    """The hub of an application."""
    found: Hub = app.extensions[_EXTENSION]
    return found


@signed_in
def _live() -> Response:
    """The stream of the person signed in, until the session expires or ends."""
    # Otherwise eventlet's server gathers 4 KiB before it sends anything.
    request.environ["eventlet.minimum_write_chunk_size"] = 0
    who, streams = principal(), hub(current_app)
    stream = streams.join(who.tenant, who.person, min(_LIFETIME, who.expires_at - time.time()))
    response = Response(stream, mimetype="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    # Nginx would hold back what is told until it fills a buffer.
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(lambda: streams.leave(stream))
    return response


@signed_in
def _missed() -> Response:
    """The topics of which the person was told since the page was made (`since`, milliseconds since the epoch)."""
    who, since = principal(), request.args.get("since", 0, type=int)
    response = jsonify(topics=hub(current_app).lately.topics(who.tenant, who.person, since / 1000))
    response.headers["Cache-Control"] = "no-store"
    return response
