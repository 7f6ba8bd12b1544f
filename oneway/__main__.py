"""`python -m oneway`: the command line."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from types import FrameType


def _runs_services(arguments: list[str]) -> bool:
    return arguments[:1] == ["service"] or (arguments[:1] == ["up"] and "--full" not in arguments)


def _starts_servers(arguments: list[str]) -> bool:
    return arguments[:1] == ["up"] and "--full" in arguments


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main() -> None:
    """Patches the process for eventlet where services will run in it, before anything else is imported."""
    if not _starts_servers(sys.argv[1:]):
        # What is written is for its owner; servers of other users are to get through to their directories first.
        os.umask(0o077)
    # A container's first process is not ended by the signal itself. What serves has a handler of its own later.
    signal.signal(signal.SIGTERM, _end)
    warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated.*")
    if _runs_services(sys.argv[1:]):
        import eventlet

        eventlet.monkey_patch()
    from oneway.cli import app

    app()


if __name__ == "__main__":
    main()
