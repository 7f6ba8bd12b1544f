"""The people of the meetings service's tests, a directory that answers for them, and rooms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import Schema

from shared.calendar import SEOUL
from shared.context import Context, system
from shared.errors import Conflict, Problem
from shared.ids import new_id
from shared.testing import TENANT, LocalService, context, new_person

Doc = dict[str, Any]
# A Monday morning in Seoul.
START = datetime(2026, 5, 4, 9, 0, tzinfo=SEOUL).astimezone(UTC)


def seoul(day: str, hour: str = "00:00") -> datetime:
    """A moment by the clock of Seoul."""
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=SEOUL).astimezone(UTC)


def holds(schema: type[Schema], data: Any) -> None:
    """The data is a view of this schema: nothing missing, nothing unknown, nothing of another type."""
    assert schema().validate(data) == {}


class Town:
    """A town's departments and people, a room, and the service of their meetings."""

    def __init__(self, service: LocalService) -> None:
        self.service = service
        self.departments: dict[str, str] = {}
        self.roles: dict[str, frozenset[str]] = {}
        self.left: set[str] = set()
        self.room = new_id()
        self.taken: set[str] = set()
        self.holds: list[Doc] = []
        service.now = START
        service.answers[("directory", "expand")] = self._expand
        service.answers[("schedule", "hold")] = self._hold
        self.boss = self.hire("총무과", "한과장", position="과장")
        self.clerk = self.hire("총무과", "서나래")
        self.other = self.hire("기획과", "송겨울")
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

    def as_(self, person: Doc, *roles: str) -> Context:
        """Somebody, signed in."""
        names = ("name", "position", "department", "department_id")
        held = self.roles.get(person["id"], frozenset()) | set(roles)
        return context(person=person["id"], login="x", roles=held, **{name: person[name] for name in names})

    def _expand(self, ctx: Context, data: Doc) -> Doc:
        people: dict[str, Doc] = {}
        names = {id_: name for name, id_ in self.departments.items()}

        def add(person: Doc, way: Doc) -> None:
            people.setdefault(person["id"], {**person, "absent": None, "through": []})["through"].append(way)

        there = self.service.people
        known = [there[id_] for id_ in data["people"] if id_ in there]
        for person in known:
            if person["id"] not in self.left:
                add(person, {"kind": "person", "id": person["id"], "name": person["name"]})
        for id_ in data["departments"]:
            for person in [p for p in there.values() if p["department_id"] == id_ and p["active"]]:
                add(person, {"kind": "department", "id": id_, "name": names[id_]})
        unknown = [{"kind": "person", "id": id_} for id_ in data["people"] if id_ not in there]
        unknown += [{"kind": "department", "id": id_} for id_ in data["departments"] if id_ not in names]
        unknown += [{"kind": "group", "id": id_} for id_ in data["groups"]]
        left = [person for person in known if person["id"] in self.left]
        return {"people": list(people.values()), "left": left, "unknown": unknown, "dissolved": []}

    # -- rooms --------------------------------------------------------------------------------------

    def lose(self, booking: str, state: str = "refused") -> None:
        """The schedule tells that a booking is none any more."""
        told = {"booking": booking, "noun": "meetings", "subject": new_id(), "resource": new_id(), "state": state}
        self.service.deliver("schedule.booking", {**told, "sequence": 2}, context(), subject=booking)

    def _hold(self, ctx: Context, data: Doc) -> Doc:
        """As the schedule holds a room: all of the periods, or those that are free where the others are skipped."""
        self.holds.append(data)
        clashes = [each for each in data["periods"] if each["starts_at"] in self.taken]
        if clashes and not data["skip"]:
            raise Conflict("room-taken", clashes=clashes, others=[])
        booked = [each for each in data["periods"] if each not in clashes]
        skipped = [{**each, "reason": "taken"} for each in clashes]
        return {"booking": new_id(), "room": "대회의실", "state": "held", "booked": booked, "skipped": skipped}

    # -- meetings -----------------------------------------------------------------------------------

    def call(self, *people: Doc, by: Doc | None = None, **given: Any) -> Doc:
        """A meeting of these people on Friday at ten, for an hour."""
        starts = given.pop("starts_at", seoul("2026-05-08", "10:00"))
        ends = given.pop("ends_at", starts + timedelta(hours=1))
        times = {"starts_at": starts.isoformat(), "ends_at": ends.isoformat()}
        invite = given.pop("invite", [person["id"] for person in people])
        data = {"title": "주간 회의", **times, "invite": invite, **given}
        made: Doc = self.service.call("create", self.as_(by or self.boss), data)
        return made

    def ask(self, method: str, who: Doc, made: Doc | str, /, **given: Any) -> Any:
        """Anything that is asked of a meeting."""
        id_ = made if isinstance(made, str) else made["id"]
        return self.service.call(method, self.as_(who), {"id": id_, **given})

    def act(self, person: Doc, made: Doc | str, act: str, **given: Any) -> Doc:
        """An act of somebody."""
        done: Doc = self.ask("act", person, made, act=act, **given)
        return done

    def card(self, made: Doc | str, by: Doc | None = None) -> Doc:
        """The meeting, whole."""
        found: Doc = self.ask("card", by or self.boss, made)
        return found

    def box(self, person: Doc, **asked: Any) -> list[Doc]:
        """The rows of somebody's list."""
        return list(self.service.call("box", self.as_(person), asked)["items"])

    def held(self, *people: Doc, present: tuple[Doc, ...] | None = None, **given: Any) -> Doc:
        """A meeting that has begun, with these present."""
        made = self.call(*people, **given)
        self.act(self.boss, made, "open")
        there = people if present is None else present
        marks = [{"person": person["id"], "present": person in there} for person in people]
        if marks:
            self.ask("attend", self.boss, made, people=marks)
        return made

    def confirming(self, *people: Doc, **given: Any) -> Doc:
        """A meeting whose minutes are being confirmed until the Friday after."""
        made = self.held(*people, **given)
        self.ask("write_minutes", self.boss, made, body="<p>논의한 내용</p>")
        self.act(self.boss, made, "end")
        self.act(self.boss, made, "ask_confirmation", due=seoul("2026-05-15", "18:00").isoformat())
        return made

    def refused(self, method: str, who: Doc, made: Doc | str, /, **given: Any) -> Problem:
        """Why something is refused; it has to be."""
        try:
            self.ask(method, who, made, **given)
        except Problem as problem:
            return problem
        raise AssertionError(f"{method} was not refused")

    def mail(self, method: str, **data: Any) -> Any:
        """What the courier asks."""
        return self.service.call(method, system(TENANT), data)

    # -- looking ------------------------------------------------------------------------------------

    def _told(self, made: Doc | str) -> list[Doc]:
        id_ = made if isinstance(made, str) else made["id"]
        return [event.data for event in self.service.events if event.type == "meetings.desk" and event.subject == id_]

    def todos(self, made: Doc | str) -> dict[str, str]:
        """Who has what to do with a meeting, by the name of the person, as a desk would have it."""
        names = {person["id"]: person["name"] for person in self.service.people.values()}
        found: dict[str, str] = {}
        for told in sorted(self._told(made), key=lambda each: int(each["sequence"])):
            if told["clear"] is not None:
                found = {}
            for slot in told["slots"]:
                found.pop(names[slot["person"]], None)
                if slot["todo"]:
                    found[names[slot["person"]]] = slot["todo"]["role"]
        return found

    def notices(self, made: Doc | str) -> list[tuple[str, str]]:
        """What people were told of a meeting: names and codes, oldest first."""
        names = {person["id"]: person["name"] for person in self.service.people.values()}
        return [(names[each["person"]], each["code"]) for told in self._told(made) for each in told["notices"]]

    def scheduled(self, made: Doc | str) -> list[Doc]:
        """What calendars were told of a meeting, oldest first."""
        id_ = made if isinstance(made, str) else made["id"]
        return [e.data for e in self.service.events if e.type == "meetings.scheduled" and e.subject == id_]

    def item(self, made: Doc | str) -> Doc:
        """What the catalogue has of a meeting."""
        id_ = made if isinstance(made, str) else made["id"]
        told = [e.data for e in self.service.events if e.type == "meetings.item" and e.subject == id_]
        return dict(max(told, key=lambda each: int(each["sequence"])))
