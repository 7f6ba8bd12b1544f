"""Calendars of others: what is kept of them, what is told, what is refused."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.ical import cleaning
from shared.ical.objects import Object
from shared.ical.reading import CODES, NotACalendarObject, one, read, unfold
from tests.unit.ical.samples import SEOUL, at, calendar, event, imported, shown, window

# What would go on for hours fails; how long it takes passes or fails nothing.
ENDS = pytest.mark.timeout(120)
SEOUL_BY_ANOTHER_NAME = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
END:STANDARD
END:VTIMEZONE"""


def codes(data: bytes) -> list[tuple[str, str, str]]:
    return [(problem.property, problem.code, problem.severity) for problem in read(data).problems]


def timed(*more: str, tzid: str = "Asia/Seoul", start: str = "20260507T140000", uid: str = "u1") -> str:
    return event("SUMMARY:회의", f"DTSTART;TZID={tzid}:{start}", "DURATION:PT1H", *more, uid=uid)


def test_until_as_a_bare_date_means_the_whole_local_day_and_is_told() -> None:
    data = calendar(timed("RRULE:FREQ=DAILY;UNTIL=20260629", start="20260624T100000"))
    (obj,) = read(data).objects

    assert codes(data) == [("RRULE", "until_is_a_date", "warning")]
    assert shown(window(obj, "2026-06-01", "2026-08-01")) == [f"06-{day} 10:00" for day in range(24, 30)]
    assert "UNTIL=20260629T010000Z" in obj.text
    again = read(obj.text.encode())
    assert again.problems == ()
    assert len(window(again.objects[0], "2026-06-01", "2026-08-01").instances) == 6


def test_until_in_local_time_is_that_of_the_events_zone() -> None:
    obj = imported(timed("RRULE:FREQ=DAILY;UNTIL=20260509T140000"))

    assert len(window(obj, "2026-05-01", "2026-06-01").instances) == 3


@pytest.mark.parametrize(
    ("tzid", "vtimezone"),
    [
        ("Korea Standard Time", SEOUL_BY_ANOTHER_NAME.format(name="Korea Standard Time")),
        ("Korea Standard Time", ""),
        ('"Korea Standard Time"', ""),
        ('"Asia/Seoul"', ""),
        ('"(UTC+09:00) Seoul"', SEOUL_BY_ANOTHER_NAME.format(name="(UTC+09:00) Seoul")),
        ("/example.org/20260101_1/Asia/Seoul", ""),
    ],
)
def test_a_zone_is_known_by_its_other_names_and_goes_out_by_its_own(tzid: str, vtimezone: str) -> None:
    obj = imported(vtimezone, timed(tzid=tzid))

    assert obj.span(SEOUL)[0] == datetime(2026, 5, 7, 5, tzinfo=UTC)
    assert "DTSTART;TZID=Asia/Seoul:20260507T140000" in obj.text
    assert "TZID:Asia/Seoul\r\n" in obj.text


def test_korean_summer_time_is_known() -> None:
    assert imported(timed(start="19880701T090000")).span(SEOUL)[0] == datetime(1988, 6, 30, 23, tzinfo=UTC)


def test_an_event_in_a_zone_nobody_knows_is_held_until_one_is_chosen() -> None:
    data = calendar(timed(tzid="Nowhere Time"), timed(uid="u2"))
    found = read(data)

    assert [obj.uid for obj in found.objects] == ["u2"]
    (problem,) = found.problems
    assert (problem.uid, problem.summary, problem.property) == ("u1", "회의", "DTSTART")
    assert (problem.code, problem.severity) == ("unknown_zone", "held")
    chosen = read(data, zone_for_unknown=SEOUL)
    assert chosen.problems == ()
    assert [obj.span(SEOUL)[0].hour for obj in chosen.objects] == [5, 5]


def test_an_instance_in_a_zone_nobody_knows_holds_its_whole_series() -> None:
    moved = timed("RECURRENCE-ID:20260508T050000Z", tzid="Nowhere Time")

    assert read(calendar(timed("RRULE:FREQ=DAILY"), moved)).objects == ()


