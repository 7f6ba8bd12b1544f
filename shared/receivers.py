"""Receivers by name: `person:<id>`, `department:<id>`, `group:<id>`, as forms, contracts and rows have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shared.people import ref

Doc = dict[str, Any]
Receiver = tuple[str, str]
"""The kind and the id."""

KINDS = {"person": "people", "department": "departments", "group": "groups"}
"""What the directory's `expand` calls those of each kind."""


def parted(receiver: str) -> tuple[str, str]:
    """The kind and the id. Raises `ValueError` for what names no kind."""
    kind, _, id_ = receiver.partition(":")
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of receivers")
    return kind, id_


def by_kind(receivers: Iterable[str]) -> dict[str, list[str]]:
    """`{people, departments, groups}`: the ids of each, as the directory takes them. Raises `ValueError`, too."""
    found: dict[str, list[str]] = {name: [] for name in KINDS.values()}
    for receiver in receivers:
        kind, id_ = parted(receiver)
        found[KINDS[kind]].append(id_)
    return found


def through(found: Mapping[str, Any]) -> dict[Receiver, list[Doc]]:
    """The people of what `expand` answered, as references, by the receiver that named them."""
    people: dict[Receiver, list[Doc]] = {}
    for person in found["people"]:
        for way in person["through"]:
            people.setdefault((way["kind"], way["id"]), []).append(ref(person))
    return people


def unreachable(named: Iterable[tuple[Receiver, str]], found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The path and the code of each receiver who is nobody, by what `expand` answered; `named` has their paths."""
    left = {person["id"] for person in found["left"]}
    dissolved = {department["id"] for department in found["dissolved"]}
    unknown = {each["id"] for each in found["unknown"]}
    reached = {(way["kind"], way["id"]) for person in found["people"] for way in person["through"]}
    for (kind, id_), path in named:
        if id_ in unknown:
            yield path, f"unknown_{kind}"
        elif id_ in left and kind == "person":
            yield path, "left"
        elif id_ in dissolved:
            yield path, "dissolved"
        elif (kind, id_) not in reached:
            yield path, "nobody"
