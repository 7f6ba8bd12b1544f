"""Notices (알림): what somebody is told about what is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing told to one person, once for each `occasion`: the event's place in the document's process."""

    person: str
    code: str
    occasion: int
    params: dict[str, Any]
    at: datetime


def of_process(told: dict[str, Any], ended_for: Iterable[str], at: datetime) -> list[Notice]:
    """What a process tells at time `at`: its drafter of a return; of a withdrawal those for whom a to-do ended."""
    params = {"title": told["title"]}
    if told["state"] == "returned":
        by = {"person": told["decision"]["person"]["name"], "opinion": told["decision"]["opinion"]}
        return [Notice(told["drafter"]["id"], "returned", told["sequence"], params | by, at)]
    if told["state"] == "withdrawn":
        params["person"] = told["drafter"]["name"]
        people = sorted(set(ended_for) - {told["drafter"]["id"]})
        return [Notice(person, "withdrawn", told["sequence"], params, at) for person in people]
    return []


def of_registration(told: dict[str, Any]) -> Notice:
    """The drafter is told the number of the document (`documents.Registered`)."""
    params = {"title": told["title"], "number": told["number"]}
    # A document is registered once.
    return Notice(told["drafter"]["id"], "registered", 0, params, datetime.fromisoformat(told["registered_at"]))
