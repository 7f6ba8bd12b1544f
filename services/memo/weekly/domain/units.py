"""Who reports in a department: its people to its head, the heads of what is right below it to the head above.

Decisions of our own: somebody belongs where they are when the reports are due, and until then the report goes with
them. Who is away then is not missing; a head who is away is where nobody stands in. A department without a head is
joined by the head above. One right below that joins no reports is reported on by its head alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from shared.people import ref


@dataclass(frozen=True, slots=True)
class Reporter:
    """A unit that reports: a person, or a department by its head. `absent` is why the writer is away."""

    kind: str
    unit: str
    name: str
    writer: dict[str, Any]
    deputy: dict[str, Any] | None
    absent: str | None

    @property
    def excused(self) -> str | None:
        """Why it is not missing where it has not come."""
        return None if self.deputy else self.absent


def joint(unit: Mapping[str, Any]) -> Reporter | None:
    """The department (`UnitView`) by its head, or by the head above; None where there is neither."""
    return _department(unit["id"], unit["name"], unit["heads"][0]) if unit["heads"] else None


def reporters(unit: Mapping[str, Any], planned: Collection[str]) -> list[Reporter]:
    """Who reports in a department that has a head. `planned` are those below that join reports themselves."""
    head = unit["heads"][0]
    people = [_person(each) for each in unit["people"] if each["id"] != head["id"]]
    below = [each for each in unit["below"] if each["id"] in planned or _reports(each["head"], head)]
    return [*people, *(_department(each["id"], each["name"], each["head"] or head) for each in below)]


def _reports(own: Mapping[str, Any] | None, head: Mapping[str, Any]) -> bool:
    return own is not None and own["id"] != head["id"]


def _person(each: Mapping[str, Any]) -> Reporter:
    return Reporter("person", each["id"], each["name"], ref(each), None, _reason(each))


def _department(id_: str, name: str, head: Mapping[str, Any]) -> Reporter:
    deputy = head["deputy"] if head["absent"] else None
    return Reporter("department", id_, name, ref(head), ref(deputy) if deputy else None, _reason(head))


def _reason(each: Mapping[str, Any]) -> str | None:
    return each["absent"]["reason"] if each["absent"] else None
