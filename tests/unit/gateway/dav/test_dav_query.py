"""`calendar-query`: the objects that a filter asks for, in the form that is asked for (RFC 4791, 7.8 and 9)."""

from __future__ import annotations

import pytest

from gateway.dav import filters
from gateway.dav.matching import Matcher
from gateway.dav.xml import read
from tests.unit.gateway.dav.program import CALENDAR, Answers, Program, condition
from tests.unit.gateway.dav.store import Schedule, calendar_of, event

NS = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
DAY = '<C:time-range start="20260609T150000Z" end="20260610T150000Z"/>'
WEEKLY = ("RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Asia/Seoul:20260617T090000")
SERIES = calendar_of(
    *("BEGIN:VEVENT", "UID:s", "DTSTAMP:20260101T000000Z", "SUMMARY:주간회의", *WEEKLY),
    *("DTSTART;TZID=Asia/Seoul:20260610T090000", "DTEND;TZID=Asia/Seoul:20260610T100000"),
    *("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:곧", "TRIGGER:-PT15M", "END:VALARM", "END:VEVENT"),
    *("BEGIN:VEVENT", "UID:s", "DTSTAMP:20260101T000000Z", "RECURRENCE-ID;TZID=Asia/Seoul:20260624T090000"),
    *("DTSTART;TZID=Asia/Seoul:20260625T140000", "DTEND;TZID=Asia/Seoul:20260625T150000", "SUMMARY:옮긴 회의"),
    "END:VEVENT",
)
GUEST = 'ATTENDEE;CN="이, 담당";PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT:mailto:lee@city.example'


def query(program: Program, inner: str, data: str = "", **headers: str) -> Answers:
    props = f"<D:prop><D:getetag/>{data}</D:prop>"
    asked = f'{props}<C:filter><C:comp-filter name="VCALENDAR">{inner}</C:comp-filter></C:filter>'
    return Answers(program.report(CALENDAR, "C:calendar-query", asked, **headers))


def names(told: Answers) -> list[str]:
    return [href.removeprefix(CALENDAR) for href in told.hrefs]


def events(inner: str = "") -> str:
    return f'<C:comp-filter name="VEVENT">{inner}</C:comp-filter>'


def prop(name: str, inner: str = "") -> str:
    return f'<C:prop-filter name="{name}">{inner}</C:prop-filter>'


def text(value: str, **attributes: str) -> str:
    given = "".join(f' {name.replace("_", "-")}="{told}"' for name, told in attributes.items())
    return f"<C:text-match{given}>{value}</C:text-match>"


# -- what the schedule answers by itself ------------------------------------------------------------


@pytest.fixture
def full(schedule: Schedule) -> Schedule:
    schedule.put("a.ics", event("a", "20260610T090000", title="예산 회의"))
    schedule.put("b.ics", event("b", "20260611T090000", GUEST, "LOCATION:3층", title="Budget Meeting"))
    schedule.put("s.ics", SERIES)
    return schedule


@pytest.mark.parametrize("inner", ["", events()])
def test_all_objects_come_without_a_look_at_their_texts(program: Program, full: Schedule, inner: str) -> None:
    assert names(query(program, inner)) == ["a.ics", "b.ics", "s.ics"]
    assert [asked["text"] for asked in full.asked("dav_objects")] == [False]


def test_a_time_is_looked_for_by_the_schedule(program: Program, full: Schedule) -> None:
    assert names(query(program, events(DAY))) == ["a.ics", "s.ics"]
    (asked,) = full.asked("dav_objects")
    assert (asked["from"], asked["to"]) == ("2026-06-09T15:00:00+00:00", "2026-06-10T15:00:00+00:00")
    assert asked["text"] is False


@pytest.mark.parametrize(
    ("start", "found"),
    [
        ("20260616T150000Z", []),
        ("20260623T150000Z", []),
        ("20260624T150000Z", ["s.ics"]),
        ("20260630T150000Z", ["s.ics"]),
    ],
)
def test_a_recurrence_is_found_on_the_days_it_is_on_now(
    program: Program, full: Schedule, start: str, found: list[str]
) -> None:
    """The second is taken out, the third has moved to the next day."""
    end = f"{int(start[:8]) + 1}{start[8:]}".replace("20260631", "20260701")
    assert names(query(program, events(f'<C:time-range start="{start}" end="{end}"/>'))) == found


