"""`python -m oneway`: the command line."""

from __future__ import annotations

import sys
import warnings


def _runs_services(arguments: list[str]) -> bool:
    return arguments[:1] == ["service"] or (arguments[:1] == ["up"] and "--full" not in arguments)


def main() -> None:
    """Patches the process for eventlet where services will run in it, before anything else is imported."""
    warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated.*")
    if _runs_services(sys.argv[1:]):
        import eventlet

        eventlet.monkey_patch()
    from oneway.cli import app

    app()


if __name__ == "__main__":
    main()
