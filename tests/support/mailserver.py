"""A real SMTP server in a process of its own, which takes mails, or refuses, stalls and drops as it is told."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from oneway.servers import free_port

_ROOT = Path(__file__).parent.parent.parent


class MailServer:
    """The server as a test sees it. `manner` is how it answers from now on, one word for each step:

    | step | says |
    | --- | --- |
    | `mail`, `rcpt`, `data` | the answer, as `550 5.1.1 no such user`; `stall` for none |
    | `data` | as well `drop`: the connection ends before an answer; `keep and drop`: the mail is kept all the same |
    """

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="mail-"))
        self.port = free_port(1)
        self.url = f"smtp://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.manner()

    def manner(self, **steps: str) -> None:
        """How it answers from now on; without steps it takes everything."""
        made = self.directory / "manner.new"
        made.write_text(json.dumps(steps))
        made.replace(self.directory / "manner")

    def start(self) -> None:
        """Returns when it answers."""
        command = [sys.executable, "-m", "tests.support.mailserver", str(self.port), str(self.directory)]
        self._process = subprocess.Popen(command, cwd=_ROOT)
        end = time.monotonic() + 30
        while not (self.directory / "ready").exists():
            assert self._process.poll() is None and time.monotonic() < end, "the mail server did not start"
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends it; a second time does nothing."""
        if self._process:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(10)
            self._process = None
            (self.directory / "ready").unlink(missing_ok=True)

    @property
    def mails(self) -> list[EmailMessage]:
        """What it has taken, oldest first."""
        found = sorted(self.directory.glob("*.eml"))
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in found]

    def clear(self) -> None:
        """Forgets what it has taken."""
        for path in self.directory.glob("*.eml"):
            path.unlink()


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server that runs meanwhile; what it has taken goes with it."""
    server = MailServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.directory, ignore_errors=True)


# -- in its own process -----------------------------------------------------------------------------


class _Handler:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._count = 0

    async def _manner(self, step: str, otherwise: str) -> str:
        told = str(json.loads((self._directory / "manner").read_text()).get(step, otherwise))
        if told == "stall":
            await asyncio.sleep(3600)
        return told

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        said = await self._manner("mail", "250 OK")
        if said.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return said

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        said = await self._manner("rcpt", "250 OK")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = await self._manner("data", "250 OK")
        if said.startswith("250") or said == "keep and drop":
            self._count += 1
            made = self._directory / f"{time.time_ns()}-{self._count}.new"
            made.write_bytes(b"X-To: " + envelope.rcpt_tos[0].encode() + b"\r\n" + envelope.content)
            made.rename(made.with_suffix(".eml"))
        if said.endswith("drop"):
            server.transport.abort()
        return said


def _serve(port: int, directory: Path) -> None:
    controller = Controller(_Handler(directory), hostname="127.0.0.1", port=port)
    controller.start()
    (directory / "ready").touch()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    os._exit(0)


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    _serve(int(sys.argv[1]), Path(sys.argv[2]))
