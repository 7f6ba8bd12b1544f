"""Saved lines (개인 결재선): which may be kept, and how they look when people have moved or left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.people import ref

SavedSteps = list[dict[str, Any]]
"""`{person: PersonRef of when it was saved, role, parallel}`."""


def ids(steps: SavedSteps) -> list[str]:
    """Who stands on the line, by id."""
    return [step["person"]["id"] for step in steps]


def resolved(asked: list[dict[str, Any]], people: Mapping[str, dict[str, Any]]) -> tuple[SavedSteps, dict[str, str]]:
    """The line asked for (`{person: id, role, parallel}`) with its people, and a code for each unfit step by field.

    Whether it is complete is not asked: a line may be saved as a beginning, and is checked on submission.
    """
    found: SavedSteps = []
    bad: dict[str, str] = {}
    met: set[str] = set()
    for index, step in enumerate(asked):
        person = people.get(step["person"])
        if person is None:
            bad[f"steps.{index}.person"] = "unknown_person"
        elif not person.get("active", True):
            bad[f"steps.{index}.person"] = "inactive_person"
        elif person["id"] in met:
            bad[f"steps.{index}.person"] = "duplicate_person"
        else:
            found.append({"person": ref(person), "role": step["role"], "parallel": step["parallel"]})
        met.add(step["person"])
    return found, bad


def as_now(steps: SavedSteps, people: Mapping[str, dict[str, Any]]) -> tuple[SavedSteps, list[str]]:
    """The line with its people as they are now, and the ids of those who are gone, whose last known names stay."""
    shown = [{**step, "person": ref(people.get(step["person"]["id"], step["person"]))} for step in steps]
    stale = [person for person in ids(steps) if not people.get(person, {"active": False}).get("active", True)]
    return shown, stale
