"""An open page that listens to the live channel."""

from __future__ import annotations

import contextlib
import socket
import threading
from http.client import HTTPConnection

from tests.support.system import System


class Listener:
    """An open page that hears what changes."""

    def __init__(self, system: System, token: str, *, cookie: bool = False) -> None:
        headers = {"Cookie": f"oneway_session={token}"} if cookie else {"Authorization": f"Bearer {token}"}
        self.heard: list[str] = []
        self._connection = HTTPConnection("127.0.0.1", system.port, timeout=60)
        self._connection.request("GET", "/live", headers=headers)
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200
        assert self._answer.readline().startswith(b"retry:")
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while line := self._answer.readline():
                if line.startswith(b"data: "):
                    self.heard.append(line[6:].decode().strip())

    @property
    def ended(self) -> bool:
        """Whether the other side has closed it."""
        return not self._thread.is_alive()

    def close(self) -> None:
        """Closes the page."""
        if self._connection.sock and not self.ended:
            self._connection.sock.shutdown(socket.SHUT_RDWR)
            self._thread.join()
        self._connection.close()
