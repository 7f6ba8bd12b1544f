"""Objects put, read, changed and taken away by other programs, none of which overwrites what it has not seen."""

from __future__ import annotations

import pytest

from gateway.dav.limits import BODY_LIMIT
from shared.errors import Conflict, Forbidden, Invalid, Unavailable
from tests.unit.gateway.dav.program import CALENDAR, HOME, Program, condition
from tests.unit.gateway.dav.store import MINE, TEAM, Schedule, calendar, calendar_of, event, tag_of
from tests.unit.gateway.fake import FakeClient

SECOND = "01900000-0000-7000-8000-0000000000c3"
OTHER = f"{HOME}{SECOND}/"
ITEM = f"{CALENDAR}a.ics"


def test_what_is_put_is_read_as_it_was_put(program: Program) -> None:
    text = event("a", title="회의, 3층")
    made = program.put("a.ics", text)
    assert (made.status_code, made.headers["ETag"]) == (201, f'"{tag_of(text)}"')
    read = program.ask("GET", ITEM)
    assert (read.text, read.content_type, read.headers["ETag"]) == (
        text,
        "text/calendar; charset=utf-8",
        made.headers["ETag"],
    )
    head = program.ask("HEAD", ITEM)
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(text.encode())))


def test_putting_the_same_again_changes_nothing(program: Program) -> None:
    first, second = (program.put("a.ics", event("a")) for _ in range(2))
    assert (second.status_code, second.headers["ETag"]) == (204, first.headers["ETag"])


def test_a_tag_is_told_only_where_what_is_kept_is_what_was_sent(program: Program, bus: FakeClient) -> None:
    bus.answers["schedule", "dav_put"] = {"name": "a.ics", "tag": "t", "created": True, "same": False}
    assert "ETag" not in program.put("a.ics", event("a")).headers


def test_each_change_has_a_key_of_its_own(program: Program, bus: FakeClient) -> None:
    program.put("a.ics", event("a"))
    program.put("a.ics", event("a", title="또"), Idempotency_Key="same")
    keys = [key for (_, method, _), key in zip(bus.asked, bus.keys, strict=True) if method == "dav_put"]
    assert len(set(keys)) == 2 and None not in keys


# -- versions ---------------------------------------------------------------------------------------


def test_a_change_of_a_version_that_is_no_more_is_refused(program: Program) -> None:
    old = program.put("a.ics", event("a")).headers["ETag"]
    new = program.put("a.ics", event("a", title="새로"), If_Match=old).headers["ETag"]
    assert program.put("a.ics", event("a", title="늦게"), If_Match=old).status_code == 412
    assert program.ask("DELETE", ITEM, If_Match=old).status_code == 412
    assert program.ask("DELETE", ITEM, If_Match=new).status_code == 204
    assert program.ask("GET", ITEM).status_code == 404


def test_what_is_to_be_new_does_not_overwrite(program: Program, schedule: Schedule) -> None:
    assert program.put("a.ics", event("a"), If_None_Match="*").status_code == 201
    assert program.put("a.ics", event("a", title="또"), If_None_Match="*").status_code == 412
    assert schedule.calendars[MINE].texts["a.ics"] == event("a")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If_Match": "*"}, 204),
        ({"If_Match": '"other", {tag}'}, 204),
        ({"If_Match": '"other", "another"'}, 412),
        ({"If_Match": "W/{tag}"}, 412),
        ({"If_Match": ""}, 412),
        ({"If_None_Match": "{tag}"}, 412),
        ({"If_None_Match": '"other"'}, 204),
        ({"If_Match": "{tag}", "If_None_Match": "*"}, 412),
        ({"If_Match": '"' + "x" * 5_000 + '"'}, 412),
    ],
)
def test_every_form_of_a_condition_is_understood(program: Program, headers: dict[str, str], status: int) -> None:
    tag = program.put("a.ics", event("a")).headers["ETag"]
    given = {name: value.replace("{tag}", tag) for name, value in headers.items()}
    assert program.put("a.ics", event("a", title="새로"), **given).status_code == status


