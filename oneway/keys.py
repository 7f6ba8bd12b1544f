"""The installation's keys: made at the first start and kept in a file only its owner reads, or from the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import orjson

NAMES = ("bus_key", "database_secret", "storage_key", "cookie_key")


def load_or_make(var: Path) -> dict[str, str]:
    """Each key by its name; those the environment sets are taken from there."""
    path = var / "keys.json"
    var.mkdir(parents=True, exist_ok=True)
    kept = orjson.loads(path.read_bytes()) if path.exists() else {}
    missing = {name: secrets.token_urlsafe(32) for name in NAMES if name not in kept}
    if missing:
        kept |= missing
        temporary = path.with_suffix(".tmp")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(orjson.dumps(kept, option=orjson.OPT_INDENT_2))
        temporary.rename(path)
    return {name: os.environ.get(f"ONEWAY_{name.upper()}") or kept[name] for name in NAMES}