def test_one_end_of_a_time_may_be_open(program: Program, full: Schedule) -> None:
    assert names(query(program, events('<C:time-range start="20260611T150000Z"/>'))) == ["s.ics"]
    assert names(query(program, events('<C:time-range end="20260610T000000Z"/>'))) == []
    assert "to" not in full.asked("dav_objects")[0] and "from" not in full.asked("dav_objects")[1]


def test_a_time_far_away_is_as_far_as_a_calendar_goes(program: Program, full: Schedule) -> None:
    assert len(names(query(program, events('<C:time-range start="00010101T000000Z" end="99991231T235959Z"/>')))) == 3


def test_depth_nothing_is_of_the_calendar_alone(program: Program, full: Schedule) -> None:
    assert query(program, events(), depth="0").hrefs == []


# -- what is looked for in the texts ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        (prop("SUMMARY", text("회의")), "as"),
        (prop("SUMMARY", text("MEETING")), "b"),
        (prop("SUMMARY", text("MEETING", collation="i;octet")), ""),
        (prop("SUMMARY", text("meeting", collation="i;unicode-casemap")), "b"),
        (prop("SUMMARY", text("회의", negate_condition="yes")), "b"),
        (prop("LOCATION"), "b"),
        (prop("LOCATION", "<C:is-not-defined/>"), "as"),
        (prop("ATTENDEE", text("LEE@city")), "b"),
        (prop("ATTENDEE", '<C:param-filter name="PARTSTAT">' + text("needs-action") + "</C:param-filter>"), "b"),
        (prop("ATTENDEE", '<C:param-filter name="PARTSTAT">' + text("accepted") + "</C:param-filter>"), ""),
        (prop("ATTENDEE", '<C:param-filter name="CN">' + text("이, 담") + "</C:param-filter>"), "b"),
        (prop("ATTENDEE", '<C:param-filter name="RSVP"><C:is-not-defined/></C:param-filter>'), "b"),
        (prop("ATTENDEE", '<C:param-filter name="RSVP"/>'), ""),
        (prop("DTSTART", DAY), "as"),
        (prop("SUMMARY", DAY), ""),
        (prop("UID", text("s")), "s"),
        (prop("UID", text("none")), ""),
        (prop("SUMMARY", text("회의")) + prop("RRULE"), "s"),
        ('<C:comp-filter name="VALARM"/>', "s"),
        ('<C:comp-filter name="VALARM"><C:is-not-defined/></C:comp-filter>', "abs"),
        (
            '<C:comp-filter name="VALARM"><C:time-range start="20260609T234500Z" end="20260610T000000Z"/>'
            "</C:comp-filter>",
            "s",
        ),
        (
            '<C:comp-filter name="VALARM"><C:time-range start="20260610T000000Z" end="20260610T003000Z"/>'
            "</C:comp-filter>",
            "",
        ),
        (DAY + prop("SUMMARY", text("예산")), "a"),
    ],
)
def test_properties_and_components_are_looked_at(program: Program, full: Schedule, inner: str, found: str) -> None:
    told = names(query(program, events(inner)))
    assert told == [f"{name}.ics" for name in found]


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ('<C:comp-filter name="VTODO"/>', 0),
        ('<C:comp-filter name="VTODO"><C:is-not-defined/></C:comp-filter>', 3),
        ('<C:comp-filter name="VEVENT"><C:is-not-defined/></C:comp-filter>', 0),
        ('<C:comp-filter name="vtimezone"/>', 3),
        (prop("VERSION", text("2.0")), 3),
        (prop("X-WR-CALNAME"), 0),
    ],
)
def test_other_components_and_the_calendars_own_properties_too(
    program: Program, full: Schedule, inner: str, found: int
) -> None:
    assert len(names(query(program, inner))) == found


def test_a_uid_is_found_without_reading_everything(program: Program, full: Schedule) -> None:
    assert names(query(program, events(prop("UID", text("a", collation="i;octet"))))) == ["a.ics"]
    assert [asked.get("uid") for asked in full.asked("dav_objects")] == ["a"]


