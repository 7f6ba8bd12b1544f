"""The people of the requests service's tests, and a directory that answers for them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema

from shared.calendar import SEOUL
from shared.context import Context
from shared.ids import new_id
from shared.testing import LocalService, context, new_person

Doc = dict[str, Any]
# A Monday morning in Seoul.
START = datetime(2026, 5, 4, 9, 0, tzinfo=SEOUL).astimezone(UTC)
DISTRIBUTOR = "requests_distributor"


def seoul(day: str, hour: str = "00:00") -> datetime:
    """A moment by the clock of Seoul."""
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=SEOUL).astimezone(UTC)


def holds(schema: type[Schema], data: Any) -> None:
    """The data is a view of this schema: nothing missing, nothing unknown, nothing of another type."""
    assert schema().validate(data) == {}


class Town:
    """A town's departments and people, and the service of what they ask each other."""

    def __init__(self, service: LocalService) -> None:
        self.service = service
        self.departments: dict[str, str] = {}
        self.roles: dict[str, frozenset[str]] = {}
        self.heads: list[Doc] = []
        self.left: set[str] = set()
        self.dissolved: set[str] = set()
        service.now = START
        service.answers[("directory", "expand")] = self._expand
        service.answers[("directory", "holders")] = self._holders
        service.answers[("directory", "superiors")] = lambda ctx, data: {
            "deputy": None,
            "absent": None,
            "heads": self.heads,
        }
        self.boss = self.hire("시장실", "한시장", position="시장")
        self.worker = self.hire("총무과", "서나래")
        self.other = self.hire("총무과", "송겨울")
        self.third = self.hire("기획과", "윤여름")

    # -- people -------------------------------------------------------------------------------------

    def department(self, name: str) -> str:
        """The id of a department of this name."""
        return self.departments.setdefault(name, new_id())

    def hire(self, department: str, name: str, *roles: str, **changes: Any) -> Doc:
        """Somebody who works there."""
        person = new_person(name, department, department_id=self.department(department), **changes)
        self.service.people[person["id"]] = person
        self.roles[person["id"]] = frozenset({"drafter", *roles})
        return person

    def leave(self, person: Doc) -> None:
        """Somebody works here no longer."""
        self.left.add(person["id"])
        self.service.people[person["id"]] = {**person, "active": False}

    def as_(self, person: Doc, *roles: str) -> Context:
        """Somebody, signed in."""
        names = ("name", "position", "department", "department_id")
        held = self.roles.get(person["id"], frozenset()) | set(roles)
        return context(person=person["id"], login="x", roles=held, **{name: person[name] for name in names})

    def _expand(self, ctx: Context, data: Doc) -> Doc:
        people: dict[str, Doc] = {}
        left: list[Doc] = []
        unknown: list[Doc] = []
        gone: list[Doc] = []
        names = {id_: name for name, id_ in self.departments.items()}

        def add(person: Doc, way: Doc) -> None:
            kept = people.setdefault(person["id"], {**person, "absent": None, "through": []})
            kept["through"].append(way)

        for id_ in data["people"]:
            person = self.service.people.get(id_)
            if person is None:
                unknown.append({"kind": "person", "id": id_})
            elif id_ in self.left:
                left.append(person)
            else:
                add(person, {"kind": "person", "id": id_, "name": person["name"]})
        for id_ in data["departments"]:
            if id_ in self.dissolved:
                gone.append({"id": id_, "name": names[id_]})
            elif id_ not in names:
                unknown.append({"kind": "department", "id": id_})
            for person in [p for p in self.service.people.values() if p["department_id"] == id_ and p["active"]]:
                add(person, {"kind": "department", "id": id_, "name": names[id_]})
        unknown += [{"kind": "group", "id": id_} for id_ in data["groups"]]
        return {"people": list(people.values()), "left": left, "unknown": unknown, "dissolved": gone}

    def _holders(self, ctx: Context, data: Doc) -> Doc:
        found = [
            {"department": person["department_id"], "person": person}
            for person in self.service.people.values()
            if person["department_id"] in data["departments"] and data["role"] in self.roles[person["id"]]
        ]
        return {"items": found}

    # -- requests -----------------------------------------------------------------------------------

    def ask(self, *assignees: Doc, by: Doc | None = None, **given: Any) -> Doc:
        """A request to these people, or as `assignees` say."""
        named = given.pop("assignees", [{"person": person["id"]} for person in assignees])
        data = {"title": "자료 제출", "assignees": named, **given}
        made: Doc = self.service.call("create", self.as_(by or self.boss), data)
        return made

    def act(self, person: Doc, made: Doc | str, act: str, **given: Any) -> Doc:
        """An act of somebody."""
        id_ = made if isinstance(made, str) else made["id"]
        done: Doc = self.service.call("act", self.as_(person), {"id": id_, "act": act, **given})
        return done

    def card(self, made: Doc | str, by: Doc | None = None) -> Doc:
        """The request, whole."""
        id_ = made if isinstance(made, str) else made["id"]
        found: Doc = self.service.call("card", self.as_(by or self.boss), {"id": id_})
        return found

    def box(self, person: Doc, box: str = "received", **asked: Any) -> list[Doc]:
        """The rows of somebody's list."""
        page = self.service.call("box", self.as_(person), {"box": box, **asked})
        return list(page["items"])

    def handed_in(self, made: Doc, *people: Doc) -> None:
        """These accept and hand in, the lead last."""
        for person in people:
            self.act(person, made, "accept")
        for person in people:
            self.act(person, made, "hand_in", text="했습니다")

    # -- looking ------------------------------------------------------------------------------------

    def todos(self, made: Doc | str) -> dict[str, str]:
        """Who has what to do with a request, by the name of the person."""
        id_ = made if isinstance(made, str) else made["id"]
        told = [event.data for event in self.service.events if event.type == "requests.desk" and event.subject == id_]
        names = {person["id"]: person["name"] for person in self.service.people.values()}
        return {names[slot["person"]]: slot["todo"]["role"] for slot in told[-1]["slots"]}

    def notices(self, made: Doc | str, code: str = "") -> list[tuple[str, str]]:
        """What people were told of a request: names and codes, oldest first."""
        id_ = made if isinstance(made, str) else made["id"]
        names = {person["id"]: person["name"] for person in self.service.people.values()}
        return [
            (names[notice["person"]], notice["code"])
            for event in self.service.events
            if event.type == "requests.desk" and event.subject == id_
            for notice in event.data["notices"]
            if code in ("", notice["code"])
        ]

    def actions(self, made: Doc | str) -> list[str]:
        """What happened, the oldest first."""
        return [entry["action"] for entry in reversed(self.card(made)["history"])]
