"""What is written is what is read: escapes, folds, every field."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.ical import lines, values
from shared.ical.content import Attendee, Content, Organizer
from shared.ical.lines import Line
from shared.ical.objects import Object
from shared.ical.reading import read, unfold
from tests.unit.ical.samples import NOW, calendar, event, hour, imported

_WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"), max_size=90
)
_TEXTS = st.lists(_WORDS, max_size=4).map("\n".join)
_NAMES = _WORDS.map(str.strip)


def test_no_line_of_hangul_is_longer_than_75_octets_or_breaks_a_character() -> None:
    text = Object.new(hour("2026-09-01 10:00", "가" * 40), "u1", NOW).text
    physical = text.encode().split(b"\r\n")
    (first,) = [n for n, line in enumerate(physical) if line.startswith(b"SUMMARY")]

    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")
    assert all(len(line) <= 75 and line.decode() for line in physical[:-1])
    assert [len(line) for line in physical[first : first + 2]] == [74, 55]
    assert read(text.encode()).objects[0].title == "가" * 40


def test_text_is_escaped_as_the_standard_has_it() -> None:
    title, place = '예산, 인력; 경로 C:\\new\n끝: "완료"', "2층, 소회의실; 동관"
    obj = Object.new(hour("2026-09-01 10:00", title, place=place), "u1", NOW)

    plain = unfold(obj.text.encode())
    assert 'SUMMARY:예산\\, 인력\\; 경로 C:\\\\new\\n끝: "완료"\n' in plain
    assert "LOCATION:2층\\, 소회의실\\; 동관\n" in plain
    (again,) = read(obj.text.encode()).objects
    assert again.master and (again.master.title, again.master.place) == (title, place)
    assert imported(event("DTSTART:20260901T010000Z", "SUMMARY:하나\\N둘")).title == "하나\n둘"


def test_a_name_with_quotes_is_written_by_rfc_6868() -> None:
    person = Organizer("kim@city.example", '김 "팀장" ^하나, 총무과')
    obj = Object.new(hour("2026-09-01 10:00", organizer=person), "u1", NOW)

    assert "CN=\"김 ^'팀장^' ^^하나, 총무과\"" in unfold(obj.text.encode())
    assert read(obj.text.encode()).objects[0].master == obj.master


def test_a_title_cannot_begin_a_property_of_its_own() -> None:
    injected = "회의\r\nATTENDEE:mailto:x@y\u2028ATTENDEE:mailto:z@y"
    more: dict[str, Any] = {"link": "https://a\r\nATTENDEE:mailto:x@y", "categories": ("a\r\nATTENDEE:mailto:x@y",)}
    people = (Attendee("b@c\r\nATTENDEE:mailto:x@y", "n\r\nATTENDEE:mailto:x@y"),)
    obj = Object.new(hour("2026-09-01 10:00", injected, attendees=people, **more), "u\r\nATTENDEE:mailto:x@y", NOW)

    assert [line.split(":")[0].split(";")[0] for line in unfold(obj.text.encode()).split("\n")].count("ATTENDEE") == 1
    assert obj.title.startswith("회의\nATTENDEE")


@given(_TEXTS)
def test_any_text_comes_back(text: str) -> None:
    line = Line("SUMMARY", values.written_text(text))
    (found,) = lines.parse(unfold(f"BEGIN:VEVENT\r\n{lines.folded(str(line))}\r\nEND:VEVENT\r\n".encode()))

    assert values.text(found.lines[0].value) == text
    assert all(len(part.encode()) <= 75 for part in lines.folded(str(line)).split("\r\n"))


@given(_NAMES, _NAMES)
def test_any_parameter_comes_back(one: str, two: str) -> None:
    line = Line("X-A", "v:v", (("CN", (one, two)), ("X-B", (two,))))
    found = lines.parse_line(str(line))

    assert found and found.value == "v:v"
    assert found.param("X-B") == two
    assert [value for value in (one, two) if value] == list(dict(found.params)["CN"])


_ZONES = st.sampled_from([ZoneInfo(name) for name in ("Asia/Seoul", "America/New_York", "UTC")])
_CLOCKS = st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)).map(lambda moment: moment.replace(microsecond=0))
_STARTS = st.one_of(
    st.dates(date(1950, 1, 1), date(2090, 1, 1)), _CLOCKS, st.builds(lambda c, z: c.replace(tzinfo=z), _CLOCKS, _ZONES)
)
_RULES = st.sampled_from([None, "FREQ=DAILY;COUNT=3", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=WEEKLY;UNTIL=20951231"])
_PEOPLE = st.builds(
    Attendee,
    st.sampled_from(["kim@city.example", "lee@city.example"]),
    _NAMES,
    st.just("CHAIR"),
    st.just("ACCEPTED"),
    st.booleans(),
)


@st.composite
def contents(draw: st.DrawFn) -> Content:
    start = draw(_STARTS)
    return Content(
        title=draw(_TEXTS),
        start=start,
        end=start + timedelta(days=draw(st.integers(1, 400))),
        rrule=draw(_RULES),
        rdates=tuple(start + timedelta(days=n) for n in draw(st.lists(st.integers(1, 999), max_size=3))),
        exdates=tuple(start + timedelta(days=n) for n in draw(st.lists(st.integers(1, 999), max_size=3))),
        place=draw(_TEXTS),
        description=draw(_TEXTS),
        importance=draw(st.sampled_from([0, 1, 5, 9])),
        categories=tuple(word for word in draw(st.lists(_NAMES, max_size=3)) if word),
        visibility=draw(st.sampled_from(["public", "busy", "private"])),
        transparent=draw(st.booleans()),
        status=draw(st.sampled_from(["confirmed", "tentative", "cancelled"])),
        reminders=tuple(sorted(draw(st.sets(st.integers(0, 10_000), max_size=3)))),
        organizer=draw(st.none() | st.builds(Organizer, st.just("park@city.example"), _NAMES, st.just(""))),
        attendees=tuple(draw(st.lists(_PEOPLE, max_size=2, unique_by=lambda person: person.address))),
        sequence=draw(st.integers(0, 99)),
    )


@settings(deadline=None, max_examples=60)
@given(contents())
def test_any_content_comes_back_from_the_text_and_by_an_import(content: Content) -> None:
    obj = Object.new(content, "u1", NOW)

    assert Object.of_text(obj.text).master == content
    found = read(obj.text.encode())
    assert [problem.code for problem in found.problems] == []
    assert found.objects[0].master == content
    assert found.objects[0].text == obj.text
    assert found.objects[0].digest == obj.digest


@settings(deadline=None, max_examples=30)
@given(contents())
def test_another_reader_finds_the_same(content: Content) -> None:
    found = icalendar.Calendar.from_ical(Object.new(content, "u1", NOW).text).events[0]

    assert str(found["SUMMARY"]) == content.title if content.title else "SUMMARY" not in found
    assert content.start == found.DTSTART
    assert found.DTSTAMP == NOW


@given(st.binary(max_size=400))
def test_nothing_that_comes_breaks_the_reader(noise: bytes) -> None:
    assert unfold(noise) is not None
    read(calendar() + noise)
    read(calendar(event("DTSTART:20260901T010000Z")).replace(b"END:VEVENT", noise + b"\r\nEND:VEVENT"))


@given(st.sampled_from(["DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID"]), _WORDS)
def test_no_value_of_a_property_breaks_the_reader(name: str, value: str) -> None:
    found = read(calendar(event("DTSTART:20260901T010000Z", f"{name}:{value}"), event("DTSTART:20260901", uid="u2")))

    assert "u2" in [obj.uid for obj in found.objects]
    assert all(obj.text for obj in found.objects)
