"""The small application of `live_app` on the servers of the two modes, and pages that listen to it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from oneway.servers import free_port
from tests.support.waiting import until

ROOT = Path(__file__).parents[4]
EVENTLET = (
    "import eventlet; eventlet.monkey_patch(); import runpy; "
    "runpy.run_module('tests.unit.gateway.core.live_app', run_name='__main__')"
)


class Server:
    """The application on one of the two servers the system uses."""

    def __init__(self, kind: str, var: Path, **more: str) -> None:
        self.port = free_port()
        command = [sys.executable, "-W", "ignore", "-c", EVENTLET, str(self.port)]
        if kind == "gunicorn":
            command = [sys.executable, "-m", "gunicorn", "-c", "python:gateway.gunicorn_conf"]
            command.append("tests.unit.gateway.core.live_app:app")
        environment = {**os.environ, "ONEWAY_MODE": "full", "ONEWAY_VAR": str(var), "ONEWAY_PORT": str(self.port)}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment | more, stderr=subprocess.PIPE)
        until(self._listens)

    def _listens(self) -> bool:
        assert self.process.poll() is None, self.process.stderr and self.process.stderr.read()
        with contextlib.suppress(OSError):
            return self.ask("GET /open").endswith(b"0")
        return False

    def connect(self, request: str, body: str = "", **headers: str) -> socket.socket:
        """A connection that has sent one request."""
        method, path = request.split()
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}", "Content-Type: application/json"] if body else []
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        sock.sendall("\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *lines, "", body]).encode())
        return sock

    def ask(self, request: str, body: str = "") -> bytes:
        """The whole answer to one request."""
        with self.connect(request, body, Connection="close") as sock:
            return b"".join(iter(lambda: sock.recv(65536), b""))

    def listen(self, person: str) -> Page:
        """A page that listens."""
        page = Page(self.connect("GET /live", X_Person=person))
        assert b"text/event-stream" in page.read_to(b"retry: ")
        return page

    def tell(self, topic: str, *people: str) -> None:
        """Tells as the live channel would."""
        names = ",".join(f'"{person}"' for person in people)
        assert self.ask("POST /tell", f'{{"topic": "{topic}", "people": [{names}]}}').endswith(b"told")

    def stop(self) -> None:
        """Asks it to stop, and waits."""
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        self.process.kill()
        self.process.communicate()


class Page:
    """One connection that listens."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._read = b""

    def read_to(self, mark: bytes) -> bytes:
        """What comes up to and with `mark`. Raises `EOFError` where the connection ends before."""
        while mark not in self._read:
            more = self.sock.recv(65536)
            if not more:
                raise EOFError(self._read)
            self._read += more
        found, _, self._read = self._read.partition(mark)
        return found + mark

    def to_the_end(self) -> bytes:
        """What comes until the connection, or its answer (`0` chunk), ends."""
        return self.read_to(b"0\r\n\r\n")
