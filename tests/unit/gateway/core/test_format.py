"""Dates and counts in the reader's words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask_babel import force_locale

from gateway.core import format as formats
from tests.unit.gateway.fake import FakeClient, application

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "short", "full", "month"),
    [
        ("ko", "12. 4.(금)", "2026. 12. 4.(금)", "2026년 12월"),
        ("en", "Fri 4 Dec", "Fri 4 Dec 2026", "December 2026"),
    ],
)
def test_a_day_and_a_month_are_written_as_their_language_does(
    tmp_path: Path, locale: str, short: str, full: str, month: str
) -> None:
    with application(FakeClient(), tmp_path).app_context(), force_locale(locale):
        assert formats.weekday(date(2026, 12, 4)) == short
        assert formats.weekday(date(2026, 12, 4), year=True) == full
        assert formats.month_words("2026-12") == month
        assert formats.due(datetime(2026, 12, 4, 15, tzinfo=UTC), NOW).replace("by ", "") in (f"{short}까지", short)


def test_one_day_is_no_days(tmp_path: Path) -> None:
    with application(FakeClient(), tmp_path).app_context(), force_locale("en"):
        assert formats.ago(NOW - timedelta(days=1), NOW) == "1 day ago"
        assert formats.waiting(NOW - timedelta(days=1), NOW) == "for 1 day"
        assert formats.waiting(NOW - timedelta(days=2), NOW) == "for 2 days"


def test_no_line_ends_within_a_date() -> None:
    title = "총무팀 주간보고(2026. 11. 30.~12. 6.)"
    assert formats.whole_dates(title).replace("\u00a0", "_") == "총무팀 주간보고(2026._11._30.~12._6.)"
    assert formats.whole_dates("1. 보고 2. 계획") == "1. 보고 2. 계획"
