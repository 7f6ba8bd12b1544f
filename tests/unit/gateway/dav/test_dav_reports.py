"""Reports: many objects at once, what has changed, when somebody is busy, what stands behind an address."""

from __future__ import annotations

from typing import Any

import pytest

from shared.errors import Unavailable
from tests.unit.gateway.dav.program import CALENDAR, HOME, PERSON, Answers, Program, condition, document
from tests.unit.gateway.dav.store import MINE, TEAM, Schedule, event
from tests.unit.gateway.fake import FakeClient

PROPS = "<D:prop><D:getetag/><C:calendar-data/></D:prop>"
ETAGS = "<D:prop><D:getetag/></D:prop>"


def href(name: str) -> str:
    return f"{CALENDAR}{name}"


# -- multiget ---------------------------------------------------------------------------------------


def multiget(program: Program, *hrefs: str, props: str = PROPS) -> Answers:
    wanted = "".join(f"<D:href>{one}</D:href>" for one in hrefs)
    return Answers(program.report(CALENDAR, "C:calendar-multiget", props + wanted, depth="0"))


def test_many_objects_come_at_once_as_they_are_kept(program: Program, schedule: Schedule) -> None:
    for name in ("a.ics", "회의.ics"):
        schedule.put(name, event(name, title="<회의> & ]]>"))
    encoded = href("%ED%9A%8C%EC%9D%98.ics")
    told = multiget(program, href("a.ics"), encoded, href("none.ics"))
    assert told.text(href("a.ics"), "C:calendar-data") == event("a.ics", title="<회의> & ]]>")
    assert encoded in told.hrefs and told.status(href("none.ics")) == "HTTP/1.1 404 Not Found"
    assert len(schedule.asked("dav_objects")) == 1


def test_lines_end_in_what_they_ended_in(program: Program, schedule: Schedule) -> None:
    schedule.put("a.ics", event("a"))
    body = document("C:calendar-multiget", f"{PROPS}<D:href>{href('a.ics')}</D:href>")
    assert b"&#13;\n" in program.ask("REPORT", CALENDAR, body).data


@pytest.mark.parametrize(
    "address",
    [
        f"{HOME}{TEAM}/a.ics",
        f"/dav/calendars/01900000-0000-7000-8000-000000000002/{MINE}/a.ics",
        "/etc/passwd",
        "http://[",
        "",
        "a.ics",
        f"{CALENDAR}%00.ics",
        f"{CALENDAR}..%2fa.ics",
        f"{CALENDAR}{'x' * 300}",
    ],
)
def test_an_address_of_something_else_is_not_found_here(program: Program, schedule: Schedule, address: str) -> None:
    schedule.put("a.ics", event("a"))
    told = multiget(program, address)
    assert told.status(address) == "HTTP/1.1 404 Not Found"


def test_a_whole_address_is_as_good_as_a_path(program: Program, schedule: Schedule) -> None:
    schedule.put("a.ics", event("a"))
    assert multiget(program, f"http://localhost{href('a.ics')}").hrefs == [href("a.ics")]


def test_five_hundred_objects_are_asked_for_in_parts(program: Program, schedule: Schedule) -> None:
    names = [f"{number:03}.ics" for number in range(500)]
    for name in names:
        schedule.put(name, event(name))
    assert len(multiget(program, *map(href, names)).hrefs) == 500
    assert [len(asked["names"]) for asked in schedule.asked("dav_objects")] == [200, 200, 100]


# -- sync-collection --------------------------------------------------------------------------------


def sync(program: Program, token: str = "", inner: str = ETAGS, depth: str = "0", limit: int = 0, **more: str) -> Any:
    most = f"<D:limit><D:nresults>{limit}</D:nresults></D:limit>" if limit else ""
    asked = f"<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>{most}{inner}"
    return program.report(CALENDAR, "D:sync-collection", asked, depth, **more)


