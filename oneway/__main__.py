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
    prepare(sys.argv[1:])
    run(sys.argv[1:])


def prepare(arguments: list[str]) -> None:
    """Patches the process for eventlet where services will run in it.

    Names are looked up by the system, as libpq looks them up for the database: eventlet's own way takes half a second
    of a core to load.
    """
    if _runs_services(arguments):
        os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
        import eventlet

        eventlet.monkey_patch()


def run(arguments: list[str]) -> None:
    """Runs what was asked for: a service without loading what the other commands need."""
    if len(arguments) == 2 and arguments[0] == "service":
        from oneway import parts, service_process

        if arguments[1] in parts.SERVICES:
            return service_process.run(arguments[1])
    from oneway.cli import app

    app()
    return None


if __name__ == "__main__":
    main()
