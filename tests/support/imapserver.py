"""A real IMAP server (pymap) in a process of its own, with one account and an empty mailbox."""

from __future__ import annotations

import contextlib
import imaplib
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from oneway.servers import free_port

PROGRAM = Path(__file__).parent.parent.parent / ".calendars" / "bin" / "pymap"
USER, PASSWORD = "meetings", "p@ss/word"


@dataclass
class ImapServer:
    """The server as a test sees it."""

    port: int

    @property
    def url(self) -> str:
        """The mailbox as a setting has it."""
        return f"imap://{USER}:p%40ss%2Fword@127.0.0.1:{self.port}/INBOX"

    @contextlib.contextmanager
    def opened(self) -> Iterator[imaplib.IMAP4]:
        """The mailbox, as another client of it."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=20) as box:
            box.login(USER, PASSWORD)
            box.select("INBOX")
            yield box

    def put(self, *mails: bytes) -> None:
        """Mails that come."""
        with self.opened() as box:
            for mail in mails:
                status, said = box.append("INBOX", "", "", mail)
                assert status == "OK", said

    def unseen(self) -> int:
        """How many nobody has read."""
        with self.opened() as box:
            return len(box.uid("SEARCH", "UNSEEN")[1][0].split())

    def clear(self) -> None:
        """Takes all of them away."""
        with self.opened() as box:
            box.store("1:*", "+FLAGS", r"(\Deleted)")
            box.expunge()


@contextlib.contextmanager
def imap_server() -> Iterator[ImapServer]:
    """A server that runs meanwhile."""
    server = ImapServer(free_port(1))
    command = [str(PROGRAM), "--no-service", "sieve", "--host", "127.0.0.1", "--port", str(server.port), "--no-tls"]
    command += ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 30
        while True:
            assert process.poll() is None and time.monotonic() < end, "the IMAP server did not start"
            with contextlib.suppress(OSError, imaplib.IMAP4.error), server.opened():
                break
            time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait(10)
