"""The people and the journal of the tests: who writes, who verifies, who manages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from services.memo.service import MemoService
from shared.context import Context
from shared.errors import Problem
from shared.testing import LocalService, context, new_person
from tests.support.examples.example import ref
from tests.support.examples.journals import EVERY_DAY, FIELDS, VALUES, expanding

Doc = dict[str, Any]
SEOUL = timedelta(hours=9)
NIGHT: Doc = {
    "kind": "shift",
    "days": "every",
    "shifts": [
        {"key": "day", "name": "주간", "starts": "06:00", "ends": "22:00"},
        {"key": "night", "name": "야간", "starts": "22:00", "ends": "06:00"},
    ],
}


def at(text: str) -> datetime:
    """A moment by the clock of Seoul: `2026-05-31 23:50`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - SEOUL


def as_(person: Doc, **changes: Any) -> Context:
    """The person, signed in."""
    fields = {name: person[name] for name in ("name", "position", "department", "department_id")}
    return context(**{"person": person["id"], "login": "x", **fields, **changes})


class Office:
    """A service with a journal of every day, two who write, one who verifies, and an administrator."""

    def __init__(self, service: LocalService) -> None:
        self.service = service
        service.now = at("2026-05-20 09:00")
        self.admin = context(roles=frozenset({"tenant_admin"}))
        service.people[self.admin.person] = {**self.admin.person_ref, "active": True}
        self.writer, self.other, self.verifier = map(self.hire, ("김작성", "최작성", "박확인"))
        self.deputies: dict[str, Doc] = {}
        self.departments: dict[str, list[str]] = {}
        self.away()
        service.answers[("directory", "departments")] = lambda ctx, data: {"items": []}
        service.answers[("directory", "superiors")] = lambda ctx, data: {"deputy": self.deputies.get(data["person"])}

    def away(self, **absent: Doc) -> None:
        """Who is absent from now on, by name."""
        self.service.answers[("directory", "expand")] = expanding(self.service.people, self.departments, **absent)

    def hire(self, name: str) -> Doc:
        person = new_person(name)
        self.service.people[person["id"]] = person
        return person

    def settings(self, **changes: Any) -> Doc:
        writers = [f"person:{person['id']}" for person in (self.writer, self.other)]
        of = {"schedule": EVERY_DAY, "writers": writers, "verifiers": [self.verifier["id"]]}
        return {"title": "기계실 점검일지", "fields": FIELDS, **of, **changes}

    def journal(self, **changes: Any) -> str:
        """A new journal in use."""
        made: str = self.service.call("save_journal", self.admin, self.settings(**changes))["id"]
        self.service.call("publish_journal", self.admin, {"id": made, "note": ""})
        return made

    def write(self, journal: str, person: Doc | None = None, **fields: Any) -> Doc:
        asked = {"journal": journal, "values": VALUES, **fields}
        done: Doc = self.service.call("save_entry", as_(person or self.writer), asked)
        return done

    def decide(self, entry: str, version: int = 1, act: str = "verify", by: Doc | None = None, **more: Any) -> Doc:
        asked = {"id": entry, "version": version, "act": act, **more}
        done: Doc = self.service.call("decide_entry", as_(by or self.verifier), asked)
        return done

    def entry(self, entry: str, by: Doc | None = None) -> Doc:
        found: Doc = self.service.call("journal_entry", as_(by or self.verifier), {"id": entry})
        return found

    def sheet(self, journal: str, month: str = "2026-05", **more: Any) -> Doc:
        asked = {"journal": journal, "month": month, **more}
        found: Doc = self.service.call("journal_sheet", as_(self.verifier), asked)
        return found

    def refused(self, method: str, person: Doc | Context, **data: Any) -> Problem:
        """The problem with which a call is refused."""
        try:
            self.service.call(method, person if isinstance(person, Context) else as_(person), data)
        except Problem as problem:
            return problem
        raise AssertionError(f"{method} was not refused")

    def desk(self) -> dict[tuple[str, str, str], Doc]:
        """What is on whose desk: the to-dos by subject, person and kind, as the desk would keep them."""
        kept: dict[tuple[str, str, str], tuple[int, Doc | None]] = {}
        for event in self.service.events:
            if event.type != "memo.desk":
                continue
            told = event.data
            for key, (sequence, _) in list(kept.items()):
                if key[0] == told["subject"] and told["clear"] is not None and sequence < told["clear"]:
                    kept[key] = (told["clear"], None)
            for slot in told["slots"]:
                kept[(told["subject"], slot["person"], slot["kind"])] = (told["sequence"], slot["todo"])
        return {key: todo for key, (_, todo) in kept.items() if todo}

    def todos(self, person: Doc) -> list[tuple[str, str]]:
        """Kind and role of each to-do of a person."""
        return sorted((kind, todo["role"]) for (_, who, kind), todo in self.desk().items() if who == person["id"])

    def notices(self, code: str) -> list[Doc]:
        told = [event.data for event in self.service.events if event.type == "memo.desk"]
        return [notice for each in told for notice in each["notices"] if notice["code"] == code]


@contextmanager
def office() -> Iterator[Office]:
    """An office for one test."""
    with LocalService(MemoService) as service:
        yield Office(service)


__all__ = ["FIELDS", "NIGHT", "VALUES", "Doc", "Office", "as_", "at", "office", "ref"]
