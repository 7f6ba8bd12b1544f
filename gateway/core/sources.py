"""What another object is begun from (`?from=<noun>:<id>`): every noun that can be quoted says so in its `NOUN`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from gateway.core import backend, files, nouns
from shared.errors import NotFound, Problem


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


def bring_files(source: str, chosen: Collection[str], service: str, made: str) -> list[str]:
    """Copies those of the files of `noun:id` that were chosen to what was made from it; the ids of those that failed.

    What was made stays when a file cannot be had: its maker is told, and may add the file.
    """
    name, _, id_ = source.partition(":")
    noun, failed = nouns.noun_of(name), []
    for file in chosen:
        try:
            if noun is None or not noun.quote:
                raise NotFound(name)
            files.copy(noun.quote.partition(".")[0], id_, file, service, made)
        except Problem:
            failed.append(file)
    return failed
