"""The gateway in a process of its own (the full mode)."""

from __future__ import annotations

import os
import sys

COMMAND = [sys.executable, "-m", "gunicorn", "-c", "python:gateway.gunicorn_conf", "gateway.wsgi:app"]


def run() -> None:
    """Becomes gunicorn: serves until SIGTERM, then finishes what is in hand. Does not return."""
    os.execv(COMMAND[0], COMMAND)  # noqa: S606
