"""gunicorn's gevent worker, in which a connection that nobody uses need not be waited for at the stop."""

from __future__ import annotations

import select
import socket
from typing import Any

import gevent
from gunicorn.glogging import Logger as GunicornLogger
from gunicorn.workers.ggevent import GeventWorker

# Seconds a connection has for its next request that was to be kept when the worker went.
_LAST = 1.0


class _Waiting(gevent.Timeout):  # type: ignore[misc]
    """While a connection waits for its next request; it is given up after `seconds`, or by `give_up`."""

    def __init__(self, among: dict[_Waiting, gevent.Greenlet], client: socket.socket, seconds: float) -> None:
        super().__init__(seconds, False)
        self._among = among
        self._client = client

    def __enter__(self) -> _Waiting:
        self._among[self] = gevent.getcurrent()
        super().__enter__()
        return self

    def __exit__(self, kind: Any, value: Any, traceback: Any) -> bool | None:
        self._among.pop(self, None)
        ends: bool | None = super().__exit__(kind, value, traceback)
        return ends

    def give_up(self) -> None:
        """Ends the wait, unless a request has just come."""
        if not select.select([self._client], [], [], 0)[0]:
            self._among[self].kill(self, block=False)


class Logger(GunicornLogger):  # type: ignore[misc]
    """gunicorn's, without its access log: it would put together a line for each request, only to drop it."""

    def access(self, *_: Any) -> None:
        """Nothing: requests are logged by `gateway.core.telemetry`."""


class _Together:
    """A connection that sends the head of an answer with the beginning of its body: its reader is woken once."""

    def __init__(self, client: socket.socket) -> None:
        self._client = client
        self._head: bytes | None = None
        self._begun = False

    def sendall(self, data: bytes) -> None:
        """Sends it; the first piece is the head, and waits for the second."""
        if self._begun:
            self._client.sendall(self._taken() + data)
        else:
            self._begun, self._head = True, data

    def flush(self) -> None:
        """Sends a head that nothing has come after."""
        if head := self._taken():
            self._client.sendall(head)

    def _taken(self) -> bytes:
        head, self._head = self._head or b"", None
        return head

    def __getattr__(self, name: str) -> Any:
        # Whatever else is done with the connection comes after the head.
        self.flush()
        return getattr(self._client, name)


class Worker(GeventWorker):  # type: ignore[misc]
    """Knows which of its connections wait for a request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keeps = self.cfg.keepalive
        self._waiting: dict[_Waiting, gevent.Greenlet] = {}
        self._clients: dict[gevent.Greenlet, socket.socket] = {}

    def handle(self, listener: Any, client: socket.socket, addr: Any) -> None:
        """gunicorn's own: serves one connection to its end."""
        current = gevent.getcurrent()
        self._clients[current] = client
        try:
            super().handle(listener, client, addr)
        finally:
            del self._clients[current]

    def handle_request(self, listener: Any, request: Any, client: socket.socket, addr: Any) -> None:
        """gunicorn's own: answers one request of a connection."""
        together = _Together(client)
        try:
            super().handle_request(listener, request, together, addr)
        finally:
            together.flush()

    def timeout_ctx(self) -> gevent.Timeout:
        """gunicorn's own: within it a connection waits for its next request.

        Not for the time that is set now: none is to be kept any more once the worker is told to stop, but who was
        answered just before was told that theirs is, and may have sent the next request.
        """
        seconds = self._keeps if self.alive else _LAST
        return _Waiting(self._waiting, self._clients[gevent.getcurrent()], seconds)

    def let_go(self) -> None:
        """Closes every connection that waits for a request."""
        for waiting in list(self._waiting):
            waiting.give_up()
