"""The gateway takes its leave: whoever has not heard of it yet is answered all the same."""

from __future__ import annotations

import signal
import socket
import time
from pathlib import Path

from tests.support.waiting import until
from tests.unit.gateway.core.live_server import Server

ASK = b"GET /open HTTP/1.1\r\nHost: x\r\n\r\n"


def answer(sock: socket.socket) -> bytes:
    """One answer of `/open`, whose body is one digit."""
    read = b""
    while b"\r\n\r\n" not in read or read.endswith(b"\r\n\r\n"):
        more = sock.recv(65536)
        if not more:
            raise EOFError(read)
        read += more
    return read


def test_told_to_stop_it_is_not_ready_and_answers_who_still_comes(tmp_path: Path) -> None:
    server = Server("gunicorn", tmp_path, ONEWAY_DRAIN="300")
    try:
        had = server.connect("GET /open")
        assert b"keep-alive" in answer(had)
        server.process.send_signal(signal.SIGTERM)
        until(lambda: b" 503 " in server.ask("GET /readyz").splitlines()[0])
        # A connection it had is good for one request more, and so is one that comes now.
        had.sendall(ASK)
        assert b"Connection: close" in answer(had)
        assert had.recv(10) == b""
        assert b" 200 " in server.ask("GET /open").splitlines()[0]
    finally:
        server.process.send_signal(signal.SIGQUIT)
        server.stop()


def test_a_connection_that_was_to_be_kept_is_good_for_the_request_that_follows(tmp_path: Path) -> None:
    server = Server("gunicorn", tmp_path, ONEWAY_DRAIN="300")
    try:
        had = server.connect("GET /long")
        read = b""
        while b"begun" not in read:
            read += had.recv(65536)
        assert b"keep-alive" in read
        server.process.send_signal(signal.SIGTERM)
        while not read.endswith(b"0\r\n\r\n"):
            read += had.recv(65536)
        # Not at once: its time to wait is what would be over.
        time.sleep(0.5)
        had.sendall(ASK)
        assert b" 200 " in answer(had).splitlines()[0]
    finally:
        server.process.send_signal(signal.SIGQUIT)
        server.stop()


def test_when_it_goes_it_closes_what_waits_and_does_not_wait_itself(tmp_path: Path) -> None:
    server = Server("gunicorn", tmp_path)
    try:
        waiting = server.connect("GET /open")
        assert b"keep-alive" in answer(waiting)
        server.process.send_signal(signal.SIGTERM)
        assert waiting.recv(10) == b""
        assert server.process.wait(60) == 0
        assert server.process.stderr and b"graceful timeout" not in server.process.stderr.read()
    finally:
        server.stop()
