"""Asks the directory who is meant by the receivers that were named. To be called before the first write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.memo.domain.receivers import Expanded, once
from shared.bus import Service
from shared.context import Context
from shared.errors import Invalid
from shared.receivers import by_kind, parted

# As many as the directory is asked for at once.
_AT_ONCE = 500


def asked(service: Service, ctx: Context, named: Mapping[str, Sequence[str]]) -> dict[str, Expanded]:
    """By role, who is meant. Raises `Unavailable` where the directory is away and does not come from the cache."""
    return {role: _expanded(service, ctx, once(receivers)) for role, receivers in named.items()}


def _expanded(service: Service, ctx: Context, receivers: list[str]) -> Expanded:
    parts = by_kind(receivers)
    if parts["departments"] or parts["groups"]:
        return _by_the_directory(service.call("directory", "expand", ctx, parts))
    return _people(service, ctx, parts["people"])


def _people(service: Service, ctx: Context, ids: list[str]) -> Expanded:
    """People alone need no question where they are known already."""
    known: dict[str, dict[str, Any]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        known |= service.people(ctx, ids[start : start + _AT_ONCE])
    found = [known[person] for person in ids if person in known]
    return Expanded(
        people=[person for person in found if person.get("active", True)],
        left=[person for person in found if not person.get("active", True)],
        unknown=[f"person:{person}" for person in ids if person not in known],
        names={f"person:{person['id']}": person["name"] for person in found},
    )


def _by_the_directory(told: dict[str, Any]) -> Expanded:
    names = {f"department:{each['id']}": each["name"] for each in told["dissolved"]}
    for person in (*told["people"], *told["left"]):
        names |= {f"{way['kind']}:{way['id']}": way["name"] for way in person["through"]}
    unknown = [f"{each['kind']}:{each['id']}" for each in told["unknown"]]
    return Expanded(told["people"], told["left"], unknown, told["dissolved"], names)


def named(role: str, receivers: Sequence[str], found: Expanded) -> list[dict[str, str]]:
    """The receivers as they are called. Raises `Invalid` for one there is not."""
    bad: dict[str, str] = {}
    shown = []
    for place, receiver in enumerate(receivers):
        kind, id_ = parted(receiver)
        if receiver in found.unknown:
            bad[f"{role}.{place}"] = f"unknown_{kind}"
        shown.append({"kind": kind, "id": id_, "name": found.names.get(receiver, "")})
    if bad:
        raise Invalid(bad)
    return list({(each["kind"], each["id"]): each for each in shown}.values())


def receivers(shown: Sequence[Mapping[str, Any]]) -> list[str]:
    """Named receivers as they are told by a client."""
    return [f"{each['kind']}:{each['id']}" for each in shown]
