"""One AMQP connection that mends itself: a reader in the background, writers under one lock."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import kombu
from amqp.exceptions import AMQPError

from shared import log
from shared.bus.broker import NotConnected

# Seconds. The broker says something at least every five of them; in twelve it has missed two times.
HEARTBEAT = 10
SILENCE = 12
_FIRST_DELAY, _LONGEST_DELAY = 0.05, 2.0
# Seconds a broker has to answer while a connection is set up, and while it is closed.
_READY_WITHIN, _CLOSED_WITHIN = 10.0, 2.0
# What writing to a connection that breaks raises; a transport that was closed meanwhile has no socket any more.
BROKEN = (OSError, AttributeError, AMQPError)


def _secured(url: str, ca: str) -> dict[str, Any] | None:
    """How a connection to an `amqps://` URL is secured; None for any other.

    The server's certificate must be for the host's name and signed by an authority in the file `ca`, or by one the
    machine trusts where `ca` is empty.
    """
    if not url.startswith("amqps:"):
        return None
    return {"server_hostname": urlsplit(url).hostname, "context": {"check_hostname": True, "cafile": ca or None}}


def connection(url: str, ca: str, **more: Any) -> kombu.Connection:
    """A connection to be opened, secured where the URL says so; `more` goes to kombu."""
    return kombu.Connection(url, ssl=_secured(url, ca), **more)


class Link:
    """`prepare(channel)` is called on each new connection, `lost()` after each that broke."""

    def __init__(self, url: str, ca: str, name: str, prepare: Callable[[Any], None], lost: Callable[[], None]) -> None:
        self._url = url
        self._ca = ca
        self._name = name
        self._prepare = prepare
        self._lost = lost
        # py-amqp's own: kombu's would connect anew, unasked and under the lock, when it is asked while it is broken.
        self._connection: Any = None
        self._channel: Any = None
        self._write = threading.RLock()
        self._stopping = threading.Event()
        self._up = threading.Event()
        self._reader: threading.Thread | None = None
        self._log = log.get("bus.link").bind(link=name)

    def start(self, wait: float = 10.0) -> None:
        """Connects in the background; waits up to `wait` seconds for the first connection."""
        self._reader = threading.Thread(target=self._run, name=f"bus-{self._name}", daemon=True)
        self._reader.start()
        self._up.wait(wait)

    def stop(self) -> None:
        """Closes the connection."""
        self._stopping.set()
        with self._write:
            self._close()
        if self._reader:
            self._reader.join(5)

    @property
    def connected(self) -> bool:
        """Whether there is a connection."""
        return self._up.is_set()

    @contextlib.contextmanager
    def channel(self, *, of_now: bool = True) -> Any:
        """The channel, for writing; nobody else writes meanwhile. Raises `NotConnected`.

        With `of_now` at once where there is none; otherwise one that is being made is waited for.
        """
        if of_now and self._channel is None:
            raise NotConnected(self._name)
        with self._write:
            if self._channel is None:
                raise NotConnected(self._name)
            try:
                yield self._channel
            except BROKEN as error:
                self._break()
                raise NotConnected(self._name) from error

    def _break(self) -> None:
        """Makes the reader notice: it closes and connects anew."""
        self._channel = None
        if self._connection is not None:
            _shut(self._connection)

    def _run(self) -> None:
        delay = _FIRST_DELAY
        while not self._stopping.is_set():
            try:
                self._connect()
                delay = _FIRST_DELAY
                self._read()
            except Exception as error:
                if not self._stopping.is_set():
                    self._log.warning("broker_connection_lost", error=repr(error), retry_in=delay)
            self._up.clear()
            with self._write:
                self._close()
            self._lost()
            self._stopping.wait(delay)
            delay = min(delay * 2, _LONGEST_DELAY)

    def _connect(self) -> None:
        opened = connection(
            self._url,
            self._ca,
            heartbeat=HEARTBEAT,
            connect_timeout=5,
            transport_options={"client_properties": {"app": self._name}},
        )
        opened.connect()
        made = opened.connection
        made.transport.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Writers may wait meanwhile, so it must not take for ever: a broker that is just starting may owe an answer.
        with self._write, given_up(made, _READY_WITHIN):
            self._connection = made
            channel = made.channel()
            self._prepare(channel)
            self._channel = channel
        self._up.set()

    def _read(self) -> None:
        connection = self._connection
        beat = heard = time.monotonic()
        received = 0
        while not self._stopping.is_set():
            with contextlib.suppress(socket.timeout):
                connection.drain_events(timeout=HEARTBEAT / 4)
            now = time.monotonic()
            if connection.bytes_recv != received:
                received, heard = connection.bytes_recv, now
            elif now - heard > SILENCE:
                # Who is just writing may be stuck in it, with the lock: this frees them.
                _shut(connection)
                raise OSError(f"the broker has said nothing for {now - heard:.0f} s")
            if now - beat > HEARTBEAT / 4 and self._write.acquire(blocking=False):
                beat = now
                try:
                    connection.heartbeat_tick(rate=4)
                finally:
                    self._write.release()

    def _close(self) -> None:
        self._channel = None
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception), given_up(connection, _CLOSED_WITHIN):
                connection.close()


@contextlib.contextmanager
def given_up(connection: Any, after: float) -> Iterator[None]:
    """Shuts the connection where what is done with it takes longer than `after` seconds: it fails then."""
    watchdog = threading.Timer(after, _shut, [connection])
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()


def _shut(connection: Any) -> None:
    with contextlib.suppress(OSError, AttributeError):
        connection.transport.sock.shutdown(socket.SHUT_RDWR)
