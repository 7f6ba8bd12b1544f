"""Journals as they are written on a phone, with and without a net, and verified one after the other."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stock.journals import BAD, journal, write
from tests.browser.watch import CUT_OFF
from tests.browser.windows import PHONE, Windows
from tests.integration.product.cast import Cast
from tests.support.waiting import until


def entries(cast: Cast, journal_: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = cast.api("reviewer").get(f"/journals/{journal_}/entries")["items"]
    return found


class Taps:
    """A phone's page on which each tap is counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def on(self, selector: str) -> None:
        self.page.locator(selector).tap()
        self.count += 1


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_three_taps_send_a_journal_in_which_all_is_well(windows: Windows, locale: str) -> None:
    cast = windows.cast()
    made = journal(cast)
    page = windows.open("drafter", locale=locale, size=PHONE, has_touch=True).page
    page.goto(f"/journals/{made}/fill")
    phone = Taps(page)
    for button in ("#journal-all", "#journal-review", "#journal-send"):
        phone.on(button)
    expect(page.locator("#journal-state")).to_have_attribute("data-state", "sent")
    assert phone.count == 3
    (entry,) = entries(cast, made)
    assert (entry["state"], entry["abnormal"], entry["flagged"]) == ("to_verify", 0, False)


def test_what_is_written_without_a_net_is_sent_once_when_it_is_back(windows: Windows) -> None:
    cast = windows.cast()
    made = journal(cast)
    window = windows.open("drafter", size=PHONE, has_touch=True, expects=CUT_OFF)
    page = window.page
    page.goto(f"/journals/{made}/fill")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    # The page is kept from its next opening on, by the worker that is there now.
    page.reload()
    window.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    page.locator("[data-key=pressure] input").fill("１２．５")
    page.locator("[data-key=photo] input").set_input_files(
        {"name": "문.png", "mimeType": "image/png", "buffer": _picture()}
    )
    expect(page.locator("[data-key=photo] img")).to_be_visible()
    for button in ("#journal-all", "#journal-review", "#journal-send"):
        page.locator(button).click()
    expect(page.locator("#journal-state")).to_have_attribute("data-state", "waiting")
    assert entries(cast, made) == []
    window.context.set_offline(False)
    until(lambda: len(entries(cast, made)) == 1)
    expect(page.locator("#journal-queue")).to_be_hidden()
    page.reload()
    (entry,) = entries(cast, made)
    whole = cast.drafter.get(f"/journals/entries/{entry['id']}")
    assert (whole["version"], whole["values"]["pressure"]) == (1, "12.5")
    assert len(whole["values"]["photo"]) == len(whole["files"]) == 1
    assert len(entries(cast, made)) == 1


def test_a_number_that_may_be_read_in_two_ways_is_shown_at_its_field(windows: Windows) -> None:
    cast = windows.cast()
    made = journal(cast)
    page = windows.open("drafter", expects=(r"Failed to load resource: .* 422",)).page
    page.goto(f"/journals/{made}/fill")
    page.locator("[data-key=pressure] input").fill("12,5")
    for button in ("#journal-all", "#journal-review", "#journal-send"):
        page.locator(button).click()
    expect(page.locator("[data-key=pressure] [data-part=error]")).to_be_visible()
    page.locator("[data-key=pressure] input").fill("12.5")
    for button in ("#journal-review", "#journal-send"):
        page.locator(button).click()
    expect(page.locator("#journal-state")).to_have_attribute("data-state", "sent")


