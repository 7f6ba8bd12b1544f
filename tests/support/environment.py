"""The environment of what a test starts."""

from __future__ import annotations

import os


def without_settings(*more: str) -> dict[str, str]:
    """This process's environment without One Way's settings, whoever's they are, nor what begins with `more`."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("ONEWAY_", *more))}
