"""The zones that go out: what another program makes of them."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.tz import tzical

from shared.ical import lines, zones


@pytest.mark.parametrize(
    "name", ["Asia/Seoul", "America/New_York", "Europe/Paris", "Australia/Lord_Howe", "Europe/Dublin"]
)
@pytest.mark.parametrize(("first", "last"), [(2026, None), (2055, None), (1987, 1989), (1960, 2026)])
def test_another_reader_has_the_same_clock_at_every_moment(name: str, first: int, last: int | None) -> None:
    if name == "Europe/Dublin" and first < 1972:
        pytest.skip("its summer time was the standard then")
    node = zones.vtimezone(name, date(first, 1, 1), None if last is None else date(last, 1, 1))
    theirs = tzical(io.StringIO(lines.text_of([node]).replace("\r\n", "\n"))).get(name)
    ours = zones.resolve(name)
    assert theirs and ours
    # In winter and in summer, an hour before and after most changes, and away from them.
    local = datetime(first, 1, 1, 0, 30)
    while local.year < (last or 2060):
        if ours.utcoffset(local) == ours.utcoffset(local.replace(fold=1)):
            assert theirs.utcoffset(local) == ours.utcoffset(local), local
        local += timedelta(hours=73)


def test_the_change_of_clocks_is_told_by_the_clock_that_is_changed() -> None:
    text = lines.text_of([zones.vtimezone("America/New_York", date(2026, 1, 1), None)])

    assert "DTSTART:20250309T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400" in text
    assert "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU" in text


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Romance Standard Time", "Europe/Paris"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("korea standard time", "Asia/Seoul"),
        ("asia/seoul", "Asia/Seoul"),
        ("GMT", "UTC"),
        ("tzone://Microsoft/Utc", "UTC"),
    ],
)
def test_names_of_windows_are_known(name: str, zone: str) -> None:
    found = zones.resolve(name)

    assert found and found.key == zone


@pytest.mark.parametrize(
    "name", ["", "Nowhere Time", "../../etc/passwd", "x" * 10_000, "/", "KST-9", "localtime", "Factory"]
)
def test_a_name_that_nobody_knows_is_no_zone(name: str) -> None:
    assert zones.resolve(name) is None


@pytest.mark.parametrize("name", ["Asia/Seoul", "America/New_York", "Europe/London", "Australia/Lord_Howe"])
def test_a_zone_is_known_by_its_offsets(name: str) -> None:
    text = lines.text_of([zones.vtimezone(name, date(1990, 1, 1), None)]).replace(name, "Our Own")
    (node,) = lines.parse(text.replace("\r\n", "\n"))
    found = zones.resolve("Our Own", [node])

    assert found
    for month in range(1, 13):
        moment = datetime(2026, month, 3, tzinfo=UTC)
        assert moment.astimezone(found).replace(tzinfo=None) == moment.astimezone(zones.resolve(name)).replace(
            tzinfo=None
        )


def test_offsets_that_no_zone_has_are_no_zone() -> None:
    (node,) = lines.parse(
        "BEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0917\nTZOFFSETTO:+0917\n"
    )

    assert zones.resolve("x", [node]) is None
