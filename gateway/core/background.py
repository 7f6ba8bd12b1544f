"""What a gateway process does beside its requests: the sweep of files, and each noun's own work."""

from __future__ import annotations

from flask import Flask

from gateway.core import nouns, sweep


def start(app: Flask) -> None:
    """Begins it, for as long as the process lives: a noun's is in its `background`, with a `start(app)`."""
    sweep.start(app)
    for noun in nouns.all_nouns():
        for module in nouns.room(noun, "background"):
            if hasattr(module, "start"):
                module.start(app)
