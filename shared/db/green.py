"""psycopg under eventlet: a connection that lets others run while it waits for the server."""

from __future__ import annotations

import contextlib
from typing import Any

import psycopg
from eventlet.hubs import trampoline
from psycopg.waiting import Ready, Wait


class HubTimeout(Exception):
    """The socket was not writable yet."""


class GreenConnection(psycopg.Connection[Any]):
    """Waits in eventlet's hub: cheaper than the selector that psycopg would make for each wait."""

    def wait(self, gen: Any, interval: float = 0.0, timeout: float | None = None) -> Any:
        """Runs psycopg's generator `gen` to its end; `timeout` in seconds, none by default."""
        fileno = self.pgconn.socket
        tried = False
        try:
            state = next(gen)
            while True:
                if state == Wait.R:
                    trampoline(fileno, read=True, timeout=timeout)
                    ready = Ready.R
                else:
                    # While sending, psycopg asks for either direction. The socket does not block, so the first
                    # answer is to try; only a full buffer waits, and reads meanwhile what the server has to say.
                    if tried:
                        with contextlib.suppress(HubTimeout):
                            trampoline(fileno, write=True, timeout=0.01, timeout_exc=HubTimeout)
                    tried = True
                    ready = Ready.RW
                state = gen.send(ready)
        except StopIteration as stop:
            return stop.value