def test_from_nothing_everything_is_told_and_then_what_has_changed(program: Program, schedule: Schedule) -> None:
    for name in ("x.ics", "y.ics", "z.ics"):
        schedule.put(name, event(name))
    first = Answers(sync(program))
    assert sorted(first.hrefs) == [href("x.ics"), href("y.ics"), href("z.ics")]
    program.put("n.ics", event("n"))
    program.put("y.ics", event("y.ics", title="새로"))
    program.ask("DELETE", href("z.ics"))
    second = Answers(sync(program, first.token))
    assert sorted(second.hrefs) == [href("n.ics"), href("y.ics"), href("z.ics")]
    assert second.status(href("z.ics")) == "HTTP/1.1 404 Not Found"
    assert second.responses[href("z.ics")].find("{DAV:}propstat") is None
    assert second.of(href("y.ics")) and second.token != first.token


def test_where_nothing_has_changed_nothing_is_told_but_the_state(program: Program, schedule: Schedule) -> None:
    schedule.put("a.ics", event("a"))
    token = Answers(sync(program)).token
    again = Answers(sync(program, token))
    assert again.hrefs == [] and again.token == token


def test_what_came_and_went_meanwhile_is_never_told_as_there(program: Program) -> None:
    token = Answers(sync(program)).token
    program.put("a.ics", event("a"))
    program.ask("DELETE", href("a.ics"))
    again = Answers(sync(program, token))
    assert [again.status(one) for one in again.hrefs] == ["HTTP/1.1 404 Not Found"]


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        "urn:oneway:sync:",
        f"urn:oneway:sync:{TEAM}:1",
        f"urn:oneway:sync:{MINE}:999",
        f"urn:oneway:sync:{MINE}:-1",
        f"urn:oneway:sync:{MINE}:{'9' * 40}",
        f"urn:oneway:sync:{MINE}:1;x",
    ],
)
def test_a_state_that_the_calendar_never_had_is_refused(program: Program, token: str) -> None:
    refused = sync(program, token)
    assert (refused.status_code, condition(refused)) == (403, "D:valid-sync-token")


@pytest.mark.parametrize("depth", ["1", "infinity", "x"])
def test_another_depth_is_refused(program: Program, depth: str) -> None:
    assert sync(program, depth=depth).status_code == 400


def test_who_has_room_for_two_is_told_two_and_goes_on(program: Program, schedule: Schedule) -> None:
    for name in "abcde":
        schedule.put(name, event(name))
    seen: list[str] = []
    token = ""
    for left in (3, 1, 0):
        told = Answers(sync(program, token, limit=2))
        members = [one for one in told.hrefs if one != CALENDAR]
        assert len(members) <= 2 and (CALENDAR in told.hrefs) == (left > 0)
        if left:
            assert told.status(CALENDAR) == "HTTP/1.1 507 Insufficient Storage"
        seen += members
        token = told.token
    assert sorted(seen) == [href(name) for name in "abcde"]


def test_texts_come_with_it_where_they_are_asked_for(program: Program, schedule: Schedule) -> None:
    schedule.put("a.ics", event("a"))
    told = Answers(sync(program, inner=PROPS))
    assert told.text(href("a.ics"), "C:calendar-data").startswith("BEGIN:VCALENDAR")


def test_an_idle_sync_asks_for_no_object(program: Program, schedule: Schedule) -> None:
    schedule.put("a.ics", event("a"))
    token = Answers(sync(program)).token
    schedule.client.asked.clear()
    sync(program, token)
    assert [method for _, method, _ in schedule.client.asked] == ["dav_calendars", "dav_changes"]


# -- free-busy --------------------------------------------------------------------------------------


def busy(program: Program, span: str, path: str = CALENDAR) -> Any:
    return program.report(path, "C:free-busy-query", span)


