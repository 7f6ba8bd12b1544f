"""psycopg under eventlet: a connection that lets others run while it waits for the server."""

from __future__ import annotations

import contextlib
from typing import Any

import psycopg
from eventlet.hubs import trampoline
from psycopg.waiting import Ready, Wait

# Seconds. A statement may take 30 (its own limit, which the server keeps): a server that says nothing for longer hangs.
SILENT = 40.0


class HubTimeout(Exception):
    """The socket was not writable yet."""


class Silence(Exception):
    """The server has said nothing."""


class GreenConnection(psycopg.Connection[Any]):
    """Waits in eventlet's hub: cheaper than the selector that psycopg would make for each wait."""

    def wait(self, gen: Any, interval: float = 0.0, timeout: float | None = SILENT) -> Any:
        """Runs psycopg's generator `gen` to its end; at each point it waits `timeout` seconds at the most.

        Raises `psycopg.OperationalError` where the server hangs; the connection is closed then.
        """
        fileno = self.pgconn.socket
        tried = False
        try:
            state = next(gen)
            while True:
                if state == Wait.R:
                    trampoline(fileno, read=True, timeout=timeout, timeout_exc=Silence)
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
        except Silence as silence:
            self.close()
            raise psycopg.OperationalError("the server hangs") from silence
