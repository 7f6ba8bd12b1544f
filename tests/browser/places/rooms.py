"""Places of rooms."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.places.place import EMPTY, Place


def ask_once_more(page: Page) -> None:
    """Has the dialog open that gives a booking back."""
    page.locator("form[data-confirm^=release] button").first.click()
    expect(page.locator("dialog[open]")).to_be_visible()


def refuse_the_hours(page: Page) -> None:
    """Saves a room that closes before it opens."""
    page.locator("#room-opens").fill("18:00")
    page.locator("#room-closes").fill("08:00")
    page.locator(".room-form > .buttons .button-primary").click()
    expect(page.locator(".room-form .error-text").first).to_be_visible()


ROOM = "/rooms/<uuid:id>"
PLACES: tuple[Place, ...] = (
    Place("/rooms", "/rooms"),
    Place("/rooms", "/rooms?capacity=99999"),
    Place("/rooms", "/rooms", "executive", tenant=EMPTY),
    Place(ROOM, "/rooms/{room}", act=ask_once_more),
    Place(ROOM, "/rooms/{room}", "reviewer"),
    Place(ROOM, "/rooms/{room}", "admin"),
    Place("/rooms/new", "/rooms/new", "admin"),
    Place("/rooms/<uuid:id>/edit", "/rooms/{room}/edit", "admin", act=refuse_the_hours),
    Place("/rooms/check-in/<code>", "/rooms/check-in/{door}"),
    Place("/door/<code>", "/door/{door}", ""),
)
NO_PAGES: dict[str, str] = {"/rooms/bookings/<uuid:id>": "leads to the booking on its room's page"}
