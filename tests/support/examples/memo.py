"""Valid calls of the memo service."""

from __future__ import annotations

from typing import Any, ClassVar

from shared.context import system
from tests.support.examples.example import Call, Doc
from tests.support.examples.files import Files
from tests.support.examples.journals import Journals
from tests.support.examples.rounds import RoundCalls
from tests.support.examples.threads import Threads
from tests.support.examples.weekly import WeeklyCalls


class Example(Journals, WeeklyCalls, Files, Threads, RoundCalls):
    """Memos of mine to colleagues, and one of them who answers."""

    # Which of several are not in the caller's lists is said, and the rest is done.
    answer_for_unknown: ClassVar[frozenset[str]] = frozenset({"mark_several"})

    def prepare(self) -> None:
        self.chief = self.hire("이과장")
        self.prepare_journals()
        self.prepare_rounds()
        self.prepare_weekly()
        self.others = [self.hire(name) for name in ("박주무", "최주무", "정주무", "한주무", "오주무", "서주무")]

    def _content(self) -> Doc:
        to = [self.chief["id"], *(person["id"] for person in self.others)]
        return {"to": to, "title": "청사 점검 결과", "body": "<p>이상 없습니다.</p>"}

    def _draft(self) -> Doc:
        made: Doc = self.ask("create_draft", **self._content())
        return {"id": made["id"]}

    def _sent(self) -> Doc:
        made: Doc = self.ask("send_memo", **self._content())
        return {"id": made["id"]}

    def owner(self) -> Doc:
        return self._draft()

    def talked_of(self) -> Doc:
        return self._sent()

    # -- writing ------------------------------------------------------------------------------------

    def create_draft(self) -> Call:
        return Call(self.me, self._content())

    def save_draft(self) -> Call:
        return Call(self.me, {**self._draft(), "version": 1, "title": "다른 제목"})

    def delete_draft(self) -> Call:
        return Call(self.me, self._draft())

    def send_draft(self) -> Call:
        return Call(self.me, {**self._draft(), "version": 1})

    def send_memo(self) -> Call:
        return Call(self.me, self._content())

    def take_back(self) -> Call:
        return Call(self.me, {"id": self.ask("send_memo", **self._content(), hold=5)["id"]})

    def check_receivers(self) -> Call:
        return Call(self.me, {"to": [self.chief["id"]]})

    # -- receiving ----------------------------------------------------------------------------------

    def _by_the_chief(self, **data: Any) -> Call:
        return Call(self.as_(self.chief), {**self._sent(), **data})

    def read(self) -> Call:
        return self._by_the_chief()

    def answer(self) -> Call:
        return self._by_the_chief(answer="agreed")

    def mark(self) -> Call:
        return self._by_the_chief(pinned=True)

    def mark_several(self) -> Call:
        return Call(self.as_(self.chief), {"ids": [self._sent()["id"]], "archived": True})

    def forward(self) -> Call:
        newcomer = self.hire("강신입")
        return self._by_the_chief(to=[newcomer["id"]], note="참고하세요.")

    def recall(self) -> Call:
        return Call(self.me, {**self._sent(), "reason": "잘못 보냈습니다."})

    def quote(self) -> Call:
        return self._by_the_chief()

    # -- reading ------------------------------------------------------------------------------------

    def memo(self) -> Call:
        return self._by_the_chief()

    def box(self) -> Call:
        for _ in range(6):
            self._sent()
        return Call(self.as_(self.chief), {"box": "inbox"})

    def receipts(self) -> Call:
        return Call(self.me, self._sent())

    def alerts(self) -> Call:
        self.ask("send_memo", **self._content(), urgent=True)
        return Call(self.as_(self.chief), {})

    def recent_receivers(self) -> Call:
        self._sent()
        return Call(self.me, {})

    # -- templates and settings ---------------------------------------------------------------------

    def save_template(self) -> Call:
        return Call(self.me, {"name": "일일 점검", "title": "점검 결과", "body": "<p>이상 없음</p>"})

    def templates(self) -> Call:
        self.ask("save_template", **self.save_template().data)
        return Call(self.me, {})

    def delete_template(self) -> Call:
        return Call(self.me, {"id": self.ask("save_template", **self.save_template().data)["id"]})

    def settings(self) -> Call:
        return Call(self.me, {})

    def save_settings(self) -> Call:
        return Call(self.context(roles=frozenset({"tenant_admin"})), {"escalate_after": 20})

    def retell(self) -> Call:
        self._sent()
        return Call(system(self.me.tenant), {"what": "desk"})
