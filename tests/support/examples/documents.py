"""Valid calls of the documents service."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from shared.context import system
from tests.support.examples.example import Call, Doc, Told, ref
from tests.support.examples.files import Files

_AT = datetime(2026, 3, 2, tzinfo=UTC).isoformat()


class Example(Files):
    """Drafts of mine, and somebody who decides."""

    def prepare(self) -> None:
        self.decider = self.hire("이결정")
        self.line = [{"person": self.decider["id"], "role": "decide"}]

    def _draft(self) -> Doc:
        made: Doc = self.ask("create_draft", title="청사 보수 계획", body="<p>1. 보수합니다.</p>")
        return made

    def owner(self) -> Doc:
        return self._id()

    def _id(self) -> Doc:
        return {"id": self._draft()["id"]}

    def _submitted(self) -> Doc:
        draft = self._draft()
        self.ask("submit", id=draft["id"], line=self.line)
        told: Doc = [event for event in self.service.events if event.type == "documents.submitted"][-1].data
        return told

    def _ended(self, sent: Doc, state: str, sequence: int = 2) -> Told:
        told = {name: sent[name] for name in ("document", "submission", "version", "content_hash", "title", "drafter")}
        decision = {"person": ref(self.decider), "role": "decide", "action": "approve", "opinion": "", "at": _AT}
        told |= {"sequence": sequence, "state": state, "active": []}
        told |= {"decision": None if state == "withdrawn" else decision}
        return Told(f"approval.{state}", sent["document"], told)

    def story(self) -> list[Told]:
        self.told = [self._ended(self._submitted(), state) for state in ("approved", "returned", "withdrawn")]
        return self.told

    def view(self) -> Any:
        cards = [self.ask("card", id=told.subject) for told in self.told]
        return [(card["state"], card["number"], card["version"], card["decision"]) for card in cards]

    # -- drafts -------------------------------------------------------------------------------------

    def create_draft(self) -> Call:
        return Call(self.me, {"title": "청사 보수 계획", "body": "<p>1. 보수합니다.</p>", "summary": "보수"})

    def save_draft(self) -> Call:
        draft = self._draft()
        return Call(self.me, {"id": draft["id"], "version": draft["version"], "title": "새 제목"})

    def delete_draft(self) -> Call:
        return Call(self.me, self._id())

    def submit(self) -> Call:
        return Call(self.me, {**self._id(), "line": self.line})

    def preview_submission(self) -> Call:
        return Call(self.me, self._id())

    # -- reading ------------------------------------------------------------------------------------

    def card(self) -> Call:
        return Call(self.me, self._id())

    def versions(self) -> Call:
        return Call(self.me, self._id())

    def version(self) -> Call:
        return Call(self.me, {**self._id(), "version": 1})

    def compare(self) -> Call:
        saved = self.save_draft().data
        self.ask("save_draft", **saved)
        return Call(self.me, {"id": saved["id"], "left": 1, "right": 2})

    def box(self) -> Call:
        for _ in range(6):
            self._draft()
        return Call(self.me, {"box": "drafts"})

    # -- folders and forms --------------------------------------------------------------------------

    def folders(self) -> Call:
        self._draft()
        return Call(self.me, {"title": "보수"})

    def save_folder(self) -> Call:
        return Call(self._officer(), {"title": "청사 관리", "unit_task": "청사 관리", "retention": "5"})

    def forms(self) -> Call:
        return Call(self.me, {})

    def save_form(self) -> Call:
        return Call(self._officer(), {"id": "plan", "name": "계획서", "body": "<p>계획</p>", "retention": "5"})

    def _officer(self) -> Any:
        return self.context(roles=frozenset({"document_officer"}))

    def retell(self) -> Call:
        self._submitted()
        return Call(system(self.me.tenant), {"what": "desk"})
