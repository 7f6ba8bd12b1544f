"""The schedule as people use it: drawn, typed, moved and put back; series; free times; rooms; the day on the desk."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from gateway.core.format import SEOUL
from tests.browser.pages.base import OurPage
from tests.browser.stock.schedule import at, today
from tests.browser.windows import DESKTOP, PHONE, Windows, titled
from tests.integration.product.cast import Cast

_REFUSED = (r"Failed to load resource: .* (409|422)",)


def working_day() -> date:
    """A Wednesday some weeks ahead: nothing of other tests is on it, and it is in the middle of its week."""
    day = today() + timedelta(days=35)
    return day + timedelta(days=(2 - day.weekday()) % 7)


class CalendarPage(OurPage):
    """The calendar."""

    def open(self, day: date, view: str = "week") -> CalendarPage:
        """Opens a view at a day."""
        self.page.goto(f"/schedule?view={view}&date={day}")
        expect(self.find(".calendar [role=gridcell], .calendar [role=list]").first).to_be_visible()
        return self

    def entry(self, title: str) -> Locator:
        """What is drawn of an entry, the first of a series."""
        return self.find("#calendar .entry").filter(has_text=title).first

    def slot(self, day: date, hour: float) -> tuple[float, float]:
        """Where an hour of a day is on the screen, once it is scrolled there."""
        column = self.find(f'#calendar [role=gridcell][data-date="{day}"]').last
        box = column.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] * hour / 24 + 4

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draws with the mouse from one place to another."""
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(end[0], (start[1] + end[1]) / 2, steps=5)
        self.page.mouse.move(*end, steps=5)
        self.page.mouse.up()

    def choose(self, scope: str) -> None:
        """Says how much of a series is meant."""
        self.find(f"#scope-dialog button[value={scope}]").click()


def entered(cast: Cast, day: date, title: str, role: str = "drafter") -> list[dict[str, Any]]:
    """What the API has of this title within four weeks of a day."""
    window = f"/schedule/entries?from={day}&to={day + timedelta(days=28)}"
    return [line for line in cast.api(role).get(window)["items"] if line["title"] == title]


def enter(cast: Cast, title: str, day: date, hour: int, **given: object) -> str:
    """Enters something by the API."""
    data = {"title": title, "starts_at": at(day, hour), "ends_at": at(day, hour + 1), **given}
    made: str = cast.drafter.post("/schedule/entries", data, 201)["id"]
    return made


def clock(line: dict[str, Any]) -> str:
    """When a line begins, by the clock of Seoul, as `MM-DD HH:MM`."""
    return f"{datetime.fromisoformat(line['starts_at']).astimezone(SEOUL):%m-%d %H:%M}"


def test_a_time_is_drawn_and_entered_beside_the_calendar(windows: Windows) -> None:
    calendar, day = CalendarPage(windows.open("drafter").page), working_day()
    title = titled("끌어서 만든 일정")
    calendar.open(day)
    calendar.drag(calendar.slot(day, 10), calendar.slot(day, 11.4))
    field = calendar.find("side-panel [name=title]")
    expect(field).to_be_focused()
    expect(calendar.find("side-panel [name=start_time]")).to_have_value("10:00")
    expect(calendar.find("side-panel [name=end_time]")).to_have_value("11:30")
    field.fill(title)
    field.press("Control+Enter")
    expect(calendar.entry(title)).to_be_visible()
    # It comes back to where it was drawn.
    assert f"date={day}" in calendar.page.url


def test_an_entry_is_made_walked_to_moved_and_put_back_by_the_keyboard(windows: Windows) -> None:
    calendar, day = CalendarPage(windows.open("drafter").page), working_day() + timedelta(days=7)
    title, cast = titled("글쇠로 만든 일정"), windows.cast()
    calendar.open(day)
    calendar.page.keyboard.press("n")
    field = calendar.find("side-panel [name=title]")
    expect(field).to_be_focused()
    field.fill(title)
    calendar.find("side-panel [name=start_day]").fill(day.isoformat())
    calendar.find("side-panel [name=start_time]").fill("09:00")
    expect(calendar.find("side-panel [name=end_day]")).to_have_value(day.isoformat())
    calendar.find("side-panel [name=end_time]").fill("10:00")
    field.press("Control+Enter")
    expect(calendar.entry(title)).to_be_visible()

    calendar.find("#calendar").focus()
    calendar.page.keyboard.press("ArrowDown")
    expect(calendar.find("#calendar .entry:focus, #calendar .entry :focus")).to_have_count(1)
    calendar.entry(title).focus()
    calendar.page.keyboard.press("Alt+ArrowDown")
    expect(calendar.toast.last).to_contain_text(title)
    assert [clock(line) for line in entered(cast, day, title)] == [f"{day:%m-%d} 09:15"]
    expect(calendar.entry(title)).to_be_focused()
    calendar.page.keyboard.press("Alt+ArrowRight")
    expect(calendar.find("#toasts .toast-offer")).to_have_count(2)
    later = day + timedelta(days=1)
    assert [clock(line) for line in entered(cast, day, title)] == [f"{later:%m-%d} 09:15"]
    calendar.find("#toasts .toast-offer").last.click()
    expect(calendar.find("#announcer")).not_to_be_empty()
    calendar.page.wait_for_load_state("networkidle")
    assert [clock(line) for line in entered(cast, day, title)] == [f"{day:%m-%d} 09:15"]
    calendar.entry(title).focus()
    calendar.page.keyboard.press("Enter")
    expect(calendar.find("side-panel h1")).to_have_text(title)


