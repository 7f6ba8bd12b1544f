"""Places of My Desk."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.places.place import EMPTY, Place


def open_menu(page: Page) -> None:
    """Opens the menu behind one's name."""
    page.locator("header details.menu > summary").click()


def open_shortcuts(page: Page) -> None:
    """Opens the list of shortcuts."""
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


PLACES: tuple[Place, ...] = (
    Place("/desk", "/desk", "drafter"),
    Place("/desk", "/desk", "reviewer", act=open_menu),
    Place("/desk", "/desk?kind=approval", "reviewer", act=open_shortcuts),
    Place("/desk", "/desk", "executive", tenant=EMPTY),
)
NO_PAGES: dict[str, str] = {
    "/": "leads to the desk",
    "/desk/badge": "a part of every page",
    "/desk/todos": "a part of the desk",
}