def test_a_time_within_a_condition_of_its_own_is_met_by_the_same_object(full: Schedule) -> None:
    wanted = filters.of(
        read(f"<C:filter {NS}><C:comp-filter name='VCALENDAR'>{events(DAY)}</C:comp-filter></C:filter>".encode())
    )
    assert Matcher(SERIES, "Asia/Seoul").matches(wanted)
    assert not Matcher(event("b", "20260611T090000"), "Asia/Seoul").matches(wanted)


def test_of_one_object_alone_it_says_whether_it_fits(program: Program, full: Schedule) -> None:
    for inner, found in ((events(prop("SUMMARY", text("예산"))), 1), (events(prop("SUMMARY", text("없음"))), 0)):
        asked = (
            f'<D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name="VCALENDAR">{inner}</C:comp-filter></C:filter>'
        )
        assert len(Answers(program.report(f"{CALENDAR}a.ics", "C:calendar-query", asked)).hrefs) == found


# -- filters that are none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filter_", "wrong"),
    [
        ("", "C:valid-filter"),
        ("<C:filter/>", "C:valid-filter"),
        ('<C:filter><C:comp-filter name="VEVENT"/></C:filter>', "C:valid-filter"),
        ("<C:filter><C:comp-filter/></C:filter>", "C:valid-filter"),
        (f'<C:filter><C:comp-filter name="VCALENDAR">{DAY}</C:comp-filter></C:filter>', "C:supported-filter"),
        (
            '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range/></C:comp-filter>'
            "</C:comp-filter></C:filter>",
            "C:valid-filter",
        ),
        (
            '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:prop-filter name="UID">'
            '<C:text-match collation="i;klingon">x</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter>'
            "</C:filter>",
            "C:supported-collation",
        ),
        (
            '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:prop-filter name="UID">'
            '<C:text-match negate-condition="maybe">x</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter>'
            "</C:filter>",
            "C:valid-filter",
        ),
        (
            '<C:filter><C:comp-filter name="VCALENDAR">'
            + '<C:comp-filter name="V">' * 9
            + "</C:comp-filter>" * 10
            + "</C:filter>",
            "C:supported-filter",
        ),
        (
            '<C:filter><C:comp-filter name="VCALENDAR">'
            + '<C:prop-filter name="V"/>' * 300
            + "</C:comp-filter></C:filter>",
            "C:supported-filter",
        ),
    ],
)
def test_a_filter_that_is_none_is_refused(program: Program, filter_: str, wrong: str) -> None:
    refused = program.report(CALENDAR, "C:calendar-query", f"<D:prop><D:getetag/></D:prop>{filter_}")
    assert (refused.status_code, condition(refused)) == (403, wrong)


# -- the form of what is told -----------------------------------------------------------------------


def data(program: Program, inner: str, name: str = "s.ics") -> list[str]:
    asked = f"<C:calendar-data>{inner}</C:calendar-data>"
    told = query(program, events(), asked).text(f"{CALENDAR}{name}", "C:calendar-data")
    return told.replace("\r\n ", "").split("\r\n")


def test_a_series_is_unfolded_within_a_time_and_in_utc(program: Program, full: Schedule) -> None:
    told = data(program, '<C:expand start="20260601T000000Z" end="20260701T150000Z"/>')
    assert [line for line in told if line.startswith(("DTSTART", "RECURRENCE-ID", "SUMMARY"))] == [
        *("SUMMARY:주간회의", "RECURRENCE-ID:20260610T000000Z", "DTSTART:20260610T000000Z"),
        *("SUMMARY:옮긴 회의", "RECURRENCE-ID:20260624T000000Z", "DTSTART:20260625T050000Z"),
        *("SUMMARY:주간회의", "RECURRENCE-ID:20260701T000000Z", "DTSTART:20260701T000000Z"),
    ]
    assert not any(line.startswith(("RRULE", "EXDATE", "BEGIN:VTIMEZONE")) for line in told)


def test_a_single_event_has_no_recurrence_when_unfolded(program: Program, full: Schedule) -> None:
    told = data(program, '<C:expand start="20260601T000000Z" end="20260701T150000Z"/>', "a.ics")
    assert "DTSTART:20260610T000000Z" in told and "DTEND:20260610T010000Z" in told
    assert not any(line.startswith("RECURRENCE-ID") for line in told)


