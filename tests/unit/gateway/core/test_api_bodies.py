"""Bodies as real clients send them, on the two servers the system uses: in chunks, too large, broken off."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson
import psutil
import pytest
import requests

from oneway.servers import free_port
from tests.support.waiting import until
from tests.unit.gateway.core.upload_app import DOCUMENT, LIMIT
from tests.unit.gateway.fake import TOKEN

ROOT = Path(__file__).parents[4]
EVENTLET = (
    "import eventlet; eventlet.monkey_patch(); import runpy; "
    "runpy.run_module('tests.unit.gateway.core.upload_app', run_name='__main__')"
)
UPLOAD = f"/documents/{DOCUMENT}/attachments?name=a.pdf"
PDF = b"%PDF-1.7\n" + b"x" * 5000


class Server:
    """The gateway on one of the servers."""

    def __init__(self, kind: str, var: Path) -> None:
        self.kind = kind
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}/api/v1"
        command = [sys.executable, "-W", "ignore", "-c", EVENTLET, str(self.port)]
        if kind == "gunicorn":
            command = [sys.executable, "-m", "gunicorn", "-c", "python:gateway.gunicorn_conf"]
            command.append("tests.unit.gateway.core.upload_app:app")
        environment = {**os.environ, "ONEWAY_MODE": "full", "ONEWAY_VAR": str(var), "ONEWAY_PORT": str(self.port)}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        try:
            until(self._answers)
        except BaseException:
            self.stop()
            raise

    def _answers(self) -> bool:
        assert self.process.poll() is None
        with contextlib.suppress(requests.RequestException):
            return self.me() == 200
        return False

    def me(self) -> int:
        """The status of a small request."""
        return requests.get(f"{self.base}/me", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60).status_code

    def processes(self) -> set[int]:
        """Those that answer."""
        return {process.pid for process in psutil.Process(self.process.pid).children()}

    def send(self, path: str, head: str, body: Iterable[bytes], *, ends: bool = False) -> tuple[int, dict[str, Any]]:
        """Status and JSON of a POST. Where the body does not end by itself, the client goes away after it."""
        lines = [f"POST /api/v1{path} HTTP/1.1", "Host: x", f"Authorization: Bearer {TOKEN}", head, "", ""]
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as sock:
            sock.sendall("\r\n".join(lines).encode())
            # The server may answer and close the connection before it has everything.
            with contextlib.suppress(OSError):
                for piece in body:
                    sock.sendall(piece)
                if not ends:
                    sock.shutdown(socket.SHUT_WR)
            return _answer(sock)

    def stop(self) -> None:
        """Ends it."""
        self.process.terminate()
        self.process.wait(60)


def _answer(sock: socket.socket) -> tuple[int, dict[str, Any]]:
    """Status and JSON of what comes."""
    data = b""
    with contextlib.suppress(ConnectionError):
        while b"\r\n\r\n" not in data or not data.endswith(b"}"):
            more = sock.recv(65536)
            if not more:
                break
            data += more
    head, _, content = data.partition(b"\r\n\r\n")
    return int(head.split()[1]), orjson.loads(content)


def in_chunks(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)


@pytest.fixture(scope="module", params=["eventlet", "gunicorn"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    found = Server(request.param, tmp_path_factory.mktemp("var"))
    yield found
    found.stop()


END = b"0\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked"
JSON = "Content-Type: application/json"


def test_a_file_may_be_sent_in_chunks(server: Server) -> None:
    status, made = server.send(UPLOAD, CHUNKED, [in_chunks(PDF, PDF) + END], ends=True)
    assert (status, made["size"]) == (201, 2 * len(PDF))


def test_a_part_of_a_form_may_be_sent_in_chunks(server: Server) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + PDF + b"\r\n--b--\r\n"
    head = f"{CHUNKED}\r\nContent-Type: multipart/form-data; boundary=b"
    status, made = server.send(UPLOAD, head, [in_chunks(part) + END], ends=True)
    assert (status, made["size"]) == (201, len(PDF))


def test_json_may_be_sent_in_chunks(server: Server) -> None:
    body = in_chunks(b'{"title":', b'"a"}') + END
    assert server.send("/documents", f"{CHUNKED}\r\n{JSON}", [body], ends=True)[0] == 201


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (f"Content-Length: {2 * len(PDF)}", PDF),
        (CHUNKED, in_chunks(PDF) + b"5000\r\n" + PDF),
        (CHUNKED, in_chunks(PDF) + b"no size\r\n" + PDF),
    ],
)
def test_a_body_that_breaks_off_is_the_clients_fault(server: Server, head: str, body: bytes) -> None:
    for path, kind in ((UPLOAD, head), ("/documents", f"{head}\r\n{JSON}")):
        status, told = server.send(path, kind, [body])
        assert (status, told["status"]) == (400, 400)


@pytest.mark.parametrize("head", [CHUNKED, f"Content-Length: {200 << 20}"])
@pytest.mark.parametrize("path", [UPLOAD, "/documents"])
def test_a_body_that_is_much_too_large_is_refused_and_holds_up_nobody(server: Server, head: str, path: str) -> None:
    before = server.processes()
    piece = in_chunks(b"x" * LIMIT) if head == CHUNKED else b"x" * LIMIT
    kind = head if path == UPLOAD else f"{head}\r\n{JSON}"
    pieces = iter([piece] * 200)
    assert server.send(path, kind, pieces, ends=True)[0] == 413
    assert server.me() == 200
    # A worker that was busy for too long would have been put down.
    assert server.processes() == before
    if server.kind == "gunicorn":
        assert len(list(pieces)) > 100
