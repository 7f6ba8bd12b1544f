"""이력: who did what with a document, when, from which version to which."""

from __future__ import annotations

from datetime import datetime
from typing import Any

Entry = dict[str, Any]


def entry(at: datetime, action: str, person: dict[str, Any] | None, version: int | None, **detail: Any) -> Entry:
    """One line of the history."""
    return {"at": at.isoformat(), "action": action, "person": person, "version": version, "detail": detail}


def with_entry(history: list[Entry], new: Entry) -> list[Entry]:
    """The history with `new` at its end; saves that follow each other are one line, from the first version to the last.

    Every one of them stays a kept version and a row of the record: only the card's list is short.
    """
    last = history[-1]
    if new["action"] != "saved" or last["action"] != "saved" or last["person"] != new["person"]:
        return [*history, new]
    changed = sorted({*last["detail"].get("changed", ()), *new["detail"].get("changed", ())})
    detail = {"since": last["detail"].get("since", last["at"]), "from": last["detail"]["from"], "changed": changed}
    return [*history[:-1], {**new, "detail": detail}]
