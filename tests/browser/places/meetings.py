"""Places of meetings."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.places.place import EMPTY, Place, find_nothing


def add_an_item(page: Page) -> None:
    """A further row of the agenda."""
    page.locator("#meeting-add-item").click()
    expect(page.locator('#meeting-items [data-part="item"]')).to_have_count(2)


def decline(page: Page) -> None:
    """Has the dialog open in which one says no, or who comes instead."""
    page.locator("#answer-no").click()
    expect(page.locator("#answer-dialog")).to_be_visible()


def mark(page: Page) -> None:
    """Has the list of attendance open."""
    page.locator(".meeting-menu > summary").click()
    page.locator('[data-opens="mark-dialog"]').click()
    expect(page.locator("#mark-dialog")).to_be_visible()


def object_(page: Page) -> None:
    """Has the dialog open in which one objects to the minutes."""
    page.locator("#act-object").click()
    expect(page.locator("#object-dialog")).to_be_visible()


def write_gists(page: Page) -> None:
    """Waits until the editors are there."""
    expect(page.locator("#minutes-body [contenteditable]")).to_be_visible()


def write_together(page: Page) -> None:
    """Waits until what is stored is in, and has the dialog of an action item open."""
    expect(page.locator('co-editor [data-state="saved"]')).to_be_visible()
    page.locator('[data-opens="co-action"]').click()
    expect(page.locator("#co-action")).to_be_visible()


LISTS, MEETING = "/meetings/<any(past, department, 'department-past'):name>", "/meetings/<uuid:id>"
PLACES: tuple[Place, ...] = (
    Place("/meetings", "/meetings", "reviewer"),
    Place("/meetings", "/meetings", "executive", tenant=EMPTY),
    Place("/meetings", "/meetings", "reviewer", act=find_nothing),
    Place(LISTS, "/meetings/past"),
    Place(LISTS, "/meetings/department"),
    Place("/meetings/new", "/meetings/new"),
    Place("/meetings/new", "/meetings/new?committee={committee}", act=add_an_item),
    Place(MEETING, "/meetings/{called}"),
    Place(MEETING, "/meetings/{called}", "reviewer", act=decline),
    Place(MEETING, "/meetings/{series}", "reviewer"),
    Place(MEETING, "/meetings/{held}", act=mark),
    Place(MEETING, "/meetings/{held}", "reviewer"),
    Place(MEETING, "/meetings/{confirming}", "reviewer", act=object_),
    Place(MEETING, "/meetings/{confirmed}"),
    Place("/meetings/<uuid:id>/edit", "/meetings/{series}/edit"),
    Place("/meetings/<uuid:id>/minutes", "/meetings/{held}/minutes", act=write_gists),
    Place("/meetings/<uuid:id>/minutes", "/meetings/{shared}/minutes", act=write_together),
    Place("/meetings/<uuid:id>/minutes", "/meetings/{shared}/minutes", "reviewer"),
    Place("/meetings/<uuid:id>/minutes", "/meetings/{confirmed}/minutes", "reviewer"),
    Place("/meetings/<uuid:id>/qr", "/meetings/{held}/qr"),
    Place("/meetings/<uuid:id>/attend", "/meetings/{held}/attend", "reviewer"),
    Place("/committees", "/committees"),
    Place("/committees", "/committees", "executive", tenant=EMPTY),
    Place("/committees/new", "/committees/new"),
    Place("/committees/<uuid:id>", "/committees/{committee}"),
    Place("/committees/<uuid:id>/edit", "/committees/{committee}/edit", act=add_an_item),
)
NO_PAGES: dict[str, str] = {
    "/meetings/<uuid:id>/comments/<uuid:comment>": "the page of memos' comments, seen there",
    "/committees/<uuid:id>/<int(min=1990, max=2100):year>.xlsx": "a file",
}