def test_a_signature_is_drawn_or_typed_by_keyboard_and_repeats_are_added(windows: Windows) -> None:
    cast = windows.cast()
    made = journal(cast)
    page = windows.open("drafter").page
    page.goto(f"/journals/{made}/fill")
    box = page.locator("[data-key=sign] canvas").bounding_box()
    assert box
    page.locator("[data-key=sign] canvas").scroll_into_view_if_needed()
    box = page.locator("[data-key=sign] canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"] + 60, steps=4)
    page.mouse.up()
    page.locator("[data-key=sign] input").fill("홍길동")
    page.locator("[data-key=pumps] [data-part=add]").press("Enter")
    for button in ("#journal-all", "#journal-review", "#journal-send"):
        page.locator(button).press("Enter")
    expect(page.locator("#journal-state")).to_have_attribute("data-state", "sent")
    (entry,) = entries(cast, made)
    values = cast.drafter.get(f"/journals/entries/{entry['id']}")["values"]
    assert values["sign"]["name"] == "홍길동" and len(values["sign"]["strokes"][0]) > 4
    assert values["pumps"] == [{"runs": {"result": "normal"}}]


def test_a_day_is_verified_by_keyboard_what_is_abnormal_first(windows: Windows) -> None:
    cast = windows.cast()
    made = journal(cast)
    well, bad = write(cast, made), write(cast, made, "cooperator", values=BAD)
    page = windows.open("reviewer").page
    page.goto(f"/journals/{made}/verify")
    assert [row.get_attribute("data-entry") for row in page.locator("[data-entry]").all()] == [bad, well]
    page.keyboard.press("j")
    page.keyboard.press("v")
    expect(page.locator(f"[data-entry='{bad}']")).to_have_class("journal-item is-done")
    page.keyboard.press("v")
    expect(page.locator(f"[data-entry='{well}']")).to_have_class("journal-item is-done")
    assert {entry["state"] for entry in entries(cast, made)} == {"verified"}


def test_an_old_page_shows_what_has_changed_and_verifies_nothing(windows: Windows) -> None:
    cast = windows.cast()
    made = journal(cast)
    entry = write(cast, made)
    page = windows.open("reviewer", expects=(r"Failed to load resource: .* 409",)).page
    page.goto(f"/journals/entries/{entry}")
    body = {"journal": made, "values": BAD}
    assert cast.drafter.call("PUT", f"/journals/entries/{entry}", body, headers={"If-Match": '"1"'}).ok
    page.locator("#entry-verify").click()
    expect(page.locator("#changes-title")).to_be_visible()
    expect(page.locator("#content")).to_contain_text("잠기지 않음")
    page.locator("#entry-verify").click()
    expect(page.locator("[data-part=state]").first).to_have_text("확인 완료")


def test_a_form_is_built_in_order_and_published(windows: Windows) -> None:
    cast = windows.cast()
    made = journal(cast)
    page = windows.open("admin").page
    page.goto(f"/journals/{made}/form")
    first = page.locator("[data-part=fields] > [data-row]").first
    first.locator("[data-act=down]").first.press("Enter")
    page.locator("[data-act=add]").press("Enter")
    page.keyboard.type("소화기 압력")
    page.locator("[data-then=publish]").click()
    page.locator("#publish-note").fill("소화기")
    page.locator("#journal-publish .button-primary").click()
    page.wait_for_url(f"**/journals/{made}")
    form = cast.drafter.get(f"/journals/{made}")["form"]
    labels = [field["label"] for field in form["fields"]]
    assert (form["version"], labels[0], labels[1], labels[-1]) == (2, "누수 여부", "출입문 잠금", "소화기 압력")


def test_the_code_of_a_place_opens_its_journal(windows: Windows) -> None:
    cast = windows.cast()
    made = journal(cast)
    place = cast.api("admin").post(f"/journals/{made}/places", {"name": "옥상"}, 201)
    page = windows.open("drafter", size=PHONE, has_touch=True).page
    page.goto(f"/j/{place['code']}")
    expect(page.locator(".page-head")).to_contain_text("옥상")
    for button in ("#journal-all", "#journal-review", "#journal-send"):
        page.locator(button).tap()
    expect(page.locator("#journal-state")).to_have_attribute("data-state", "sent")
    (entry,) = entries(cast, made)
    assert entry["place"] == {"id": place["id"], "name": "옥상"}


def _picture() -> bytes:
    """A PNG of one pixel."""
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
    )
