"""A TCP proxy in the test's process that can cut what goes through it."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType


class Proxy:
    """Listens on a free port of 127.0.0.1 and passes everything on to `port`. Use it in a `with`."""

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: dict[socket.socket, int] = {}
        self._lock = threading.Lock()
        self._letting_in = True
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, number: int | None = None) -> None:
        """Breaks every connection at once, wherever its bytes are; or the one that came in as `number`, from 0."""
        with self._lock:
            broken = [sock for sock, of in self._open.items() if number in (None, of)]
            for sock in broken:
                del self._open[sock]
        for sock in broken:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def close_door(self) -> None:
        """Lets no more connections in until `open_door`."""
        self._letting_in = False

    def open_door(self) -> None:
        """Lets connections in again."""
        self._letting_in = True

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._letting_in = False
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                inner, _ = self._listener.accept()
            except OSError:
                return
            if not self._letting_in:
                inner.close()
                continue
            try:
                outer = socket.create_connection(self._target, timeout=5)
            except OSError:
                inner.close()
                continue
            outer.settimeout(None)
            with self._lock:
                self._open |= {inner: self.connections, outer: self.connections}
            self.connections += 1
            for source, target in ((inner, outer), (outer, inner)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with self._lock:
            for sock in (source, target):
                self._open.pop(sock, None)
        for sock in (source, target):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
