"""Valid calls of journals: a part of the memo service's example."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared.ids import new_id
from tests.support.examples import example
from tests.support.examples.example import Call, Doc, ref

FIELDS: list[Doc] = [
    {"key": "door", "type": "check", "label": "출입문"},
    {"key": "pressure", "type": "number", "label": "압력", "unit": "bar", "low": "2", "high": "4"},
    {"key": "note", "type": "text", "label": "특이 사항"},
    {"key": "photo", "type": "photo", "label": "사진"},
]
VALUES: Doc = {"door": {"result": "normal"}, "pressure": "2.50"}
EVERY_DAY: Doc = {"kind": "day", "days": "every", "opens": "00:00"}


def expanding(people: dict[str, Doc], departments: dict[str, list[str]] | None = None, **absent: Doc) -> Any:
    """What the directory answers to `expand`: these people, by departments, some of them `absent`."""

    def named(id_: str, kind: str, of: str) -> Doc:
        person = people[id_]
        away = absent.get(person["name"])
        return {**ref(person), "active": True, "absent": away, "through": [{"kind": kind, "id": of, "name": "이름"}]}

    def expand(_: Any, asked: Doc) -> Doc:
        found = {i: named(i, "person", i) for i in asked.get("people", ()) if i in people}
        for kind in ("departments", "groups"):
            for of in asked.get(kind, ()):
                for i in (departments or {}).get(of, ()):
                    through = {"kind": kind.removesuffix("s"), "id": of, "name": "이름"}
                    found.setdefault(i, named(i, through["kind"], of))["through"].append(through)
        unknown = [{"kind": "person", "id": i} for i in asked.get("people", ()) if i not in people]
        return {"people": list(found.values()), "left": [], "unknown": unknown, "dissolved": []}

    return expand


class Journals(example.Example):
    """Mix it into the example of the memo service. I write, administer as `keeper`, and somebody else verifies."""

    def prepare_journals(self) -> None:
        """The directory's answers, and who verifies."""
        self.keeper = self.context(roles=frozenset({"drafter", "tenant_admin"}))
        mine = {**self.me.person_ref, "active": True}
        self.service.people[self.me.person] = mine
        self.verifier = self.hire("박확인")
        self.service.answers[("directory", "expand")] = expanding(self.service.people)
        self.service.answers[("directory", "departments")] = lambda ctx, data: {"items": []}
        self.service.answers[("directory", "superiors")] = lambda ctx, data: {"deputy": None}

    def _journal_settings(self) -> Doc:
        writers = [f"person:{self.me.person}"]
        of = {"schedule": EVERY_DAY, "writers": writers, "verifiers": [self.verifier["id"]]}
        return {"title": "기계실 점검일지", "fields": FIELDS, **of}

    def _journal(self, **changes: Any) -> str:
        made: str = self.ask("save_journal", self.keeper, **{**self._journal_settings(), **changes})["id"]
        self.ask("publish_journal", self.keeper, id=made)
        return made

    def _entered(self, journal: str | None = None, *, days_ago: int = 0) -> Doc:
        day = (self.service.now.date() - timedelta(days=days_ago)).isoformat()
        asked = {"journal": journal or self._journal(), "values": VALUES, "day": day}
        return {"journal": asked["journal"], **self.ask("save_entry", **asked)}

    def save_journal(self) -> Call:
        return Call(self.keeper, self._journal_settings())

    def publish_journal(self) -> Call:
        return Call(
            self.keeper, {"id": self.ask("save_journal", self.keeper, **self._journal_settings())["id"], "note": "처음"}
        )

    def journal(self) -> Call:
        return Call(self.me, {"id": self._journal()})

    def journals(self) -> Call:
        for _ in range(6):
            self._journal()
        return Call(self.me, {})

    def journals_today(self) -> Call:
        self._journal()
        return Call(self.me, {})

    def journal_whereabouts(self) -> Call:
        return Call(self.me, {"id": self._entered()["id"]})

    def save_entry(self) -> Call:
        return Call(self.me, {"id": new_id(), "journal": self._journal(), "values": VALUES})

    def journal_entry(self) -> Call:
        return Call(self.me, {"id": self._entered()["id"]})

    def journal_entries(self) -> Call:
        journal = self._journal()
        for days_ago in range(6):
            self._entered(journal, days_ago=days_ago)
        return Call(self.me, {"journal": journal})

    def decide_entry(self) -> Call:
        return Call(self.as_(self.verifier), {"id": self._entered()["id"], "version": 1, "act": "verify"})

    def missing_entries(self) -> Call:
        return Call(self.me, {"journal": self._journal()})

    def journal_month(self) -> Call:
        people = [self.hire(f"작성{n}") for n in range(6)]
        journal = self._journal(writers=[f"person:{person['id']}" for person in people])
        for person in people:
            values = {"journal": journal, "values": VALUES, "day": "2026-03-02"}
            self.service.now = self.service.now.replace(year=2026, month=3, day=20)
            self.ask("save_entry", self.as_(person), **values)
        return Call(self.me, {"journal": journal, "month": "2026-03"})

    def journal_sheet(self) -> Call:
        written = self._entered()
        return Call(self.me, {"journal": written["journal"], "month": written["day"][:7]})

    def export_entries(self) -> Call:
        return self.journal_sheet()

    def sign_off_month(self) -> Call:
        return Call(self.as_(self.verifier), self.journal_sheet().data)

    def reopen_month(self) -> Call:
        signed = self.sign_off_month()
        self.ask("sign_off_month", ctx=signed.ctx, **signed.data)
        return Call(signed.ctx, {**signed.data, "reason": "빠진 일지가 있어 다시 엽니다."})

    def save_journal_place(self) -> Call:
        return Call(self.keeper, {"journal": self._journal(), "name": "지하 2층 기계실"})

    def journal_places(self) -> Call:
        made = self.save_journal_place().data
        self.ask("save_journal_place", self.keeper, **made)
        return Call(self.me, {"journal": made["journal"]})

    def scanned_place(self) -> Call:
        code = self.ask("save_journal_place", self.keeper, **self.save_journal_place().data)["code"]
        return Call(self.me, {"code": code})
