"""What people write under an object: comments, answers, mentions, edits, read marks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from marshmallow import Schema
from sqlalchemy import select, update

from shared.context import Context
from shared.contracts import threads as contract
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Stale
from shared.ids import new_id
from shared.testing import LocalService, context, new_person
from tests.unit.threads.toy import models
from tests.unit.threads.toy.models import THREADS, Topic
from tests.unit.threads.toy.service import BoardService

PEOPLE = [new_person(name) for name in ("김하나", "이두리", "박세나")]
GONE, STRANGER = new_person("최퇴직", active=False), new_person("정외부")
Comment = dict[str, Any]


def as_(person: dict[str, Any], **changes: Any) -> Context:
    return context(person=person["id"], name=person["name"], **changes)


ME, YOU, THIRD = map(as_, PEOPLE)
AUDITOR = context(person=new_id(), roles=frozenset({"auditor"}))


def opened_board() -> LocalService:
    board = LocalService(BoardService)
    board.people = {person["id"]: person for person in (*PEOPLE, GONE, STRANGER)}
    return board


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalService]:
    monkeypatch.setitem(sys.modules, "services.board.models", models)
    with opened_board() as service:
        yield service


@pytest.fixture
def topic(board: LocalService) -> str:
    return new_topic(board)


def new_topic(board: LocalService) -> str:
    topic = new_id()
    with board.tx() as tx:
        tx.insert(Topic, id=topic, readers=[*(person["id"] for person in PEOPLE), GONE["id"]], closed=False, since={})
    return topic


def holds(schema: type[Schema], found: Any) -> None:
    assert schema().validate(found) == {}


def write(board: LocalService, topic: str, ctx: Context = ME, text: str = "의견", **fields: Any) -> Comment:
    written: Comment = board.call("comment", ctx, {"id": topic, "text": text, **fields})
    return written


def told(board: LocalService) -> dict[str, Any]:
    data: dict[str, Any] = board.events[-1].data
    return data


def recorded(board: LocalService, topic: str) -> list[str]:
    with board.tx() as tx:
        audit = models.Base.metadata.tables["audit"]
        return [
            row.action for row in tx.all(select(audit.c.action).where(audit.c.subject == topic).order_by(audit.c.id))
        ]


def test_a_comment_is_seen_by_readers_the_newest_first(board: LocalService, topic: str) -> None:
    first, second = write(board, topic, text=" 첫째\r\n줄 "), write(board, topic, YOU, "둘째")
    seen = board.call("thread", THIRD, {"id": topic})

    holds(contract.CommentView, first)
    holds(contract.Thread, seen)
    assert seen == {"items": [second, first], "next": None, "read": 0, "unread": 2}
    assert (first["text"], first["sequence"], second["sequence"]) == ("첫째\n줄", 1, 2)
    assert recorded(board, topic) == ["board.comment.written"] * 2


def test_pages_follow_each_other_without_gap_or_double(board: LocalService, topic: str) -> None:
    for number in range(5):
        write(board, topic, text=str(number))
    write(board, new_topic(board), text="다른 곳")
    texts: list[str] = []
    cursor = None
    while True:
        page = board.call("thread", YOU, {"id": topic, "limit": 2, "cursor": cursor})
        texts += [item["text"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert texts == ["4", "3", "2", "1", "0"]


def test_who_may_not_read_the_object_neither_reads_nor_writes(board: LocalService, topic: str) -> None:
    mine = write(board, topic)
    asked = {"id": topic, "comment": mine["id"], "version": 1}
    for method, data in (
        ("comment", {"id": topic, "text": "가"}),
        ("edit_comment", {**asked, "text": "가"}),
        ("withdraw_comment", asked),
        ("mark_read", {"id": topic, "sequence": 1}),
        ("thread", {"id": topic}),
        ("comment_texts", {"id": topic, "comment": mine["id"]}),
    ):
        with pytest.raises(NotFound):
            board.call(method, as_(STRANGER), data)


def test_what_is_closed_is_read_and_no_longer_written_under(board: LocalService, topic: str) -> None:
    mine = write(board, topic)
    with board.tx() as tx:
        tx.execute(update(Topic).values(closed=True))
    asked = {"id": topic, "comment": mine["id"], "version": 1}

    for method, data in (
        ("comment", {"id": topic, "text": "가"}),
        ("edit_comment", {**asked, "text": "가"}),
        ("withdraw_comment", asked),
    ):
        with pytest.raises(Conflict):
            board.call(method, ME, data)
    assert board.call("thread", YOU, {"id": topic})["items"] == [mine]


def test_those_mentioned_and_those_who_wrote_before_are_told_apart(board: LocalService, topic: str) -> None:
    first = write(board, topic, YOU)
    mention = write(board, topic, ME, mentions=[THIRD.person, ME.person])
    assert told(board) == {"mentioned": [THIRD.person], "others": [YOU.person]}
    assert [person["name"] for person in mention["mentions"]] == ["박세나", "김하나"]

    write(board, topic, THIRD, reply_to=first["id"], mentions=[YOU.person])
    assert told(board) == {"mentioned": [YOU.person], "others": [ME.person]}


def test_nobody_is_mentioned_who_cannot_read_it(board: LocalService, topic: str) -> None:
    mentions = [YOU.person, STRANGER["id"], GONE["id"], new_id()]
    with pytest.raises(Invalid) as problem:
        write(board, topic, mentions=mentions)

    codes = {"mentions.1": "not_a_reader", "mentions.2": "inactive_person", "mentions.3": "unknown_person"}
    assert problem.value.fields == codes
    with pytest.raises(Invalid) as problem:
        write(board, topic, mentions=[new_id() for _ in range(51)])
    assert problem.value.fields == {"mentions": "too_long"}
    assert board.call("thread", ME, {"id": topic})["items"] == []


def test_an_edit_shows_the_new_text_keeps_the_old_and_tells_the_newly_mentioned(
    board: LocalService, topic: str
) -> None:
    first = write(board, topic, text="처음", mentions=[YOU.person])
    change = {"id": topic, "comment": first["id"], "text": "나중", "mentions": [YOU.person, THIRD.person]}
    edited = board.call("edit_comment", ME, {**change, "version": 1})

    holds(contract.CommentView, edited)
    assert (edited["text"], edited["version"], edited["at"]) == ("나중", 2, first["at"])
    assert told(board) == {"mentioned": [THIRD.person], "others": []}
    assert board.call("thread", YOU, {"id": topic})["items"] == [edited]
    texts = board.call("comment_texts", ME, {"id": topic, "comment": first["id"]})
    holds(contract.EarlierTexts, texts)
    assert [(each["version"], each["text"]) for each in texts["items"]] == [(2, "나중"), (1, "처음")]
    with pytest.raises(Stale):
        board.call("edit_comment", ME, {**change, "version": 1})
    assert board.call("edit_comment", ME, {**change, "version": 2}) == edited
    assert recorded(board, topic) == ["board.comment.written", "board.comment.edited"]


def test_only_the_author_changes_a_comment(board: LocalService, topic: str) -> None:
    mine = write(board, topic)
    asked = {"id": topic, "comment": mine["id"], "version": 1}

    for method, data in (("edit_comment", {**asked, "text": "가"}), ("withdraw_comment", asked)):
        with pytest.raises(Forbidden):
            board.call(method, YOU, data)


def test_a_withdrawn_comment_keeps_its_place_without_its_text_which_stays_on_record(
    board: LocalService, topic: str
) -> None:
    mine = write(board, topic, text="실수", mentions=[YOU.person])
    asked = {"id": topic, "comment": mine["id"], "version": 1}
    withdrawn = board.call("withdraw_comment", ME, asked)

    assert (withdrawn["text"], withdrawn["mentions"], withdrawn["sequence"]) == ("", [], 1)
    assert board.call("thread", YOU, {"id": topic}) == {"items": [withdrawn], "next": None, "read": 0, "unread": 0}
    for reader in (ME, AUDITOR):
        texts = board.call("comment_texts", reader, {"id": topic, "comment": mine["id"]})
        assert [each["text"] for each in texts["items"]] == ["실수"]
    with pytest.raises(Forbidden):
        board.call("comment_texts", YOU, {"id": topic, "comment": mine["id"]})
    for method, data in (
        ("withdraw_comment", {**asked, "version": 2}),
        ("edit_comment", {**asked, "version": 2, "text": "가"}),
        ("comment", {"id": topic, "text": "답", "reply_to": mine["id"]}),
    ):
        with pytest.raises(Conflict):
            board.call(method, ME, data)


def test_a_comment_of_another_object_is_not_answered_or_read_here(board: LocalService, topic: str) -> None:
    elsewhere = write(board, new_topic(board))

    with pytest.raises(NotFound):
        write(board, topic, reply_to=elsewhere["id"])
    with pytest.raises(NotFound):
        board.call("comment_texts", ME, {"id": topic, "comment": elsewhere["id"]})


def test_who_came_later_sees_what_was_written_since_and_nothing_before(board: LocalService, topic: str) -> None:
    first = board.call("comment", ME, {"id": topic, "text": "처음"})
    with board.tx() as tx:
        tx.execute(update(Topic).values(since={PEOPLE[1]["id"]: 1}))
    second = board.call("comment", ME, {"id": topic, "text": "다음"})
    seen = board.call("thread", YOU, {"id": topic})
    assert [each["id"] for each in seen["items"]] == [second["id"]]
    assert (seen["read"], seen["unread"]) == (1, 1)
    for asked in ("comment_texts", "comment"):
        data = {"comment": first["id"]} if asked == "comment_texts" else {"text": "답", "reply_to": first["id"]}
        with pytest.raises(NotFound):
            board.call(asked, YOU, {"id": topic, **data})


def test_of_several_kinds_of_objects_one_that_is_of_none_is_not_found(board: LocalService) -> None:
    for method in ("thread", "comment"):
        with pytest.raises(NotFound):
            board.call(method, ME, {"id": new_id(), **({"text": "글"} if method == "comment" else {})})


def test_a_repeated_comment_is_one(board: LocalService, topic: str) -> None:
    asked = {"id": topic, "text": "한 번"}
    first = board.call("comment", ME, asked, key="k")

    assert board.call("comment", ME, asked, key="k") == first
    assert board.call("thread", ME, {"id": topic})["items"] == [first]
    assert len(board.events) == 1


def test_a_read_mark_goes_forward_only_and_not_beyond_the_last(board: LocalService, topic: str) -> None:
    for _ in range(3):
        write(board, topic)

    marks = [board.call("mark_read", YOU, {"id": topic, "sequence": place}) for place in (2, 1, 9)]
    holds(contract.ReadMark, marks[0])
    assert marks == [{"read": 2, "unread": 1}, {"read": 2, "unread": 1}, {"read": 3, "unread": 0}]
    write(board, topic)
    assert board.call("thread", YOU, {"id": topic})["unread"] == 1


class Talk(RuleBasedStateMachine):
    """Any order of what three people do under one object, beside a model of it in lists."""

    def __init__(self) -> None:
        super().__init__()
        sys.modules["services.board.models"] = models
        self.board = opened_board()
        self.topic = new_topic(self.board)
        self.model: list[dict[str, Any]] = []
        self.read: dict[str, int] = {}

    people = st.sampled_from([ME, YOU, THIRD])

    @rule(who=people, text=st.sampled_from("가나다"))
    def writes(self, who: Context, text: str) -> None:
        made = write(self.board, self.topic, who, text)
        self.model.append({"id": made["id"], "who": who.person, "texts": [text], "version": 1, "gone": False})

    @precondition(lambda self: self.model)
    @rule(who=people, text=st.sampled_from("가나다"), data=st.data(), old=st.booleans())
    def edits(self, who: Context, text: str, data: st.DataObject, old: bool) -> None:
        of = data.draw(st.sampled_from(self.model))
        asked = {"id": self.topic, "comment": of["id"], "version": max(1, of["version"] - old), "text": text}
        right = of["who"] == who.person and not of["gone"] and asked["version"] == of["version"]
        if self.does(right, "edit_comment", who, asked) and text != of["texts"][-1]:
            of["texts"].append(text)
            of["version"] += 1

    @precondition(lambda self: self.model)
    @rule(who=people, data=st.data())
    def withdraws(self, who: Context, data: st.DataObject) -> None:
        of = data.draw(st.sampled_from(self.model))
        asked = {"id": self.topic, "comment": of["id"], "version": of["version"]}
        if self.does(of["who"] == who.person and not of["gone"], "withdraw_comment", who, asked):
            of["gone"] = True
            of["version"] += 1

    @rule(who=people, place=st.integers(0, 6))
    def reads(self, who: Context, place: int) -> None:
        self.board.call("mark_read", who, {"id": self.topic, "sequence": place})
        self.read[who.person] = max(self.read.get(who.person, 0), min(place, len(self.model)))

    def does(self, right: bool, method: str, who: Context, asked: dict[str, Any]) -> bool:
        if right:
            self.board.call(method, who, asked)
        else:
            with pytest.raises(Problem):
                self.board.call(method, who, asked)
        return right

    @invariant()
    def everybody_sees_what_the_model_says(self) -> None:
        for who in (ME, YOU, THIRD):
            seen = self.board.call("thread", who, {"id": self.topic, "limit": 100})
            shown = [("" if each["gone"] else each["texts"][-1], each["version"]) for each in reversed(self.model)]
            assert [(item["text"], item["version"]) for item in seen["items"]] == shown
            read = self.read.get(who.person, 0)
            new = [each for each in self.model[read:] if each["who"] != who.person and not each["gone"]]
            assert (seen["read"], seen["unread"]) == (read, len(new))

    @invariant()
    def no_text_is_ever_lost(self) -> None:
        with self.board.tx() as tx:
            kept = THREADS.comment_text
            for each in self.model:
                texts = tx.all(select(kept.c.text).where(kept.c.comment == each["id"]).order_by(kept.c.version))
                assert [row.text for row in texts] == each["texts"]

    def teardown(self) -> None:
        self.board.close()


TestTalk = Talk.TestCase
TestTalk.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