def test_busy_times_are_told_in_utc_and_nothing_else_of_them(program: Program, schedule: Schedule) -> None:
    schedule.busy = [
        {"starts_at": "2026-06-10T09:00:00+09:00", "ends_at": "2026-06-10T10:00:00+09:00", "shown_as": "busy"},
        {"starts_at": "2026-06-10T01:00:00+00:00", "ends_at": "2026-06-10T02:00:00+00:00", "shown_as": "tentative"},
    ]
    answer = busy(program, '<C:time-range start="20260609T150000Z" end="20260610T150000Z"/>')
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    lines = answer.text.split("\r\n")
    assert "FREEBUSY;FBTYPE=BUSY:20260610T000000Z/20260610T010000Z" in lines
    assert "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260610T010000Z/20260610T020000Z" in lines
    assert {"DTSTART:20260609T150000Z", "DTEND:20260610T150000Z", "BEGIN:VFREEBUSY"} <= set(lines)
    asked = {"calendar": MINE, "from": "2026-06-09T15:00:00+00:00", "to": "2026-06-10T15:00:00+00:00"}
    assert schedule.asked("dav_busy") == [asked]


@pytest.mark.parametrize(
    "span",
    [
        "",
        '<C:time-range start="20260609T150000Z"/>',
        '<C:time-range start="20260609T150000Z" end="20260609T150000Z"/>',
        '<C:time-range start="20260609" end="20260610"/>',
        '<C:time-range start="20261309T150000Z" end="20270610T150000Z"/>',
    ],
)
def test_a_time_that_is_none_is_refused(program: Program, span: str) -> None:
    refused = busy(program, span)
    assert (refused.status_code, condition(refused)) == (403, "C:valid-filter")


def test_it_is_asked_of_calendars_alone(program: Program) -> None:
    refused = busy(program, '<C:time-range start="20260609T150000Z" end="20260610T150000Z"/>', HOME)
    assert (refused.status_code, condition(refused)) == (403, "D:supported-report")


# -- principals and what stands behind an address ---------------------------------------------------


def test_what_stands_behind_an_address_is_told_along(program: Program) -> None:
    inner = (
        '<D:property name="current-user-principal"><D:property name="calendar-home-set"'
        ' namespace="urn:ietf:params:xml:ns:caldav"><D:property name="displayname"/></D:property></D:property>'
        '<D:property name="none" namespace="urn:x"/>'
    )
    told = Answers(program.report("/dav/", "D:expand-property", inner, "0"))
    inside = told.of("/dav/")["D:current-user-principal"].find(".//{urn:ietf:params:xml:ns:caldav}calendar-home-set")
    assert inside.findtext("{DAV:}response/{DAV:}href") == HOME
    assert list(told.of("/dav/", 404)) == ["urn:x:none"]


@pytest.mark.parametrize("inner", ['<D:property name="a b"/>', '<D:property name=""/>', "<D:property/>" * 101])
def test_names_that_are_none_are_refused(program: Program, inner: str) -> None:
    assert program.report("/dav/", "D:expand-property", inner, "0").status_code == 400


@pytest.mark.parametrize(("match", "found"), [("길동", [PERSON]), ("hong@CITY", [PERSON]), ("kim", [])])
def test_of_people_one_finds_oneself_alone(program: Program, match: str, found: list[str]) -> None:
    name = "C:calendar-user-address-set" if "@" in match else "D:displayname"
    inner = f"<D:property-search><D:prop><{name}/></D:prop><D:match>{match}</D:match></D:property-search>"
    told = Answers(
        program.report("/dav/", "D:principal-property-search", f"{inner}<D:prop><D:displayname/></D:prop>", "0")
    )
    assert told.hrefs == found


def test_it_says_by_what_one_may_search(program: Program) -> None:
    assert "displayname" in program.report("/dav/", "D:principal-search-property-set", "", "0").text


# -- refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("root", ["D:acl-principal-prop-set", "D:version-tree", "C:anything"])
def test_a_report_that_there_is_not_is_refused(program: Program, root: str) -> None:
    refused = program.report(CALENDAR, root, "")
    assert (refused.status_code, condition(refused)) == (403, "D:supported-report")


def test_what_goes_wrong_before_anything_is_told_is_a_refusal(program: Program, bus: FakeClient) -> None:
    bus.answers["schedule", "dav_changes"] = Unavailable("schedule")
    assert sync(program).status_code == 503
