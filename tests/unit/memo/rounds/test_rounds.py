"""Opinion rounds: asked, answered in time or late, extended, closed, counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from shared.testing import LocalService
from tests.unit.memo.rounds.cast import CLOSES, HOUR, ME, START, answer, as_, hire, start

MOMENT = timedelta(milliseconds=100)


def results(memo: LocalService, round_: str) -> Any:
    return memo.call("round_results", ME, {"id": round_})


def view(memo: LocalService, round_: str, ctx: Any = ME) -> Any:
    return memo.call("opinion_round", ctx, {"id": round_})


def told(memo: LocalService, code: str) -> list[str]:
    """Who was told of something, once for each time."""
    desks = [event.data for event in memo.events if event.type == "memo.desk"]
    return [notice["person"] for data in desks for notice in data["notices"] if notice["code"] == code]


def on_desks(memo: LocalService) -> set[str]:
    """Whose desks have a round on them, by the rules of the desk."""
    slots: dict[str, tuple[int, bool]] = {}
    for data in (event.data for event in memo.events if event.type == "memo.desk"):
        if data["clear"] is not None:
            slots = {person: (n, filled and n >= data["clear"]) for person, (n, filled) in slots.items()}
        slots |= {slot["person"]: (data["sequence"], slot["todo"] is not None) for slot in data["slots"]}
    return {person for person, (_, filled) in slots.items() if filled}


def ids(people: list[dict[str, Any]]) -> set[str]:
    return {person["id"] for person in people}


def test_what_is_asked_is_on_the_desk_until_it_is_answered(memo: LocalService) -> None:
    people = hire(memo, 3)
    round_ = start(memo, people)
    assert on_desks(memo) == ids(people)
    answer(memo, round_, people[0])
    assert on_desks(memo) == ids(people[1:])
    memo.pass_until(CLOSES + HOUR)
    assert on_desks(memo) == set()
    assert told(memo, "round_closed") == [ME.person]


def test_who_asks_does_not_ask_themselves_and_who_left_is_named(memo: LocalService) -> None:
    here, gone = hire(memo, 2)
    gone["active"] = False
    memo.people[ME.person] = {**here, "id": ME.person, "name": "나"}
    asked = {"title": "묻습니다", "questions": [{"kind": "text", "words": "?"}], "closes_at": CLOSES.isoformat()}
    made = memo.call("start_round", ME, {**asked, "people": [here["id"], ME.person, gone["id"]]})
    assert made["asked"] == 1
    assert [each["id"] for each in made["left"]] == [gone["id"]]


@pytest.mark.parametrize(
    ("changes", "bad"),
    [
        ({"people": []}, {"people": "required"}),
        ({"closes_at": START.isoformat()}, {"closes_at": "in_the_past"}),
        ({"closes_at": (START + timedelta(days=367)).isoformat()}, {"closes_at": "too_late"}),
        ({"people": ["01900000-0000-7000-8000-00000000dead"]}, {"people": "unknown_person"}),
        ({"anonymous": True}, {"anonymous": "too_few"}),
        ({"questions": []}, {"questions": "length"}),
        ({"questions": [{"kind": "choice", "words": "?", "options": ["하나"]}]}, None),
    ],
)
def test_what_cannot_be_asked_is_refused_by_the_field(memo: LocalService, changes: Any, bad: Any) -> None:
    people = hire(memo, 4)
    with pytest.raises(Invalid) as refused:
        start(memo, people, **changes)
    assert bad is None or set(refused.value.fields) == set(bad)
    assert memo.events == []


def test_an_answer_counts_by_the_time_at_which_it_was_received(memo: LocalService) -> None:
    """[start, close): received before it ends and stored a little later counts, at the end itself it is late."""
    first, second, third = people = hire(memo, 3)
    round_ = start(memo, people)
    memo.pass_until(CLOSES + timedelta(milliseconds=200))
    answer(memo, round_, first, received_at=(CLOSES - MOMENT).isoformat())
    with pytest.raises(Conflict) as late:
        answer(memo, round_, second, received_at=CLOSES.isoformat())
    assert late.value.slug == "round-closed"
    memo.pass_until(CLOSES + HOUR)
    with pytest.raises(Conflict):
        answer(memo, round_, third, received_at=(CLOSES - MOMENT).isoformat())
    found = results(memo, round_)
    assert (found["answered"], found["questions"][0]["counts"]) == (
        1,
        [{"option": "찬성", "count": 1}, {"option": "반대", "count": 0}],
    )


def test_an_edit_that_comes_too_late_is_refused_and_the_earlier_answer_stands(memo: LocalService) -> None:
    (person,) = people = hire(memo, 1)
    round_ = start(memo, people)
    answer(memo, round_, person, "찬성")
    answer(memo, round_, person, "반대")
    memo.pass_until(CLOSES + timedelta(seconds=1))
    with pytest.raises(Conflict):
        answer(memo, round_, person, "찬성")
    assert view(memo, round_, as_(person))["own"] == [{"question": 0, "value": ["반대"]}]
    assert results(memo, round_)["questions"][0]["counts"][1] == {"option": "반대", "count": 1}


def test_an_extension_opens_it_again_and_tells_once_who_came_too_late(memo: LocalService) -> None:
    first, second, third = people = hire(memo, 3)
    round_ = start(memo, people)
    answer(memo, round_, first)
    memo.pass_until(CLOSES + timedelta(minutes=2))
    for _ in range(2):
        with pytest.raises(Conflict):
            answer(memo, round_, second)
    memo.now = CLOSES + timedelta(minutes=5)
    memo.call("extend_round", ME, {"id": round_, "closes_at": (CLOSES + HOUR / 2).isoformat()})
    assert told(memo, "extended") == [second["id"]]
    assert on_desks(memo) == ids([second, third])
    answer(memo, round_, second, "반대")
    memo.pass_until(CLOSES + HOUR)
    assert results(memo, round_)["answered"] == 2
    assert told(memo, "round_closed") == [ME.person] * 2


def test_those_who_have_not_answered_are_reminded_a_day_and_an_hour_before(memo: LocalService) -> None:
    first, second = people = hire(memo, 2)
    round_ = start(memo, people)
    memo.pass_until(CLOSES - 23 * HOUR)
    assert told(memo, "reminded") == [first["id"], second["id"]] or set(told(memo, "reminded")) == ids(people)
    answer(memo, round_, first)
    memo.pass_until(CLOSES)
    assert sorted(told(memo, "reminded")) == sorted([first["id"], second["id"], second["id"]])


def test_list_count_and_table_agree(memo: LocalService) -> None:
    people = hire(memo, 7)
    round_ = start(memo, people)
    for number, person in enumerate(people[:5]):
        answer(memo, round_, person, "찬성" if number % 2 else "반대", f"이유 {number}")
    found = results(memo, round_)
    rows = memo.call("round_answers", ME, {"id": round_, "limit": 100})["items"]
    answered = [row for row in rows if row["answers"]]
    assert found["answered"] == len(answered) == sum(each["count"] for each in found["questions"][0]["counts"]) == 5
    assert len(found["questions"][1]["texts"]) == 5
    assert len(rows) == found["asked"] == 7


@pytest.mark.parametrize(
    ("answers", "bad"),
    [
        ([], {"answers.0": "required"}),
        ([{"question": 0, "value": ["모름"]}], {"answers.0": "not_a_choice"}),
        ([{"question": 0, "value": ["찬성", "반대"]}], {"answers.0": "too_many"}),
        ([{"question": 9, "value": ["찬성"]}], {"answers.0": "required", "answers.9": "unknown_question"}),
        ([{"question": 0, "value": ["찬성"]}] * 2, {"answers.0": "twice"}),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_by_the_question(memo: LocalService, answers: Any, bad: Any) -> None:
    (person,) = people = hire(memo, 1)
    round_ = start(memo, people)
    with pytest.raises(Invalid) as refused:
        memo.call("answer_round", as_(person), {"id": round_, "answers": answers})
    assert refused.value.fields == bad


def test_only_who_asks_sees_results_and_only_who_is_in_it_sees_the_round(memo: LocalService) -> None:
    asked, stranger = hire(memo, 2)
    round_ = start(memo, [asked])
    for method in ("round_results", "round_answers", "quote_round"):
        with pytest.raises(Forbidden):
            memo.call(method, as_(asked), {"id": round_})
    for method in ("opinion_round", "round_results", "round_answers", "quote_round"):
        with pytest.raises(NotFound):
            memo.call(method, as_(stranger), {"id": round_})
    for method, more in (("extend_round", {"closes_at": CLOSES.isoformat()}), ("withdraw_round", {"reason": "잘못"})):
        with pytest.raises(Forbidden):
            memo.call(method, as_(asked), {"id": round_, **more})
    with pytest.raises(NotFound):
        answer(memo, round_, stranger)


def test_one_that_is_withdrawn_leaves_the_desks_and_shows_no_results(memo: LocalService) -> None:
    first, second = people = hire(memo, 2)
    round_ = start(memo, people)
    answer(memo, round_, first)
    memo.call("withdraw_round", ME, {"id": round_, "reason": "다시 묻겠습니다"})
    assert on_desks(memo) == set()
    assert told(memo, "round_withdrawn") == [second["id"]]
    assert results(memo, round_)["hidden"] == "withdrawn"
    with pytest.raises(Conflict):
        answer(memo, round_, second)
    memo.pass_until(CLOSES + HOUR)
    assert told(memo, "round_closed") == []


def test_closing_before_its_time_lets_in_what_is_on_its_way(memo: LocalService) -> None:
    first, second = people = hire(memo, 2)
    round_ = start(memo, people)
    memo.now = START + HOUR
    memo.call("close_round_early", ME, {"id": round_})
    memo.now = START + HOUR + MOMENT
    answer(memo, round_, first, received_at=(START + HOUR - MOMENT).isoformat())
    with pytest.raises(Conflict):
        answer(memo, round_, second)
    memo.pass_until(START + 2 * HOUR)
    assert results(memo, round_)["answered"] == 1


def test_the_report_says_who_was_asked_and_how_many_answered(memo: LocalService) -> None:
    people = hire(memo, 4)
    round_ = start(memo, people)
    answer(memo, round_, people[0], "찬성", "<b>굵게</b>\n두 줄")
    with pytest.raises(Conflict):
        memo.call("quote_round", ME, {"id": round_})
    memo.pass_until(CLOSES + HOUR)
    quoted = memo.call("quote_round", ME, {"id": round_})
    assert quoted["title"] == "의견수렴 결과: 점심시간 조정"
    assert "대상: 4명" in quoted["body"]
    assert "응답: 1명(25%)" in quoted["body"]
    assert "&lt;b&gt;굵게&lt;/b&gt;<br>두 줄" in quoted["body"]


def test_my_rounds_are_listed_by_what_they_are_to_me(memo: LocalService) -> None:
    first, _ = people = hire(memo, 2)
    rounds = [start(memo, people) for _ in range(3)]
    boxes = {box: memo.call("rounds", as_(first), {"box": box})["items"] for box in ("asked", "mine", "ended")}
    assert [len(boxes[box]) for box in ("asked", "mine", "ended")] == [3, 0, 0]
    memo.call("withdraw_round", ME, {"id": rounds[0], "reason": "잘못"})
    memo.pass_until(CLOSES + HOUR)
    ended = memo.call("rounds", as_(first), {"box": "ended"})["items"]
    assert [row["state"] for row in ended] == ["closed", "closed", "withdrawn"]
    page = memo.call("rounds", ME, {"box": "mine", "limit": 2})
    rest = memo.call("rounds", ME, {"box": "mine", "limit": 2, "cursor": page["next"]})
    assert [row["id"] for row in (*page["items"], *rest["items"])] == rounds[::-1]


def test_ten_thousand_may_be_asked_and_more_are_refused(memo: LocalService) -> None:
    people = hire(memo, 10_000)
    round_ = start(memo, people)
    assert len(on_desks(memo)) == 10_000
    assert view(memo, round_)["asked"] == 10_000
    with pytest.raises(Problem):
        start(memo, [*people, *hire(memo, 1)])
