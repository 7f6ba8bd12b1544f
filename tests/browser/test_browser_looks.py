"""What is seen rather than said: nothing covers, widens or runs over what stands beside it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.manners import settle, too_wide
from tests.browser.pages import DeskPage
from tests.browser.pages.memo import MemoPage
from tests.browser.stock import requests, rounds
from tests.browser.windows import PHONE, Windows, titled


def box(page: Page, selector: str) -> dict[str, float]:
    """Where something stands in the window."""
    found = page.locator(selector).first.bounding_box()
    assert found, selector
    return dict(found)


def test_the_bar_of_a_phone_gives_way_to_an_objects_own(windows: Windows) -> None:
    cast = windows.cast()
    asked = {"to": [cast.id("reviewer")], "title": titled("막대가 하나인 화면"), "asks": True}
    memo = cast.drafter.post("/memos", asked, 201)["id"]
    page = windows.open("reviewer", size=PHONE).page
    DeskPage(page).open()
    expect(page.locator(".bar")).to_be_visible()
    MemoPage(page).open(memo)
    expect(page.locator(".bar")).to_be_hidden()
    settle(page)
    bar = box(page, ".action-bar")
    assert bar["y"] + bar["height"] == PHONE[1]


def test_a_dialog_is_a_sheet_from_below_on_a_phone(windows: Windows) -> None:
    cast = windows.cast()
    asked = {"to": [cast.id("reviewer")], "title": titled("전화에서 전달하는 메모")}
    memo = cast.drafter.post("/memos", asked, 201)["id"]
    page = windows.open("reviewer", size=PHONE).page
    MemoPage(page).open(memo)
    page.locator(".action-bar [data-opens=forward-dialog]").click()
    settle(page)
    sheet = box(page, "#forward-dialog")
    assert (sheet["x"], sheet["width"], sheet["y"] + sheet["height"]) == (0, *PHONE)


def test_who_answered_what_scrolls_by_itself_on_a_phone(windows: Windows) -> None:
    made = rounds.stock(windows.cast())["round"]
    page = windows.open("drafter", locale="en", size=PHONE).page
    page.goto(f"/rounds/{made}")
    expect(page.locator("#results")).to_be_visible()
    assert too_wide(page) == []


def test_what_a_to_do_asks_stands_beside_its_title(windows: Windows) -> None:
    # An extension is asked of the drafter, which is the longest there is to ask.
    requests.stock(windows.cast())
    page = windows.open("drafter", locale="en").page
    DeskPage(page).open()
    badges = page.locator("li.todo > .badge")
    expect(badges.filter(has_text="Answer extension").first).to_be_visible()
    ends = badges.evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
    begins = page.locator("li.todo .todo-main").evaluate_all("all => all.map(one => one.getBoundingClientRect().left)")
    assert all(end < begin for end, begin in zip(ends, begins, strict=True))
