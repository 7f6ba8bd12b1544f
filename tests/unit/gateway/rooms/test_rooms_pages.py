"""The pages of rooms: what is free, what one may do with a booking, how rooms are kept, the sign at the door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.rooms import words
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from tests.unit.gateway.schedule.stand import line, window
from tests.unit.gateway.stage import DECIDER, HOSTILE, ONE, REVIEWER, Services, session

Doc = dict[str, Any]
ROOM = "01900000-0000-7000-8000-0000000000f1"
BOOKING = "01900000-0000-7000-8000-0000000000f2"
NOW = datetime.now(UTC).replace(microsecond=0)
CODE = "city.abcdefghijklmnopqrstuvwx"


def room(**changes: Any) -> Doc:
    found: Doc = {
        "id": ROOM,
        "kind": "room",
        "name": "대회의실",
        "place": "본관 3층",
        "capacity": 40,
        "fixtures": ["TV"],
    }
    return found | {"approved": False, "may_book": True, "free": True} | changes


def booking(*may: str, **changes: Any) -> Doc:
    found: Doc = {"id": BOOKING, "resource": ROOM, "title": "팀 회의", "noun": "schedule", "subject": ROOM}
    found |= {"starts_at": (NOW - timedelta(minutes=5)).isoformat(), "ends_at": (NOW + timedelta(hours=1)).isoformat()}
    return found | {"state": "booked", "by": REVIEWER, "checked_in_at": None, "may": list(may)} | changes


def view(*bookings: Doc, **changes: Any) -> Doc:
    hours = {"opens": 540, "closes": 1080, "weekdays": [0, 1, 2, 3, 4], "holidays": False}
    found = room(version=2, hours=hours, bookers=["organisation"], approvers=[], no_show=10, door=None, closures=[])
    return found | {"bookings": list(bookings)} | changes


def door(*bookings: Doc, **changes: Any) -> Doc:
    found: Doc = {"id": ROOM, "name": "대회의실", "place": "본관 3층", "capacity": 40, "now": NOW.isoformat()}
    return found | {"bookings": list(bookings)} | changes


def signed(title: str = "팀 회의", begins: int = -5, lasts: int = 60) -> Doc:
    starts = NOW + timedelta(minutes=begins)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(minutes=lasts)).isoformat()}
    return times | {"title": title, "by": "총무과", "checked_in": False}


@pytest.fixture(autouse=True)
def answers(services: Services) -> None:
    services.answers |= {
        "session": session(REVIEWER),
        "rooms": {"items": [room()]},
        "room": view(booking("release", "check_in")),
        "entries": window(),
        "door": door(signed()),
        "receivers_by_ids": {"items": []},
        "people_by_ids": {ONE["id"]: ONE},
    }


def shown(browser: FlaskClient, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


def post(browser: FlaskClient, path: str, **form: Any) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    return browser.post(path, data={"csrf_token": token, **form})


def test_a_room_is_booked_from_what_is_free_of_its_day(browser: FlaskClient, services: Services) -> None:
    taken = line(calendar=ROOM, kind="booking", title=HOSTILE, access="read")
    services.answers["entries"] = window(taken)
    text = shown(browser, "/rooms?date=2099-05-05&capacity=20")
    assert services.last("rooms")[0]["capacity"] == "20" and services.last("entries")[0]["rooms"] == [ROOM]
    assert f'href="/schedule/new?room={ROOM}&amp;start=2099-05-05T10:00"' in text
    assert "start=2099-05-05T09:00" not in text and HOSTILE not in text


def test_who_may_not_book_is_offered_no_time(browser: FlaskClient, services: Services) -> None:
    services.answers["rooms"] = {"items": [room(may_book=False)]}
    assert "/schedule/new?room=" not in shown(browser, "/rooms")
    services.answers["rooms"] = {"items": []}
    assert "등록한 회의실이 없습니다" in shown(browser, "/rooms")
    assert "맞는 회의실이 없습니다" in shown(browser, "/rooms?capacity=999")


def test_a_booking_offers_what_one_may_do_with_it(browser: FlaskClient, services: Services) -> None:
    text = shown(browser, f"/rooms/{ROOM}")
    assert "/check-in" in text and "/release" in text and 'name="granted"' not in text
    services.answers["room"] = view(booking("answer", state="asked"), booking(title="", by=DECIDER))
    text = shown(browser, f"/rooms/{ROOM}")
    assert "승인 대기" in text and 'name="granted" value="yes"' in text and "예약됨" in text and "/release" not in text


def test_nobody_checks_in_before_it_is_time(browser: FlaskClient, services: Services) -> None:
    later = {"starts_at": (NOW + timedelta(hours=1)).isoformat(), "ends_at": (NOW + timedelta(hours=2)).isoformat()}
    services.answers["room"] = view(booking("check_in", **later))
    assert "/check-in" not in shown(browser, f"/rooms/{ROOM}")


@pytest.mark.parametrize(
    ("path", "method", "form", "sent"),
    [
        ("release", "release", {"booking": BOOKING, "starts_at": "x"}, {"id": BOOKING, "starts_at": "x"}),
        (
            "answer",
            "answer_booking",
            {"booking": BOOKING, "granted": "no", "reason": "공사"},
            {"id": BOOKING, "granted": False, "reason": "공사"},
        ),
        ("check-in", "check_in", {"code": CODE}, {"id": ROOM, "code": CODE}),
        ("open", "open_room", {"closure": BOOKING}, {"id": ROOM, "closure": BOOKING}),
        (
            "close",
            "close_room",
            {"starts_at": "2099-05-05T09:00", "ends_at": "2099-05-05T12:00", "reason": "공사"},
            {
                "id": ROOM,
                "reason": "공사",
                "starts_at": "2099-05-05T09:00:00+09:00",
                "ends_at": "2099-05-05T12:00:00+09:00",
            },
        ),
    ],
)
def test_each_act_is_sent_with_what_belongs_to_it(
    browser: FlaskClient, services: Services, path: str, method: str, form: Doc, sent: Doc
) -> None:
    services.answers[method] = {}
    answer = post(browser, f"/rooms/{ROOM}/{path}", **form)
    assert (answer.status_code, answer.location) == (303, f"/rooms/{ROOM}")
    assert services.last(method)[0] == sent


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (NotFound("booking"), "지금 시간의 예약이 없습니다."),
        (Forbidden("booking"), "이 예약을 처리할 권한이 없습니다."),
        (Conflict("not-booked", state="released"), "이미 끝나거나 취소된 예약입니다."),
    ],
)
def test_a_refusal_shows_the_room_as_it_is_with_why(
    browser: FlaskClient, services: Services, problem: Problem, said: str
) -> None:
    services.answers["check_in"] = problem
    answer = post(browser, f"/rooms/{ROOM}/check-in")
    assert answer.status_code == problem.status and said in answer.text and "대회의실" in answer.text


def test_a_to_do_leads_to_its_booking(browser: FlaskClient, services: Services) -> None:
    services.answers["booking"] = {"room": room()}
    answer = browser.get(f"/rooms/bookings/{BOOKING}")
    assert answer.location == f"/rooms/{ROOM}#booking-{BOOKING}"


# -- kept ---------------------------------------------------------------------------------------------


def test_only_administrators_keep_rooms(browser: FlaskClient) -> None:
    shown(browser, "/rooms/new", 403)
    assert "/rooms/new" not in shown(browser, "/rooms")
    assert post(browser, "/rooms", name="중회의실").status_code == 403


def test_a_room_is_made_with_its_hours_and_who_books_it(browser: FlaskClient, services: Services) -> None:
    services.answers |= {"session": session(REVIEWER, "tenant_admin"), "save_room": view()}
    assert "회의실 등록" in shown(browser, "/rooms/new")
    form = {"name": "중회의실", "kind": "room", "capacity": "16", "fixtures": "TV, 화상회의 ,", "opens": "09:30"}
    form |= {"closes": "18:00", "no_show": "", "bookers": f"department:{ROOM}", "approvers": ONE["id"], "weekdays": "0"}
    answer = post(browser, "/rooms", **form)
    sent = services.last("save_room")[0]
    assert answer.location == f"/rooms/{ROOM}"
    assert sent["hours"] == {"opens": 570, "closes": 1080, "weekdays": [0], "holidays": False}
    assert (sent["fixtures"], sent["no_show"]) == (["TV", "화상회의"], None)
    assert (sent["bookers"], sent["approvers"]) == ([f"department:{ROOM}"], [ONE["id"]])


def test_a_refused_room_keeps_what_was_typed(browser: FlaskClient, services: Services) -> None:
    services.answers |= {"session": session(REVIEWER, "tenant_admin")}
    services.answers["save_room"] = Invalid({"hours.closes": "before_start"})
    form = {"name": HOSTILE, "opens": "18:00", "closes": "09:00", "approvers": ONE["id"], "version": "2"}
    answer = post(browser, f"/rooms/{ROOM}/edit", **form)
    assert answer.status_code == 422
    for said in ("끝이 시작보다 빠릅니다", "&lt;script&gt;", "18:00", "박협조"):
        assert said in answer.text, said


def test_a_room_is_taken_away(browser: FlaskClient, services: Services) -> None:
    services.answers |= {"session": session(REVIEWER, "tenant_admin"), "save_room": {"id": ROOM, "removed": True}}
    answer = post(browser, f"/rooms/{ROOM}/edit", name="대회의실", version="2", removed="yes")
    assert answer.location == "/rooms" and services.last("save_room")[0]["removed"] is True


# -- the sign -----------------------------------------------------------------------------------------


def test_the_sign_is_shown_to_everybody_and_says_whether_the_room_is_free(
    browser: FlaskClient, services: Services
) -> None:
    browser.delete_cookie("oneway_session")
    text = shown(browser, f"/door/{CODE}")
    assert "사용 중" in text and "팀 회의" in text and "<svg" in text and 'hx-trigger="every 60s"' in text
    assert services.last("door")[0] == {"code": CODE}
    services.answers["door"] = door(signed(begins=10))
    assert "곧 시작" in shown(browser, f"/door/{CODE}")
    services.answers["door"] = door(signed(HOSTILE, begins=120))
    text = shown(browser, f"/door/{CODE}")
    assert "비어 있음" in text and HOSTILE not in text
    services.answers["door"] = door()
    assert "오늘 남은 예약이 없습니다" in shown(browser, f"/door/{CODE}")


def test_a_code_that_is_none_shows_nothing(browser: FlaskClient, services: Services) -> None:
    shown(browser, "/door/city", 404)
    shown(browser, f"/door/city.{'x' * 90}", 404)
    services.answers["door"] = NotFound("room")
    shown(browser, f"/door/{CODE}", 404)


def test_a_sign_is_not_asked_without_end(browser: FlaskClient) -> None:
    for _ in range(300):
        browser.get("/door/city")
    shown(browser, f"/door/{CODE}", 429)


def test_one_press_checks_in_by_the_sign_of_ones_own_organisation(browser: FlaskClient) -> None:
    text = shown(browser, f"/rooms/check-in/{CODE}")
    assert f'action="/rooms/{ROOM}/check-in"' in text and f'name="code" value="{CODE}"' in text
    shown(browser, "/rooms/check-in/other.abcdefghijklmnopqrstuvwx", 404)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("booking_granted", "승인되었습니다"),
        ("booking_refused", "거절되었습니다. (공사)"),
        ("booking_released", "이결정 님이"),
        ("booking_no_show", "2099. 5. 5.(화) 09:00"),
        ("booking_room_gone", "더는 사용할 수 없어"),
    ],
)
def test_what_became_of_a_booking_is_said_with_its_room(browser: FlaskClient, code: str, said: str) -> None:
    params = {"room": "대회의실", "title": "팀 회의", "person": "이결정", "reason": "공사" if "refused" in code else ""}
    with browser.application.test_request_context():
        text = words.NOTICES[code](params | {"starts_at": "2099-05-05T00:00:00+00:00"})
    assert said in text and text.startswith("대회의실 ‘팀 회의’: ")
