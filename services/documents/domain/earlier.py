"""What somebody keeps who was on the line of an earlier submission and is on it no longer: the version of then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.documents.domain.history import Entry

# How a submission ended that was followed by another, and what the document was then.
_ENDED = {"returned": "returned", "withdrawn": "draft"}


@dataclass(frozen=True, slots=True)
class Submission:
    """An earlier submission: its version, and the history up to its end."""

    version: int
    history: list[Entry]

    @property
    def state(self) -> str:
        """What the document was when it had ended."""
        return _ENDED.get(self.history[-1]["action"], "draft")


def submissions(history: list[Entry]) -> Iterator[Submission]:
    """The submissions before the last, the latest first."""
    begun = [index for index, entry in enumerate(history) if entry["action"] == "submitted"]
    for index in reversed(begun[:-1]):
        until = next((n for n, entry in enumerate(history) if n > index and entry["action"] in _ENDED), index)
        yield Submission(history[index]["version"], history[: until + 1])


def as_it_was(document: Mapping[str, Any], version: Mapping[str, Any], shown: Submission) -> dict[str, Any]:
    """The columns of a document's card as they were at the end of an earlier submission of this version."""
    submitted = next(entry for entry in reversed(shown.history) if entry["action"] == "submitted")
    return {
        **document,
        **{name: version[name] for name in ("version", "title", "content_hash", "body", "rest")},
        "state": shown.state,
        "history": shown.history,
        "submitted_at": submitted["at"],
        "updated_at": shown.history[-1]["at"],
        "registered_at": None,
        "number": None,
        "decision": None,
        # Another folder than the document is in now is not known by name.
        "folder_title": document["folder_title"] if version["rest"]["folder"] == document["folder_id"] else None,
    }
