"""Calendars made, named, coloured and taken away by other programs."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest

from gateway.dav.colours import PALETTE, nearest, written
from shared.errors import Forbidden, Invalid
from tests.unit.gateway.dav.program import CALENDAR, HOME, Answers, Program, condition, document
from tests.unit.gateway.dav.store import MINE, TEAM, Schedule, calendar, event
from tests.unit.gateway.fake import FakeClient

NEW = "0D5D12F1-93B9-4A3C-8F5E-0A3C9D1E2F30"
EVENTS = '<C:supported-calendar-component-set><C:comp name="{}"/></C:supported-calendar-component-set>'


def make(program: Program, path: str, props: str = "", method: str = "MKCALENDAR") -> int:
    root = "C:mkcalendar" if method == "MKCALENDAR" else "D:mkcol"
    body = document(root, f"<D:set><D:prop>{props}</D:prop></D:set>") if props else ""
    return program.ask(method, path, body).status_code


def patch(program: Program, inner: str, path: str = CALENDAR, **headers: str) -> Answers:
    return Answers(program.ask("PROPPATCH", path, document("D:propertyupdate", inner), **headers))


def setting(*props: str) -> str:
    return "".join(f"<D:set><D:prop>{prop}</D:prop></D:set>" for prop in props)


# -- made -------------------------------------------------------------------------------------------


def test_a_calendar_is_made_at_the_address_a_program_chooses(program: Program, schedule: Schedule) -> None:
    props = "<D:displayname>출장</D:displayname><A:calendar-color>#DE3412FF</A:calendar-color>"
    assert make(program, f"{HOME}{NEW}/", props + EVENTS.format("VEVENT")) == 201
    assert schedule.asked("dav_make") == [{"id": NEW.lower(), "name": "출장", "colour": 6}]
    assert program.find(f"{HOME}{NEW}/", "D:displayname").text(f"{HOME}{NEW}/", "D:displayname") == "출장"


def test_an_address_that_is_no_id_stands_for_one_that_is_always_the_same(program: Program, schedule: Schedule) -> None:
    path = f"{HOME}my%20일정/"
    assert make(program, path) == 201
    (made,) = schedule.asked("dav_make")
    assert str(UUID(made["id"])) == made["id"] and made["name"] == "my 일정"
    assert program.put("a.ics", event("a"), path).status_code == 201
    href = f"{HOME}my%20%EC%9D%BC%EC%A0%95/"
    assert program.find(path, "D:getetag", depth="1").hrefs == [href, f"{href}a.ics"]


def test_an_extended_collection_is_made_where_it_is_a_calendar(program: Program) -> None:
    kind = "<D:resourcetype><D:collection/><C:calendar/></D:resourcetype><D:displayname>가</D:displayname>"
    assert make(program, f"{HOME}{NEW}/", kind, "MKCOL") == 201


@pytest.mark.parametrize(
    "props", ["", "<D:displayname>가</D:displayname>", "<D:resourcetype><D:collection/></D:resourcetype>"]
)
def test_other_collections_are_not_made(program: Program, props: str) -> None:
    assert make(program, f"{HOME}{NEW}/", props, "MKCOL") == 403


def test_nothing_is_made_over_what_there_is(program: Program) -> None:
    refused = program.ask("MKCALENDAR", CALENDAR)
    assert (refused.status_code, condition(refused)) == (403, "D:resource-must-be-null")


def test_lists_of_tasks_are_not_made(program: Program) -> None:
    body = document("C:mkcalendar", setting(EVENTS.format("VTODO")))
    refused = program.ask("MKCALENDAR", f"{HOME}{NEW}/", body)
    assert (refused.status_code, condition(refused)) == (403, "C:supported-calendar-component")


def test_calendars_are_made_among_calendars_alone(program: Program) -> None:
    refused = program.ask("MKCALENDAR", HOME)
    assert (refused.status_code, condition(refused)) == (403, "C:calendar-collection-location-ok")
    assert program.ask("MKCALENDAR", f"{CALENDAR}a").status_code == 405
    assert make(program, f"/dav/calendars/{NEW}/{NEW}/") == 404


def test_a_name_that_is_refused_makes_nothing(program: Program, bus: FakeClient) -> None:
    bus.answers["schedule", "dav_make"] = Invalid({"name": "too_long"})
    assert make(program, f"{HOME}{NEW}/") == 403


# -- changed ----------------------------------------------------------------------------------------


def test_name_and_colour_are_changed_together(program: Program, schedule: Schedule) -> None:
    told = patch(
        program, setting("<D:displayname>새 이름</D:displayname>", "<A:calendar-color>#228738</A:calendar-color>")
    )
    assert set(told.of(CALENDAR)) == {"D:displayname", "A:calendar-color"}
    assert schedule.asked("save_calendar") == [{"id": MINE, "name": "새 이름", "colour": 1}]


def test_of_changes_that_cannot_all_be_made_none_is(program: Program, schedule: Schedule) -> None:
    told = patch(program, setting("<D:displayname>가</D:displayname>", "<A:calendar-order>3</A:calendar-order>"))
    assert list(told.of(CALENDAR, 403)) == ["A:calendar-order"] and list(told.of(CALENDAR, 424)) == ["D:displayname"]
    assert schedule.asked("save_calendar") == []


@pytest.mark.parametrize(
    "inner",
    [
        setting("<D:displayname/>"),
        setting("<A:calendar-color>red</A:calendar-color>"),
        setting("<D:getetag>x</D:getetag>"),
        setting("<D:resourcetype/>"),
        "<D:remove><D:prop><D:displayname/></D:prop></D:remove>",
    ],
)
def test_what_cannot_be_changed_says_so(program: Program, schedule: Schedule, inner: str) -> None:
    assert len(patch(program, inner).of(CALENDAR, 403)) == 1
    assert schedule.asked("save_calendar") == []


def test_what_is_not_there_is_gone_already(program: Program) -> None:
    told = patch(program, "<D:remove><D:prop><C:calendar-description/></D:prop></D:remove>")
    assert list(told.of(CALENDAR)) == ["C:calendar-description"]


def test_a_calendar_of_others_is_not_changed(program: Program, bus: FakeClient) -> None:
    inner = setting("<D:displayname>가</D:displayname>")
    assert list(patch(program, inner, f"{HOME}{TEAM}/").of(f"{HOME}{TEAM}/", 403)) == ["D:displayname"]
    bus.answers["schedule", "save_calendar"] = Forbidden()
    assert list(patch(program, inner).of(CALENDAR, 403)) == ["D:displayname"]


def test_who_wants_to_hear_less_hears_only_that_it_is_done(program: Program) -> None:
    body = document("D:propertyupdate", setting("<D:displayname>가</D:displayname>"))
    answer = program.ask("PROPPATCH", CALENDAR, body, Prefer="return=minimal")
    assert (answer.status_code, answer.data) == (200, b"")


# -- taken away -------------------------------------------------------------------------------------


def test_a_further_calendar_is_taken_away(program: Program, schedule: Schedule) -> None:
    schedule.calendars[NEW.lower()] = calendar(NEW.lower(), "둘째")
    assert program.ask("DELETE", f"{HOME}{NEW}/").status_code == 204
    assert NEW.lower() not in schedule.calendars


@pytest.mark.parametrize("which", [MINE, TEAM])
def test_the_main_one_and_those_of_others_stay(program: Program, schedule: Schedule, which: str) -> None:
    refused = program.ask("DELETE", f"{HOME}{which}/")
    assert (refused.status_code, condition(refused)) == (403, "D:need-privileges")
    assert which in schedule.calendars


# -- colours ----------------------------------------------------------------------------------------


def test_each_of_our_colours_is_its_own_nearest() -> None:
    assert [nearest(written(number)) for number in range(len(PALETTE))] == list(range(8))


@pytest.mark.parametrize(("colour", "number"), [("#FF0000", 6), ("#0000ffFF", 0), ("#777777", 7), (" #00FF00FF ", 1)])
def test_any_colour_has_a_nearest(colour: str, number: int) -> None:
    assert nearest(colour) == number


@pytest.mark.parametrize("colour", ["", "red", "#12", "#gggggg", "#12345678f"])
def test_what_is_no_colour_has_none(colour: str) -> None:
    assert nearest(colour) is None


def test_they_are_the_colours_of_the_pages() -> None:
    entries = Path("gateway/schedule/styles/entries.css").read_text()
    painted = re.findall(r"^\.tone-\d \{ --tone: var\((--krds-[a-z0-9-]+)\)", entries, re.M)
    krds = "\n".join(path.read_text() for path in Path("gateway/frontend/node_modules").glob("*krds*/**/*.css"))
    tokens = dict(re.findall(r"(--krds-color-light-[a-z]+-50):\s*(#[0-9a-f]{6})", krds))
    assert [tokens[name] for name in painted] == list(PALETTE)
