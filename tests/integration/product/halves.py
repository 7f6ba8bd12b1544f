"""An upload that stops half way until it is told to go on."""

from __future__ import annotations

import os
from http.client import HTTPConnection

from tests.support.system import System


class Half:
    """A file of which the server has had half."""

    def __init__(self, system: System, token: str, document: str) -> None:
        self.content = b"%PDF-1.7\n" + os.urandom(200_000)
        self._connection = HTTPConnection("127.0.0.1", system.port, timeout=30)
        self._connection.putrequest("POST", f"/api/v1/documents/{document}/attachments?name=a.pdf")
        for name, value in (
            ("Authorization", f"Bearer {token}"),
            ("Content-Type", "application/octet-stream"),
            ("Content-Length", str(len(self.content))),
        ):
            self._connection.putheader(name, value)
        self._connection.endheaders()
        self._connection.send(self.content[:100_000])

    def finish(self) -> tuple[int, str]:
        """Sends the rest: the answer's status and text."""
        self._connection.send(self.content[100_000:])
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode()

    def close(self) -> None:
        """Hangs up."""
        self._connection.close()
