"""Valid calls of the requests service."""

from __future__ import annotations

from typing import Any

from shared.context import Context, system
from tests.support.examples.example import Call, Doc
from tests.support.examples.files import Files


class Example(Files):
    """Requests of mine to somebody who works here."""

    def prepare(self) -> None:
        self.worker = self.hire("서나래")
        self.service.answers[("directory", "expand")] = self._expand

    def _expand(self, ctx: Context, data: Doc) -> Doc:
        known = [self.service.people[id_] for id_ in data["people"] if id_ in self.service.people]
        way = [{"kind": "person", "id": person["id"], "name": person["name"]} for person in known]
        people = [{**person, "absent": None, "through": [each]} for person, each in zip(known, way, strict=True)]
        unknown = [{"kind": "person", "id": id_} for id_ in data["people"] if id_ not in self.service.people]
        unknown += [{"kind": "department", "id": id_} for id_ in data["departments"]]
        unknown += [{"kind": "group", "id": id_} for id_ in data["groups"]]
        return {"people": people, "left": [], "unknown": unknown, "dissolved": []}

    def _made(self, **given: Any) -> Doc:
        asked = {"title": "자료 제출", "assignees": [{"person": self.worker["id"]}], "due": "2099-05-08", **given}
        made: Doc = self.ask("create", **asked)
        return made

    def owner(self) -> Doc:
        return {"id": self._made()["id"]}

    def _mine(self) -> Call:
        return Call(self.me, self.owner())

    # -- commands -----------------------------------------------------------------------------------

    def create(self) -> Call:
        return Call(self.me, {"title": "자료 제출", "assignees": [{"person": self.worker["id"]}], "due": "2099-05-08"})

    def change(self) -> Call:
        return Call(self.me, {**self.owner(), "version": 1, "title": "새 제목"})

    def act(self) -> Call:
        return Call(self.as_(self.worker), {**self.owner(), "act": "accept"})

    def move(self) -> Call:
        return Call(self.me, {**self.owner(), "parent": self._made()["id"], "weight": 3})

    def save_reminders(self) -> Call:
        return Call(self.context(roles=frozenset({"tenant_admin"})), {"before": [2], "version": 0})

    def stop_series(self) -> Call:
        recurs = {"every": "month", "on": 15, "until": self._next_year()}
        made = self._made(kind="instruction", due=None, recurs=recurs)
        return Call(self.me, {"id": self.ask("card", id=made["id"])["series"]["id"]})

    def _next_year(self) -> str:
        return f"{self.service.now.year + 1}-12-31"

    def comment(self) -> Call:
        return Call(self.me, {**self.owner(), "text": "언제쯤 될까요?"})

    def _commented(self) -> Doc:
        said = self.comment().data
        return {"id": said["id"], "comment": self.ask("comment", **said)["id"]}

    def edit_comment(self) -> Call:
        return Call(self.me, {**self._commented(), "version": 1, "text": "내일까지 될까요?"})

    def withdraw_comment(self) -> Call:
        return Call(self.me, {**self._commented(), "version": 1})

    def mark_read(self) -> Call:
        return Call(self.as_(self.worker), {"id": self._commented()["id"], "sequence": 1})

    def retell(self) -> Call:
        self._made()
        return Call(system(self.me.tenant), {"what": "desk"})

    # -- queries ------------------------------------------------------------------------------------

    def card(self) -> Call:
        return self._mine()

    def box(self) -> Call:
        for _ in range(6):
            self._made()
        return Call(self.as_(self.worker), {"box": "received"})

    def tree(self) -> Call:
        made = self._made()
        self._made(parent=made["id"])
        return Call(self.me, {"id": made["id"]})

    def quote(self) -> Call:
        return self._mine()

    def reckon(self) -> Call:
        return Call(self.me, {"days": 3})

    def statistics(self) -> Call:
        return Call(self.me, {"scope": "asked", "from": "2026-01", "to": "2099-12"})

    def reminders(self) -> Call:
        return Call(self.me, {})

    def thread(self) -> Call:
        said = self.comment().data
        for n in range(6):
            self.ask("comment", **{**said, "text": str(n)})
        return Call(self.me, {"id": said["id"]})

    def comment_texts(self) -> Call:
        return Call(self.me, self._commented())
