"""The approval line (결재선) a draft is submitted along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.people import ref

Step = dict[str, Any]
"""`{person: id, role, parallel}` as asked; with `person` a PersonRef once resolved."""


def ids(steps: list[Step]) -> list[str]:
    """Who stands on the line, by id."""
    return [step["person"] if isinstance(step["person"], str) else step["person"]["id"] for step in steps]


def resolved(steps: list[Step], people: Mapping[str, dict[str, Any]]) -> tuple[list[Step], dict[str, str]]:
    """The line with its people as they are now, and a code for each step whose person is not known."""
    found: list[Step] = []
    bad: dict[str, str] = {}
    for index, (step, person) in enumerate(zip(steps, ids(steps), strict=True)):
        known = people.get(person)
        if known is None:
            bad[f"line.{index}.person"] = "unknown_person"
            continue
        found.append({"person": ref(known), "role": step["role"], "parallel": bool(step.get("parallel"))})
    return found, bad


def problems(steps: list[Step], drafter: str, people: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """What makes a line unfit for submission, by field; empty when nothing does.

    One decider, who comes last; nobody twice; the drafter only as the sole decider (1인전결); cooperation at the
    same time (병렬협조) only beside another cooperation. Everybody on it is known and works here.
    """
    if not steps:
        return {"line": "required"}
    found: dict[str, str] = {}
    deciders = [index for index, step in enumerate(steps) if step["role"] == "decide"]
    if not deciders:
        found["line"] = "no_decider"
    elif len(deciders) > 1:
        found["line"] = "several_deciders"
    elif deciders[0] != len(steps) - 1:
        found["line"] = "decider_not_last"
    met = set() if len(steps) == 1 and steps[0]["role"] == "decide" else {drafter}
    for index, (step, person) in enumerate(zip(steps, ids(steps), strict=True)):
        if person not in people:
            found[f"line.{index}.person"] = "unknown_person"
        elif not people[person].get("active", True):
            found[f"line.{index}.person"] = "inactive_person"
        elif person in met:
            found[f"line.{index}.person"] = "duplicate_person"
        met.add(person)
        before = steps[index - 1]["role"] if index else ""
        if step.get("parallel") and not (step["role"] == before == "cooperate"):
            found[f"line.{index}.parallel"] = "parallel_without_cooperate"
    return found
