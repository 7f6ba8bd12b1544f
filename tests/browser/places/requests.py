"""Places of requests."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.places.place import EMPTY, Place, find_nothing


def open_the_details(page: Page) -> None:
    """Unfolds what a request may have besides a line and a date, and waits for how the date is counted."""
    expect(page.locator("#reckoned strong")).to_be_visible()
    page.locator(".request-more > summary").click()
    expect(page.locator("#request-text [contenteditable]")).to_be_visible()


def hand_in(page: Page) -> None:
    """Has the dialog open that asks once more."""
    page.locator("#act-hand_in").click()
    expect(page.locator("#hand_in-dialog")).to_be_visible()


def send_back(page: Page) -> None:
    """Has the dialog open that sends back, with its reason."""
    page.locator("#act-send_back").click()
    expect(page.locator("#send_back-dialog")).to_be_visible()


def refuse_the_rule(page: Page) -> None:
    """Saves a rule of reminders with a day that is none."""
    page.locator("#before").fill("5, x")
    page.locator("form[action='/admin/requests'] .button-primary").click()
    expect(page.locator("#before-error")).to_be_visible()


LISTS, REQUEST = "/requests/<any(sent, due, department):name>", "/requests/<uuid:id>"
PLACES: tuple[Place, ...] = (
    Place("/requests", "/requests", "reviewer"),
    Place("/requests", "/requests?view=board", "reviewer"),
    Place("/requests", "/requests?view=table", "reviewer"),
    Place("/requests", "/requests", "executive", tenant=EMPTY),
    Place("/requests", "/requests", "reviewer", act=find_nothing),
    Place(LISTS, "/requests/sent"),
    Place(LISTS, "/requests/sent?ended=yes"),
    Place(LISTS, "/requests/due", "reviewer"),
    Place(LISTS, "/requests/department", "reviewer"),
    Place("/requests/of/<uuid:id>", "/requests/of/{boss}", "decider"),
    Place("/requests/statistics", "/requests/statistics?scope=asked"),
    Place("/requests/statistics", "/requests/statistics", "executive", tenant=EMPTY),
    Place("/requests/new", "/requests/new"),
    Place("/requests/new", "/requests/new?kind=instruction", act=open_the_details),
    Place("/requests/new", "/requests/new?parent={running}", "reviewer"),
    Place("/requests/new", "/requests/new?from=memo:{memo}", act=open_the_details),
    Place(REQUEST, "/requests/{asked}", "reviewer"),
    Place(REQUEST, "/requests/{running}", "reviewer", act=hand_in),
    Place(REQUEST, "/requests/{running}"),
    Place(REQUEST, "/requests/{sent_back}", "reviewer"),
    Place(REQUEST, "/requests/{handed_in}", act=send_back),
    Place("/admin/requests", "/admin/requests", "admin"),
    Place("/admin/requests", "/admin/requests", "admin", act=refuse_the_rule),
    Place("/requests/<uuid:id>/edit", "/requests/{asked}/edit"),
)
NO_PAGES: dict[str, str] = {
    "/requests/<uuid:id>/comments/<uuid:comment>": "the page of memos' comments, seen there",
    "/requests/<any(received, sent, due, department):name>.xlsx": "a file",
    "/requests/reckon": "a part of the form",
}
