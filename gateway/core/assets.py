"""The names of the built files (gateway/frontend/build.mjs), and icons."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for
from markupsafe import Markup

BUILT = Path(__file__).parents[1] / "static" / "built"


@lru_cache(maxsize=1)
def manifest() -> dict[str, str]:
    """Built names by what they were built from. Raises FileNotFoundError where `make assets` has not run."""
    names: dict[str, str] = json.loads((BUILT / "manifest.json").read_text())
    return names


def asset(name: str) -> str:
    """The address of a built file: `asset("ui.css")`. The name holds the content's hash: it may be kept for ever."""
    return url_for("static", filename=f"built/{manifest()[name]}")


def icon(name: str) -> Markup:
    """An icon of icons.json, as an ornament: the words beside it say what it means."""
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
        asset("icons.svg"), name
    )


def install(app: Flask) -> None:
    """Makes `asset` and `icon` known to all templates and macros."""
    app.jinja_env.globals.update(asset=asset, icon=icon)
