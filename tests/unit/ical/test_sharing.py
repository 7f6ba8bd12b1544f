"""Free and busy, feeds, files, and what a second import does."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ical.content import Attendee, Content, Organizer
from shared.ical.feeds import feed, publish
from shared.ical.freebusy import busy, freebusy_text
from shared.ical.lines import unfold
from shared.ical.merging import decide, version
from shared.ical.objects import Object
from shared.ical.reading import read
from shared.ical.recurrence import expand
from tests.unit.ical.samples import NEW_YORK, NOW, SEOUL, at, event, hour, imported

OWN = ("Kim.Hana@city.example",)
DAY = (datetime(2026, 6, 9, 15, tzinfo=UTC), datetime(2026, 6, 10, 15, tzinfo=UTC))


def invited(partstat: str) -> dict[str, Any]:
    return {
        "organizer": Organizer("park@city.example"),
        "attendees": (
            Attendee("kim.hana@city.example", partstat=partstat),
            Attendee("lee@city.example", partstat="ACCEPTED"),
        ),
    }


def object_of(content: Content, uid: str = "u1") -> Object:
    return Object.new(content, uid, NOW)


def taken(*objects: Object) -> list[str]:
    periods = busy(objects, *DAY, SEOUL, OWN)
    return [f"{start:%H:%M}-{end:%H:%M} {kind}" for start, end, kind in periods]


def test_only_what_takes_time_is_busy_and_nothing_is_told_of_it() -> None:
    half = at("2026-06-10 16:30")
    mixed = [
        hour("2026-06-10 09:00", "확정", place="시장실"),
        hour("2026-06-10 10:00", "미정", status="tentative"),
        hour("2026-06-10 11:00", "취소", status="cancelled"),
        hour("2026-06-10 13:00", "참고", transparent=True),
        Content("생일", date(2026, 6, 10), date(2026, 6, 11), transparent=True),
        hour("2026-06-03 14:00", "정례", rrule="FREQ=WEEKLY", exdates=(at("2026-06-10 14:00"),)),
        hour("2026-06-10 15:00", "불참", **invited("DECLINED")),
        hour("2026-06-10 16:00"),
        Content("겹침", half, half.replace(hour=17)),
        Content("이어짐", half.replace(hour=17), half.replace(hour=18, minute=0)),
    ]
    periods = busy([object_of(content, f"u{n}") for n, content in enumerate(mixed)], *DAY, SEOUL, OWN)
    text = unfold(freebusy_text(periods, *DAY, NOW).encode())

    assert [line for line in text.split("\n") if line.startswith("FREEBUSY")] == [
        "FREEBUSY;FBTYPE=BUSY:20260610T000000Z/20260610T010000Z",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260610T010000Z/20260610T020000Z",
        "FREEBUSY;FBTYPE=BUSY:20260610T070000Z/20260610T090000Z",
    ]
    assert "시장실" not in text and "city.example" not in text


def test_an_invitation_without_an_answer_may_take_time() -> None:
    assert taken(object_of(hour("2026-06-10 09:00", **invited("NEEDS-ACTION")))) == ["00:00-01:00 tentative"]
    assert taken(object_of(hour("2026-06-10 09:00", **invited("TENTATIVE")))) == ["00:00-01:00 tentative"]
    assert taken(object_of(hour("2026-06-10 09:00", **invited("ACCEPTED")))) == ["00:00-01:00 busy"]
    mine = invited("NEEDS-ACTION") | {"organizer": Organizer("KIM.hana@city.example")}
    assert taken(object_of(hour("2026-06-10 09:00", **mine))) == ["00:00-01:00 busy"]


def test_what_is_sure_goes_before_what_may_be() -> None:
    maybe = object_of(Content("미정", at("2026-06-10 09:00"), at("2026-06-10 12:00"), status="tentative"))

    assert taken(maybe, object_of(hour("2026-06-10 10:00"), "u2")) == [
        *("00:00-01:00 tentative", "01:00-02:00 busy", "02:00-03:00 tentative")
    ]


def test_days_and_floating_times_are_by_the_owners_clock() -> None:
    trip = object_of(Content("출장", date(2026, 6, 9), date(2026, 6, 12)))
    floating = imported(event("DTSTART:20261201T090000", "DURATION:PT1H"))

    assert taken(trip) == ["15:00-15:00 busy"]
    (period,) = busy([floating], datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 3, tzinfo=UTC), SEOUL, OWN)
    assert period == (datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 1, 1, tzinfo=UTC), "busy")
    assert busy(expand(trip, *DAY, SEOUL).instances, *DAY, SEOUL, OWN) == busy([trip], *DAY, SEOUL, OWN)


@given(st.lists(st.tuples(st.integers(0, 22), st.integers(1, 5), st.booleans()), max_size=8))
def test_periods_do_not_overlap_and_cover_each_hour_that_is_taken(spans: list[tuple[int, int, bool]]) -> None:
    def moment(hours: int) -> datetime:
        return datetime.fromtimestamp(DAY[0].timestamp() + hours * 3600, ZoneInfo("UTC"))

    objects = [
        object_of(Content("x", moment(start), moment(start + length), status="tentative" if maybe else "confirmed"))
        for start, length, maybe in spans
    ]
    periods = busy(objects, *DAY, SEOUL, OWN)
    for number in range(24):
        kinds = [kind for start, end, kind in periods if start <= moment(number) < end]
        wanted = {maybe for start, length, maybe in spans if start <= number < start + length}
        assert kinds == ([] if not wanted else ["busy"] if False in wanted else ["tentative"])


SECRET = (
    "비밀 인사",
    "시장실",
    "lee@city.example",
    "김",
    "secret-uid",
    "X-NOTE",
    "VALARM",
    "분류",
    "meet.example",
    "GEO",
    "설명",
)


def officer() -> list[Object]:
    zoned = imported(
        event(
            "DTSTART;TZID=America/New_York:20260601T090000",
            "DURATION:PT1H",
            "RRULE:FREQ=WEEKLY",
            "SUMMARY:공개",
            uid="open",
        )
    )
    private = event(
        *(
            'DTSTART;TZID=Asia/Seoul;X-WHO="시장실":20260602T090000',
            "DURATION:PT1H",
            "SUMMARY:비밀 인사",
            "LOCATION:시장실",
        ),
        *(
            "CLASS:PRIVATE",
            "DESCRIPTION:설명",
            "ATTENDEE;CN=김:mailto:lee@city.example",
            "ORGANIZER:mailto:lee@city.example",
        ),
        *(
            "CATEGORIES:분류",
            "ATTACH:https://meet.example/a",
            "CONFERENCE:https://meet.example",
            "X-NOTE:시장실",
            "GEO:1;2",
        ),
        "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:비밀 인사\nEND:VALARM",
        uid="secret-uid",
    )
    trimmed = event("DTSTART:20260603T000000Z", "CLASS: PUBLIC", "SUMMARY:둘째 공개", uid="trimmed")
    unknown = event("DTSTART:20260604T000000Z", "CLASS:X-SECRET", "SUMMARY:비밀 인사", uid="secret-uid-2")
    return [zoned, *map(imported, (private, trimmed, unknown))]


def hidden_uid(uid: str) -> str:
    return f"h{len(uid)}@feed"


def test_a_feed_tells_of_what_is_private_when_it_is_and_nothing_else() -> None:
    text = unfold(feed(officer(), "총무과장", hidden_uid))

    assert [word for word in SECRET if word in text] == []
    assert text.count("SUMMARY:바쁨\n") == 2 and "UID:h10@feed\n" in text
    assert "SUMMARY:공개\n" in text and "SUMMARY:둘째 공개\n" in text and "UID:trimmed\n" in text
    assert "DTSTART;TZID=Asia/Seoul:20260602T090000\n" in text


def test_a_feed_has_each_zone_a_name_a_refresh_and_no_method() -> None:
    text = unfold(feed(officer(), "김 과장, 총무과", hidden_uid))

    assert text.count("BEGIN:VTIMEZONE") == 2 and "TZID:America/New_York\n" in text and "TZID:Asia/Seoul\n" in text
    assert "NAME:김 과장\\, 총무과\n" in text and "REFRESH-INTERVAL;VALUE=DURATION:PT1H\n" in text
    assert "METHOD" not in text and "ATTENDEE" not in text
    assert len(read(feed(officer(), "x", hidden_uid)).objects) == 4


def test_a_feed_is_the_same_as_long_as_nothing_changes() -> None:
    assert feed(officer(), "x", hidden_uid) == feed(reversed(officer()), "x", hidden_uid)
    assert feed([], "x", hidden_uid).endswith(b"END:VCALENDAR\r\n")


def test_an_instance_that_is_private_hides_what_series_it_is_of() -> None:
    obj = imported(
        event("DTSTART:20260601T000000Z", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:공개", uid="series"),
        event(
            "RECURRENCE-ID:20260602T000000Z",
            "DTSTART:20260602T010000Z",
            "CLASS:PRIVATE",
            "SUMMARY:비밀 인사",
            uid="series",
        ),
    )
    text = unfold(feed([obj], "x", hidden_uid))
    assert "비밀 인사" not in text and "UID:series" not in text and text.count("SUMMARY:공개") == 1
    private = imported(
        event("DTSTART:20260601T000000Z", "RRULE:FREQ=DAILY;COUNT=3", "CLASS:PRIVATE", "SUMMARY:비밀 인사"),
        event("RECURRENCE-ID:20260602T000000Z", "DTSTART:20260602T010000Z", "SUMMARY:비밀 인사 둘"),
    )
    assert "비밀" not in unfold(feed([private], "x", hidden_uid))


def test_a_file_has_each_uid_once_and_guests_only_without_a_method() -> None:
    obj = object_of(hour("2026-06-10 09:00", **invited("ACCEPTED")))

    assert publish([obj, obj], "내 일정").count(b"BEGIN:VEVENT") == 1
    assert b"ATTENDEE" in publish([obj])
    published = publish([obj], method="PUBLISH")
    assert b"ATTENDEE" not in published and b"METHOD:PUBLISH\r\n" in published


def test_a_file_that_comes_again_changes_nothing_and_an_older_one_neither() -> None:
    def u1(sequence: int, stamp: str, clock: str) -> Object:
        lines = (f"SEQUENCE:{sequence}", f"DTSTART;TZID=Asia/Seoul:20260810T{clock}00", "DURATION:PT1H")
        return imported(event(*lines, stamp=stamp))

    first = u1(2, "20260801T000000Z", "1000")
    kept = version(first)

    assert decide(None, first) == "new"
    assert decide(kept, u1(2, "20260801T000000Z", "1000")) == "same"
    assert decide(kept, u1(1, "20260801T000000Z", "1400")) == "older"
    assert decide(kept, u1(1, "20260901T000000Z", "1400")) == "older"
    assert decide(kept, u1(2, "20260802T000000Z", "1100")) == "changed"
    assert decide(kept, u1(3, "20260701T000000Z", "1100")) == "changed"
    assert decide(kept, u1(2, "20260731T000000Z", "1100")) == "older"
    assert decide(version(read(publish([first])).objects[0]), first) == "same"


@pytest.mark.parametrize("zone", [SEOUL, NEW_YORK])
def test_an_object_is_within_its_span(zone: ZoneInfo) -> None:
    daily = object_of(hour("2026-06-10 09:00", rrule="FREQ=DAILY;COUNT=3"))
    assert daily.span(zone) == (datetime(2026, 6, 10, tzinfo=UTC), datetime(2026, 6, 12, 1, tzinfo=UTC))
    assert object_of(hour("2026-06-10 09:00", rrule="FREQ=DAILY")).span(zone)[1] is None
