"""Receivers in the browser: a group is put together with the keyboard alone; the calendar is changed and seen."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.windows import Windows


def test_a_group_is_put_together_with_the_keyboard_and_deleted(windows: Windows) -> None:
    page = windows.open("drafter").page
    page.goto("/settings/groups/new")
    name = f"회람 {uuid4().hex[:6]}"
    page.locator("#name").fill(name)
    field = page.locator("receiver-picker input[data-part=field]")
    field.focus()
    chips = page.locator("receiver-picker .chip")
    for count, typed in enumerate(("과", "김"), 1):
        page.keyboard.type(typed)
        options = page.locator("receiver-picker [role=option]")
        expect(options.first).to_be_visible()
        expect(options.first).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        expect(chips).to_have_count(count)
    expect(chips.first).to_have_attribute("data-receiver", re.compile("^(person|department):"))
    page.locator("#content form .button-primary").first.click()
    page.wait_for_url("**/settings/groups")
    page.locator("a.row-link").filter(has_text=name).click()
    expect(chips).to_have_count(2)
    chips.first.locator("button").click()
    expect(chips).to_have_count(1)
    page.locator(".button-danger").first.click()
    page.locator("#delete-group [value=yes]").click()
    page.wait_for_url("**/settings/groups")
    expect(page.locator("a.row-link").filter(has_text=name)).to_have_count(0)


def test_a_day_off_is_entered_and_taken_back(windows: Windows) -> None:
    page = windows.open("admin").page
    page.goto("/admin/calendar?year=2031")
    page.locator("#day").fill("2031-10-07")
    page.locator("#name").fill("시민의 날")
    page.locator("#content form .button-primary").last.click()
    row = page.locator(".days li").filter(has_text="시민의 날")
    expect(row).to_have_count(1)
    row.locator("button").click()
    page.locator("#delete-day [value=yes]").click()
    expect(page.locator(".days li").filter(has_text="시민의 날")).to_have_count(0)


def test_what_a_document_belongs_together_with_is_asked_for_when_it_is_in_sight(windows: Windows) -> None:
    cast = windows.cast()
    document = cast.approved(f"안내판 {uuid4().hex[:6]}")
    page = windows.open("drafter").page
    page.goto(f"/documents/{document}")
    related = page.locator(".related")
    related.scroll_into_view_if_needed()
    expect(related).to_contain_text("관련된 것이 없습니다.")
