"""The pages of the schedule: what is shown to whom, what a form sends, what a refusal keeps."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Unavailable
from tests.unit.gateway.schedule.stand import (
    CALENDAR,
    ENTRY,
    OTHER,
    RID,
    calendar,
    entry,
    line,
    presence,
    weekly,
    window,
)
from tests.unit.gateway.stage import DECIDER, HOSTILE, ONE, REVIEWER, Services, session

Doc = dict[str, Any]
RESULT = {"id": ENTRY, "calendar": CALENDAR, "version": 4, "also": None, "booking": None}
TIMES = {"start_day": "2099-05-05", "start_time": "09:00", "end_day": "2099-05-05", "end_time": "10:00"}


def shown(browser: FlaskClient, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


def post(browser: FlaskClient, path: str, **form: Any) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    return browser.post(path, data={"csrf_token": token, **form})


# -- the calendar -------------------------------------------------------------------------------------


def test_the_calendar_knows_its_calendars_and_does_without_them(browser: FlaskClient, services: Services) -> None:
    text = shown(browser, "/schedule?view=month&date=2099-05-05")
    assert '"view": "month"' in text and '"day": "2099-05-05"' in text and CALENDAR in text and "공부 모임" in text
    services.answers["calendars"] = Unavailable("schedule")
    assert "잠시 보여 드릴 수 없습니다" in shown(browser, "/schedule?view=never&date=x")


@pytest.mark.parametrize(
    ("given", "tone"),
    [
        ({"colour": 0}, 0),
        ({"colour": 3}, 3),
        ({"colour": 0, "kind": "department", "access": "write"}, 1),
        ({"colour": 0, "kind": "organisation", "access": "read"}, 2),
        ({"colour": 0, "access": "write", "mark": "secretary"}, 5),
        ({"colour": 4, "kind": "department", "access": "write"}, 4),
    ],
)
def test_calendars_of_others_are_told_apart_where_nobody_gave_them_a_colour(
    browser: FlaskClient, services: Services, given: Doc, tone: int
) -> None:
    services.answers["calendars"] = {"items": [calendar(**given)]}
    assert f'class="tone-dot tone-{tone}"' in shown(browser, "/schedule")


def test_a_window_is_told_in_words(browser: FlaskClient, services: Services) -> None:
    busy = line(id=OTHER, access="busy", title="", kind="other", place="", shown_as="tentative", mark="deputy")
    due = line(kind="due", title="자료 제출", source={"noun": "requests", "subject": OTHER}, access="read")
    services.answers["entries"] = window(line(rid=RID), busy, due)
    path = f"/schedule/window.json?from=2099-05-01&to=2099-06-01&people={ONE['id']},{DECIDER['id']}&dues=true"
    first, second, third = browser.get(path).get_json()["items"]
    assert services.last("entries")[0]["people"] == [ONE["id"], DECIDER["id"]]
    assert first["words"]["all"] == "예산 심의, 2099. 5. 5.(화) 09:00–10:00, 회의, 소회의실"
    assert first["url"] == f"/schedule/{ENTRY}?rid={RID}"
    assert (second["words"]["title"], second["words"]["shown"], second["words"]["mark"]) == ("바쁨", "미정", "대리")
    assert second["url"] == "" and third["url"] == f"/requests/{OTHER}"


def test_people_stand_beside_each_other_and_what_is_only_busy_does_not_open(
    browser: FlaskClient, services: Services
) -> None:
    busy = line(id=OTHER, person=ONE["id"], access="busy", title="", place="")
    services.answers["entries"] = window(line(title=HOSTILE), busy)
    text = shown(browser, f"/schedule/team?people={REVIEWER['id']}&people={ONE['id']}&date=2099-05-05")
    assert HOSTILE not in text and "박협조" in text and 'data-first="4"' in text and 'data-lanes="1"' in text
    assert f'href="/schedule/{ENTRY}"' in text and f'href="/schedule/{OTHER}"' not in text


# -- entering -----------------------------------------------------------------------------------------


def test_a_form_begins_at_the_time_it_was_drawn(browser: FlaskClient) -> None:
    text = shown(browser, "/schedule/new?start=2099-05-05T10:00:00%2B09:00&end=2099-05-05T11:30:00%2B09:00")
    for value in ('value="2099-05-05"', 'value="10:00"', 'value="11:30"'):
        assert value in text
    whole = shown(browser, "/schedule/new?start=2099-05-05&end=2099-05-07")
    assert 'name="all_day" value="yes" checked' in whole and 'name="end_day" type="date" value="2099-05-06"' in whole


def test_a_title_and_times_are_sent_and_it_goes_back_to_the_calendar(browser: FlaskClient, services: Services) -> None:
    services.answers["create"] = RESULT
    answer = post(browser, "/schedule", title="심의", **TIMES, back="/schedule?view=week")
    assert (answer.status_code, answer.location) == (303, "/schedule?view=week")
    sent = services.last("create")[0]
    assert (sent["title"], sent["starts_at"]) == ("심의", "2099-05-05T09:00:00+09:00")
    assert (sent["ends_at"], sent["all_day"], sent["rrule"]) == ("2099-05-05T10:00:00+09:00", False, None)
    assert post(browser, "/schedule", title="심의", **TIMES, back="//evil").location == f"/schedule/{ENTRY}"


def test_whole_days_end_the_day_after_their_last(browser: FlaskClient, services: Services) -> None:
    services.answers["create"] = RESULT
    post(browser, "/schedule", title="휴가", all_day="yes", **TIMES | {"end_day": "2099-05-06"})
    sent = services.last("create")[0]
    assert (sent["starts_at"], sent["ends_at"], sent["all_day"]) == ("2099-05-05", "2099-05-07", True)


def test_an_absence_goes_with_its_deputy_only_of_kinds_that_are_one(browser: FlaskClient, services: Services) -> None:
    services.answers["create"] = RESULT
    form = {"title": "휴가", "absent": "yes", "deputy": ONE["id"], **TIMES}
    post(browser, "/schedule", kind="leave", **form)
    assert services.last("create")[0]["absence"] == {"deputy": ONE["id"]}
    post(browser, "/schedule", kind="visit", **form)
    assert "absence" not in services.last("create")[0]


def test_the_script_is_told_where_files_go(browser: FlaskClient, services: Services) -> None:
    services.answers["create"] = RESULT
    token = browser.get("/session").get_json()["csrf_token"]
    data = {"csrf_token": token, "title": "심의", **TIMES}
    answer = browser.post("/schedule", data=data, headers={"Accept": "application/json"})
    assert answer.get_json() == {"id": ENTRY}


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Invalid({"ends_at": "before_start"}), "끝이 시작보다 빠릅니다"),
        (Invalid({"absence.deputy": "own_deputy"}), "대리자가 될 수 없습니다"),
        (Invalid({"people.0": "left"}), "퇴직·전출자"),
        (Forbidden("calendar", slug="read-only"), "보기만 할 수 있는 캘린더입니다"),
        (Unavailable("schedule"), "여러 번 눌러도 한 번만"),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_says_why(
    browser: FlaskClient, services: Services, problem: Problem, words: str
) -> None:
    services.answers["create"] = problem
    answer = post(browser, "/schedule", title=HOSTILE, description="메모", people=ONE["id"], **TIMES)
    assert answer.status_code == problem.status
    for said in (words, "&lt;script&gt;", "메모", "박협조", "entry-more"):
        assert said in answer.text, said


def test_a_room_that_is_taken_names_the_times_and_others(browser: FlaskClient, services: Services) -> None:
    clash = {"starts_at": "2099-05-05T00:00:00+00:00", "ends_at": "2099-05-05T01:00:00+00:00", "reason": "taken"}
    others = [{"id": OTHER, "name": "소회의실"}]
    services.answers["create"] = Conflict("room-taken", clashes=[clash] * 5, others=others, room="대회의실")
    text = post(browser, "/schedule", title="심의", room=OTHER, repeat="daily", **TIMES).text
    assert "2099. 5. 5.(화) 09:00" in text and "외 2건" in text and "소회의실" in text and 'name="skip"' in text


def test_while_one_types_dates_clashes_and_holidays_are_said(browser: FlaskClient, services: Services) -> None:
    coming = [f"2099-05-{day:02}T00:00:00+00:00" for day in (5, 12, 19)]
    clash = {"who": "person", "id": ONE["id"], "name": "박협조", "title": "", "shown_as": "busy", "reason": "absent"}
    clash |= {"starts_at": coming[0], "ends_at": coming[0]}
    holiday = {"day": "2099-05-05", "name": "어린이날", "off": True, "lunar": "", "leap": False}
    found = {"next": coming, "count": 3, "ends": coming[2], "clashes": [clash], "holidays": [holiday], "problems": {}}
    services.answers["preview"] = found
    query = "start_day=2099-05-05&start_time=09:00&end_day=2099-05-05&end_time=10:00"
    text = shown(browser, f"/schedule/preview?{query}&repeat=weekly&weekdays=TU&people={ONE['id']}&entry={ENTRY}")
    asked = services.last("preview")[0]
    assert (asked["rrule"], asked["people"], asked["entry"]) == ("FREQ=WEEKLY;BYDAY=TU", [ONE["id"]], ENTRY)
    for words in ("매주 화요일", "2099. 5. 12.(화)", "어린이날", "박협조", "부재", "모두 3회"):
        assert words in text, words
    services.answers["preview"] = Invalid({"starts_at": "year_out_of_range"})
    assert "2100년까지" in shown(browser, f"/schedule/preview?{query}")


def test_times_for_everybody_are_buttons_that_say_who_is_not_sure(browser: FlaskClient, services: Services) -> None:
    room = {"id": OTHER, "name": "소회의실", "capacity": 8}
    item = {"starts_at": "2099-05-05T00:00:00+00:00", "ends_at": "2099-05-05T01:00:00+00:00"}
    services.answers["free"] = {"items": [item | {"tentative": [ONE["id"]], "rooms": [room]}], "busiest": []}
    text = shown(browser, f"/schedule/free?people={ONE['id']}&minutes=30&day=2099-05-05")
    asked = services.last("free")[0]
    assert (asked["minutes"], asked["from"]) == (30, "2099-05-05")
    for words in ('data-date="2099-05-05"', 'data-time="09:00"', 'data-minutes="30"', "박협조", "소회의실"):
        assert words in text, words
    services.answers["free"] = {"items": [], "busiest": [ONE["id"]]}
    assert "일정이 많은 사람" in shown(browser, f"/schedule/free?people={ONE['id']}&start_day=2099-05-05")
    assert "먼저 사람을 추가해 주세요" in shown(browser, "/schedule/free")


# -- changing -----------------------------------------------------------------------------------------


def test_only_what_differs_is_sent(browser: FlaskClient, services: Services) -> None:
    services.answers["change"] = RESULT
    form = {"version": "3", "title": "다른 제목", "kind": "meeting", "place": "소회의실", "description": "자료 준비"}
    form |= {"visibility": "public", "shown_as": "busy", "importance": "0", "link": "", **TIMES}
    post(browser, f"/schedule/{ENTRY}/edit", **form, people=ONE["id"], reminders="10")
    assert services.last("change")[0] == {"id": ENTRY, "scope": "all", "title": "다른 제목", "version": 3}


def series_form(**changes: str) -> Doc:
    form = {"title": "예산 심의", "kind": "meeting", "place": "소회의실", "description": "자료 준비", "rid": RID}
    form |= {"visibility": "public", "shown_as": "busy", "importance": "0", "people": ONE["id"], "reminders": "10"}
    return form | TIMES | {"repeat": "weekly", "weekdays": "TU", "every": "1"} | changes


def test_one_of_a_series_has_its_own_times_and_no_rule_of_its_own(browser: FlaskClient, services: Services) -> None:
    services.answers |= {"entry": weekly(), "change": RESULT}
    post(browser, f"/schedule/{ENTRY}/edit", **series_form(scope="this", start_time="11:00", end_time="12:00"))
    sent = services.last("change")[0]
    assert (sent["rid"], sent["scope"], sent["starts_at"]) == (RID, "this", "2099-05-05T11:00:00+09:00")
    assert "rrule" not in sent and "title" not in sent


def test_all_of_a_series_move_by_as_much_as_one_was_moved(browser: FlaskClient, services: Services) -> None:
    services.answers |= {"entry": weekly(), "change": RESULT}
    asked: list[Doc] = []

    def by_rid(service: str, method: str, context: Any, data: Any = None, *rest: Any, **more: Any) -> Any:
        if method == "entry":
            asked.append(data)
            first = {"starts_at": "2099-04-07T00:00:00+00:00", "ends_at": "2099-04-07T01:00:00+00:00"}
            return weekly() if data.get("rid") else weekly(**first)
        return original(service, method, context, data, *rest, **more)

    original, services.call = services.call, by_rid  # type: ignore[method-assign]
    post(browser, f"/schedule/{ENTRY}/edit", **series_form(scope="all", start_time="11:00", end_time="12:30"))
    sent = services.last("change")[0]
    assert "rid" not in sent and "rrule" not in sent
    assert (sent["starts_at"], sent["ends_at"]) == ("2099-04-07T11:00:00+09:00", "2099-04-07T12:30:00+09:00")


def test_another_rule_is_sent_where_another_was_chosen(browser: FlaskClient, services: Services) -> None:
    services.answers |= {"entry": weekly(), "change": RESULT | {"also": OTHER}}
    answer = post(browser, f"/schedule/{ENTRY}/edit", **series_form(scope="following", every="2"))
    assert services.last("change")[0]["rrule"] == "FREQ=WEEKLY;BYDAY=TU;INTERVAL=2"
    assert answer.location == f"/schedule/{OTHER}"


def test_a_refused_change_keeps_what_was_typed(browser: FlaskClient, services: Services) -> None:
    services.answers["change"] = Conflict("is-fed", noun="meetings", subject=OTHER)
    answer = post(browser, f"/schedule/{ENTRY}/edit", title="새 제목", **TIMES)
    assert answer.status_code == 409
    assert "다른 업무에서 자동으로 들어온 일정입니다" in answer.text and "새 제목" in answer.text


def test_who_may_not_change_is_led_to_the_entry(browser: FlaskClient, services: Services) -> None:
    services.answers["entry"] = entry(may=[])
    answer = browser.get(f"/schedule/{ENTRY}/edit?rid={RID}")
    assert (answer.status_code, answer.location) == (302, f"/schedule/{ENTRY}?rid={RID}")


# -- one entry ----------------------------------------------------------------------------------------


def test_an_entry_shows_when_with_whom_and_who_entered_it(browser: FlaskClient, services: Services) -> None:
    booking = {"id": OTHER, "room": OTHER, "name": "대회의실", "state": "asked", "skipped": []}
    services.answers["entry"] = weekly(title=HOSTILE, booking=booking, absence={"id": OTHER, "deputy": ONE["id"]})
    text = shown(browser, f"/schedule/{ENTRY}?rid={RID}")
    for words in ("매주 화요일", "2099. 5. 19.(화)", "박협조", "이결정", "대회의실", "승인 대기", "10분 전", "대리자"):
        assert words in text, words
    assert HOSTILE not in text and "RRULE" not in text and "FREQ" not in text
    assert 'value="following"' in text and "from=schedule:" in text


def test_an_entry_of_somebody_else_offers_nothing(browser: FlaskClient, services: Services) -> None:
    services.answers["entry"] = entry(may=[], access="read")
    text = shown(browser, f"/schedule/{ENTRY}")
    assert "remove-dialog" not in text and "/edit" not in text and "<file-drop" not in text


def test_what_follows_by_itself_has_nothing_in_it_that_is_typed(browser: FlaskClient) -> None:
    answer = browser.get(f"/schedule/{ENTRY}", headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "<form" not in answer.text and "entry-facts" in answer.text


def test_the_diary_is_written_once_it_has_begun(browser: FlaskClient, services: Services) -> None:
    assert "entry-diary" not in shown(browser, f"/schedule/{ENTRY}")
    past = {"starts_at": "2026-01-05T00:00:00+00:00", "ends_at": "2026-01-05T01:00:00+00:00"}
    services.answers |= {"entry": entry(may=["diary"], **past), "write_diary": {}}
    assert "entry-diary" in shown(browser, f"/schedule/{ENTRY}")
    post(browser, f"/schedule/{ENTRY}/diary", rid=RID, text="의결함", progress="80")
    assert services.last("write_diary")[0] == {"id": ENTRY, "rid": RID, "text": "의결함", "progress": 80}
    services.answers["write_diary"] = Forbidden("diary", slug="not-begun")
    answer = post(browser, f"/schedule/{ENTRY}/diary", text="의결함")
    assert answer.status_code == 403 and "시작된 뒤에" in answer.text and "의결함" in answer.text


def test_as_much_of_a_series_goes_as_was_said(browser: FlaskClient, services: Services) -> None:
    services.answers["remove"] = RESULT
    answer = post(browser, f"/schedule/{ENTRY}/remove", rid=RID, scope="following", day="2099-05-05")
    assert (answer.status_code, answer.location) == (303, "/schedule?date=2099-05-05")
    assert services.last("remove")[0] == {"id": ENTRY, "rid": RID, "scope": "following"}


def test_what_is_not_there_is_an_error_page(browser: FlaskClient, services: Services) -> None:
    services.answers["entry"] = NotFound("entry")
    assert "찾는 것이 없습니다" in shown(browser, f"/schedule/{ENTRY}", 404)


# -- calendars ----------------------------------------------------------------------------------------


def test_a_calendar_is_shared_by_level(browser: FlaskClient, services: Services) -> None:
    services.answers["save_calendar"] = {"id": CALENDAR, "version": 3}
    form = {"name": "공부", "colour": "5", "version": "2", "read": f"person:{ONE['id']}", "busy": f"department:{OTHER}"}
    post(browser, f"/schedule/calendars/{CALENDAR}", **form, write="group:x", everybody="busy", counts="yes")
    sent = services.last("save_calendar")[0]
    assert sent["shares"] == [
        {"principal": f"department:{OTHER}", "level": "busy"},
        {"principal": f"person:{ONE['id']}", "level": "read"},
        {"principal": "organisation", "level": "busy"},
    ]
    assert (sent["colour"], sent["version"], sent["counts"]) == (5, 2, True)


def test_an_address_is_shown_once(browser: FlaskClient, services: Services) -> None:
    feed = {"id": OTHER, "calendar": CALENDAR, "name": "휴대전화", "level": "busy", "read_at": None}
    feed |= {"created_at": "2026-05-04T00:00:00+00:00"}
    services.answers |= {"create_feed": feed | {"secret": "city.geheim"}, "feeds": {"items": [feed]}}
    text = post(browser, "/schedule/calendars/feeds", calendar=CALENDAR, name="휴대전화", level="busy").text
    assert "/calendars/city.geheim.ics" in text
    assert services.last("create_feed")[1] is None, "what is answered is kept nowhere"
    assert "geheim" not in shown(browser, "/schedule/calendars")


def upload(browser: FlaskClient, content: bytes) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    file = (io.BytesIO(content), "a.ics")
    return browser.post("/schedule/calendars/import", data={"csrf_token": token, "file": file, "calendar": CALENDAR})


def test_a_file_is_shown_before_it_is_taken_in_and_unknown_zones_are_asked_for(
    browser: FlaskClient, services: Services
) -> None:
    bad = {"uid": "a", "title": HOSTILE, "property": "DTSTART", "code": "unknown_zone", "held": True}
    counts = {"new": 12, "changed": 0, "same": 3, "older": 0, "problems": [bad], "applied": False}
    services.answers["import_ics"] = counts
    answer = upload(browser, b"BEGIN:VCALENDAR")
    sent = services.last("import_ics")[0]
    assert (sent["dry_run"], base64.b64decode(sent["content"])) == (True, b"BEGIN:VCALENDAR")
    for words in ("새 일정 12건", "알 수 없는 시간대입니다", "&lt;script&gt;", 'name="zone"', 'name="apply"'):
        assert words in answer.text, words
    services.answers["import_ics"] = counts | {"problems": [], "applied": True}
    done = post(browser, "/schedule/calendars/import", content=sent["content"], zone="Asia/Tokyo", apply="yes")
    assert done.status_code == 303
    assert (services.last("import_ics")[0]["dry_run"], services.last("import_ics")[0]["zone"]) == (False, "Asia/Tokyo")


def test_no_file_is_said_at_the_field(browser: FlaskClient) -> None:
    answer = upload(browser, b"")
    assert answer.status_code == 422 and "파일을 선택해 주세요" in answer.text


# -- executives ---------------------------------------------------------------------------------------


def executive(access: str = "read") -> Doc:
    told = {"person": DECIDER, "place": 1, "viewers": ["organisation"], "writers": [], "access": access}
    return told | {"presence": presence()}


def test_the_sheet_has_each_part_of_the_day_and_where_they_are(browser: FlaskClient, services: Services) -> None:
    mine = {"person": DECIDER["id"]}
    evening = {"starts_at": "2099-05-05T10:00:00+00:00", "ends_at": "2099-05-05T11:00:00+00:00", "title": "만찬"}
    busy = {"access": "busy", "title": "", "starts_at": "2099-05-05T05:00:00+00:00"}
    services.answers |= {
        "executives": {"items": [executive()]},
        "entries": window(line(**mine), line(**mine, **evening), line(**mine, **busy)),
    }
    text = shown(browser, "/schedule/executives?date=2099-05-05")
    first, second, third = (text.index(words) for words in ("예산 심의", "바쁨", "만찬"))
    assert first < second < third and "재실 상태 변경" not in text


def test_who_enters_for_an_executive_says_where_they_are(browser: FlaskClient, services: Services) -> None:
    services.answers |= {"executives": {"items": [executive("write")]}, "entries": window(), "set_presence": presence()}
    assert "회의 중" in shown(browser, "/schedule/executives")
    post(browser, "/schedule/executives/presence", person=DECIDER["id"], status="trip", back="/desk")
    assert services.last("set_presence")[0] == {"person": DECIDER["id"], "status": "trip"}
    post(browser, "/schedule/executives/presence", status="")
    assert services.last("set_presence")[0] == {"status": None}


def test_an_administrator_says_whose_day_is_shown_to_whom(browser: FlaskClient, services: Services) -> None:
    services.answers |= {"session": session(REVIEWER, "tenant_admin"), "save_executive": {}}
    assert "간부 추가" in shown(browser, "/schedule/executives/settings")
    post(browser, "/schedule/executives/settings", person=DECIDER["id"], place="2", writers=ONE["id"])
    sent = services.last("save_executive")[0]
    assert sent == {
        "person": DECIDER["id"],
        "place": 2,
        "viewers": ["organisation"],
        "writers": [ONE["id"]],
        "removed": False,
    }


def test_a_program_gives_lists_with_commas_or_again_and_again(browser: FlaskClient, services: Services) -> None:
    services.answers["free"] = {"items": [], "busiest": []}
    for query in (f"people={ONE['id']},{DECIDER['id']}", f"people={ONE['id']}&people={DECIDER['id']}"):
        assert browser.get(f"/api/v1/schedule/free?{query}").status_code == 200
        assert services.last("free")[0]["people"] == [ONE["id"], DECIDER["id"]]


def test_a_program_sends_a_file_as_it_is(browser: FlaskClient, services: Services) -> None:
    services.answers["import_ics"] = {"new": 0}
    token = browser.get("/session").get_json()["csrf_token"]
    headers = {"Content-Type": "text/calendar", "X-CSRF-Token": token}
    answer = browser.post("/api/v1/schedule/import?dry_run=true", data=b"BEGIN:VCALENDAR", headers=headers)
    sent = services.last("import_ics")[0]
    assert answer.status_code == 200 and base64.b64decode(sent["content"]) == b"BEGIN:VCALENDAR"
    assert sent["dry_run"] == "true"


def test_a_calendar_is_given_out_as_a_file_of_its_name(browser: FlaskClient, services: Services) -> None:
    services.answers["export"] = {"name": "홍길동.ics", "content": "BEGIN:VCALENDAR", "tag": "t"}
    answer = browser.get(f"/schedule/calendars/{CALENDAR}.ics")
    assert (answer.mimetype, answer.text) == ("text/calendar", "BEGIN:VCALENDAR")
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]


def test_a_removed_calendar_asks_for_nothing_more(browser: FlaskClient, services: Services) -> None:
    services.answers["remove_calendar"] = Conflict("main-calendar")
    services.answers["calendars"] = {"items": [calendar(main=True)]}
    answer = post(browser, f"/schedule/calendars/{CALENDAR}/remove")
    assert answer.status_code == 409 and "기본 캘린더는 삭제할 수 없습니다" in answer.text
