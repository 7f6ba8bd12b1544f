"""Which version of the system this is."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """The version that is installed; `unknown` where the system runs from its sources without having been installed."""
    try:
        return metadata.version("oneway")
    except metadata.PackageNotFoundError:
        return "unknown"
