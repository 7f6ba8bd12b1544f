"""Onboards a tenant in processes that are killed at the 7th, 14th, 21st, … statement, until one comes to its end.

`python -m tests.integration.tenancy.interrupted code password`: prints how many were killed. Each is forked from this
one, so that it costs no start.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from oneway import console
from oneway.tenants import NewTenant, onboard
from shared import log

_STEP = 7


def attempt(new: NewTenant, die_at: int) -> bool:
    """Whether a process that is killed at this statement came to its end before."""
    child = os.fork()
    if child == 0:
        seen = itertools.count(1)

        def before(*_: Any) -> None:
            if next(seen) == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", before)
        settings, provisioner = console.installation()
        provisioner.prepare()
        onboard(settings, provisioner, new)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    return status == 0


def main(code: str, password: str) -> None:
    """Until one is done."""
    log.configure("interrupted")
    new = NewTenant(code, f"{code}기관", "AB00000", "admin", "관리자", password)
    for killed in itertools.count():
        if attempt(new, (killed + 1) * _STEP):
            print(killed)
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
