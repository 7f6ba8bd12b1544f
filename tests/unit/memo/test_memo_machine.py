"""A memo in any order of acts: who has read it keeps it, everybody has it once, and the desks are what is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from services.memo.models import Delivery, Memo
from shared.context import system
from shared.errors import Problem
from tests.unit.memo.cast import ME, Doc, as_, head, hire, office, on_desks, opened, refusal

PLACES = st.integers(0, 4)


class Memos(RuleBasedStateMachine):
    """One urgent memo among five people: sent, read, answered, passed on, put off, recalled, with time passing."""

    def __init__(self) -> None:
        super().__init__()
        self.service = opened()
        self.people = [hire(self.service, name) for name in ("가", "나", "다", "라", "마")]
        heads = [head(person) for person in self.people[2:]]
        for person in self.people:
            above: Doc = {"deputy": self.people[1], "absent": None, "heads": heads}
            office(self.service).above[person["id"]] = above
        self.memo = ""
        self.receipts: dict[str, Any] = {}

    def teardown(self) -> None:
        self.service.close()

    @initialize(to=st.sets(PLACES, min_size=1), asks=st.booleans(), hold=st.sampled_from((0, 5)))
    def send(self, to: set[int], asks: bool, hold: int) -> None:
        named = [self.people[n]["id"] for n in sorted(to)]
        asked = {"to": named, "title": "정전", "urgent": True, "asks": asks, "hold": hold}
        self.memo = self.service.call("send_memo", ME, asked)["id"]

    def _try(self, method: str, who: Doc | None, **data: Any) -> None:
        try:
            self.service.call(method, as_(who) if who else ME, {"id": self.memo, **data})
        except Problem as problem:
            assert problem.status in (403, 404, 409, 422), problem

    @rule(n=PLACES)
    def read(self, n: int) -> None:
        self._try("read", self.people[n])

    @rule(n=PLACES, word=st.sampled_from(("noted", "agreed", "opinion")))
    def answer(self, n: int, word: str) -> None:
        self._try("answer", self.people[n], answer=word, text="의견")

    @rule(n=st.none() | PLACES, to=PLACES)
    def forward(self, n: int | None, to: int) -> None:
        self._try("forward", None if n is None else self.people[n], to=[self.people[to]["id"]])

    @rule(n=PLACES, hours=st.none() | st.integers(1, 3))
    def snooze(self, n: int, hours: int | None) -> None:
        till = None if hours is None else (self.service.now + timedelta(hours=hours)).isoformat()
        self._try("mark", self.people[n], snooze_till=till)

    @rule(n=PLACES, unread=st.booleans(), archived=st.booleans(), pinned=st.booleans())
    def mark(self, n: int, unread: bool, archived: bool, pinned: bool) -> None:
        self._try("mark", self.people[n], unread=unread, archived=archived, pinned=pinned)

    @rule(method=st.sampled_from(("recall", "take_back", "send_draft")))
    def move(self, method: str) -> None:
        self._try(method, None)

    @rule(minutes=st.sampled_from((1, 30, 100)))
    def wait(self, minutes: int) -> None:
        self.service.pass_until(self.service.now + timedelta(minutes=minutes))

    # -- what holds ---------------------------------------------------------------------------------

    def _rows(self) -> tuple[Any, list[Any]]:
        with self.service.tx() as tx:
            memo = tx.one(select(Memo.__table__).where(Memo.id == self.memo))
            return memo, tx.all(select(Delivery.__table__).where(Delivery.memo == self.memo))

    @invariant()
    def nobody_who_has_read_it_loses_it_and_no_receipt_changes(self) -> None:
        _, deliveries = self._rows()
        for row in deliveries:
            if row.read_at is not None:
                assert self.receipts.setdefault(row.person, row.read_at) == row.read_at
                assert row.state in ("read", "answered")
        for person in self.people:
            if person["id"] in self.receipts:
                assert self.service.call("memo", as_(person), {"id": self.memo})["title"] == "정전"

    @invariant()
    def everybody_has_it_once_and_the_counts_are_right(self) -> None:
        memo, deliveries = self._rows()
        assert len({row.person for row in deliveries}) == len(deliveries)
        counts = (
            len(deliveries),
            sum(row.read_at is not None for row in deliveries),
            sum(row.answered_at is not None for row in deliveries),
        )
        assert (memo.receivers, memo.read, memo.answered) == counts
        assert ME.person not in {row.person for row in deliveries}

    @invariant()
    def what_was_recalled_is_gone_and_nothing_else_is(self) -> None:
        memo, deliveries = self._rows()
        for row in deliveries:
            assert (row.state == "recalled") == (row.place == "gone")
            assert memo.state == "recalled" or row.state != "recalled"
            if memo.state == "recalled":
                assert row.state != "waiting"
            if row.state == "recalled":
                person = next(each for each in self.people if each["id"] == row.person)
                assert refusal(self.service, "memo", as_(person), id=self.memo).status == 403

    @invariant()
    def the_desks_are_what_is_kept_and_a_rebuild_tells_the_same(self) -> None:
        _, deliveries = self._rows()
        kept = {row.person: row.todo for row in deliveries if row.todo}
        told = on_desks(self.service.events)
        assert {person: todo["role"] for person, todo in told.items()} == kept
        before = len(self.service.events)
        self.service.call("retell", system(ME.tenant), {"what": "desk"})
        assert on_desks(self.service.events[before:]) == told


TestMemos = Memos.TestCase
TestMemos.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
