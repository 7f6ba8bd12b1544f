"""Whatever the service tells has words for it."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from flask import Flask

from gateway.meetings import words
from tests.unit.desk.drivers.meetings import drive
from tests.unit.gateway.fake import FakeClient, application


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return application(FakeClient(), tmp_path)


def test_each_notice_and_each_step_and_each_to_do_has_words(app: Flask) -> None:
    events = [event for seed in range(12) for event in drive(Random(seed))]
    told = [event.data for event in events if event.type == "meetings.desk"]
    with app.test_request_context():
        for notice in (each for data in told for each in data["notices"]):
            assert notice["params"]["title"] in words.NOTICES[notice["code"]](notice["params"])
        todos = [slot["todo"] for data in told for slot in data["slots"] if slot["todo"]]
        assert todos and all(words.asked(todo) for todo in todos)
        codes = {each["code"] for e in events if e.type == "meetings.item" for each in e.data["happened"]}
        assert len(codes) > 6
        assert [code for code in codes if words.step({"action": code, "detail": {}}) == code] == []


def test_a_meeting_over_midnight_says_both_days(app: Flask) -> None:
    told = {"starts_at": "2026-05-08T14:00:00+00:00", "ends_at": "2026-05-08T16:30:00+00:00"}
    with app.test_request_context():
        text = words.time_words(told)
        assert "23:00~" in text and text.endswith("01:30") and "9.(토)" in text
        assert words.time_words({**told, "ends_at": "2026-05-08T14:30:00+00:00"}).endswith("23:00~23:30")
