"""Who is named, as they are now: people, departments, groups, presenters and members become the people of a meeting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.meetings.domain.meeting import CHAIR, REQUIRED, SECRETARY, YES, Person, Ref
from shared import receivers
from shared.context import Context
from shared.contracts.meetings import PEOPLE_LIMIT
from shared.errors import Invalid

Doc = dict[str, Any]
Call = Callable[[str, str, Context, Any], Any]


@dataclass(frozen=True)
class Named:
    """What the directory said of who was named: people by what named them, in the order first named."""

    through: Mapping[tuple[str, str], Sequence[Ref]] = field(default_factory=dict)

    def person(self, id_: str) -> Ref:
        """Somebody who was named by id."""
        return self.through[("person", id_)][0]


def named(call: Call, ctx: Context, data: Doc, members: Sequence[Doc] = ()) -> Named:
    """Asks the directory who these are. Raises `Invalid`, with the path of each that cannot be invited.

    `members` of a committee who work here no longer are left out without a word.
    """
    paths = dict(_paths(data))
    asked = [id_ for kind, id_ in paths if kind == "person"]
    people = list(dict.fromkeys([*asked, *(str(each["person"]["id"]) for each in members)]))
    departments = [id_ for kind, id_ in paths if kind == "department"]
    groups = [id_ for kind, id_ in paths if kind == "group"]
    if not people and not departments and not groups:
        return Named()
    found = call("directory", "expand", ctx, {"people": people, "departments": departments, "groups": groups})
    if bad := dict(receivers.unreachable(paths.items(), found)):
        raise Invalid(bad)
    return Named(receivers.through(found))


def _paths(data: Doc) -> Iterator[tuple[tuple[str, str], str]]:
    """Each that is named, with the path of where."""
    for n, each in enumerate(data.get("agenda") or ()):
        if each["presenter"]:
            yield ("person", each["presenter"]), f"agenda.{n}.presenter"
    for n, id_ in enumerate(data.get("invite_groups") or ()):
        yield ("group", id_), f"invite_groups.{n}"
    for n, id_ in enumerate(data.get("invite_departments") or ()):
        yield ("department", id_), f"invite_departments.{n}"
    for n, each in enumerate(data.get("invite") or ()):
        yield ("person", each["person"]), f"invite.{n}.person"


def people(ctx: Context, data: Doc, found: Named, now: datetime, members: Sequence[Doc] = ()) -> tuple[Person, ...]:
    """Everybody on a new meeting, each once, who calls it first. Raises `Invalid` (`several_chairs`, `too_many`)."""
    roles = _roles(data, members)
    if list(roles.values()).count(CHAIR) > 1:
        raise Invalid({"invite": "several_chairs"})
    voting = {str(each["person"]["id"]) for each in members if each["role"] != SECRETARY}
    made = {ctx.person: Person(ctx.person_ref, _own_role(ctx, roles), answer=YES, since=now)}
    for each in _in_order(data, found, members):
        id_ = str(each["id"])
        if id_ not in made:
            made[id_] = Person(each, roles.get(id_, REQUIRED), since=now)
    if len(made) > PEOPLE_LIMIT + 1:
        raise Invalid({"invite": "too_many"})
    return tuple(_member(each, voting) for each in made.values())


def _member(person: Person, voting: set[str]) -> Person:
    return replace(person, member=True) if person.id in voting else person


def _roles(data: Doc, members: Sequence[Doc]) -> dict[str, str]:
    """The role of each person by id, those that were told before those of the committee."""
    told = told_roles(data)
    of_members = {str(each["person"]["id"]): REQUIRED if each["role"] == "member" else each["role"] for each in members}
    if CHAIR in told.values():
        of_members = {id_: REQUIRED if role == CHAIR else role for id_, role in of_members.items()}
    return of_members | told


def told_roles(data: Doc) -> dict[str, str]:
    """The roles that were told, by the id of the person."""
    return {each["person"]: each["role"] for each in data.get("invite") or () if each["role"]}


def _own_role(ctx: Context, roles: Doc) -> str:
    """Who calls a meeting chairs it, or writes its minutes, unless somebody else does."""
    if ctx.person in roles:
        return str(roles[ctx.person])
    taken = set(roles.values())
    return CHAIR if CHAIR not in taken else SECRETARY if SECRETARY not in taken else REQUIRED


def _in_order(data: Doc, found: Named, members: Sequence[Doc]) -> Iterator[Ref]:
    ways = [("person", str(each["person"]["id"])) for each in members]
    ways += [("person", each["person"]) for each in data.get("invite") or ()]
    ways += [("department", id_) for id_ in data.get("invite_departments") or ()]
    ways += [("group", id_) for id_ in data.get("invite_groups") or ()]
    ways += [("person", each["presenter"]) for each in data.get("agenda") or () if each["presenter"]]
    for way in ways:
        yield from found.through.get(way, ())
