"""Places of notifications: one's own settings, the organisation's, the link in a mail."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.places.place import Place


def at_no_time(page: Page) -> None:
    """Saves quiet hours that are none."""
    page.locator("[name=quiet]").check()
    page.locator("#quiet_from").fill("")
    page.locator("#notification-settings .button-primary").click()
    expect(page.locator("#quiet_from-error")).to_be_visible()


PLACES: tuple[Place, ...] = (
    Place("/settings/notifications", "/settings/notifications"),
    Place("/settings/notifications", "/settings/notifications", act=at_no_time),
    Place("/admin/notifications", "/admin/notifications", "admin"),
)
NO_PAGES: dict[str, str] = {
    "/push-sw.js": "a script that browsers run by themselves",
    "/unsubscribe/<token>": "signed links, seen by test_browser_notify",
}