def test_where_there_is_nothing_no_version_of_it_is_changed(program: Program) -> None:
    assert program.put("a.ics", event("a"), If_Match="*").status_code == 412
    assert program.put("a.ics", event("a"), If_Match='"tag"').status_code == 412
    assert program.put("a.ics", event("a"), If_None_Match='"tag"').status_code == 201


def test_who_has_it_already_is_not_sent_it_again(program: Program) -> None:
    tag = program.put("a.ics", event("a")).headers["ETag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = program.ask("GET", ITEM, If_None_Match=known)
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
    assert program.ask("GET", ITEM, If_None_Match='"x"').status_code == 200
    assert program.ask("GET", ITEM, If_Match='"x"').status_code == 412


# -- what is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "C:valid-calendar-data"),
        ("nothing of the kind", "C:"),
        (b"BEGIN:VCALENDAR\r\n\xff\xfe\r\nEND:VCALENDAR\r\n", "C:valid-calendar-data"),
        (event("a", title="종\x07소리"), "C:valid-calendar-data"),
        (event("a", title="\x00"), "C:valid-calendar-data"),
        (calendar_of("BEGIN:VTODO", "UID:t", "END:VTODO"), "C:supported-calendar-component"),
        (event("a").replace("UID:a\r\n", ""), "C:valid-calendar-object-resource"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_condition(program: Program, text: str | bytes, wrong: str) -> None:
    refused = program.put("a.ics", text)
    assert refused.status_code == 403 and condition(refused).startswith(wrong)


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("several_uids", "C:valid-calendar-object-resource"),
        ("too_large", "C:max-resource-size"),
        ("unknown_zone", "C:valid-calendar-data"),
        ("year_out_of_range", "C:max-date-time"),
    ],
)
def test_what_the_schedule_refuses_is_told_by_its_condition(
    program: Program, bus: FakeClient, code: str, wrong: str
) -> None:
    bus.answers["schedule", "dav_put"] = Invalid({"content": code})
    refused = program.put("a.ics", event("a"))
    assert (refused.status_code, condition(refused)) == (403, wrong)


def test_another_format_is_refused(program: Program) -> None:
    refused = program.ask("PUT", ITEM, "{}", Content_Type="application/calendar+json")
    assert (refused.status_code, condition(refused)) == (403, "C:supported-calendar-data")


def test_what_is_at_an_address_does_not_become_another_event(program: Program, bus: FakeClient) -> None:
    bus.answers["schedule", "dav_put"] = Conflict("uid-changed", name="a.ics")
    assert condition(program.put("a.ics", event("b"))) == "C:no-uid-conflict"


def test_one_uid_is_at_one_address_of_a_calendar(program: Program) -> None:
    program.put("a.ics", event("a"))
    refused = program.put("b.ics", event("a"))
    assert (refused.status_code, condition(refused)) == (409, "C:no-uid-conflict")
    assert f"<D:href>{ITEM}</D:href>" in refused.text


@pytest.mark.parametrize("size", [BODY_LIMIT + 1, 20 * 1024 * 1024])
def test_what_is_too_large_is_refused_and_not_worked_on(program: Program, schedule: Schedule, size: int) -> None:
    refused = program.put("a.ics", b"x" * size)
    assert (refused.status_code, condition(refused)) == (413, "C:max-resource-size")
    assert schedule.asked("dav_put") == []


@pytest.mark.parametrize("name", ["%0d%0aSet-Cookie:%20a=b", "%00.ics", "%7f.ics", "x" * 201, "%2e%2e", "%2e"])
def test_a_name_that_could_be_mistaken_for_something_else_is_refused(
    program: Program, schedule: Schedule, name: str
) -> None:
    refused = program.put(name, event("a"))
    assert 400 <= refused.status_code < 500 and "Set-Cookie" not in refused.headers
    assert schedule.asked("dav_put") == []


@pytest.mark.parametrize("name", ["%2e%2e%2fx.ics", "a%2fb.ics"])
def test_a_name_with_a_slash_is_at_no_address(program: Program, name: str) -> None:
    assert program.put(name, event("a")).status_code in (404, 409)


