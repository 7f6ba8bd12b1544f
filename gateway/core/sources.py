"""What another object is begun from (`?from=<noun>:<id>`): every noun that can be quoted says so in its `NOUN`."""

from __future__ import annotations

from typing import Any

from gateway.core import backend, nouns
from shared.errors import NotFound


def quoted(source: str) -> dict[str, Any]:
    """Title, clean body and files of what `noun:id` names, for who may read it and pass it on.

    Raises `NotFound` for a noun that cannot be quoted, and what its service does.
    """
    name, _, id_ = source.partition(":")
    noun = nouns.noun_of(name)
    if noun is None or not noun.quote:
        raise NotFound(name)
    service, _, method = noun.quote.partition(".")
    found: dict[str, Any] = backend.call(service, method, {"id": id_}, idempotent=False)
    return found
