"""A TCP proxy in the test's process that does to what goes through it what a network may do."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from types import TracebackType

_PIECE = 65536
# Pieces that are under way at once; a sender who has more waits.
_UNDER_WAY = 64


class Proxy:
    """Listens on a free port of 127.0.0.1 and passes everything on to `port`. Use it in a `with`."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._listener.getsockname()[1]
        self._open: dict[socket.socket, int] = {}
        self._lock = threading.Lock()
        self._letting_in = True
        self._latency = 0.0
        self._rate: float | None = None
        self._flowing = threading.Event()
        self._flowing.set()
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, number: int | None = None) -> None:
        """Breaks every connection at once, wherever its bytes are; or the one that came in as `number`, from 0."""
        with self._lock:
            broken = [sock for sock, of in self._open.items() if number in (None, of)]
            for sock in broken:
                del self._open[sock]
        for sock in broken:
            _close(sock)

    def close_door(self) -> None:
        """Lets no more connections in until `open_door`."""
        self._letting_in = False

    def open_door(self) -> None:
        """Lets connections in again."""
        self._letting_in = True

    def slow(self, latency: float = 0.0, rate: float | None = None) -> None:
        """Keeps each piece back for `latency` seconds, and lets `rate` bytes a second through, or all; each way."""
        self._latency, self._rate = latency, rate

    def swallow(self) -> None:
        """Passes nothing on any more, and says nothing: connections stay open at both ends, until `flow`."""
        self._flowing.clear()

    def flow(self) -> None:
        """Passes on again, also what was held back meanwhile."""
        self._flowing.set()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._letting_in = False
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        self._flowing.set()

    def _target(self) -> int | None:
        """The port the next connection is passed on to; None where there is nobody."""
        return self._to

    def _accept(self) -> None:
        while True:
            try:
                inner, _ = self._listener.accept()
            except OSError:
                return
            target = self._target()
            if not self._letting_in or target is None:
                _close(inner)
                continue
            # Not here: who is slow to answer must not keep others from being let in.
            threading.Thread(target=self._join, args=(inner, target), daemon=True).start()

    def _join(self, inner: socket.socket, target: int) -> None:
        try:
            outer = socket.create_connection(("127.0.0.1", target), timeout=5)
        except OSError:
            _close(inner)
            return
        outer.settimeout(None)
        for sock in (inner, outer):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._open |= {inner: self.connections, outer: self.connections}
            self.connections += 1
        for source, sink in ((inner, outer), (outer, inner)):
            pieces: queue.Queue[tuple[float, bytes]] = queue.Queue(_UNDER_WAY)
            threading.Thread(target=self._take, args=(source, pieces), daemon=True).start()
            threading.Thread(target=self._give, args=(pieces, source, sink), daemon=True).start()

    def _take(self, source: socket.socket, pieces: queue.Queue[tuple[float, bytes]]) -> None:
        data = b"-"
        while data:
            try:
                data = source.recv(_PIECE)
            except OSError:
                data = b""
            pieces.put((time.monotonic(), data))

    def _give(self, pieces: queue.Queue[tuple[float, bytes]], source: socket.socket, sink: socket.socket) -> None:
        broken = False
        while (piece := pieces.get())[1]:
            came, data = piece
            if (early := came + self._latency - time.monotonic()) > 0:
                time.sleep(early)
            if self._rate:
                time.sleep(len(data) / self._rate)
            self._flowing.wait()
            try:
                if not broken:
                    sink.sendall(data)
            except OSError:
                # What still comes is taken, so that nobody waits for room.
                broken = True
                _close(source)
        self._flowing.wait()
        with self._lock:
            for sock in (source, sink):
                self._open.pop(sock, None)
        for sock in (source, sink):
            _close(sock)


def _close(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()
