"""Who is named as an assignee, as they are now: people, departments, groups become the parts of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.requests.domain.request import ACCEPT, ASSIGN, Part
from services.requests.domain.states import ACCEPTED, ASKED
from shared import receivers
from shared.context import Context
from shared.contracts.requests import ASSIGNEES_LIMIT
from shared.errors import Invalid
from shared.people import ref
from shared.receivers import KINDS

Doc = dict[str, Any]
Call = Callable[[str, str, Context, Any], Any]
# So many of a department without a distributor are offered what it is asked.
_MOST_OFFERED = 500


@dataclass(frozen=True)
class Named:
    """What the directory said of who was named: people by what named them, distributors by department."""

    through: Mapping[tuple[str, str], Sequence[Doc]]
    names: Mapping[str, str]
    distributors: Mapping[str, Sequence[Doc]]


def named(call: Call, ctx: Context, assignees: Sequence[Doc], field: str = "assignees") -> Named:
    """Asks the directory who these are. Raises `Invalid`, with the path of each that cannot be asked."""
    bad = dict(_malformed(ctx, assignees, field))
    if bad:
        raise Invalid(bad)
    asked: dict[str, list[str]] = {kind: [] for kind in KINDS.values()}
    for assignee in assignees:
        kind = _kind(assignee)
        asked[KINDS[kind]].append(assignee[kind])
    found = call("directory", "expand", ctx, asked)
    bad = dict(receivers.unreachable(_paths(assignees, field), found))
    if bad:
        raise Invalid(bad)
    names = {way["id"]: way["name"] for person in found["people"] for way in person["through"]}
    departments = asked["departments"]
    return Named(receivers.through(found), names, _distributors(call, ctx, departments) if departments else {})


def _distributors(call: Call, ctx: Context, departments: list[str]) -> dict[str, list[Doc]]:
    answer = call("directory", "holders", ctx, {"role": "requests_distributor", "departments": departments})
    found: dict[str, list[Doc]] = {}
    for item in answer["items"]:
        found.setdefault(item["department"], []).append(ref(item["person"]))
    return found


def _kind(assignee: Doc) -> str:
    return next(kind for kind in KINDS if assignee[kind])


def _malformed(ctx: Context, assignees: Sequence[Doc], field: str) -> Iterator[tuple[str, str]]:
    if not assignees:
        yield field, "required"
    for n, assignee in enumerate(assignees):
        path = field if field == "to" else f"{field}.{n}"
        if assignee["tenant"] and assignee["tenant"] != ctx.tenant:
            yield f"{path}.tenant", "other_organisation"
        elif sum(bool(assignee[kind]) for kind in KINDS) != 1:
            yield path, "one_of_person_department"
    if sum(assignee["lead"] for assignee in assignees) > 1:
        yield field, "several_leads"


def _paths(assignees: Sequence[Doc], field: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Each that is named, with the path of where."""
    for n, assignee in enumerate(assignees):
        kind = _kind(assignee)
        yield (kind, assignee[kind]), f"{field}.{kind}" if field == "to" else f"{field}.{n}.{kind}"


def parts(assignees: Sequence[Doc], found: Named, asker: str, now: datetime, *, pool: bool) -> tuple[Part, ...]:
    """The parts of a request to these assignees, each person once. Raises `Invalid` (`oneself`, `too_many`, …)."""
    if pool:
        return (_pool(assignees, found, asker, now),)
    made: list[Part] = []
    seen: set[str] = set()
    for n, assignee in enumerate(assignees):
        kind = _kind(assignee)
        people = list(found.through[(kind, assignee[kind])])
        if kind == "person" and people[0]["id"] == asker:
            raise Invalid({f"assignees.{n}.person": "oneself"})
        if kind == "department":
            made.append(department(assignee["department"], found, asker, now, number=len(made) + 1))
            people = []
        for person in people:
            if person["id"] not in seen and person["id"] != asker:
                seen.add(person["id"])
                made.append(Part(len(made) + 1, False, ASKED, now, person))
    if not made:
        raise Invalid({"assignees": "nobody"})
    if len(made) > ASSIGNEES_LIMIT:
        raise Invalid({"assignees": "too_many"})
    return _led(made, assignees)


def _pool(assignees: Sequence[Doc], found: Named, asker: str, now: datetime) -> Part:
    if any(assignee["department"] for assignee in assignees):
        raise Invalid({"pool": "not_for_departments"})
    each = {p["id"]: p for a in assignees for p in found.through[(_kind(a), a[_kind(a)])] if p["id"] != asker}
    if not each:
        raise Invalid({"assignees": "nobody"})
    if len(each) > ASSIGNEES_LIMIT:
        raise Invalid({"assignees": "too_many"})
    return Part(1, True, ASKED, now, candidates=tuple(each.values()), offers=ACCEPT)


def department(id_: str, found: Named, asker: str, now: datetime, *, number: int) -> Part:
    """A part for a department: its distributors give it to somebody; without any, whoever is first takes it."""
    distributors = found.distributors.get(id_, ())
    people = distributors or [p for p in found.through[("department", id_)] if p["id"] != asker][:_MOST_OFFERED]
    if not people:
        raise Invalid({"assignees": "nobody"})
    offers = ASSIGN if distributors else ACCEPT
    where = {"id": id_, "name": found.names[id_]}
    return Part(number, False, ASKED, now, department=where, candidates=tuple(people), offers=offers)


def _led(made: list[Part], assignees: Sequence[Doc]) -> tuple[Part, ...]:
    """The first one leads, unless another was named: by its person, or its department."""
    lead = next((a for a in assignees if a["lead"]), None)
    first = made[0]
    if lead:
        ids = {lead["person"], lead["department"]}
        mine = (p for p in made if (p.person or p.department or {}).get("id") in ids)
        first = next(mine, first)
    return tuple(replace(part, lead=True) if part is first else part for part in made)


def spoken(parts_: tuple[Part, ...], receiver: str) -> tuple[Part, ...]:
    """Who enters what was said to them has accepted it. Raises `Invalid` where they are not among the assignees."""
    if not any(part.is_held_by(receiver) for part in parts_):
        raise Invalid({"assignees": "without_oneself"})
    return tuple(replace(p, state=ACCEPTED) if p.is_held_by(receiver) else p for p in parts_)
