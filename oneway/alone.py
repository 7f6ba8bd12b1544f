"""One system at a time works in a directory: two would take each other's databases and ports away."""

from __future__ import annotations

import contextlib
import fcntl
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PATIENCE = 60.0


class Occupied(Exception):
    """Another system runs in the directory and does not end."""


@contextlib.contextmanager
def alone_in(var: Path, waits: Callable[[], None], patience: float = PATIENCE) -> Iterator[None]:
    """Holds the directory while the block runs. The lock goes with the process, however that ends.

    Another system that is just ending is waited for, `patience` seconds at the most; `waits()` is called before. Raises
    `Occupied`.
    """
    var.mkdir(parents=True, exist_ok=True)
    with (var / "lock").open("w") as file:
        if not _taken(file.fileno()):
            waits()
            until = time.monotonic() + patience
            while not _taken(file.fileno()):
                if time.monotonic() > until:
                    raise Occupied(str(var))
                time.sleep(0.1)
        yield


def _taken(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
