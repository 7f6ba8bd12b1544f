"""An answer goes out in one piece, so that whoever reads it is woken once."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from gateway.worker import _Together


class Sent(socket.socket):
    """A connection that keeps what is sent, piece by piece, and whether it was told to close."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def sendall(self, data: bytes, flags: int = 0) -> None:  # type: ignore[override]
        """Keeps it."""
        self.pieces.append(data)


@pytest.fixture
def client() -> Iterator[Sent]:
    with Sent() as found:
        yield found


def test_head_and_body_go_out_together_and_what_follows_by_itself(client: Sent) -> None:
    answer = _Together(client)
    answer.sendall(b"head")
    assert client.pieces == []
    for piece in (b"body", b"more"):
        answer.sendall(piece)
    answer.flush()
    assert client.pieces == [b"headbody", b"more"]


def test_a_head_alone_goes_out_at_the_end(client: Sent) -> None:
    answer = _Together(client)
    answer.sendall(b"head")
    answer.flush()
    answer.flush()
    assert client.pieces == [b"head"]


def test_whatever_else_is_done_with_the_connection_comes_after_the_head(client: Sent) -> None:
    answer = _Together(client)
    answer.sendall(b"head")
    answer.settimeout(7)
    assert (client.pieces, client.gettimeout()) == ([b"head"], 7)
