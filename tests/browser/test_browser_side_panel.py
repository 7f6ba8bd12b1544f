"""The side panel: a page looked at over a list, by keyboard, with an address of its own."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.pages import DeskPage
from tests.browser.windows import Windows, titled


def test_space_looks_at_what_a_row_leads_to_and_escape_gives_the_row_back(windows: Windows) -> None:
    cast = windows.cast()
    window = windows.open("reviewer")
    titles = [titled("옆에 열어 보는 계획"), titled("다음에 보는 계획")]
    for title in titles:
        cast.submitted(title, "reviewer", "decider")
    desk = DeskPage(window.page).open("approval")
    row = desk.todo(titles[0]).locator("a.todo-title")
    expect(row).to_be_visible()
    row.focus()
    row.press(" ")
    panel = desk.find("side-panel")
    expect(panel.get_by_role("heading", name=titles[0])).to_be_visible()
    expect(panel.locator("[data-part=content]")).to_be_focused()
    expect(window.page).to_have_url(re.compile(r"[?&]panel=%2Fdocuments%2F"))
    window.page.keyboard.press("ArrowDown")
    expect(panel.get_by_role("heading", name=titles[1])).to_be_visible()
    expect(row).not_to_have_attribute("aria-current", "true")
    window.page.reload()
    expect(panel.get_by_role("heading", name=titles[1])).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(desk.todo(titles[1]).locator("a.todo-title")).to_be_focused()
    assert window.page.url.endswith("/desk?kind=approval")


def test_one_decides_in_the_side_panel_as_on_the_page(windows: Windows) -> None:
    cast = windows.cast()
    window = windows.open("reviewer")
    title = titled("옆에서 검토하는 계획")
    document = cast.submitted(title, "reviewer", "decider")
    desk = DeskPage(window.page).open("approval")
    row = desk.todo(title).locator("a.todo-title")
    row.focus()
    row.press(" ")
    desk.find("side-panel #approve").click()
    window.page.wait_for_url(f"**/documents/{document}**")
    assert cast.card(document)["route"]["submissions"][0]["steps"][1]["state"] == "approved"


def test_an_address_of_elsewhere_is_not_looked_at(windows: Windows) -> None:
    window = windows.open("reviewer")
    for path in ("//example.com/desk", "/\\example.com", "https://example.com"):
        window.page.goto(f"/desk?panel={path}")
        expect(DeskPage(window.page).find("h1").first).to_be_visible()
        expect(window.page.locator("side-panel")).to_be_hidden()
