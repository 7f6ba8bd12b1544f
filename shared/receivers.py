"""Receivers by name: `person:<id>`, `department:<id>`, `group:<id>`, as forms, contracts and rows have them."""

from __future__ import annotations

from collections.abc import Iterable

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
