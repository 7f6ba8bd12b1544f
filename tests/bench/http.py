"""A lean HTTP client, so that the load generator takes little of the two cores it shares with the system."""

from __future__ import annotations

import socket
import time
from typing import Any

import orjson

# Seconds after which the server may be about to close a connection that nobody used.
_KEPT = 2.0


class Http:
    """One keep-alive connection on behalf of one person."""

    def __init__(self, host: str, port: int, token: str = "") -> None:
        self._address = (host, port)
        self._headers = f"Host: {host}\r\nAccept: application/json\r\n"
        if token:
            self._headers += f"Authorization: Bearer {token}\r\n"
        self._socket: socket.socket | None = None
        self._used_at = 0.0
        # The ETag of the last answer to each path that had one.
        self.seen: dict[str, str] = {}

    def call(self, method: str, path: str, body: Any = None, headers: str = "") -> tuple[int, Any]:
        """Status and JSON of one request; each of its `headers` ends a line. Raises `OSError` when it breaks off."""
        if time.monotonic() - self._used_at > _KEPT:
            self.close()
        self._used_at = time.monotonic()
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=30)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        payload = b"" if body is None else orjson.dumps(body)
        kind = f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\n" if body is not None else ""
        head = f"{method} /api/v1{path} HTTP/1.1\r\n{self._headers}{headers}{kind}\r\n".encode()
        self._socket.sendall(head + payload)
        return self._answer(path)

    def _answer(self, path: str) -> tuple[int, Any]:
        assert self._socket
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].lower()
        length = int(_value(head, b"content-length") or 0)
        if etag := _value(data[:end], b"ETag"):
            self.seen[path] = etag
        while len(data) < end + 4 + length:
            data += self._more()
        if b"connection: close" in head:
            self.close()
        body = data[end + 4 :]
        return int(head[9:12]), orjson.loads(body) if body else None

    def _more(self) -> bytes:
        assert self._socket
        more = self._socket.recv(65536)
        if not more:
            self.close()
            raise OSError("the server closed the connection")
        return more

    def close(self) -> None:
        """Closes the connection; the next call opens another."""
        if self._socket:
            self._socket.close()
            self._socket = None

    def stream(self, path: str) -> socket.socket:
        """A connection of its own on which the answer to `GET path` comes in pieces, for ever; its head is read."""
        found = socket.create_connection(self._address, timeout=30)
        found.sendall(f"GET {path} HTTP/1.1\r\n{self._headers}\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += found.recv(65536)
        assert head.startswith(b"HTTP/1.1 200"), head
        return found

    def sign_in(self, tenant: str, person: dict[str, str]) -> Http:
        """A connection of its own, signed in as this person."""
        status, answer = self.call(
            "POST", "/auth/token", {"tenant": tenant, "login": person["login"], "password": person["password"]}
        )
        assert status == 200, answer
        return Http(*self._address, answer["access_token"])


def _value(head: bytes, name: bytes) -> str:
    """The value of a header as it is written in this head; empty where there is none."""
    return head.partition(b"\r\n%s:" % name)[2].partition(b"\r\n")[0].strip().decode()


class Events:
    """What a page hears on the live channel."""

    def __init__(self, http: Http, path: str) -> None:
        self._socket = http.stream(path)
        self._heard = b""

    def wait(self, topic: str, seconds: float) -> None:
        """Returns when something of this topic is told. Raises `OSError` when nothing is for so many seconds."""
        wanted = f"data: {topic}\n".encode()
        self._socket.settimeout(seconds)
        while wanted not in self._heard:
            more = self._socket.recv(65536)
            if not more:
                raise OSError("the live channel ended")
            self._heard += more
        self._heard = self._heard.split(wanted, 1)[1]

    def close(self) -> None:
        """Listens no more."""
        self._socket.close()