def test_whole_days_stay_days_when_unfolded(program: Program, schedule: Schedule) -> None:
    whole = (
        "BEGIN:VEVENT",
        "UID:d",
        "DTSTAMP:20260101T000000Z",
        "DTSTART;VALUE=DATE:20260610",
        "DTEND;VALUE=DATE:20260612",
    )
    schedule.put("d.ics", calendar_of(*whole, "RRULE:FREQ=MONTHLY;COUNT=2", "END:VEVENT"))
    told = data(program, '<C:expand start="20260701T000000Z" end="20260801T000000Z"/>', "d.ics")
    assert {"DTSTART;VALUE=DATE:20260710", "DTEND;VALUE=DATE:20260712", "RECURRENCE-ID;VALUE=DATE:20260710"} <= set(
        told
    )


def test_of_what_differs_from_a_series_only_what_matters_then_is_told(program: Program, full: Schedule) -> None:
    near = data(program, '<C:limit-recurrence-set start="20260624T000000Z" end="20260626T000000Z"/>')
    far = data(program, '<C:limit-recurrence-set start="20260701T000000Z" end="20260702T000000Z"/>')
    assert near.count("BEGIN:VEVENT") == 2 and far.count("BEGIN:VEVENT") == 1
    assert "RRULE:FREQ=WEEKLY;COUNT=4" in far


def test_a_part_of_an_object_is_told(program: Program, full: Schedule) -> None:
    inner = (
        '<C:comp name="VCALENDAR"><C:prop name="VERSION"/><C:comp name="VEVENT"><C:prop name="SUMMARY"/>'
        '<C:prop name="UID" novalue="yes"/></C:comp></C:comp>'
    )
    assert data(program, inner, "a.ics") == [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:", "SUMMARY:예산 회의", "END:VEVENT", "END:VCALENDAR"),
        "",
    ]


def test_all_of_a_part_is_told_where_that_is_asked_for(program: Program, full: Schedule) -> None:
    inner = '<C:comp name="VCALENDAR"><C:allprop/><C:comp name="VEVENT"><C:allprop/><C:allcomp/></C:comp></C:comp>'
    told = data(program, inner)
    assert "BEGIN:VALARM" in told and "BEGIN:VTIMEZONE" not in told


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ('<C:calendar-data content-type="application/calendar+json"/>', "C:supported-calendar-data"),
        ('<C:calendar-data version="3.0"/>', "C:supported-calendar-data"),
        ('<C:calendar-data><C:expand start="20260101T000000Z"/></C:calendar-data>', "C:valid-filter"),
        ('<C:calendar-data><C:comp name="VEVENT"/></C:calendar-data>', "C:valid-filter"),
    ],
)
def test_a_form_that_there_is_not_is_refused(program: Program, asked: str, wrong: str) -> None:
    inner = f'<D:prop>{asked}</D:prop><C:filter><C:comp-filter name="VCALENDAR"/></C:filter>'
    refused = program.report(CALENDAR, "C:calendar-query", inner)
    assert (refused.status_code, condition(refused)) == (403, wrong)


def test_everything_may_be_asked_for(program: Program, full: Schedule) -> None:
    inner = '<D:allprop/><C:filter><C:comp-filter name="VCALENDAR"/></C:filter>'
    assert "D:getetag" in Answers(program.report(CALENDAR, "C:calendar-query", inner)).of(f"{CALENDAR}a.ics")


def test_a_rule_without_end_costs_no_more_than_the_time_that_is_asked_for(program: Program, schedule: Schedule) -> None:
    schedule.put("e.ics", event("e", "19000101T090000", "RRULE:FREQ=DAILY"))
    told = data(program, '<C:expand start="20260601T000000Z" end="20260608T000000Z"/>', "e.ics")
    assert told.count("BEGIN:VEVENT") == 7


def test_how_much_of_a_series_is_told_is_bounded(program: Program, schedule: Schedule) -> None:
    schedule.put("e.ics", event("e", "19000101T090000", "RRULE:FREQ=DAILY"))
    told = data(program, '<C:expand start="19000101T000000Z" end="21000101T000000Z"/>', "e.ics")
    assert told.count("BEGIN:VEVENT") == 1_000
