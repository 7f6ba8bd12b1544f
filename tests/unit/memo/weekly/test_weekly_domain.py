"""The rules of periods and lines by themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.memo.weekly.domain import lines as rules
from services.memo.weekly.domain import periods, states
from services.memo.weekly.domain.lines import Line
from services.memo.weekly.domain.periods import Rule
from shared.calendar import NONE, Exceptions, is_working_day, seoul_date
from shared.errors import Conflict

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
CADENCES = st.sampled_from(["week", "month"])
RULES = st.builds(Rule, CADENCES, st.integers(1, 7), st.integers(1, 31), st.integers(1, 24))
ME = {"id": "me", "name": "나"}


@given(CADENCES, DAYS)
def test_each_day_is_in_one_period_and_periods_follow_without_a_gap(cadence: str, day: date) -> None:
    period = periods.of(cadence, day)
    assert period.first <= day <= period.last
    following = periods.after(period)
    assert following.first == period.last + timedelta(days=1)
    assert all(periods.of(cadence, each) == period for each in (period.first, period.last))
    assert following.key > period.key


def test_a_week_belongs_to_the_year_of_its_thursday() -> None:
    assert [periods.of("week", day).key for day in (date(2026, 12, 31), date(2027, 1, 3), date(2027, 1, 4))] == [
        "2026-W53",
        "2026-W53",
        "2027-W01",
    ]


# The calendars of the world are loaded with the first holiday that is asked for.
@settings(deadline=None)
@given(RULES, DAYS)
def test_what_is_due_is_due_on_a_working_day_of_its_period(rule: Rule, day: date) -> None:
    period = periods.of(rule.cadence, day)
    found = periods.opening(rule, period, NONE)
    if found is None:
        assert not any(map(is_working_day, period.days()))
        return
    assert is_working_day(due := seoul_date(found.due_at - timedelta(seconds=1))) and period.first <= due <= period.last
    assert found.opens_at < found.due_at
    reminder = periods.reminder(found.opens_at, found.due_at)
    assert reminder is None or found.opens_at < reminder < found.due_at


@pytest.mark.parametrize(
    ("rule", "day", "due"),
    [
        # 2026: Thursday 09-24 to Saturday 09-26 is 추석; Monday 10-05 stands for 개천절; Friday 10-09 is 한글날.
        (Rule("week", 5, 1, 18), date(2026, 9, 21), date(2026, 9, 23)),
        (Rule("week", 1, 1, 18), date(2026, 10, 5), date(2026, 10, 6)),
        (Rule("week", 5, 1, 18), date(2026, 10, 5), date(2026, 10, 8)),
        (Rule("week", 7, 1, 18), date(2026, 6, 29), date(2026, 7, 3)),
        (Rule("month", 1, 31, 18), date(2026, 2, 1), date(2026, 2, 27)),
        (Rule("month", 1, 1, 18), date(2026, 1, 1), date(2026, 1, 2)),
    ],
)
def test_on_a_day_off_it_is_due_on_the_working_day_before(rule: Rule, day: date, due: date) -> None:
    found = periods.opening(rule, periods.of(rule.cadence, day), NONE)
    assert found is not None and seoul_date(found.due_at) == due


def test_a_period_in_which_nobody_works_is_not_reported_on() -> None:
    monday = date(2026, 7, 6)
    off = Exceptions(off={monday + timedelta(days=n): "쉼" for n in range(5)})
    rule = Rule("week", 5, 1, 18)
    assert periods.opening(rule, periods.of("week", monday), off) is None
    found = periods.upcoming(rule, datetime(2026, 7, 5, 20, tzinfo=UTC), off)
    assert found.period.key == "2026-W29"
    never = Exceptions(off={monday + timedelta(days=n): "쉼" for n in range(-10, 700)})
    with pytest.raises(OverflowError):
        periods.upcoming(rule, datetime(2026, 7, 5, 20, tzinfo=UTC), never)


def test_a_week_over_the_turn_of_the_year_is_called_by_both() -> None:
    week = periods.of("week", date(2026, 12, 31))
    assert periods.title("week", week.first, week.last, "총무과") == "총무과 주간보고(2026. 12. 28.~2027. 1. 3.)"


STATES = (states.OPEN, states.SUBMITTED, states.TAKEN, states.RETURNED)


@pytest.mark.parametrize(
    ("act", "allowed"),
    [
        ("submit", {"open": "submitted", "returned": "submitted"}),
        ("recall", {"submitted": "open"}),
        ("take", {"submitted": "taken"}),
        ("return", {"submitted": "returned", "taken": "returned"}),
    ],
)
def test_the_states_allow_these_acts_and_no_others(act: str, allowed: dict[str, str]) -> None:
    for state in STATES:
        assert states.allows(act, state) == (state in allowed)
        if state in allowed:
            assert states.after(act, state) == allowed[state]
        else:
            with pytest.raises(Conflict):
                states.after(act, state)


# -- lines ------------------------------------------------------------------------------------------

TEXTS = st.lists(st.tuples(st.sampled_from(rules.SECTIONS), st.sampled_from("가나다라")), max_size=6)


def ids(prefix: str) -> object:
    numbers = count()
    return lambda: f"{prefix}{next(numbers)}"


def made(texts: list[tuple[str, str]], prefix: str = "b") -> list[Line]:
    return [Line(f"{prefix}{n}", section, text, (ME,)) for n, (section, text) in enumerate(texts)]


@given(TEXTS, TEXTS)
def test_after_taking_there_are_no_news_and_what_is_said_is_what_they_say(
    one: list[tuple[str, str]], two: list[tuple[str, str]]
) -> None:
    new_id = ids("j")
    joined: list[Line] = []
    for below in (made(one), made(two)):
        joined = rules.joined(joined, "report", below, new_id)  # type: ignore[arg-type]
        assert rules.news(joined, "report", below) == []
        said = rules.shown(joined)
        assert sorted((line.origin, line.section, line.text) for line in said) == sorted(
            (line.id, line.section, line.text) for line in below
        )
        assert [rules.SECTIONS.index(line.section) for line in joined] == sorted(
            rules.SECTIONS.index(line.section) for line in joined
        )


@given(TEXTS)
def test_only_plans_of_ones_own_are_carried_over(texts: list[tuple[str, str]]) -> None:
    own, new_id = made(texts), ids("n")
    joined = rules.joined(own, "report", made(texts, "c"), new_id)  # type: ignore[arg-type]
    found = rules.carried(joined, new_id)  # type: ignore[arg-type]
    assert [line.text for line in found] == [text for section, text in texts if section == "next"]
    assert {line.section for line in found} <= {"this"}
    assert {line.carried_from for line in found} <= {line.id for line in own}