def test_a_line_folded_inside_a_character_is_read_whole() -> None:
    title = "재난안전대책본부 상황판단회의 결과 보고 및 부서별 조치 계획 협의"
    data = calendar(timed()).replace("SUMMARY:회의".encode(), f"SUMMARY:{title}".encode())
    place = data.index("부서별".encode()) + 4
    folded = data[:place] + b"\r\n " + data[place:]

    assert read(folded).objects[0].title == title


@pytest.mark.parametrize("text", ["보고 🇰🇷 끝", "첫 줄\\n둘째 줄", "반\\, 점\\; 끝"])
def test_a_fold_at_any_octet_changes_nothing(text: str) -> None:
    data = f"SUMMARY:{text}".encode()

    assert {unfold(data[:n] + b"\r\n " + data[n:]) for n in range(1, len(data))} == {f"SUMMARY:{text}"}


def test_what_is_not_utf_8_is_read_as_korean_programs_write_it() -> None:
    assert unfold("SUMMARY:회의".encode("cp949")) == "SUMMARY:회의"
    assert unfold("\ufeffSUMMARY:회의".encode()) == "SUMMARY:회의"
    assert unfold("SUMMARY:회의".encode("utf-16")) == "SUMMARY:회의"


def test_a_doubled_entry_is_kept_once_as_it_was_last() -> None:
    early = event("DTSTART:20260801T010000Z", "SUMMARY:먼저", stamp="20260801T000100Z", uid="two")
    late = event("DTSTART:20260801T020000Z", "SUMMARY:나중", stamp="20260801T000900Z", uid="two")

    for order in ((early, late), (late, early)):
        found = read(calendar(*order))
        assert [obj.title for obj in found.objects] == ["나중"]
        assert [problem.code for problem in found.problems] == ["duplicate"]


def test_a_class_with_blanks_is_trimmed_and_an_unknown_one_is_private() -> None:
    found = read(calendar(timed("CLASS: PUBLIC "), timed("CLASS:X-SECRET", uid="u2")))

    assert [obj.master and obj.master.visibility for obj in found.objects] == ["public", "private"]
    assert [problem.code for problem in found.problems] == ["class_trimmed", "class_unknown"]


@pytest.mark.parametrize(
    ("lines", "prop", "code"),
    [
        (["DTSTART:20260507T140000Z", "DTEND:20260507T130000Z"], "DTEND", "ends_before_start"),
        (["DTSTART:20260507T140000Z", "DURATION:-PT1H"], "DURATION", "ends_before_start"),
        (["DTSTART:20260507T140000Z", "DURATION:P9999999999D"], "DURATION", "not_a_duration"),
        (["DTSTART:20260230T140000Z"], "DTSTART", "not_a_date"),
        (["DTSTART:tomorrow"], "DTSTART", "not_a_date"),
        (["SUMMARY:never"], "DTSTART", "not_a_date"),
        (["DTSTART:18991231T140000Z"], "DTSTART", "year_out_of_range"),
        (["DTSTART:20260507", "DTEND:99991231"], "DTEND", "year_out_of_range"),
        (["DTSTART:20260507", "RDATE:20260508," + "20260509," * 5000], "RDATE", "too_many"),
        (["DTSTART:20260507", "DESCRIPTION:" + "가" * 1_000_001], "", "too_large"),
    ],
)
def test_an_entry_that_cannot_be_kept_is_named_and_others_are_kept(lines: list[str], prop: str, code: str) -> None:
    data = calendar(event(*lines, uid="bad"), timed())

    assert codes(data) == [(prop, code, "skipped")]
    assert [obj.uid for obj in read(data).objects] == ["u1"]


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=3", "FREQ=HOURLY", "FREQ=NEVER", "nonsense"])
def test_a_rule_that_is_not_supported_leaves_one_event_and_is_told(rule: str) -> None:
    data = calendar(timed(f"RRULE:{rule}"))
    (obj,) = read(data).objects

    assert codes(data) == [("RRULE", "rule_not_supported", "warning")]
    assert shown(window(obj, "2026-01-01", "2027-01-01")) == ["05-07 14:00"]
    assert f"RRULE:{rule}" in obj.text


