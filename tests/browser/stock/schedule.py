"""Entries, calendars and rooms, for pages to show."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from gateway.core.format import SEOUL
from tests.browser.windows import titled
from tests.integration.product.cast import Cast

_ROOMS = ("대회의실", "소회의실")
_PLACE, _REASON, _CALENDAR, _FEED = "본관 3층", "천장 공사", "공부 모임", "내 휴대전화"
_FIXTURES = ("빔프로젝터", "화상회의")
WRITTEN = (
    *("주간 업무회의", "예산 심의 준비", "민원 현장 방문", "부서 워크숍", "간부 티타임", "세종 다녀오기"),
    # And in the walks of test_browser_schedule.py.
    *("끌어서 만든 일정", "글쇠로 만든 일정", "팀 점심", "옮기는 일정", "매주 하는 일정", "새 회의실"),
    *_ROOMS,
    *_FIXTURES,
    *(_PLACE, _REASON, _CALENDAR, _FEED, ", ".join(_FIXTURES), "준비물: 예산서"),
)
"""What people wrote into them."""


def at(day: date, hour: int, minute: int = 0) -> str:
    """A moment of a day in Seoul, as the API takes it."""
    return datetime.combine(day, time(hour, minute), SEOUL).isoformat()


def today() -> date:
    """The day it is in Seoul."""
    return datetime.now(SEOUL).date()


def stock(cast: Cast) -> dict[str, str]:
    """Makes them; what there is, by the names that places use."""
    drafter, admin, decider = cast.drafter, cast.api("admin"), cast.api("decider")
    titles, day = list(map(titled, WRITTEN[:6])), today()
    people = [cast.id("reviewer"), cast.id("cooperator")]

    def enter(title: str, first: int, hours: int = 1, days: int = 0, **given: object) -> str:
        on = day + timedelta(days=days)
        times = {"starts_at": at(on, first), "ends_at": at(on, first + hours)}
        made: str = drafter.post("/schedule/entries", {"title": title, **times, **given}, 201)["id"]
        return made

    rooms = [_room(admin, cast, name, number) for number, name in enumerate(_ROOMS)]
    weekly = enter(titles[0], 9, kind="meeting", rrule="FREQ=WEEKLY", place=_ROOMS[1])
    plain = enter(titles[1], 14, 2, people=people, importance=1, description="준비물: 예산서", reminders=[10])
    enter(titles[2], 10, 3, days=1, kind="visit", shown_as="tentative")
    whole = {"starts_at": day.isoformat(), "ends_at": (day + timedelta(days=2)).isoformat(), "all_day": True}
    drafter.post("/schedule/entries", {"title": titles[3], "kind": "seminar", **whole}, 201)
    booked = enter(titles[5], 16, days=3, room=rooms[0])
    executive = {"person": cast.id("decider"), "place": 1, "writers": [cast.id("drafter")]}
    admin.call("PUT", f"/schedule/executives/{cast.id('decider')}", {k: executive[k] for k in ("place", "writers")})
    decider.post("/schedule/entries", {"title": titles[4], "starts_at": at(day, 11), "ends_at": at(day, 12)}, 201)
    drafter.post("/schedule/calendars", {"name": _CALENDAR, "colour": 3}, 201)
    own = drafter.get("/schedule/calendars")["items"][0]["id"]
    drafter.post("/schedule/feeds", {"calendar": own, "name": _FEED}, 201)
    window = f"/schedule/entries?from={day + timedelta(days=7)}&to={day + timedelta(days=8)}"
    lines = drafter.get(window)["items"]
    rid = next(line["rid"] for line in lines if line["id"] == weekly)
    shut = {"starts_at": at(day + timedelta(days=9), 9), "ends_at": at(day + timedelta(days=9), 12), "reason": _REASON}
    admin.post(f"/rooms/{rooms[0]}/closures", shut, 200)
    door = admin.get(f"/rooms/{rooms[0]}")["door"]
    return {"entry": plain, "weekly": weekly, "rid": rid, "booked": booked, "room": rooms[0], "door": door}


def _room(admin: object, cast: Cast, name: str, number: int) -> str:
    data = {"name": titled(name), "place": _PLACE, "capacity": 40 - 30 * number, "fixtures": list(_FIXTURES)}
    data |= {"no_show": 10} if number else {"approvers": [cast.id("reviewer")]}
    made: str = admin.post("/rooms", data, 201)["id"]  # type: ignore[attr-defined]
    return made
