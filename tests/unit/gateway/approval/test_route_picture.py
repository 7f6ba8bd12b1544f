"""The route as the page draws it: stages, signers, times."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from gateway.approval.words.route import brief, signers, stages, step_duration
from tests.unit.gateway.stage import (
    line,
)


def test_stages_and_signers_are_taken_from_the_line() -> None:
    steps = line("waiting", "waiting", "waiting", "waiting")
    assert [[one["order"] for one in stage] for stage in stages(steps)] == [[0], [1], [2, 3], [4]]
    found = signers(steps)
    assert [one["role"] for one in found["signing"]] == ["draft", "review", "decide"]
    assert [one["order"] for one in found["cooperating"]] == [2, 3]


def test_times_of_this_year_are_written_without_it() -> None:
    now = datetime(2026, 12, 31, 16, tzinfo=UTC)  # already 2027 in Seoul
    assert brief("2027-03-02T05:06:00+00:00", now) == "3. 2. 14:06"
    assert brief("2026-03-02T05:06:00+00:00", now) == "2026. 3. 2. 14:06"
    assert brief(None) == ""


@pytest.mark.parametrize(
    ("ended_at", "words"),
    [
        ("2026-03-02T00:00:30+00:00", "1분 안에 결정"),
        ("2026-03-02T00:59:00+00:00", "59분 걸림"),
        ("2026-03-02T23:00:00+00:00", "23시간 걸림"),
        ("2026-03-05T00:00:00+00:00", "3일 걸림"),
        (None, ""),
    ],
)
def test_how_long_a_step_took_is_said_in_its_largest_unit(
    browser: FlaskClient, ended_at: str | None, words: str
) -> None:
    with browser.application.test_request_context():
        assert step_duration("2026-03-02T00:00:00+00:00", ended_at) == words