def test_tasks_and_journals_are_skipped_by_name() -> None:
    found = read(calendar("BEGIN:VTODO\nUID:t1\nSUMMARY:할 일\nEND:VTODO", "BEGIN:VJOURNAL\nUID:j1\nEND:VJOURNAL"))

    assert found.objects == ()
    assert [(problem.uid, problem.property, problem.code) for problem in found.problems] == [
        ("t1", "VTODO", "not_an_event"),
        ("j1", "VJOURNAL", "not_an_event"),
    ]


def test_an_entry_without_uid_is_the_same_one_at_the_next_import() -> None:
    data = calendar(event("DTSTART:20260507T140000Z").replace("UID:u1\n", ""))

    assert read(data).objects[0].uid == read(data).objects[0].uid != ""


def test_a_time_that_floats_stays_so() -> None:
    obj = imported(event("DTSTART:20261201T090000", "DTEND:20261201T100000"))

    assert obj.master and obj.master.floating
    assert "DTSTART:20261201T090000\r\n" in obj.text
    assert obj.span(SEOUL)[0] == datetime(2026, 12, 1, tzinfo=UTC)
    assert obj.span(ZoneInfo("America/New_York"))[0] == datetime(2026, 12, 1, 14, tzinfo=UTC)


def test_an_instance_is_found_however_its_original_time_is_written() -> None:
    for address in ("RECURRENCE-ID:20260508T050000Z", "RECURRENCE-ID;TZID=Asia/Seoul:20260508T140000"):
        obj = imported(timed("RRULE:FREQ=DAILY;COUNT=3"), timed(address, start="20260508T160000"))
        assert shown(window(obj, "2026-05-01", "2026-06-01")) == ["05-07 14:00", "05-08 16:00", "05-09 14:00"]
    for address in ("RECURRENCE-ID;VALUE=DATE:20260508", "RECURRENCE-ID:20260508T140000"):
        assert list(imported(timed("RRULE:FREQ=DAILY"), timed(address)).overrides) == ["2026-05-08T05:00:00Z"]


def test_what_is_not_known_here_goes_out_as_it_came() -> None:
    lines = ('X-APPLE-NOTE;X-P="a;b":tab\\, \\n', "GEO:37.5;127.0", "ATTACH:https://example.org/a.pdf", "PRIORITY:2")
    alarm = "BEGIN:VALARM\nACTION:EMAIL\nTRIGGER;RELATED=END:PT5M\nX-WHO:me\nEND:VALARM"
    obj = imported(timed(*lines, alarm))

    for line in (*lines, "TRIGGER;RELATED=END:PT5M", "X-WHO:me"):
        assert f"{line}\r\n" in obj.text
    assert Object.of_text(obj.text).text == obj.text


def test_every_code_is_listed_for_the_pages_and_none_besides() -> None:
    sources = "".join(
        (Path(cleaning.__file__).parent / f"{name}.py").read_text() for name in ("cleaning", "lines", "reading", "itip")
    )
    told = re.findall(r"(?:tell|Unkept|NotACalendarObject|NotLines)\(([^\n]*)\)", sources)
    used = {word for call in told for word in re.findall(r'"([a-z]+(?:_[a-z]+)*)"', call)}

    assert used == set(CODES)


@pytest.mark.parametrize(
    "end", ["DTEND;VALUE=DATE:20260501", "DTEND:20260501T150000Z", "DURATION:PT1H", "DURATION:P1D"]
)
def test_a_day_that_ends_when_it_begins_lasts_a_day(end: str) -> None:
    obj = imported(event("DTSTART;VALUE=DATE:20260501", end))

    assert obj.master and obj.master.end == date(2026, 5, 2)
    assert "DTEND;VALUE=DATE:20260502\r\n" in obj.text and "DURATION" not in obj.text


