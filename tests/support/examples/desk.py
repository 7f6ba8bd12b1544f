"""Valid calls of the desk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from shared.context import system
from shared.ids import new_id
from tests.support.examples import example
from tests.support.examples.example import Call, Doc, Told

_AT = datetime(2026, 3, 2, tzinfo=UTC).isoformat()
# What happened long ago is no news.
_NOW = datetime.now(UTC).isoformat()


class Example(example.Example):
    """What a service called `memo` tells my desk."""

    def _told(self, subject: str, sequence: int, *, todo: bool = True, notice: bool = False) -> Told:
        me = self.me.person
        asked = {"role": "answer", "since": _AT, "due": None, "urgency": 1, "sender": None, "dismissible": True}
        told = {
            "subject": subject,
            "noun": "memo",
            "sequence": sequence,
            "title": f"청사 보수 보고 {sequence}",
            "clear": sequence,
            "slots": [{"person": me, "kind": "memo", "todo": {**asked, "params": {}}}] if todo else [],
            "notices": [{"person": me, "code": "answered", "occasion": sequence, "params": {}, "at": _NOW}] * notice,
            "watchers": [me],
            "ended": False,
        }
        return Told("memo.desk", subject, told)

    def _filled(self, count: int = 1) -> None:
        for _ in range(count):
            told = self._told(new_id(), 1, notice=True)
            self.service.deliver(told.type, told.data, self.me, subject=told.subject)

    def story(self) -> list[Told]:
        first, second, third = new_id(), new_id(), new_id()
        return [
            self._told(first, 1),
            self._told(first, 2, notice=True),
            self._told(second, 1),
            self._told(second, 2, todo=False, notice=True),
            self._told(third, 1, notice=True),
            self._told(third, 2, todo=False),
            self._told(third, 3),
        ]

    def view(self) -> Any:
        todos = [(item["subject"], item["title"], item["since"]) for item in self.ask("todos")["items"]]
        notices = [(item["subject"], item["code"]) for item in self.ask("notices")["items"]]
        return sorted(todos), sorted(notices), self.ask("counts")

    def todos(self) -> Call:
        self._filled(6)
        return Call(self.me, {"kind": "memo"})

    def counts(self) -> Call:
        self._filled()
        return Call(self.me, {})

    def pressing(self) -> Call:
        self._filled()
        return Call(self.me, {})

    def notices(self) -> Call:
        self._filled(6)
        return Call(self.me, {})

    def read_notices(self) -> Call:
        self._filled()
        return Call(self.me, {"until": self.ask("notices")["items"][0]["id"]})

    def dismiss_todo(self) -> Call:
        self._filled()
        item: Doc = self.ask("todos")["items"][0]
        return Call(self.me, {"id": item["id"]})

    def begin_rebuild(self) -> Call:
        self._filled()
        return Call(system(self.me.tenant), {"source": "memo"})

    def end_rebuild(self) -> Call:
        self.ask("begin_rebuild", **self.begin_rebuild().data, ctx=system(self.me.tenant))
        return Call(system(self.me.tenant), {"source": "memo"})
