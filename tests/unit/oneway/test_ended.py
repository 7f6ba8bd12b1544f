"""A command that is told to end, as a container's first process is: the signal itself would not end that one."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
from pathlib import Path

_KEYS = ("BUS_KEY", "DATABASE_SECRET", "STORAGE_KEY", "COOKIE_KEY")


def test_a_command_in_hand_ends_in_order(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        environment = {
            **os.environ,
            **{f"ONEWAY_{key}": secrets.token_urlsafe(32) for key in _KEYS},
            "ONEWAY_MODE": "full",
            "ONEWAY_VAR": str(tmp_path),
            "ONEWAY_DATABASE_URL": f"postgresql+psycopg://nobody@127.0.0.1:{silent.getsockname()[1]}/none",
        }
        process = subprocess.Popen([sys.executable, "-m", "oneway", "tenant", "list"], env=environment)
        try:
            # It has gone to the database, which says nothing.
            connection, _ = silent.accept()
            with connection:
                process.send_signal(signal.SIGTERM)
                assert process.wait(60) == 128 + signal.SIGTERM
        finally:
            process.kill()
            process.wait()