def test_a_name_in_hangul_is_kept_and_told_percent_encoded(program: Program) -> None:
    assert program.put("회의.ics", event("a")).status_code == 201
    assert program.find(CALENDAR, "D:getetag", depth="1").hrefs[1] == f"{CALENDAR}%ED%9A%8C%EC%9D%98.ics"
    assert program.ask("GET", f"{CALENDAR}%ED%9A%8C%EC%9D%98.ics").status_code == 200


def test_nothing_is_put_where_one_may_only_read(program: Program, schedule: Schedule) -> None:
    schedule.put("t.ics", event("t"), TEAM)
    for method in ("PUT", "DELETE"):
        refused = program.ask(method, f"{HOME}{TEAM}/t.ics", event("t"), Content_Type="text/calendar")
        assert (refused.status_code, condition(refused)) == (403, "D:need-privileges")


def test_what_something_else_fills_is_not_changed(program: Program, schedule: Schedule) -> None:
    schedule.put("a.ics", event("a"))
    schedule.calendars[MINE].locked.add("a.ics")
    for method in ("PUT", "DELETE"):
        refused = program.ask(method, ITEM, event("a", title="x"), Content_Type="text/calendar")
        assert (refused.status_code, condition(refused)) == (403, "D:need-privileges")


def test_there_has_to_be_a_calendar_to_put_it_in(program: Program) -> None:
    assert program.put("a.ics", event("a"), f"{HOME}{SECOND}/").status_code == 409


def test_what_is_not_there_is_not_taken_away(program: Program) -> None:
    assert program.ask("DELETE", ITEM).status_code == 404


def test_while_the_schedule_is_away_it_is_told_when_to_come_again(program: Program, bus: FakeClient) -> None:
    bus.answers["schedule", "dav_calendars"] = Unavailable("schedule")
    answer = program.put("a.ics", event("a"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


# -- carried over -----------------------------------------------------------------------------------


@pytest.fixture
def second(schedule: Schedule) -> Schedule:
    schedule.calendars[SECOND] = calendar(SECOND, "둘째")
    return schedule


@pytest.mark.parametrize(("method", "left"), [("MOVE", []), ("COPY", ["a.ics"])])
def test_an_object_is_carried_to_another_calendar(
    program: Program, second: Schedule, method: str, left: list[str]
) -> None:
    program.put("a.ics", event("a"))
    answer = program.ask(method, ITEM, Destination=f"http://localhost{OTHER}b.ics")
    assert (answer.status_code, answer.headers["Location"]) == (201, f"{OTHER}b.ics")
    assert second.calendars[SECOND].texts == {"b.ics": event("a")} and list(second.calendars[MINE].texts) == left


def test_it_overwrites_only_what_it_may(program: Program, second: Schedule) -> None:
    program.put("a.ics", event("a"))
    program.put("a.ics", event("a", title="그대로"), OTHER)
    assert program.ask("MOVE", ITEM, Destination=f"{OTHER}a.ics", Overwrite="F").status_code == 412
    assert "a.ics" in second.calendars[MINE].texts
    assert program.ask("MOVE", ITEM, Destination=f"{OTHER}a.ics").status_code == 204


@pytest.mark.parametrize(
    ("destination", "status"),
    [("", 403), (ITEM, 403), (CALENDAR, 403), ("https://elsewhere.example/dav/x", 502), (f"{HOME}{TEAM}/a.ics", 403)],
)
def test_it_is_carried_nowhere_else(program: Program, schedule: Schedule, destination: str, status: int) -> None:
    program.put("a.ics", event("a"))
    assert program.ask("MOVE", ITEM, Destination=destination).status_code == status
    assert "a.ics" in schedule.calendars[MINE].texts


def test_what_may_not_be_taken_away_is_not_carried_off(program: Program, second: Schedule) -> None:
    second.put("a.ics", event("a"))
    second.calendars[MINE].locked.add("a.ics")
    assert program.ask("MOVE", ITEM, Destination=f"{OTHER}a.ics").status_code == 403
    assert second.calendars[SECOND].texts == {}


def test_a_refusal_of_the_schedule_is_one_of_the_program(program: Program, bus: FakeClient) -> None:
    bus.answers["schedule", "dav_put"] = Forbidden()
    assert condition(program.put("a.ics", event("a"))) == "D:need-privileges"
