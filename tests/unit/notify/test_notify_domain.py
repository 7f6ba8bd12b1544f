"""Levels, quiet hours, digests and the states of a message: rules without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain import message
from services.notify.domain.levels import level, merged
from services.notify.domain.message import MOST_TRIES, State, claimed, reported
from services.notify.domain.telling import Wish, wanted
from services.notify.domain.times import Hours, due
from shared.calendar import SEOUL
from shared.contracts.notify import LEVELS

NIGHT = Hours(22 * 60, 7 * 60, 9)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
MINUTES = st.integers(0, 1439)


def seoul(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("wished", "least", "plain", "urgent"),
    [
        ("never", "never", "never", "never"),
        ("never", "digest", "digest", "now"),
        ("digest", "never", "digest", "now"),
        ("digest", "now", "now", "now"),
        ("now", "digest", "now", "now"),
    ],
)
def test_the_stronger_of_wish_and_minimum_holds_and_what_is_urgent_is_told_at_once(
    wished: str, least: str, plain: str, urgent: str
) -> None:
    of = ({"memo": {"mail": wished}}, {"memo": {"mail": least}})
    assert (level(*of, "memo", "mail", urgent=False), level(*of, "memo", "mail", urgent=True)) == (plain, urgent)


def test_the_minimum_for_urgent_things_holds_for_every_topic_and_for_nothing_plain() -> None:
    least = {"urgent": {"mail": "digest"}}
    never = {"memo": {"mail": "never"}}
    assert level(never, least, "memo", "mail", urgent=True) == "now"
    assert level(never, least, "memo", "mail", urgent=False) == "never"


@given(wished=st.sampled_from(LEVELS), least=st.sampled_from(LEVELS), urgent=st.booleans())
def test_nobody_is_told_less_than_the_tenant_has_it(wished: str, least: str, urgent: bool) -> None:
    found = level({"memo": {"mail": wished}}, {"memo": {"mail": least}}, "memo", "mail", urgent=urgent)
    assert LEVELS.index(found) >= LEVELS.index(least)


def test_who_takes_no_digest_gets_none_but_the_one_they_have_to_take() -> None:
    wish = Wish({}, Hours(digest=None))
    assert wanted(wish, {}, "memo", "mail", urgent=False) == "never"
    assert wanted(wish, {"memo": {"mail": "digest"}}, "memo", "mail", urgent=False) == "digest"


def test_settings_that_are_not_given_stay() -> None:
    before = {"memo": {"mail": "now"}, "approval": {"push": "never"}}
    after = {"memo": {"mail": "now", "push": "never"}, "approval": {"push": "never"}}
    assert merged(before, {"memo": {"push": "never"}}) == after


@pytest.mark.parametrize(
    ("at", "end"),
    [
        (seoul(21, 59), seoul(21, 59)),
        (seoul(22), seoul(7, day=3)),
        (seoul(23, 59), seoul(7, day=3)),
        (seoul(0, day=3), seoul(7, day=3)),
        (seoul(6, 59, day=3), seoul(7, day=3)),
        (seoul(7, day=3), seoul(7, day=3)),
    ],
)
def test_quiet_hours_go_over_midnight_by_the_clock_of_seoul(at: datetime, end: datetime) -> None:
    assert NIGHT.quiet_end(at.astimezone(UTC)) == end


@given(moment=MOMENTS, start=MINUTES, end=MINUTES)
def test_no_quiet_hours_hold_at_their_end_nor_last_a_day(moment: datetime, start: int, end: int) -> None:
    hours = Hours(start, end)
    over = hours.quiet_end(moment)
    assert timedelta() <= over - moment < timedelta(days=1)
    assert hours.quiet_end(over) == over


def test_at_night_what_is_urgent_goes_at_once_and_the_rest_in_the_morning_together() -> None:
    at = seoul(23).astimezone(UTC)
    assert due("now", NIGHT, at, urgent=True).at == at
    held = due("now", NIGHT, at, urgent=False)
    assert (held.at, held.grouped) == (seoul(7, day=3), True)
    by_day = due("now", NIGHT, seoul(12).astimezone(UTC), urgent=False)
    assert (by_day.at, by_day.grouped) == (seoul(12), False)


@pytest.mark.parametrize(
    ("at", "expected"), [(seoul(8, 59), seoul(9)), (seoul(9), seoul(9, day=3)), (seoul(23), seoul(9, day=3))]
)
def test_a_digest_comes_at_its_hour(at: datetime, expected: datetime) -> None:
    found = due("digest", NIGHT, at.astimezone(UTC), urgent=False)
    assert (found.at, found.grouped) == (expected, True)


def test_a_digest_whose_hour_is_in_the_quiet_hours_comes_at_their_end() -> None:
    assert due("digest", Hours(22 * 60, 7 * 60, 5), seoul(12).astimezone(UTC), urgent=False).at == seoul(7, day=3)


# -- messages ---------------------------------------------------------------------------------------

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_message_is_tried_again_ever_later_and_given_up_at_last() -> None:
    state, pauses = State(message.AGAIN, 0, NOW), []
    while state.open:
        state = claimed(state, NOW)
        state = reported(state, "again", NOW, holds=True)
        if state.due:
            pauses.append(state.due - NOW)
    assert (state.name, state.tries) == ("failed", MOST_TRIES)
    assert pauses == sorted(pauses) and len(set(pauses)) == len(pauses)
    assert sum(pauses, timedelta()) < timedelta(days=3)


def test_a_message_with_which_every_courier_ends_is_given_up() -> None:
    state = State(message.AGAIN, 0, NOW)
    for _ in range(MOST_TRIES):
        state = claimed(state, NOW)
        assert state.name == "leased"
    assert claimed(state, NOW).name == "failed"


@pytest.mark.parametrize("outcome", ["again", "bounced", "refused", "gone", "nobody"])
def test_only_who_holds_the_lease_says_what_came_of_it_unless_it_was_sent(outcome: str) -> None:
    leased = State(message.LEASED, 1, NOW)
    assert reported(leased, outcome, NOW, holds=False) == leased
    assert reported(leased, outcome, NOW, holds=True) != leased
    assert reported(leased, "sent", NOW, holds=False).name == "sent"


@pytest.mark.parametrize("end", ["sent", "failed", "bounced", "refused", "gone", "nobody", "void"])
def test_a_message_that_ended_stays_as_it_ended(end: str) -> None:
    ended = State(end, 1, None)
    assert reported(ended, "sent", NOW, holds=True) == reported(ended, "again", NOW, holds=True) == ended
