"""Rules of recurrence: between the selects of the form and RFC 5545, and in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gateway.schedule import rules
from gateway.schedule.words import rules as words
from tests.unit.gateway.fake import FakeClient, application

TUESDAY = date(2099, 5, 5)


@pytest.mark.parametrize(
    ("repeat", "rule"),
    [
        ("daily", "FREQ=DAILY"),
        ("workdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("weekly", "FREQ=WEEKLY;BYDAY=MO,TU"),
        ("monthly_day", "FREQ=MONTHLY;BYMONTHDAY=5"),
        ("monthly_nth", "FREQ=MONTHLY;BYDAY=1TU"),
        ("monthly_last", "FREQ=MONTHLY;BYDAY=-1TU"),
        ("monthly_end", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("monthly_workday", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
        ("yearly", "FREQ=YEARLY"),
    ],
)
def test_each_pattern_of_the_form_is_a_rule_and_comes_back_as_it_was_chosen(repeat: str, rule: str) -> None:
    form = {"repeat": repeat}
    assert rules.built(form, ["TU", "MO"], TUESDAY, all_day=False) == rule
    found = rules.chosen(rule, TUESDAY, None)
    assert (found.pattern, found.every, found.kept) == (repeat, 1, "")


def test_interval_and_end_go_into_the_rule() -> None:
    form = {"repeat": "weekly", "every": "2", "ends": "until", "until": "2099-12-31", "count": "7"}
    rule = "FREQ=WEEKLY;BYDAY=TU;INTERVAL=2;UNTIL=20991231T145959Z"
    assert rules.built(form, [], TUESDAY, all_day=False) == rule
    assert str(rules.built(form, [], TUESDAY, all_day=True)).endswith("UNTIL=20991231")
    assert str(rules.built(form | {"ends": "count"}, [], TUESDAY, all_day=False)).endswith("INTERVAL=2;COUNT=7")
    assert words.until(rules.parts(rule)) == date(2099, 12, 31)


def test_a_rule_the_selects_cannot_say_is_kept_as_it_is() -> None:
    exotic = "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"
    found = rules.chosen(exotic, TUESDAY, None)
    assert found.pattern == rules.KEPT
    assert rules.built({"repeat": rules.KEPT, "kept_rule": exotic}, [], TUESDAY, all_day=False) == exotic


def test_what_is_no_number_goes_to_the_service_which_names_the_field() -> None:
    assert rules.built({"repeat": "daily", "every": "zwei"}, [], TUESDAY, all_day=False) == "FREQ=DAILY;INTERVAL=zwei"
    assert rules.built({"repeat": "daily"}, [], None, all_day=False) is None


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "매일"),
        ("FREQ=DAILY;INTERVAL=3", "3일마다"),
        ("FREQ=WEEKLY;BYDAY=TU", "매주 화요일"),
        ("FREQ=WEEKLY", "매주 화요일"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,MO", "2주마다 월·수요일"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "평일마다(월~금)"),
        ("FREQ=MONTHLY;BYMONTHDAY=15", "매월 15일"),
        ("FREQ=MONTHLY;BYDAY=2TU", "매월 둘째 화요일"),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1", "매월 마지막 금요일"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "매월 마지막 평일"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1", "3개월마다 마지막 날"),
        ("FREQ=YEARLY;COUNT=5", "매년 5. 5. · 5회"),
        ("FREQ=DAILY;UNTIL=20991231T145959Z", "매일 · 2099. 12. 31.(목)까지"),
        ("FREQ=YEARLY;BYWEEKNO=20", "직접 정한 반복 규칙"),
        ("", ""),
    ],
)
def test_a_rule_is_said_in_words_and_never_shown_as_it_is_written(tmp_path: Path, rule: str, said: str) -> None:
    with application(FakeClient(), tmp_path).test_request_context():
        assert words.words(rule, "2099-05-05T00:00:00+00:00") == said
