"""The people of the schedule service's tests, and a directory that answers for them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from marshmallow import Schema

from services.schedule import calendars
from shared import audience
from shared.calendar import SEOUL
from shared.context import Context
from shared.errors import Problem
from shared.ids import new_id
from shared.testing import LocalService, context, new_person

Doc = dict[str, Any]
# A Tuesday morning in Seoul.
START = datetime(2026, 9, 1, 8, 0, tzinfo=SEOUL).astimezone(UTC)


def seoul(day: str, hour: str = "00:00") -> str:
    """A moment by the clock of Seoul, as a program tells it."""
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=SEOUL).isoformat()


def utc(day: str, hour: str = "00:00") -> str:
    """The same moment as the service tells it."""
    return datetime.fromisoformat(seoul(day, hour)).astimezone(UTC).isoformat()


def holds(schema: type[Schema], data: Any) -> None:
    """The data is a view of this schema: nothing missing, nothing unknown, nothing of another type."""
    assert schema().validate(data) == {}


class Office:
    """An office's people with their calendars."""

    def __init__(self, service: LocalService) -> None:
        self.service = service
        self.departments: dict[str, str] = {}
        service.now = START
        for method in ("save_absence", "change_absence"):
            service.answers[("directory", method)] = self._absence
        service.answers[("directory", "cancel_absence")] = lambda ctx, data: {**data, "cancelled": True}
        self.me = self.hire("총무과", "서나래")
        self.mate = self.hire("총무과", "송겨울")
        self.other = self.hire("기획과", "윤여름")
        self.boss = self.hire("시장실", "한시장", position="시장")
        self.admin = self.hire("정보과", "강정보")

    # -- people -------------------------------------------------------------------------------------

    def department(self, name: str) -> str:
        """The id of a department of this name."""
        return self.departments.setdefault(name, new_id())

    def hire(self, department: str, name: str, **changes: Any) -> Doc:
        """Somebody who works there."""
        person = new_person(name, department, department_id=self.department(department), **changes)
        self.service.people[person["id"]] = person
        return person

    def as_(self, person: Doc, *roles: str) -> Context:
        """Somebody, signed in."""
        names = ("name", "position", "department", "department_id")
        held = frozenset(roles) | ({"tenant_admin"} if person is self.admin else set())
        return context(person=person["id"], login="x", roles=held, **{name: person[name] for name in names})

    def _absence(self, ctx: Context, data: Doc) -> Doc:
        deputy = self.service.people.get(data["deputy"] or "")
        names = ("starts_at", "ends_at", "reason", "note")
        return {"id": data.get("id", new_id()), "deputy": deputy} | {name: data[name] for name in names}

    def later(self, day: str, hour: str = "00:00") -> None:
        """The time passes until then, by the clock of Seoul."""
        self.service.pass_until(datetime.fromisoformat(utc(day, hour)))

    # -- asking -------------------------------------------------------------------------------------

    def ask(self, person: Doc, method: str, /, **data: Any) -> Any:
        """What the service answers somebody."""
        return self.service.call(method, self.as_(person), data)

    def refused(self, person: Doc, method: str, /, **data: Any) -> Problem:
        """How the service refuses it."""
        with pytest.raises(Problem) as problem:
            self.ask(person, method, **data)
        return problem.value

    def enter(self, day: str, hour: str = "10:00", until: str = "11:00", by: Doc | None = None, **data: Any) -> Doc:
        """An entry of somebody's on a day."""
        times = {"starts_at": seoul(day, hour), "ends_at": seoul(day, until)}
        if data.get("all_day"):
            times = {"starts_at": day, "ends_at": data.pop("last")}
        made: Doc = self.ask(by or self.me, "create", **{"title": "업무 협의", **times, **data})
        return made

    def window(self, first: str, last: str, by: Doc | None = None, **asked: Any) -> list[Doc]:
        """What somebody sees from the first day until before the last."""
        found = self.ask(by or self.me, "entries", **{"from": first, "to": last, **asked})
        return list(found["items"])

    def starts(self, first: str, last: str, by: Doc | None = None, **asked: Any) -> list[str]:
        """When what they see begins, by the clock of Seoul: `MM-DD HH:MM`."""
        found = []
        for each in self.window(first, last, by, **asked):
            at = each["starts_at"]
            if each["all_day"]:
                found.append(at[5:])
            else:
                found.append(f"{datetime.fromisoformat(at).astimezone(SEOUL):%m-%d %H:%M}")
        return found

    def card(self, made: Doc | str, by: Doc | None = None, rid: str | None = None) -> Doc:
        """An entry, whole."""
        id_ = made if isinstance(made, str) else made["id"]
        found: Doc = self.ask(by or self.me, "entry", id=id_, rid=rid)
        return found

    def main(self, person: Doc) -> str:
        """The id of somebody's main calendar."""
        return calendars.main_of(context().tenant, person["id"])

    def department_calendar(self, name: str) -> str:
        """The id of a department's calendar."""
        return calendars.main_id(context().tenant, audience.department(self.department(name)))

    def room(self, name: str = "소회의실", **given: Any) -> str:
        """A room."""
        made: Doc = self.ask(self.admin, "save_room", name=name, **given)
        return str(made["id"])

    def import_(self, text: str | bytes, by: Doc | None = None, **given: Any) -> Doc:
        """A file taken in."""
        data = text if isinstance(text, bytes) else text.replace("\n", "\r\n").encode()
        content = base64.b64encode(data).decode()
        found: Doc = self.ask(by or self.me, "import_ics", content=content, **given)
        return found

    # -- looking ------------------------------------------------------------------------------------

    def notices(self, subject: Doc | str = "", code: str = "") -> list[tuple[str, str]]:
        """What people were told: names and codes, oldest first."""
        id_ = subject if isinstance(subject, str) else subject["id"]
        names = {person["id"]: person["name"] for person in self.service.people.values()}
        return [
            (names[notice["person"]], notice["code"])
            for event in self.service.events
            if event.type == "schedule.desk" and id_ in ("", event.subject)
            for notice in event.data["notices"]
            if code in ("", notice["code"])
        ]

    def todos(self, subject: str) -> dict[str, str]:
        """Who has what to do with a booking, by the name of the person."""
        told = [
            event.data for event in self.service.events if event.type == "schedule.desk" and event.subject == subject
        ]
        names = {person["id"]: person["name"] for person in self.service.people.values()}
        return {names[slot["person"]]: slot["todo"]["role"] for slot in told[-1]["slots"]}
