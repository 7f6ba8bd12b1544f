"""Due dates: counted in working days, past and far ones, extensions, reminders, escalation, recurrence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.requests.domain import due as dues
from services.requests.domain import recurrence, reminders
from services.requests.domain.recurrence import Rule
from services.requests.domain.reminders import Rule as Reminding
from shared.calendar import Exceptions, add_working_days
from shared.contracts import requests as contract
from shared.errors import Problem
from tests.unit.requests.cast import Doc, Town, holds, seoul

NONE = Exceptions()


def refused(town: Town, person: Doc, made: Doc, act: str, **given: object) -> Problem:
    with pytest.raises(Problem) as problem:
        town.act(person, made, act, **given)
    return problem.value


# REQ-01
@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-02-13", 1, "2026-02-19"),
        ("2026-02-13", 3, "2026-02-23"),
        ("2026-08-15", 1, "2026-08-18"),
        ("2026-04-24", 10, "2026-05-12"),
        ("2027-02-05", 1, "2027-02-10"),
        ("2027-02-05", 3, "2027-02-12"),
        ("2027-04-30", 5, "2027-05-11"),
        ("2027-10-01", 5, "2027-10-12"),
    ],
)
def test_working_days_go_over_holidays_and_their_substitutes(town: Town, received: str, days: int, due: str) -> None:
    found = town.service.call("reckon", town.as_(town.boss), {"received": received, "days": days})
    holds(contract.Reckoning, found)
    assert (found["due"], found["days"], found["day_off"]) == (due, days, None)


def test_the_days_that_were_skipped_are_named_with_why(town: Town) -> None:
    found = town.service.call("reckon", town.as_(town.boss), {"received": "2026-08-14", "days": 1})
    assert [(day["day"], day["name"]) for day in found["skipped"]] == [
        ("2026-08-15", "광복절"),
        ("2026-08-16", ""),
        ("2026-08-17", "광복절 대체 휴일"),
    ]
    town.service.holidays = Exceptions({date(2026, 8, 18): "개청기념일"})
    found = town.service.call("reckon", town.as_(town.boss), {"received": "2026-08-14", "due": "2026-08-18"})
    assert (found["day_off"]["name"], found["next_working_day"]) == ("개청기념일", "2026-08-19")


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({}, {"days": "days_or_due"}),
        ({"days": 1, "due": "2026-05-08"}, {"days": "days_or_due"}),
        ({"due": "2026-05-03"}, {"due": "past"}),
        ({"due": "2101-01-01"}, {"due": "beyond_2100"}),
        ({"received": "9999-12-31", "days": 1}, {"received": "out_of_range"}),
        ({"received": "2100-12-31", "days": 9}, {"days": "beyond_2100"}),
    ],
)
def test_what_cannot_be_counted_is_refused_by_name(town: Town, asked: Doc, fields: Doc) -> None:
    with pytest.raises(Problem) as problem:
        town.service.call("reckon", town.as_(town.boss), asked)
    assert problem.value.fields == fields


# -- given --------------------------------------------------------------------------------------------


def test_a_day_is_due_until_its_end_and_an_hour_at_it(town: Town) -> None:
    day = town.card(town.ask(town.worker, due="2026-05-08"))
    hour = town.card(town.ask(town.worker, due="2026-05-08T18:00:00+09:00"))
    assert (day["due"], day["due_at"]) == ("2026-05-08", "2026-05-08T15:00:00+00:00")
    assert (hour["due"], hour["due_at"]) == ("2026-05-08T09:00:00+00:00",) * 2


def test_so_many_working_days_may_be_given_instead(town: Town) -> None:
    assert town.ask(town.worker, days=1)["due"] == "2026-05-06"  # over Children's Day


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"due": "2026-05-03"}, {"due": "past"}),
        ({"due": "2026-05-04T08:59:00+09:00"}, {"due": "past"}),
        ({"due": "1500-01-01"}, {"due": "past"}),
        ({"due": "2101-01-01"}, {"due": "beyond_2100"}),
        ({"due": "9999-12-31T23:59:59-12:00"}, {"due": "beyond_2100"}),
        ({"due": "2026-05-08", "days": 3}, {"days": "with_due"}),
        ({"due": "2026-05-08T18:00:00"}, {"due": "not_valid"}),
        ({"due": "tomorrow"}, {"due": "not_valid"}),
        ({"due": 7}, {"due": "not_valid"}),
    ],
)
def test_a_date_that_is_past_too_far_or_none_is_refused(town: Town, given: Doc, fields: Doc) -> None:
    with pytest.raises(Problem) as problem:
        town.ask(town.worker, **given)
    assert set(problem.value.fields) == set(fields)
    assert fields == problem.value.fields or "not_valid" in fields.values()


def test_today_is_a_date_and_so_is_2099(town: Town) -> None:
    assert town.ask(town.worker, due="2026-05-04")["due"] == "2026-05-04"
    assert town.ask(town.worker, due="2099-12-31")["warnings"] == []


def test_a_holiday_is_taken_with_a_word_of_warning(town: Town) -> None:
    warning = town.ask(town.worker, due="2026-05-05")["warnings"][0]
    assert (warning["field"], warning["code"], warning["name"]) == ("due", "day_off", "어린이날")


# -- extensions, REQ-04 -------------------------------------------------------------------------------


def asked_late(town: Town) -> Doc:
    """Due on Friday at six; on Saturday the assignee asks for the Friday after."""
    made = town.ask(town.worker, due="2026-05-08T18:00:00+09:00")
    town.act(town.worker, made, "accept")
    town.service.now = seoul("2026-05-09", "10:00")
    town.act(town.worker, made, "extend", due="2026-05-15", reason="자료가 늦습니다")
    return made


def test_a_later_date_asked_after_the_due_time_leaves_the_delay_on_the_record(town: Town) -> None:
    made = asked_late(town)
    assert town.todos(made) == {"한시장": "answer_extension", "서나래": "do"}
    assert town.card(made)["late"] == 16 * 3600
    town.service.now = seoul("2026-05-11", "10:00")
    done = town.act(town.boss, made, "answer_extension", granted=True)
    assert done["due"] == "2026-05-15"
    card = town.card(made)
    assert (card["late"], card["state"]) == (0, "accepted")
    assert timedelta(seconds=card["history"][0]["detail"]["late"]) == timedelta(days=2, hours=16)
    assert ("서나래", "extension_granted") in town.notices(made)
    # Handed in on the second Friday: late against the first date, not against the one that held.
    town.service.now = seoul("2026-05-15", "17:00")
    town.act(town.worker, made, "hand_in")
    town.act(town.boss, made, "close")
    card = town.card(made)
    assert (card["late"], card["late_first"]) == (0, timedelta(days=6, hours=23).total_seconds())
    found = town.service.call("statistics", town.as_(town.boss), {"scope": "asked", "from": "2026-05", "to": "2026-05"})
    holds(contract.StatisticList, found)
    row = found["items"][0]
    assert (row["department"], row["done"], row["late"], row["late_first"]) == ("총무과", 1, 0, 1)


def test_of_two_answers_one_is_applied(town: Town) -> None:
    made = asked_late(town)
    town.act(town.boss, made, "answer_extension", granted=True)
    problem = refused(town, town.boss, made, "answer_extension", granted=True)
    assert (problem.status, problem.slug) == (409, "already-answered")
    assert town.card(made)["due"] == "2026-05-15"


def test_a_refusal_keeps_the_date_and_another_may_be_asked(town: Town) -> None:
    made = asked_late(town)
    assert refused(town, town.worker, made, "extend", due="2026-05-18").slug == "already-asked"
    town.act(town.boss, made, "answer_extension", granted=False, reason="더는 안 됩니다")
    assert town.card(made)["due"] == "2026-05-08T09:00:00+00:00"
    town.act(town.worker, made, "extend", due="2026-05-12")
    town.act(town.boss, made, "answer_extension", granted=True, due="2026-05-11")
    assert town.card(made)["due"] == "2026-05-11"


def test_an_earlier_or_a_past_date_is_no_extension(town: Town) -> None:
    made = town.ask(town.worker, due="2026-05-08")
    town.act(town.worker, made, "accept")
    assert refused(town, town.worker, made, "extend", due="2026-05-07").fields == {"due": "not_later"}
    town.service.now = seoul("2026-05-20", "09:00")
    assert refused(town, town.worker, made, "extend", due="2026-05-19").fields == {"due": "past"}
    town.act(town.worker, made, "extend", due="2026-05-21")
    town.service.now = seoul("2026-05-22", "09:00")
    assert refused(town, town.boss, made, "answer_extension", granted=True).fields == {"due": "past"}


def test_after_the_work_was_handed_in_there_is_nothing_to_extend(town: Town) -> None:
    made = asked_late(town)
    town.act(town.worker, made, "hand_in")
    problem = refused(town, town.boss, made, "answer_extension", granted=True)
    assert (problem.status, problem.slug) == (409, "handed-in")
    assert refused(town, town.worker, made, "extend", due="2026-05-20").slug == "handed-in"


def test_a_part_is_not_due_after_the_whole(town: Town) -> None:
    whole = town.ask(town.worker, due="2026-05-08")
    with pytest.raises(Problem) as problem:
        town.ask(town.other, by=town.worker, parent=whole["id"], due="2026-05-11")
    assert (problem.value.status, problem.value.slug) == (422, "after-parent")
    assert (problem.value.fields, problem.value.extra) == ({"due": "after_parent"}, {"parent_due": "2026-05-08"})
    part = town.ask(town.other, by=town.worker, parent=whole["id"], due="2026-05-07")
    town.act(town.other, part, "accept")
    assert refused(town, town.other, part, "extend", due="2026-05-11").extra == {"parent_due": "2026-05-08"}
    with pytest.raises(Problem) as problem:
        town.service.call("change", town.as_(town.worker), {"id": part["id"], "due": "2026-05-11"})
    assert problem.value.slug == "after-parent"


# -- reminders ----------------------------------------------------------------------------------------


def test_who_does_it_is_reminded_before_on_and_after_the_day(town: Town) -> None:
    made = town.ask(town.worker, due="2026-05-08")
    town.act(town.worker, made, "accept")
    town.service.pass_until(seoul("2026-05-07", "08:59"))
    assert town.notices(made, "reminded_before") == []
    town.service.pass_until(seoul("2026-05-20", "12:00"))
    reminded = [(name, code) for name, code in town.notices(made) if code.startswith("reminded")]
    assert reminded == [
        ("서나래", "reminded_before"),
        ("서나래", "reminded_on_day"),
        ("서나래", "reminded_after"),
        ("서나래", "reminded_after"),
    ]


def test_whose_work_is_in_is_reminded_no_more(town: Town) -> None:
    made = town.ask(town.worker, due="2026-05-08")
    town.handed_in(made, town.worker)
    town.service.pass_until(seoul("2026-05-20", "12:00"))
    assert [code for _, code in town.notices(made) if code.startswith("reminded")] == []
    town.act(town.boss, made, "send_back", reason="다시")
    town.service.pass_until(seoul("2026-06-20", "12:00"))
    assert "escalated" not in town.actions(made)


def test_what_is_overdue_goes_up_one_level_once(town: Town) -> None:
    head, mayor = town.hire("총무과", "강과장", position="과장"), town.hire("시장실", "부시장")
    town.heads = [
        {**head, "absent": None, "deputy": None},
        {**mayor, "absent": None, "deputy": None},
    ]
    made = town.ask(town.worker, due="2026-05-08")
    town.service.pass_until(seoul("2026-05-11", "08:59"))
    assert "escalated" not in town.actions(made)
    town.service.pass_until(seoul("2026-07-01", "12:00"))
    assert town.notices(made, "escalated") == [("강과장", "escalated")]
    assert town.actions(made).count("escalated") == 1
    town.act(town.worker, made, "accept")
    town.act(town.worker, made, "extend", due="2026-07-02")
    town.act(town.boss, made, "answer_extension", granted=True)
    town.service.pass_until(seoul("2026-08-01", "12:00"))
    assert town.actions(made).count("escalated") == 1


def test_where_who_asked_is_the_head_nobody_is_told_twice(town: Town) -> None:
    town.heads = [{**town.boss, "absent": None, "deputy": None}]
    made = town.ask(town.worker, due="2026-05-08")
    town.service.pass_until(seoul("2026-05-12", "12:00"))
    assert (town.notices(made, "escalated"), town.actions(made)[-1]) == ([], "escalated")


def test_the_rule_is_the_administrators(town: Town) -> None:
    admin, rule = town.as_(town.boss, "tenant_admin"), {"before": [2], "after": [], "on_day": False, "to": ["asker"]}
    holds(contract.RemindersView, town.service.call("reminders", town.as_(town.worker), {}))
    with pytest.raises(Problem) as problem:
        town.service.call("save_reminders", town.as_(town.worker), rule)
    assert problem.value.status == 403
    saved = town.service.call("save_reminders", admin, {**rule, "escalate_after": None, "version": 0})
    holds(contract.RemindersView, saved)
    with pytest.raises(Problem) as problem:
        town.service.call("save_reminders", admin, {**rule, "version": 0})
    assert problem.value.status == 412
    made = town.ask(town.worker, due="2026-05-08")
    town.service.pass_until(seoul("2026-06-01", "12:00"))
    assert town.notices(made) == [("한시장", "reminded_before")]


def test_nobody_is_reminded_in_quiet_hours() -> None:
    due = dues.given(date(2026, 5, 8), seoul("2026-05-04"))
    late_rule = Reminding(before=(1,), on_day=False, after=(), hour=21, quiet_from=20, quiet_to=8)
    found = reminders.next_one(due, late_rule, seoul("2026-05-04"), NONE)
    assert found and found.at == seoul("2026-05-08", "08:00")
    early = Reminding(before=(1,), on_day=False, after=(), hour=6, quiet_from=20, quiet_to=8)
    found = reminders.next_one(due, early, seoul("2026-05-04"), NONE)
    assert found and found.at == seoul("2026-05-07", "08:00")


# -- recurrence ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("every", "on", "after", "expected"),
    [
        ("month", 31, date(2026, 6, 1), date(2026, 6, 30)),
        ("month", 31, date(2026, 6, 30), date(2026, 7, 31)),
        ("month", 5, date(2026, 5, 1), date(2026, 5, 6)),  # over Children's Day
        ("working_day", 5, date(2026, 5, 1), date(2026, 5, 11)),
        ("working_day", -1, date(2026, 5, 1), date(2026, 5, 29)),
        ("working_day", 1, date(2026, 5, 4), date(2026, 6, 1)),
        ("week", 0, date(2026, 5, 4), date(2026, 5, 11)),
        ("week", 4, date(2026, 5, 4), date(2026, 5, 8)),
    ],
)
def test_a_rule_gives_the_next_day(every: str, on: int, after: date, expected: date) -> None:
    assert recurrence.following(Rule(every, on, date(2030, 1, 1)), after, NONE) == expected


def test_nothing_comes_after_the_end() -> None:
    assert recurrence.following(Rule("month", 15, date(2026, 5, 14)), date(2026, 5, 1), NONE) is None
    assert recurrence.following(Rule("week", 0, date(2026, 5, 10)), date(2026, 5, 4), NONE) is None


def monthly(town: Town, **given: object) -> Doc:
    recurs = {"every": "month", "on": 15, "until": "2026-07-31", "ahead": 5, **given}
    return town.ask(town.worker, kind="instruction", title="월례 보고", recurs=recurs)


def test_a_recurring_instruction_is_asked_again_by_itself_until_its_end(town: Town) -> None:
    made = monthly(town)
    assert made["due"] == "2026-05-15"
    series = town.card(made)["series"]
    assert (series["next_due"], series["stopped"]) == ("2026-06-15", False)
    asked = add_working_days(date(2026, 6, 15), -5)
    town.service.pass_until(seoul(asked.isoformat(), "08:59"))
    assert len(town.box(town.worker)) == 1
    town.service.pass_until(seoul(asked.isoformat(), "09:00"))
    assert [row["due"] for row in town.box(town.worker)] == ["2026-05-15", "2026-06-15"]
    town.service.pass_until(seoul("2026-12-01", "09:00"))
    rows = town.box(town.worker)
    assert [row["due"] for row in rows] == ["2026-05-15", "2026-06-15", "2026-07-15"]
    assert {row["asker"]["name"] for row in rows} == {"한시장"}
    assert town.card(rows[-1])["history"][-1]["person"] is None


def test_a_series_is_stopped_by_who_began_it(town: Town) -> None:
    made = monthly(town)
    series = town.card(made)["series"]["id"]
    with pytest.raises(Problem) as problem:
        town.service.call("stop_series", town.as_(town.worker), {"id": series})
    assert problem.value.status == 403
    for _ in range(2):
        assert town.service.call("stop_series", town.as_(town.boss), {"id": series}) == {"id": series, "stopped": True}
    town.service.pass_until(seoul("2026-12-01", "09:00"))
    assert len(town.box(town.worker)) == 1


def test_a_series_goes_on_with_who_is_left_and_ends_with_nobody(town: Town) -> None:
    recurs = {"every": "month", "on": 15, "until": "2026-12-31"}
    made = town.ask(town.worker, town.third, kind="instruction", recurs=recurs)
    town.leave(town.worker)
    town.service.pass_until(seoul("2026-06-12", "12:00"))
    assert [row["due"] for row in town.box(town.third)] == ["2026-05-15", "2026-06-15"]
    town.leave(town.third)
    town.service.pass_until(seoul("2026-12-01", "12:00"))
    assert len(town.box(town.third)) == 2
    assert town.card(made)["series"]["stopped"]
    told = [n for e in town.service.events if e.type == "requests.desk" for n in e.data["notices"]]
    assert [n["code"] for n in told if n["code"] == "series_stopped"] == ["series_stopped"]


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"kind": "request"}, {"recurs": "not_an_instruction"}),
        ({"due": "2026-05-08"}, {"due": "not_of_a_series"}),
        ({"recurs": {"every": "month", "on": 0, "until": "2026-12-31"}}, {"recurs.on": "out_of_range"}),
        ({"recurs": {"every": "week", "on": 7, "until": "2026-12-31"}}, {"recurs.on": "out_of_range"}),
        ({"recurs": {"every": "month", "on": 1, "until": "2026-05-01"}}, {"recurs.until": "past"}),
        ({"recurs": {"every": "month", "on": 1, "until": "2050-05-01"}}, {"recurs.until": "beyond_ten_years"}),
        ({"recurs": {"every": "month", "on": 30, "until": "2026-05-10"}}, {"recurs.until": "none_before"}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_by_name(town: Town, given: Doc, fields: Doc) -> None:
    recurs = {"every": "month", "on": 15, "until": "2026-12-31"}
    with pytest.raises(Problem) as problem:
        town.ask(town.worker, **{"kind": "instruction", "recurs": recurs, **given})
    assert problem.value.fields == fields
