"""A meeting as people live it: called, answered, attended, minuted, confirmed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages.base import OurPage
from tests.browser.windows import DESKTOP, PHONE, Windows, titled


class MeetingPage(OurPage):
    """A meeting's page."""

    def open(self, meeting: str) -> MeetingPage:
        """Opens it by its id."""
        self.page.goto(f"/meetings/{meeting}")
        return self

    def expect_state(self, state: str) -> None:
        """Waits until it shows this state."""
        expect(self.find("#meeting")).to_have_attribute("data-state", state)

    def press(self, selector: str) -> None:
        """Presses a button, from the menu where it is there."""
        button = self.find(selector)
        if not button.is_visible():
            self.find(".meeting-menu > summary").click()
        button.click()

    def fill(self, name: str, **fields: str) -> None:
        """Opens a dialog from the menu, fills it and says yes."""
        self.press(f'[data-opens="{name}-dialog"]')
        dialog = self.find(f"#{name}-dialog")
        for field, value in fields.items():
            dialog.locator(f"[name={field}]").fill(value)
        dialog.locator(".dialog-foot .button-primary").click()

    def happened(self) -> list[str]:
        """The acts of the history, the newest first."""
        return [str(entry.get_attribute("data-action")) for entry in self.find("#meeting-history > li").all()]


def call(page: Page, title: str, name: str) -> str:
    """Writes a meeting by keyboard alone: `c` `e`, a title, whom, an item, Ctrl+Enter. Its id."""
    page.goto("/desk")
    page.keyboard.press("c")
    page.keyboard.press("e")
    page.locator("#meeting-title").fill(title)
    field = page.locator("#meeting-invite-search")
    field.fill(name)
    expect(page.locator("#meeting-invite [role=option]").first).to_be_visible()
    field.press("Enter")
    expect(page.locator("#meeting-invite .chip")).to_have_count(1)
    first = page.locator("#agenda-title-0")
    first.fill("예산 집행 점검")
    first.press("Enter")
    page.locator("#agenda-title-1").fill("지난 회의 결과")
    page.locator("#meeting-title").press("Control+Enter")
    page.wait_for_url(re.compile(r"/meetings/[0-9a-f-]{36}$"))
    return page.url.rsplit("/", 1)[1]


@pytest.mark.parametrize(
    ("locale", "size"), [("ko", DESKTOP), pytest.param("en", PHONE, marks=pytest.mark.long)], ids=["ko", "en-phone"]
)
def test_a_meeting_is_called_answered_attended_minuted_and_confirmed(
    windows: Windows, locale: str, size: tuple[int, int]
) -> None:
    person = windows.cast().api("reviewer").get("/me")["person"]
    host = windows.open("drafter", locale=locale)
    guest = windows.open("reviewer", locale=locale, size=size)
    title = titled("예산 점검 회의")
    made = call(host.page, title, str(person["name"]))
    hosted = MeetingPage(host.page)
    hosted.expect_state("called")
    expect(hosted.find(".meeting-agenda > li")).to_have_count(2)
    # Two taps from the desk: what is asked, and the answer.
    guest.page.goto("/desk?kind=meeting")
    guest.page.get_by_text(title).first.click()
    invited = MeetingPage(guest.page)
    invited.find("#answer-yes").click()
    expect(invited.find(".toast").first).to_be_visible()
    assert invited.open(made).happened()[0] == "answered"
    hosted.open(made).press("#act-open")
    hosted.expect_state("held")
    # The picture of attendance leads there; one press says that one is there.
    host.page.goto(f"/meetings/{made}/qr")
    address = host.page.locator(".meeting-qr .code").inner_text()
    guest.page.goto(address)
    guest.page.locator("#attend-send").click()
    guest.page.wait_for_url(re.compile(r"/meetings/[0-9a-f-]{36}$"))
    hosted.open(made)
    expect(hosted.find(".meeting-people [data-present]")).to_have_count(1)
    hosted.fill("decision", text="원안대로 의결한다.")
    hosted.open(made).fill("action", title="안내문을 발송한다.")
    hosted.open(made).find("#act-write").click()
    gist = host.page.locator("#minutes-body [contenteditable]")
    gist.click()
    gist.type("증액하기로 했다.")
    # What is typed is kept by itself; the button sends what is there.
    expect(host.page.locator('#minutes-form [data-part="state"]')).to_have_attribute("data-state", "saved")
    gist.type(" 이의 없음.")
    host.page.locator("#minutes-save").click()
    expect(host.page.locator(".toast").first).to_be_visible()
    hosted.open(made).press("#act-end")
    hosted.expect_state("minutes")
    due = datetime.now(UTC) + timedelta(days=3)
    hosted.fill("ask_confirmation", due=f"{due:%Y-%m-%dT18:00}")
    hosted.expect_state("confirming")
    invited.open(made).press("#act-review")
    hosted.open(made).press("#act-conclude")
    hosted.expect_state("confirmed")
    expect(hosted.find(".meeting-digest").first).to_be_visible()
    assert hosted.happened()[:2] == ["confirmed", "agreed"]


def test_who_cannot_come_sends_somebody_else(windows: Windows) -> None:
    cast = windows.cast()
    starts = datetime.now(UTC) + timedelta(days=3)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    data = {"title": titled("부서장 회의"), **times, "invite": [cast.id("reviewer")]}
    made = cast.drafter.post("/meetings", data, 201)["id"]
    other = cast.api("cooperator").get("/me")["person"]
    window = windows.open("reviewer")
    meeting = MeetingPage(window.page).open(made)
    meeting.find("#answer-no").click()
    window.page.locator("#answer-word").fill("출장 중입니다.")
    field = window.page.locator("#answer-substitute-search")
    field.fill(str(other["name"]))
    expect(window.page.locator("#answer-substitute [role=option]").first).to_be_visible()
    field.press("Enter")
    expect(window.page.locator("#answer-substitute .chip")).to_have_count(1)
    window.page.locator("#answer-dialog .button-primary").click()
    expect(meeting.find("#people")).to_contain_text(str(other["name"]))
    assert cast.api("cooperator").get(f"/meetings/{made}")["answer"] == "none"
