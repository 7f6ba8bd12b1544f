"""Whom a memo reaches: everybody once, by whichever ways they were named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.memo import RECEIVERS_LIMIT
from shared.errors import Invalid
from shared.people import ref

Ref = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Expanded:
    """What the directory says of the receivers that were named in one role, in the order in which they were."""

    people: Sequence[Mapping[str, Any]] = ()
    left: Sequence[Mapping[str, Any]] = ()
    unknown: Sequence[str] = ()
    dissolved: Sequence[Mapping[str, Any]] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Addressed:
    """Who gets the memo as what; who left or is away, which departments there are no longer, whether to oneself too."""

    people: tuple[tuple[Ref, str], ...]
    left: tuple[Ref, ...]
    dissolved: tuple[dict[str, Any], ...]
    absent: tuple[dict[str, Any], ...]
    myself: bool

    def reach(self) -> dict[str, Any]:
        """As `Reach`."""
        told = {"left": list(self.left), "dissolved": list(self.dissolved), "absent": list(self.absent)}
        return {"receivers": len(self.people), "myself": self.myself, **told}


def addressed(to: Expanded, cc: Expanded, sender: str) -> Addressed:
    """Each person once, in the strongest role (to before cc); the sender is left out."""
    found: dict[str, tuple[Ref, str]] = {}
    away: dict[str, dict[str, Any]] = {}
    myself = False
    for role, expanded in (("to", to), ("cc", cc)):
        for person in expanded.people:
            if person["id"] == sender:
                myself = True
            elif person["id"] not in found:
                found[person["id"]] = (ref(person), role)
                if person.get("absent"):
                    away[person["id"]] = _away(person)
    left = {person["id"]: ref(person) for part in (to, cc) for person in part.left}
    dissolved = {each["id"]: {"id": each["id"], "name": each["name"]} for part in (to, cc) for each in part.dissolved}
    return Addressed(
        tuple(found.values()), tuple(left.values()), tuple(dissolved.values()), tuple(away.values()), myself
    )


def _away(person: Mapping[str, Any]) -> dict[str, Any]:
    absent = person["absent"]
    deputy = absent.get("deputy")
    told = {"reason": absent["reason"], "until": absent.get("until")}
    return {"person": ref(person), **told, "deputy": ref(deputy) if deputy else None}


def require_reachable(found: Addressed) -> None:
    """Raises `Invalid` (`to`) for a memo that reaches nobody, nobody but its sender, or too many."""
    if not found.people:
        raise Invalid({"to": "only_yourself" if found.myself else "nobody"})
    if len(found.people) > RECEIVERS_LIMIT:
        raise Invalid({"to": "too_many"}, f"at most {RECEIVERS_LIMIT}")


def problems(named: Mapping[str, Sequence[str]], expanded: Mapping[str, Expanded]) -> dict[str, str]:
    """What stands in the way of sending, by field: receivers there are not, departments there are no longer."""
    bad: dict[str, str] = {}
    for role, receivers in named.items():
        unknown = set(expanded[role].unknown)
        dissolved = {f"department:{each['id']}" for each in expanded[role].dissolved}
        for place, receiver in enumerate(receivers):
            if receiver in unknown:
                bad[f"{role}.{place}"] = f"unknown_{receiver.partition(':')[0]}"
            elif receiver in dissolved:
                bad[f"{role}.{place}"] = "dissolved_department"
    return bad


def once(receivers: Iterable[str]) -> list[str]:
    """Each of the named once, in the order first named."""
    return list(dict.fromkeys(receivers))
