"""What the demo city's days have: rooms, entries, an executive's day, a committee and meetings in all their states."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from shared.calendar import SEOUL, add_working_days, next_working_day, seoul_date

Doc = dict[str, Any]
_HOURS = {"opens": 8 * 60, "closes": 20 * 60, "weekdays": [0, 1, 2, 3, 4], "holidays": False}
_ROOMS: tuple[Doc, ...] = (
    {"name": "대회의실", "place": "본관 4층", "capacity": 60, "fixtures": ["빔프로젝터", "마이크", "화상회의"]},
    {"name": "중회의실", "place": "본관 3층", "capacity": 20, "fixtures": ["빔프로젝터", "화이트보드"]},
    {"name": "소회의실", "place": "본관 2층", "capacity": 8, "fixtures": ["모니터"], "no_show": 15},
)


def times(day: date, begins: str, ends: str) -> Doc:
    """From one hour to another on a day in Seoul."""
    at = (datetime.combine(day, time.fromisoformat(each), SEOUL).isoformat() for each in (begins, ends))
    return dict(zip(("starts_at", "ends_at"), at, strict=True))


def fill(people: Mapping[str, Any], ids: Mapping[str, str], now: datetime) -> None:
    """Does it all, through the API; `people` and their `ids` are by role."""
    today = next_working_day(seoul_date(now))
    rooms = _rooms(people, ids)
    _entries(people, ids, today, rooms)
    _executive(people, ids, today)
    _meetings(people, ids, today, rooms)


def _rooms(people: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, str]:
    admin = people["admin"]
    made = {room["name"]: admin.post("/rooms", hours=_HOURS, **room)["id"] for room in _ROOMS}
    admin.post("/rooms", name="관용차 12가 3456", kind="equipment", place="지하 주차장", approvers=[ids["clerk"]])
    return made


def _entries(people: Mapping[str, Any], ids: Mapping[str, str], today: date, rooms: Mapping[str, str]) -> None:
    drafter, monday = people["drafter"], today - timedelta(days=today.weekday())
    weekly = "FREQ=WEEKLY;BYDAY=MO;COUNT=26"
    drafter.post("/schedule/entries", title="주간 업무 정리", **times(monday, "09:30", "10:00"), rrule=weekly)
    drafter.post(
        "/schedule/entries",
        title="안내판 현장 확인",
        kind="visit",
        place="민원실 앞",
        people=[ids["cooperator"]],
        reminders=[30],
        **times(today, "14:00", "15:30"),
    )
    training = add_working_days(today, 3)
    drafter.post(
        "/schedule/entries",
        title="기록물 관리 교육",
        kind="training",
        place="인재개발원",
        **times(training, "09:00", "12:00"),
        absence={"deputy": ids["reviewer"]},
    )
    leave = add_working_days(today, 6)
    people["reviewer"].post(
        "/schedule/entries",
        title="연가",
        kind="leave",
        all_day=True,
        starts_at=leave.isoformat(),
        ends_at=(leave + timedelta(days=1)).isoformat(),
        absence={"deputy": ids["drafter"]},
    )
    drafter.post(
        "/schedule/entries",
        title="시안 발표 연습",
        room=rooms["소회의실"],
        **times(add_working_days(today, 1), "16:00", "17:00"),
    )


def _executive(people: Mapping[str, Any], ids: Mapping[str, str], today: date) -> None:
    boss, admin = ids["executive"], people["admin"]
    admin.call("PUT", f"/schedule/executives/{boss}", {"writers": [ids["clerk"]], "viewers": ["organisation"]})
    calendar = next(
        each["id"]
        for each in people["executive"].call("GET", "/schedule/calendars")["items"]
        if each["main"] and each["kind"] == "person"
    )
    day: tuple[tuple[str, str, str, str, str], ...] = (
        ("간부회의", "meeting", "09:00", "09:50", "대회의실"),
        ("시의회 의장 접견", "visit", "11:00", "11:30", "집무실"),
        ("전통시장 현장 방문", "visit", "14:00", "16:00", "중앙시장"),
    )
    for title, kind, begins, ends, place in day:
        said = {"title": title, "kind": kind, "place": place, "calendar": calendar}
        people["clerk"].post("/schedule/entries", **said, **times(today, begins, ends))


def _meetings(people: Mapping[str, Any], ids: Mapping[str, str], today: date, rooms: Mapping[str, str]) -> None:
    everybody = [ids[role] for role in ("drafter", "reviewer", "cooperator")]
    decider = people["decider"]
    agenda = [
        {"title": "지난주 조치 결과", "minutes": 10},
        {"title": "안내판 정비 계획", "presenter": ids["drafter"], "minutes": 30},
    ]
    first = add_working_days(today, 1)
    decider.post(
        "/meetings",
        title="주간 업무 회의",
        invite=everybody,
        agenda=agenda,
        room=rooms["중회의실"],
        rule=f"FREQ=WEEKLY;BYDAY={('MO', 'TU', 'WE', 'TH', 'FR')[first.weekday()]};COUNT=8",
        skip=True,
        **times(first, "10:00", "11:00"),
    )
    asked = people["cooperator"].post(
        "/meetings",
        title="예산 조정 협의",
        invite=[ids["drafter"], ids["decider"]],
        place="기획과 회의 탁자",
        **times(add_working_days(today, 2), "15:00", "16:00"),
    )
    people["decider"].post(
        f"/meetings/{asked['id']}/answers", answer="tentative", word="다른 회의가 끝나는 대로 가겠습니다."
    )