def test_times_go_out_as_the_standard_writes_them() -> None:
    obj = imported(event("DTSTART;X-A=1: 20260507t140000z", "DTEND;VALUE=DATE-TIME:20260507T235960Z"))
    assert "DTSTART;X-A=1:20260507T140000Z\r\nDTEND:20260507T235959Z\r\n" in obj.text
    assert "DTSTART;VALUE=DATE:20260507\r\n" in imported(event("DTSTART:20260507")).text
    assert codes(calendar(event("DTSTART:２０２６0507"))) == [("DTSTART", "not_a_date", "skipped")]


def test_a_client_puts_one_object() -> None:
    assert one(calendar(timed("RRULE:FREQ=DAILY"), timed("RECURRENCE-ID:20260508T050000Z"))).uid == "u1"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not_a_calendar"),
        (b"\x00\xff\xfe", "not_a_calendar"),
        (b"<html></html>", "not_a_calendar"),
        (calendar(), "no_event"),
        (calendar(timed(), timed(uid="u2")), "several_uids"),
        (calendar(event("DTSTART:20260507T140000Z", uid="")), "no_uid"),
        (calendar(timed(tzid="Nowhere Time")), "unknown_zone"),
        (calendar(event("SUMMARY:x")), "not_a_date"),
        (b"x" * 1_000_001, "too_large"),
    ],
)
def test_what_is_no_object_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(NotACalendarObject) as refused:
        one(data)

    assert refused.value.reason == reason


@ENDS
@pytest.mark.parametrize(
    "data",
    [
        b"BEGIN:VCALENDAR\r\n" * 500_000,
        b"BEGIN:VEVENT\n" * 100_000,
        b"x" * 20_000_001,
        b"\n" * 19_000_000,
        calendar(event("DTSTART:20260507", "SUMMARY:" + "a" * 15_000_000)),
        calendar(event("DTSTART:20260507", "RDATE:" + "20260508," * 100_000)),
        calendar(event("DTSTART;TZID=x:20260507T000000", "RRULE:" + "FREQ=DAILY;" * 90_000)),
        calendar(
            *(SEOUL_BY_ANOTHER_NAME.format(name=f"z{n}") for n in range(9_000)),
            *(event(f"DTSTART;TZID=z{n}:20260507T000000", uid=f"u{n}") for n in range(9_000)),
        ),
        calendar(
            "BEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nDTSTART:00010101T000000\nRRULE:FREQ=SECONDLY\n"
            "TZOFFSETFROM:+0900\nTZOFFSETTO:+0900\nEND:STANDARD\nEND:VTIMEZONE",
            event("DTSTART;TZID=x:20260507T000000"),
        ),
    ],
    ids=range(9),
)
def test_hostile_files_come_to_an_end(data: bytes) -> None:
    assert read(data).problems


@ENDS
@pytest.mark.parametrize("params", [';CN="' * 400_000, ";A=,,,,," * 600_000, ";A=" + '"xxxx",' * 400_000])
def test_a_property_with_parameters_without_end_is_passed_over_or_too_large(params: str) -> None:
    found = read(calendar(event("DTSTART:20260507", f"ATTENDEE{params}:mailto:x@y")))

    assert [obj.master and obj.master.attendees for obj in found.objects] in ([()], [])
    assert bool(found.objects) != bool(found.problems)


def test_control_characters_go() -> None:
    assert imported(event("DTSTART:20260507", "SUM\x00MARY:회\x00의\x07" + "\x00" * 900_000)).title == "회의"


def test_dates_of_the_series_take_its_form() -> None:
    obj = imported(timed("RRULE:FREQ=DAILY;COUNT=4", "EXDATE;VALUE=DATE:20260508", "RDATE:20260601T050000Z"))

    assert shown(window(obj, "2026-05-01", "2026-07-01")) == [
        "05-07 14:00",
        "05-09 14:00",
        "05-10 14:00",
        "06-01 14:00",
    ]
    assert obj.master and obj.master.exdates == (at("2026-05-08 14:00"),)


def test_a_day_lasts_a_day_where_no_end_is_given() -> None:
    obj = imported(event("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY;COUNT=3"))

    assert obj.master and (obj.master.start, obj.master.end) == (date(2024, 2, 29), date(2024, 3, 1))