def test_what_is_dragged_can_be_put_back(windows: Windows) -> None:
    calendar, day = CalendarPage(windows.open("drafter").page), working_day() + timedelta(days=14)
    title, cast = titled("옮기는 일정"), windows.cast()
    enter(cast, title, day, 10)
    calendar.open(day)
    expect(calendar.entry(title)).to_be_visible()
    other = day + timedelta(days=1)
    start, end = calendar.slot(day, 10), calendar.slot(other, 14)
    calendar.drag((start[0], start[1] + 4), end)
    expect(calendar.toast).to_contain_text(title)
    assert [clock(line) for line in entered(cast, day, title)] == [f"{other:%m-%d} 14:00"]
    calendar.find("#toasts .toast-offer").click()
    calendar.page.wait_for_load_state("networkidle")
    expect(calendar.find("#announcer")).not_to_be_empty()
    assert [clock(line) for line in entered(cast, day, title)] == [f"{day:%m-%d} 10:00"]


@pytest.mark.parametrize(("scope", "moved"), [("this", 1), ("following", 3), ("all", 4)])
def test_of_a_series_as_much_moves_as_one_says(windows: Windows, scope: str, moved: int) -> None:
    calendar, day = CalendarPage(windows.open("drafter").page), working_day()
    title, cast = titled("매주 하는 일정"), windows.cast()
    enter(cast, title, day, 16, rrule="FREQ=WEEKLY;COUNT=4")
    second = day + timedelta(days=7)
    calendar.open(second)
    calendar.entry(title).focus()
    calendar.page.keyboard.press("Alt+ArrowDown")
    calendar.choose(scope)
    expect(calendar.toast).to_contain_text(title)
    times = [clock(line)[-5:] for line in entered(cast, day, title)]
    assert len(times) == 4 and times.count("16:15") == moved
    calendar.find("#toasts .toast-offer").click()
    calendar.page.wait_for_load_state("networkidle")
    expect(calendar.find("#announcer")).not_to_be_empty()
    assert [clock(line)[-5:] for line in entered(cast, day, title)] == ["16:00"] * 4


def test_a_series_is_written_in_selects_and_said_in_words(windows: Windows) -> None:
    page, day = windows.open("drafter").page, working_day()
    title = titled("매주 하는 일정")
    page.goto(f"/schedule/new?start={day}T16:00&end={day}T17:00")
    page.locator("[name=title]").fill(title)
    page.locator(".entry-more > summary").click()
    page.locator("[name=repeat]").select_option("weekly")
    said = page.locator(".entry-said").first
    expect(said).to_contain_text("매주 수요일")
    for week in range(3):
        following = day + timedelta(days=7 * week)
        expect(said).to_contain_text(f"{following.month}. {following.day}.(수)")
    page.locator("[name=ends]").select_option("count")
    page.locator("[name=count]").fill("3")
    expect(said).to_contain_text("3회")
    page.locator(".entry-form [type=submit]").click()
    page.wait_for_url(re.compile(r"/schedule/[0-9a-f-]{36}$"))
    expect(page.locator("#entry-live")).to_contain_text("매주 수요일 · 3회")
    page.locator("[data-opens=remove-dialog]").click()
    page.locator("#remove-dialog .button-danger").click()
    expect(page.locator("#toasts .toast p")).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_time_for_everybody_is_found_while_one_types(windows: Windows, size: tuple[int, int]) -> None:
    page, cast, day = windows.open("drafter", size=size).page, windows.cast(), working_day()
    reviewer = cast.api("reviewer").get("/me")["person"]
    taken = {"title": titled("팀 점심"), "starts_at": at(day, 9), "ends_at": at(day, 12)}
    cast.api("reviewer").post("/schedule/entries", taken, 201)
    page.goto(f"/schedule/new?start={day}T10:00&end={day}T11:00")
    page.locator(".entry-more > summary").click()
    field = page.locator("#entry-people-search")
    field.fill(reviewer["name"])
    expect(page.locator("#entry-people [role=option]").first).to_be_visible()
    field.press("Enter")
    expect(page.locator(".entry-clash").first).to_contain_text(reviewer["name"])
    page.locator(".entry-free > button").click()
    times = page.locator(".free-time")
    expect(times).to_have_count(3)
    times.first.click()
    expect(times.first).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".entry-clash")).to_have_count(0)
    chosen = str(times.first.get_attribute("data-time"))
    expect(page.locator("[name=start_time]")).to_have_value(chosen)


