"""A weekly report in the browser: written by the keyboard and kept by itself, joined by the head."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.manners import settle
from tests.browser.windows import DESKTOP, PHONE, Windows
from tests.integration.product.reporting import begin, report

# The browser's own: nobody else reports there.
TENANT = "sisul"
_PICTURES = os.environ.get("BROWSER_PICTURES", "")


def picture(page: Page, name: str) -> None:
    """Leaves a picture for whoever wants to see it."""
    if _PICTURES:
        settle(page)
        page.screenshot(path=Path(_PICTURES) / f"weekly-{name}.png", full_page=True)


@pytest.mark.parametrize(("locale", "size"), [("ko", DESKTOP)])
def test_a_report_is_written_by_the_keyboard_and_joined_by_the_head(
    windows: Windows, locale: str, size: tuple[int, int]
) -> None:
    cast = windows.cast(TENANT)
    ids = begin(cast)

    page = windows.open("drafter", tenant=TENANT, locale=locale, size=size).page
    page.goto("/desk")
    page.keyboard.press("c")
    page.keyboard.press("w")
    page.wait_for_url(f"**/weekly/{ids['drafter']}")
    this = page.locator("[data-section=this]")
    this.locator("textarea").first.click()
    page.keyboard.type("둘째 줄")
    page.keyboard.press("Enter")
    page.keyboard.type("첫째 줄")
    page.keyboard.press("Alt+ArrowUp")
    page.locator("[data-section=next] textarea").first.fill("다음 주 할 일")
    expect(page.locator("#weekly-status")).to_have_text("저장됨")
    picture(page, "write-desktop")
    page.reload()
    expect(this.locator("textarea").nth(0)).to_have_value("첫째 줄")
    expect(this.locator("textarea").nth(1)).to_have_value("둘째 줄")
    page.locator("#submit").click()
    expect(page.locator("#weekly-form")).to_have_count(0)
    assert report(cast, "drafter", ids["drafter"])["state"] == "submitted"

    head = windows.open("reviewer", tenant=TENANT, locale=locale, size=size).page
    head.goto(f"/weekly/{ids['reviewer']}")
    expect(head.locator("#weekly-news li")).to_have_count(3)
    picture(head, "news-desktop")
    head.locator("[data-section=remarks] textarea").first.fill("팀장이 쓴 비고")
    # What is being typed is kept before the news are taken.
    head.locator("#take").click()
    expect(head.locator("#weekly-news li")).to_have_count(0)
    expect(head.locator("[data-section=remarks] textarea").first).to_have_value("팀장이 쓴 비고")
    taken = head.locator("[data-section=this] [data-below]")
    expect(taken).to_have_count(2)
    taken.nth(1).locator("textarea").fill("둘째 줄을 정리함")
    taken.nth(0).locator("[data-part=out]").click()
    expect(head.locator("#weekly-status")).to_have_text("저장됨")
    head.reload()
    expect(head.locator(".weekly-source")).to_contain_text("둘째 줄")
    expect(head.locator(".weekly-row.is-out")).to_have_count(1)
    picture(head, "join-desktop")
    head.locator("#submit").click()
    expect(head.locator("#recall")).to_be_visible()
    head.goto(f"/weekly/{ids['reviewer']}/sheet")
    expect(head.locator(".weekly-sheet li")).to_have_count(3)
    picture(head, "sheet-desktop")

    # Another window of the writer's hears that the report was taken up.
    phone = windows.open("drafter", tenant=TENANT, locale="en", size=PHONE).page
    phone.goto(f"/weekly/{ids['reviewer']}")
    expect(phone.locator(".weekly-said li")).to_have_count(3)
    picture(phone, "read-phone")


def test_on_a_phone_a_report_is_written_one_section_below_the_other(windows: Windows) -> None:
    cast = windows.cast(TENANT)
    ids = begin(cast)
    page = windows.open("decider", tenant=TENANT, locale="en", size=PHONE).page
    page.goto(f"/weekly/{ids['decider']}")
    page.locator("[data-section=this] [data-part=add]").click()
    page.keyboard.type("국장 보고")
    expect(page.locator("#weekly-status")).to_have_text("Saved")
    tops = [page.locator(f"[data-section={name}]").bounding_box() for name in ("this", "next", "remarks")]
    assert all(one and other and one["y"] + one["height"] <= other["y"] for one, other in pairwise(tops))
    picture(page, "write-phone")


def test_a_report_that_was_changed_elsewhere_keeps_what_is_typed_on_the_page(windows: Windows) -> None:
    cast = windows.cast(TENANT)
    ids = begin(cast)
    refused = (r"Failed to load resource: .* 412",)
    first = windows.open("decider", tenant=TENANT, expects=refused).page
    other = windows.open("decider", tenant=TENANT).page
    for page in (first, other):
        page.goto(f"/weekly/{ids['decider']}")
    other.locator("[data-section=next] textarea").last.fill("다른 화면에서")
    expect(other.locator("#weekly-status")).to_have_text("저장됨")
    first.locator("[data-section=remarks] textarea").last.fill("이 화면에서")
    expect(first.locator("#weekly-status")).to_contain_text("다른 화면에서 수정되었습니다")
    expect(first.locator("[data-section=remarks] textarea").last).to_have_value("이 화면에서")
    first.on("dialog", lambda dialog: dialog.accept())
    first.reload()
    expect(first.locator("[data-section=next] textarea").first).to_have_value("다른 화면에서")
