"""An office that reports: a bureau (행정국) with two departments below it, one of which joins reports itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from services.memo.service import MemoService
from shared.context import Context
from shared.ids import new_id
from shared.testing import LocalService, context, new_person

Doc = dict[str, Any]
# Sunday, 2026-06-28 12:00 in Seoul: the week of Monday the 29th is the next one.
START = datetime(2026, 6, 28, 3, tzinfo=UTC)
# Friday, 2026-07-03 18:00 in Seoul, when the reports of that week are due.
DUE = datetime(2026, 7, 3, 9, tzinfo=UTC)
MONDAY = datetime(2026, 6, 28, 15, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
_REF = ("id", "name", "position", "department", "department_id")


class Office:
    """The directory's part: departments with their people, changed as a test likes."""

    def __init__(self, service: LocalService) -> None:
        self.service = service
        self.departments: dict[str, Doc] = {}
        self.away: dict[str, Doc] = {}
        service.answers[("directory", "unit")] = lambda _, asked: self.unit(asked["id"])
        service.answers[("directory", "departments")] = lambda *_: {"items": self.tree()}

    def department(self, name: str, above: str | None = None, head: str | None = None) -> str:
        """A department; with `head` one of this name heads it."""
        id_ = new_id()
        kept = {"id": id_, "name": name, "parent": above, "head": None, "people": [], "abolished": False}
        self.departments[id_] = kept
        if head:
            kept["head"] = self.hire(head, id_, "과장")
        return id_

    def hire(self, name: str, department: str, position: str = "주무관") -> Doc:
        """Somebody of a department."""
        kept = self.departments[department]
        person = new_person(name, kept["name"], department_id=department, position=position)
        kept["people"].append(person)
        return person

    def move(self, person: Doc, department: str | None) -> None:
        """Somebody goes to another department, or leaves."""
        for kept in self.departments.values():
            kept["people"] = [each for each in kept["people"] if each["id"] != person["id"]]
        if department:
            kept = self.departments[department]
            person |= {"department": kept["name"], "department_id": department}
            kept["people"].append(person)

    def head(self, department: str) -> Doc:
        found: Doc = self.departments[department]["head"]
        return found

    def unit(self, id_: str) -> Doc:
        """As `directory.unit` answers."""
        kept = self.departments[id_]
        below = [each for each in self.departments.values() if each["parent"] == id_ and not each["abolished"]]
        return {
            **{name: kept[name] for name in ("id", "name", "parent", "abolished")},
            "heads": [self._seen(head) for head in self._heads(kept)],
            "people": [self._seen(person) for person in kept["people"]],
            "below": [
                {"id": each["id"], "name": each["name"], "head": self._seen(each["head"]) if each["head"] else None}
                for each in below
            ],
        }

    def tree(self) -> list[Doc]:
        """As `directory.departments` answers."""
        names = ("id", "name", "parent", "head", "abolished")
        return [{**{name: each[name] for name in names}, "depth": 0} for each in self.departments.values()]

    def _heads(self, kept: Doc | None) -> Iterable[Doc]:
        while kept is not None:
            if kept["head"]:
                yield kept["head"]
            kept = self.departments.get(kept["parent"] or "")

    def _seen(self, person: Doc) -> Doc:
        away = self.away.get(person["id"])
        absent = {"reason": away["reason"], "until": "2026-07-31T00:00:00Z"} if away else None
        deputy = away["deputy"] if away else None
        return {**ref(person), "absent": absent, "deputy": ref(deputy) if deputy else None}


def ref(person: Doc) -> Doc:
    return {name: person[name] for name in _REF}


def opened() -> tuple[LocalService, Office]:
    """The service on a Sunday, with a directory that a test fills."""
    service = LocalService(MemoService)
    service.now = START
    return service, Office(service)


def as_(person: Doc) -> Context:
    """Somebody, signed in."""
    names = ("name", "position", "department", "department_id")
    return context(person=person["id"], **{name: person[name] for name in names})


def plan(service: LocalService, by: Doc, department: str, cadence: str = "week", **changes: Any) -> Doc:
    """The department reports, until Friday at 18:00 or the end of the month unless told otherwise."""
    found: Doc = service.call("save_weekly_plan", as_(by), {"department": department, "cadence": cadence, **changes})
    return found


def mine(service: LocalService, person: Doc, number: int = 0, kind: str = "") -> Doc:
    """The newest report that somebody writes, or an earlier one."""
    items = service.call("weekly_reports", as_(person), {"limit": 100})["items"]
    found: Doc = [each for each in items if not kind or each["kind"] == kind][number]
    return found


def view(service: LocalService, person: Doc, id_: str) -> Doc:
    found: Doc = service.call("weekly_report", as_(person), {"id": id_})
    return found


def line(text: str, section: str = "this", **more: Any) -> Doc:
    return {"section": section, "text": text, **more}


def kept(lines: Iterable[Doc]) -> list[Doc]:
    """Lines as they are shown, as they are given again."""
    names = ("id", "section", "text", "cards", "left_out", "merged_into")
    return [{name: each[name] for name in names} for each in lines]


def write(service: LocalService, person: Doc, *added: Doc, id_: str = "") -> Doc:
    """Somebody adds lines to the newest report, or to this one."""
    id_ = id_ or mine(service, person)["id"]
    now = view(service, person, id_)
    data = {"id": id_, "version": now["version"], "lines": [*kept(now["lines"]), *added]}
    found: Doc = service.call("save_weekly_lines", as_(person), data)
    return found


def submit(service: LocalService, person: Doc, *added: Doc, id_: str = "") -> str:
    """Somebody writes lines and hands in; the report."""
    id_ = id_ or mine(service, person)["id"]
    if added:
        write(service, person, *added, id_=id_)
    service.call("submit_weekly", as_(person), {"id": id_})
    return id_


def take(service: LocalService, head: Doc, id_: str) -> Doc:
    service.call("take_weekly", as_(head), {"id": id_})
    return view(service, head, id_)


def told(service: LocalService, code: str) -> list[str]:
    """Whom a notice of this code was told, in order."""
    every = [notice for event in service.events if event.type == "memo.desk" for notice in event.data["notices"]]
    return [notice["person"] for notice in every if notice["code"] == code]


def on_desks(service: LocalService) -> set[tuple[str, str]]:
    """Who has a to-do of which report, as the last event of each says."""
    found: dict[str, list[Doc]] = {}
    for event in service.events:
        if event.type == "memo.desk":
            found[event.data["subject"]] = event.data["slots"]
    return {(slot["person"], subject) for subject, slots in found.items() for slot in slots}
