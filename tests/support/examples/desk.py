"""Valid calls of the desk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from shared.ids import new_id
from shared.testing import new_person
from tests.support.examples import example
from tests.support.examples.example import Call, Doc, Told, ref

_AT = datetime(2026, 3, 2, tzinfo=UTC).isoformat()


class Example(example.Example):
    """A drafter with a document on somebody's desk."""

    def prepare(self) -> None:
        self.document = new_id()
        self.drafter = self.me.person_ref

    def _progress(self, document: str, sequence: int, state: str, kind: str, active: bool = False) -> Told:
        me = self.drafter
        told = {
            "document": document,
            "sequence": sequence,
            "submission": 1,
            "version": 1,
            "content_hash": "0" * 64,
            "state": state,
            "title": "청사 보수 계획",
            "drafter": me,
            "active": [{"person": me["id"], "role": "review", "since": _AT}] if active else [],
            "decision": None,
        }
        if kind in ("returned", "approved"):
            by = ref(new_person("이결정"))
            told["decision"] = {"person": by, "role": "decide", "action": "approve", "opinion": "", "at": _AT}
        return Told(f"approval.{kind}", document, told)

    def _deliver(self, told: Told) -> None:
        self.service.deliver(told.type, told.data, self.me, subject=told.subject)

    def _returned(self) -> None:
        self._deliver(self._progress(new_id(), 2, "returned", "returned"))

    def story(self) -> list[Told]:
        first, second, third = new_id(), new_id(), new_id()
        registered = {"document": second, "number": "총무과-1", "title": "청사 보수 계획", "drafter": self.drafter}
        registered |= {"for_dispatch": False, "registered_at": _AT}
        return [
            self._progress(first, 1, "in_approval", "started", active=True),
            self._progress(first, 2, "in_approval", "advanced", active=True),
            self._progress(first, 3, "returned", "returned"),
            self._progress(second, 1, "in_approval", "started", active=True),
            self._progress(second, 2, "approved", "approved"),
            Told("documents.registered", second, registered),
            self._progress(third, 1, "in_approval", "started", active=True),
            self._progress(third, 2, "withdrawn", "withdrawn"),
        ]

    def view(self) -> Any:
        todos = [
            {name: item[name] for name in ("kind", "subject", "role", "since")} for item in self.ask("todos")["items"]
        ]
        notices = [(item["code"], item["subject"]) for item in self.ask("notices")["items"]]
        return sorted(map(str, todos)), sorted(notices), self.ask("counts")

    def todos(self) -> Call:
        for _ in range(6):
            self._returned()
        return Call(self.me, {"kind": "returned"})

    def counts(self) -> Call:
        self._returned()
        return Call(self.me, {})

    def notices(self) -> Call:
        for _ in range(6):
            self._returned()
        return Call(self.me, {})

    def read_notices(self) -> Call:
        self._returned()
        return Call(self.me, {"until": self.ask("notices")["items"][0]["id"]})

    def dismiss_todo(self) -> Call:
        self._returned()
        item: Doc = self.ask("todos")["items"][0]
        return Call(self.me, {"id": item["id"]})
