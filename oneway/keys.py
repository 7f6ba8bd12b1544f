"""The installation's keys: given by the environment, or made at the first start and kept in a file of their own.

Where the environment (or the directory of secrets) gives all of them, no file is made. Keys are made only for an
installation that has none: where some are given and one is not, it was forgotten, and a new one would fit to nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import orjson

from oneway import parts, private
from shared.bus.topology import GATEWAY
from shared.db.urls import service_secret
from shared.keys import split
from shared.settings import Settings

NAMES = ("bus_key", "database_secret", "storage_key", "cookie_key")
JOBS = "jobs"
# What leads outward, the mail server's password among it, is the gateway's alone.
_OF_THE_GATEWAY = ("cookie_key", "storage_key", "smtp_url", "meeting_imap_url", "vapid_key")


class Missing(Exception):
    """Keys that are neither given nor kept, and that must not be made."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(f"ONEWAY_{name.upper()}" for name in names))


class Wrong(Exception):
    """The keys given are not those of the installation they are used on."""


def load_or_make(settings: Settings, *, make: bool = True) -> dict[str, str]:
    """Each key by its name: as `settings` give it, or as it is kept under their `var`.

    Raises `Missing` where one would have to be made while others are given, or without `make`; `ValueError` for an
    empty one in a list of keys.
    """
    given = {name: str(getattr(settings, name)) for name in NAMES if getattr(settings, name)}
    for keys in given.values():
        split(keys)
    kept = {} if len(given) == len(NAMES) else _kept(settings.var)
    missing = [name for name in NAMES if name not in kept and name not in given]
    if missing and (given or not make):
        raise Missing(missing)
    if missing:
        kept |= {name: new() for name in missing}
        settings.var.mkdir(parents=True, exist_ok=True)
        _keep(settings.var, kept)
    return {**kept, **given}


def of_the_bus(settings: Settings) -> str:
    """The key that signs messages, or several split by commas: as given, or as kept. Raises `Missing`."""
    found = settings.bus_key or _kept(settings.var).get("bus_key", "")
    if not found:
        raise Missing(["bus_key"])
    return found


def new() -> str:
    """A new key."""
    return secrets.token_urlsafe(32)


def change(settings: Settings, name: str, by: Callable[[list[str]], list[str]]) -> list[str]:
    """Puts what `by` makes of a kept key (the one to use first, then others that are known) in its place.

    Raises `LookupError` where the key is not kept but given: it is changed there.
    """
    kept = _kept(settings.var)
    if getattr(settings, name) or name not in kept:
        raise LookupError(name)
    keys = by(split(kept[name]))
    _keep(settings.var, {**kept, name: ",".join(keys)})
    return keys


def _kept(var: Path) -> dict[str, str]:
    path = var / "keys.json"
    found: dict[str, str] = orjson.loads(path.read_bytes()) if path.exists() else {}
    return found


def _keep(var: Path, kept: dict[str, str]) -> None:
    private.write(var / "keys.json", orjson.dumps(kept, option=orjson.OPT_INDENT_2))


def of_process(settings: Settings, name: str) -> dict[str, str]:
    """The secrets of one process (a service, `gateway` or `jobs`) as its environment: its own and no others."""
    if name == JOBS:
        held = {key: getattr(settings, key) for key in NAMES}
    else:
        held = {"bus_key": settings.bus_key, "control_url": settings.control_url}
        if name == GATEWAY:
            held |= {name: getattr(settings, name) for name in _OF_THE_GATEWAY}
        else:
            held["database_secret"] = service_secret(settings.database_secret, name)
    return {f"ONEWAY_{key.upper()}": value for key, value in held.items() if value}


def write_files(settings: Settings, directory: Path) -> list[Path]:
    """An environment file for each process, which nobody else may read; the paths."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for name in (GATEWAY, *parts.SERVICES, JOBS):
        path = directory / f"{name}.env"
        lines = (f"{key}={value}\n" for key, value in of_process(settings, name).items())
        private.write(path, "".join(lines).encode())
        written.append(path)
    return written