def test_a_room_is_booked_from_its_day_and_nobody_gets_it_twice(windows: Windows) -> None:
    cast, day = windows.cast(), working_day()
    room = {"name": titled("새 회의실"), "capacity": 8, "no_show": 10}
    made = cast.api("admin").post("/rooms", room, 201)["id"]
    page = windows.open("drafter").page
    page.goto(f"/rooms?date={day}")
    page.get_by_role("link", name=f"{room['name']} 10:00").click()
    panel = page.locator("side-panel")
    panel.locator("[name=title]").fill(titled("팀 점심"))
    panel.locator(".entry-form [type=submit]").click()
    expect(page.locator(".entry-facts")).to_contain_text(str(room["name"]))

    other = windows.open("reviewer", expects=_REFUSED).page
    other.goto(f"/schedule/new?room={made}&start={day}T10:30&end={day}T11:30")
    expect(other.locator(".entry-clash").first).to_contain_text(str(room["name"]))
    other.locator("[name=title]").fill(titled("팀 점심"))
    other.locator(".entry-form [type=submit]").click()
    expect(other.locator(".entry-form .notice-danger")).to_be_visible()
    # Back to back is no clash.
    other.locator("[name=start_time]").fill("11:00")
    other.locator("[name=end_time]").fill("12:00")
    other.locator(".entry-form [type=submit]").click()
    expect(other.locator(".entry-facts")).to_contain_text(str(room["name"]))


def test_who_agrees_to_bookings_is_asked_on_the_desk(windows: Windows) -> None:
    cast, day = windows.cast(), working_day()
    room = {"name": titled("새 회의실"), "approvers": [cast.id("reviewer")]}
    made = cast.api("admin").post("/rooms", room, 201)["id"]
    title = titled("팀 점심")
    cast.drafter.post(
        "/schedule/entries", {"title": title, "starts_at": at(day, 13), "ends_at": at(day, 14), "room": made}, 201
    )
    page = windows.open("reviewer").page
    page.goto("/desk?kind=booking")
    page.locator("a.row-link").filter(has_text=title).first.click()
    page.locator("[name=granted][value=yes]").first.click()
    expect(page.locator("#toasts .toast p")).to_be_visible()
    expect(page.locator("[name=granted]")).to_have_count(0)


def test_the_day_is_on_the_desk_and_comes_by_itself(windows: Windows) -> None:
    cast = windows.cast()
    page = windows.open("drafter").page
    page.goto("/desk")
    expect(page.locator("#desk-today")).to_be_visible()
    title = titled("팀 점심")
    first = {"starts_at": at(today(), 0), "ends_at": at(today() + timedelta(days=1), 0), "title": title}
    cast.drafter.post("/schedule/entries", first, 201)
    page.goto("/desk")
    row = page.locator(".rail-row").filter(has_text=title)
    expect(row).to_be_visible()
    row.locator("a").click()
    expect(page.locator("side-panel h1")).to_have_text(title)


def test_a_file_is_looked_at_before_it_is_taken_in(windows: Windows) -> None:
    page = windows.open("drafter").page
    uid = titled("uid").replace(" ", "-")
    title = titled("팀 점심")
    event = ("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", "DTSTART:20270105T010000Z", f"SUMMARY:{title}")
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *event, "END:VEVENT", "END:VCALENDAR", "")
    file = "\r\n".join(lines).encode()
    page.goto("/schedule/calendars")
    page.locator("#import-file").set_input_files({"name": "a.ics", "mimeType": "text/calendar", "buffer": file})
    page.locator("#import form button").click()
    expect(page.locator("#import [role=status]")).to_contain_text("1")
    assert entered(windows.cast(), date(2027, 1, 1), title) == []
    page.locator("#import [name=apply]").click()
    expect(page.locator("#toasts .toast p")).to_be_visible()
    assert len(entered(windows.cast(), date(2027, 1, 1), title)) == 1
