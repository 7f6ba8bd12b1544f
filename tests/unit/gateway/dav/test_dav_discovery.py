"""How a program finds the calendars: from the server's name to its person, to their calendars, to what is in them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.unit.gateway.dav.program import CALENDAR, HOME, PERSON, Answers, Program, condition, document
from tests.unit.gateway.dav.store import EMAIL, MINE, TEAM, Schedule, event
from tests.unit.gateway.fake import ME

TEAMS = f"{HOME}{TEAM}/"
ITEM = f"{CALENDAR}a.ics"


@pytest.mark.parametrize("method", ["GET", "PROPFIND", "OPTIONS"])
def test_the_well_known_address_leads_to_where_everything_begins(program: Program, method: str) -> None:
    answer = program.client.open("/.well-known/caldav", method=method)
    assert (answer.status_code, answer.headers["Location"]) == (301, "/dav/")


def test_from_the_root_it_goes_to_the_person_and_to_their_calendars(program: Program) -> None:
    root = program.find("/dav/", "D:current-user-principal", "D:resourcetype")
    assert root.text("/dav/", "D:current-user-principal") == PERSON
    person = program.find(
        PERSON, "C:calendar-home-set", "C:calendar-user-address-set", "D:displayname", "D:principal-URL"
    )
    assert person.text(PERSON, "C:calendar-home-set") == HOME
    addresses = [one.text for one in person.of(PERSON)["C:calendar-user-address-set"]]
    assert addresses == [f"mailto:{EMAIL}", PERSON, f"urn:uuid:{ME}"]
    assert person.text(PERSON, "D:displayname") == "홍길동"
    home = program.find(HOME, "D:resourcetype", "D:displayname", "A:calendar-color", depth="1")
    assert home.hrefs == [HOME, CALENDAR, TEAMS]
    assert [child.tag for child in home.of(CALENDAR)["D:resourcetype"]] == [
        "{DAV:}collection",
        "{urn:ietf:params:xml:ns:caldav}calendar",
    ]
    assert home.text(TEAMS, "D:displayname") == "총무과" and home.text(CALENDAR, "A:calendar-color").startswith("#")


def test_a_persons_mail_is_asked_for_only_where_it_is_to_be_told(program: Program, schedule: Schedule) -> None:
    program.find(PERSON, "D:displayname", "C:calendar-home-set")
    assert schedule.asked("person") == []


def test_a_calendar_tells_what_it_takes_and_how_far_it_has_come(program: Program, schedule: Schedule) -> None:
    names = ("D:sync-token", "CS:getctag", "C:supported-calendar-component-set", "C:max-resource-size", "D:owner")
    told = program.find(CALENDAR, *names, "C:calendar-timezone", "D:resource-id", "D:supported-report-set")
    assert told.of(CALENDAR)["C:supported-calendar-component-set"][0].get("name") == "VEVENT"
    assert told.text(CALENDAR, "D:owner") == PERSON and "TZID:Asia/Seoul" in told.text(CALENDAR, "C:calendar-timezone")
    assert told.text(CALENDAR, "D:resource-id") == f"urn:uuid:{MINE}"
    before = told.text(CALENDAR, "CS:getctag"), told.text(CALENDAR, "D:sync-token")
    schedule.put("a.ics", event("a"))
    told = program.find(CALENDAR, *names)
    assert told.text(CALENDAR, "CS:getctag") != before[0] and told.text(CALENDAR, "D:sync-token") != before[1]


@pytest.mark.parametrize(
    ("href", "may", "may_not"),
    [
        (CALENDAR, {"read", "write", "bind", "unbind", "write-content", "write-properties"}, set[str]()),
        (TEAMS, {"read", "read-free-busy"}, {"write", "bind", "unbind", "write-content", "write-properties"}),
        (ITEM, {"read", "write-content"}, {"write-properties"}),
        (f"{CALENDAR}meeting.ics", {"read"}, {"write-content", "unbind"}),
    ],
)
def test_what_one_may_is_told_of_each(
    program: Program, schedule: Schedule, href: str, may: set[str], may_not: set[str]
) -> None:
    for name in ("a.ics", "meeting.ics"):
        schedule.put(name, event(name))
    schedule.calendars[MINE].locked.add("meeting.ics")
    told = program.find(href, "D:current-user-privilege-set").of(href)["D:current-user-privilege-set"]
    names = {one.tag.rpartition("}")[2] for one in told.iterfind("{DAV:}privilege/*")}
    assert may <= names and not may_not & names


def test_what_there_is_not_is_told_apart_unless_one_wants_to_hear_less(program: Program) -> None:
    for headers in ({}, {"Prefer": "return=minimal"}, {"Brief": "t"}):
        told = program.find(CALENDAR, "D:displayname", "D:quota-used-bytes", "C:schedule-inbox-URL", **headers)
        assert set(told.of(CALENDAR)) == {"D:displayname"}
        missing = set() if headers else {"D:quota-used-bytes", "C:schedule-inbox-URL"}
        assert set(told.of(CALENDAR, 404)) == missing


def test_a_property_of_anybodys_is_answered_under_its_own_name(program: Program) -> None:
    body = '<propfind xmlns="DAV:"><prop><x:가 xmlns:x="urn:a&amp;b"/></prop></propfind>'
    assert list(Answers(program.ask("PROPFIND", CALENDAR, body, Depth="0")).of(CALENDAR, 404)) == ["urn:a&b:가"]


@pytest.mark.parametrize("body", ["", document("D:propfind", "<D:allprop/>")])
def test_everything_is_what_webdav_has_and_not_what_calendars_have(program: Program, body: str) -> None:
    told = Answers(program.ask("PROPFIND", CALENDAR, body, Depth="0")).of(CALENDAR)
    assert {"D:resourcetype", "D:displayname"} <= set(told) and "C:calendar-timezone" not in told


def test_everything_with_what_is_included(program: Program) -> None:
    body = document("D:propfind", "<D:allprop/><D:include><D:sync-token/></D:include>")
    told = Answers(program.ask("PROPFIND", CALENDAR, body, Depth="0"))
    assert {"D:resourcetype", "D:sync-token"} <= set(told.of(CALENDAR))


def test_the_names_of_all_properties_come_without_their_values(program: Program) -> None:
    told = Answers(program.ask("PROPFIND", CALENDAR, document("D:propfind", "<D:propname/>"), Depth="0")).of(CALENDAR)
    assert "C:calendar-timezone" in told and all(not prop.text and not len(prop) for prop in told.values())


def test_what_is_in_a_calendar_is_listed_without_its_texts(program: Program, schedule: Schedule) -> None:
    for name in ("회의 자료.ics", "a&b.ics", "a.ics"):
        schedule.put(name, event(name))
    told = program.find(CALENDAR, "D:getetag", "D:getcontenttype", depth="1")
    assert told.hrefs == [
        CALENDAR,
        f"{CALENDAR}a%26b.ics",
        ITEM,
        f"{CALENDAR}%ED%9A%8C%EC%9D%98%20%EC%9E%90%EB%A3%8C.ics",
    ]
    assert told.text(ITEM, "D:getetag").startswith('"') and set(told.of(CALENDAR, 404)) == {
        "D:getetag",
        "D:getcontenttype",
    }
    assert [asked["text"] for asked in schedule.asked("dav_objects")] == [False]


def test_a_length_is_told_where_it_is_asked_for(program: Program, schedule: Schedule) -> None:
    schedule.put("a.ics", event("a"))
    assert program.find(ITEM, "D:getcontentlength").text(ITEM, "D:getcontentlength") == str(len(event("a").encode()))


def test_content_is_no_property(program: Program, schedule: Schedule) -> None:
    schedule.put("a.ics", event("a"))
    assert list(program.find(ITEM, "C:calendar-data").of(ITEM, 404)) == ["C:calendar-data"]


def test_a_large_calendar_comes_in_pieces_that_are_one_document(program: Program, schedule: Schedule) -> None:
    schedule.page = 300
    for number in range(1_001):
        schedule.put(f"{number:04}.ics", event(str(number)))
    response = program.ask("PROPFIND", CALENDAR, document("D:propfind", "<D:prop><D:getetag/></D:prop>"), Depth="1")
    assert "Content-Length" not in response.headers
    assert len(Answers(response).hrefs) == 1_002 and len(schedule.asked("dav_objects")) == 4


@pytest.mark.parametrize("headers", [{}, {"Depth": "infinity"}])
def test_everything_below_at_once_is_not_to_be_had(program: Program, headers: dict[str, str]) -> None:
    refused = program.ask("PROPFIND", HOME, **headers)
    assert (refused.status_code, condition(refused)) == (403, "D:propfind-finite-depth")


@pytest.mark.parametrize(
    "path",
    [
        "/dav/principals/01900000-0000-7000-8000-000000000002/",
        "/dav/calendars/01900000-0000-7000-8000-000000000002/",
        f"/dav/calendars/01900000-0000-7000-8000-000000000002/{MINE}/",
        f"{HOME}01900000-0000-7000-8000-0000000000ff/",
        f"{CALENDAR}none.ics",
        f"{HOME}../../../etc/passwd",
        f"{CALENDAR}..%2f..%2fetc%2fpasswd",
        "/dav/calendars/%00/",
    ],
)
def test_somebody_elses_and_what_there_is_not_is_not_found(program: Program, path: str) -> None:
    assert program.ask("PROPFIND", path, Depth="0").status_code == 404


def test_an_address_without_its_last_slash_is_the_same(program: Program) -> None:
    assert program.find(CALENDAR.rstrip("/"), "D:displayname").hrefs == [CALENDAR]


@pytest.mark.parametrize(
    ("path", "allowed"), [("/dav/", "PROPFIND"), (CALENDAR, "MKCALENDAR"), (f"{CALENDAR}a.ics", "PUT")]
)
def test_it_says_what_it_can_do(program: Program, path: str, allowed: str) -> None:
    answer = program.ask("OPTIONS", path)
    assert answer.status_code == 200 and allowed in answer.headers["Allow"].split(", ")
    assert "calendar-access" in answer.headers["DAV"] and "calendar-auto-schedule" not in answer.headers["DAV"]


@pytest.mark.parametrize("method", ["LOCK", "UNLOCK", "POST", "PATCH", "GET", "PUT"])
def test_what_does_nothing_there_is_refused_with_what_does(program: Program, method: str) -> None:
    answer = program.ask(method, CALENDAR)
    assert answer.status_code == 405 and "PROPFIND" in answer.headers["Allow"]


def test_a_method_that_somebody_made_up_is_refused(program: Program) -> None:
    assert program.ask("FOO", CALENDAR).status_code == 405


def test_nothing_of_it_is_kept_by_a_cache_and_no_cookie_is_set(client: FlaskClient, program: Program) -> None:
    answer = program.ask("PROPFIND", CALENDAR, Depth="0")
    assert answer.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in answer.headers


@pytest.fixture
def client(program: Program) -> FlaskClient:
    return program.client
