"""Answers by SMTP: a port of the gateway to which the organisation's mail server hands what comes for our address.

It takes mails for addresses that guests of our tenants were told, and for nobody else: it never relays, and never
writes a mail. A mail is taken (250) once the meetings service has its answer; where that is away, the mail server is
asked to come again (451).
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiosmtpd.smtp import SMTP
from flask import Flask

from gateway.core import backend
from gateway.meetings.mail.answers import MOST_BYTES, Answers
from shared import log
from shared.errors import Problem

# Connections at once; seconds for each step of one, and for all of it; bytes of all its mails; recipients of a mail.
MOST_CONNECTIONS = 20
STEP, LONGEST = 30.0, 300.0
_MOST_RECEIVED = 8 * MOST_BYTES
_MOST_RECIPIENTS = 10
# Seconds until a process looks whether the port has become free.
_BIND_AGAIN = 30.0
_log = log.get("meetings.listener")
# It would write each sender's address into the log.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class Listener:
    """The port. Of several processes on a machine the first has it; another takes over when that one ends."""

    def __init__(self, app: Flask, answers: Answers) -> None:
        self._settings = backend.of(app).settings
        self._answers = answers
        self._open: set[_Connection] = set()
        self._workers = ThreadPoolExecutor(4, thread_name_prefix="answers")
        self.listening = threading.Event()

    def start(self) -> None:
        """Begins, for as long as the process lives."""
        threading.Thread(target=self._forever, name="answers-smtp", daemon=True).start()

    def _forever(self) -> None:
        told = False
        while True:
            try:
                asyncio.run(self._serve())
            except Exception as error:
                # Told once: while another process has the port there is nothing wrong.
                if not told or not isinstance(error, OSError):
                    _log.warning("answers_not_listening", error=str(error))
                told = True
            self.listening.clear()
            time.sleep(_BIND_AGAIN)

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        where = (self._settings.meeting_smtp_host, self._settings.meeting_smtp_port)
        server = await loop.create_server(lambda: _Connection(self, self._open, loop), *where)
        _log.info("answers_listening", port=where[1])
        self.listening.set()
        async with server:
            await server.serve_forever()

    @property
    def domain(self) -> str:
        """What the port calls itself."""
        return self._answers.addresses.domain

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Takes our own addresses only."""
        if len(envelope.rcpt_tos) >= _MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if not await self._beside(self._answers.is_for_us, address):
            return "550 5.7.1 Only answers to invitations are taken here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Brings the answer to its meeting."""
        content, sender = bytes(envelope.content), envelope.mail_from or ""
        try:
            await self._beside(self._answers.take, content, sender, list(envelope.rcpt_tos))
        except Problem as problem:
            _log.warning("answer_not_taken", problem=problem.slug)
            return "451 4.3.0 Try again later"
        return "250 2.0.0 OK"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever went wrong, the mail is to come again."""
        _log.error("answer_not_taken", exc_info=error)
        return "451 4.3.0 Try again later"

    async def _beside(self, function: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._workers, function, *arguments)


class _Connection(SMTP):  # type: ignore[misc]
    """A conversation with limits: how many there are, how long one lasts, how much it sends."""

    def __init__(self, handler: Listener, others: set[_Connection], loop: asyncio.AbstractEventLoop) -> None:
        limits = {"data_size_limit": MOST_BYTES, "timeout": STEP, "command_call_limit": 100}
        super().__init__(handler, hostname=handler.domain, ident="One Way", loop=loop, **limits)
        self._others = others
        self._received = 0
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Whoever is too many is sent away."""
        if len(self._others) >= MOST_CONNECTIONS:
            transport.write(b"421 4.3.2 Too many connections\r\n")
            transport.close()
            return
        self._others.add(self)
        self._end = self.loop.call_later(LONGEST, transport.abort)
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """A flood ends the connection: who declares the size of a mail was told before."""
        self._received += len(data)
        if self._received > _MOST_RECEIVED and self.transport is not None:
            self.transport.abort()
        elif self in self._others:
            super().data_received(data)

    def connection_lost(self, error: Exception | None) -> None:
        """Makes room for another."""
        if self in self._others:
            self._others.discard(self)
            if self._end:
                self._end.cancel()
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        """Nothing is owed to whom was sent away."""
        return super().eof_received() if self in self._others else None
