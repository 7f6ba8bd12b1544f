"""Anonymous in earnest: nothing that is kept or shown says who answered what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.memo.models import Base
from shared.errors import Conflict, Forbidden, Invalid
from shared.testing import LocalService
from tests.unit.memo.rounds.cast import CLOSES, HOUR, ME, answer, as_, hire, start
from tests.unit.memo.rounds.test_rounds import results, told, view


def kept(memo: LocalService) -> dict[str, list[Any]]:
    """Every row of every table."""
    with memo.tx() as tx:
        return {table.name: tx.all(select(table)) for table in Base.metadata.sorted_tables}


def test_too_few_are_not_asked(memo: LocalService) -> None:
    people = hire(memo, 5)
    with pytest.raises(Invalid) as refused:
        start(memo, people[:4], anonymous=True)
    assert refused.value.fields == {"anonymous": "too_few"}
    start(memo, people, anonymous=True)


def test_no_row_that_holds_an_answer_names_anybody_or_a_time(memo: LocalService) -> None:
    people = hire(memo, 6)
    round_ = start(memo, people, anonymous=True)
    for person in people:
        answer(memo, round_, person, why=f"비밀{person['name']}")
    named = {person["id"] for person in people} | {ME.person}
    for name, rows in kept(memo).items():
        for row in rows:
            if "비밀" in str(row):
                assert name == "opinion_voice"
                assert not any(id_ in str(row) for id_ in named)
                assert set(row._mapping) == {"id", "round", "question", "value"}
    assert not any("비밀" in str(event.body) for event in memo.events)


def test_the_order_of_the_rows_is_not_the_order_of_the_answers(memo: LocalService) -> None:
    people = hire(memo, 40)
    round_ = start(memo, people, anonymous=True)
    for number, person in enumerate(people):
        answer(memo, round_, person, why=f"{number:02}")
    memo.pass_until(CLOSES + HOUR)
    with memo.tx() as tx:
        voice = Base.metadata.tables["opinion_voice"]
        rows = tx.all(select(voice.c.id, voice.c.value).where(voice.c.question == 1))
    said = [row.value[0] for row in rows]
    assert sorted(said) == [f"{number:02}" for number in range(40)] != said
    # The ids are drawn by lot: a version of UUID that holds no time.
    assert {row.id[14] for row in rows} == {"4"}


def test_two_answers_of_one_person_do_not_show_that_they_belong_together(memo: LocalService) -> None:
    people = hire(memo, 5)
    round_ = start(memo, people, anonymous=True)
    for number, person in enumerate(people):
        answer(memo, round_, person, why=f"이유{number}")
    voices = kept(memo)["opinion_voice"]
    assert len({row.id for row in voices}) == 10
    memo.pass_until(CLOSES + HOUR)
    assert results(memo, round_)["questions"][1]["texts"] == [f"이유{number}" for number in range(5)]


def test_nothing_is_seen_before_it_is_closed_nor_of_too_few(memo: LocalService) -> None:
    people = hire(memo, 8)
    round_ = start(memo, people, anonymous=True)
    for person in people[:4]:
        answer(memo, round_, person)
    assert view(memo, round_)["answered"] is None
    found = results(memo, round_)
    assert (found["hidden"], found["answered"]) == ("still_open", None)
    assert all(each["count"] == 0 for each in found["questions"][0]["counts"])
    memo.pass_until(CLOSES + HOUR)
    found = results(memo, round_)
    assert (found["hidden"], found["answered"]) == ("too_few", None)
    with pytest.raises(Conflict):
        memo.call("quote_round", ME, {"id": round_})


def test_there_is_no_table_of_who_answered_what(memo: LocalService) -> None:
    people = hire(memo, 5)
    round_ = start(memo, people, anonymous=True)
    answer(memo, round_, people[0])
    with pytest.raises(Forbidden):
        memo.call("round_answers", ME, {"id": round_})
    assert view(memo, round_, as_(people[0]))["own"] is None


def test_what_was_said_first_stands_and_pressing_twice_counts_once(memo: LocalService) -> None:
    people = hire(memo, 5)
    round_ = start(memo, people, anonymous=True)
    for person in people:
        assert answer(memo, round_, person, "찬성")["changed"]
    assert not answer(memo, round_, people[0], "반대")["changed"]
    memo.pass_until(CLOSES + HOUR)
    assert results(memo, round_)["questions"][0]["counts"] == [
        {"option": "찬성", "count": 5},
        {"option": "반대", "count": 0},
    ]


def test_who_asks_is_not_told_live_that_somebody_has_answered(memo: LocalService) -> None:
    people = hire(memo, 5)
    round_ = start(memo, people, anonymous=True)
    before = len(memo.events)
    answer(memo, round_, people[0])
    watchers = [event.data["watchers"] for event in memo.events[before:] if event.type == "memo.desk"]
    assert watchers == [[]]


def test_one_whose_results_were_seen_is_not_opened_again(memo: LocalService) -> None:
    """The difference between two results would tell what came between."""
    people = hire(memo, 7)
    seen, unseen = (start(memo, people, anonymous=True) for _ in range(2))
    for person in people[:5]:
        answer(memo, seen, person)
    memo.pass_until(CLOSES + HOUR)
    later = (CLOSES + timedelta(days=1)).isoformat()
    with pytest.raises(Conflict) as refused:
        memo.call("extend_round", ME, {"id": seen, "closes_at": later})
    assert refused.value.slug == "results-shown"
    memo.call("extend_round", ME, {"id": unseen, "closes_at": later})
    assert told(memo, "extended") == []
