"""Valid calls of the approval service."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from shared.context import system
from shared.ids import new_id
from tests.support.examples import example
from tests.support.examples.example import Call, Told, ref

_AT = datetime(2026, 3, 2, tzinfo=UTC).isoformat()


class Example(example.Example):
    """Documents of mine before somebody who decides."""

    answer_for_unknown = frozenset({"route"})

    def prepare(self) -> None:
        self.decider = self.hire("이결정")

    def _submitted(self, document: str, submission: int = 1) -> Told:
        told = {
            "document": document,
            "submission": submission,
            "version": submission + 1,
            "content_hash": "a" * 64,
            "title": "청사 보수 계획",
            "drafter": self.me.person_ref,
            "reading_scope": "organisation",
            "disclosure": {"class": "open", "clauses": [], "reason": ""},
            "line": [{"person": ref(self.decider), "role": "decide", "parallel": False}],
            "submitted_at": _AT,
        }
        return Told("documents.submitted", document, told)

    def _under_way(self) -> str:
        told = self._submitted(new_id())
        self.service.deliver(told.type, told.data, self.me, subject=told.subject)
        return told.subject

    def story(self) -> list[Told]:
        self.told = [self._submitted(new_id()) for _ in range(3)]
        return self.told

    def view(self) -> Any:
        routes = [self.ask("route", document=told.subject) for told in self.told]
        return [(r["state"], [(s["role"], s["state"]) for s in r["submissions"][0]["steps"]]) for r in routes]

    def decide(self) -> Call:
        return Call(self.as_(self.decider), {"document": self._under_way(), "action": "approve", "opinion": "좋습니다"})

    def withdraw(self) -> Call:
        return Call(self.me, {"document": self._under_way(), "reason": "고치려고"})

    def route(self) -> Call:
        return Call(self.me, {"document": self._under_way()})

    def box(self) -> Call:
        for _ in range(6):
            self._under_way()
        return Call(self.as_(self.decider), {"box": "received"})

    def save_line(self) -> Call:
        return Call(self.me, {"name": "늘 쓰는 선", "steps": [{"person": self.decider["id"], "role": "decide"}]})

    def saved_lines(self) -> Call:
        self.ask("save_line", **self.save_line().data)
        return Call(self.me, {})

    def delete_line(self) -> Call:
        self.ask("save_line", **self.save_line().data)
        return Call(self.me, {"id": self.ask("saved_lines")["items"][0]["id"]})

    def retell(self) -> Call:
        self._under_way()
        return Call(system(self.me.tenant), {"what": "desk"})
