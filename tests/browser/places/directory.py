"""Places of the directory: sign-in, people, settings, administration."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.places.place import Place, find_nothing


def wrong_password(page: Page) -> None:
    """Signs in with what is wrong, and reads the answer."""
    page.locator("#login").fill("nobody")
    page.locator("#password").fill("nothing")
    page.locator("form[action='/sign-in'] .button-primary").click()
    expect(page.locator("#answer .notice-danger")).to_be_visible()


def change_with_nothing(page: Page) -> None:
    """Sends the form with a password that is wrong."""
    for name, typed in {"old": "wrong", "new": "another one 7", "again": "yet another 8"}.items():
        page.locator(f"#{name}").fill(typed)
    page.locator("#content form .button-primary").click()
    expect(page.locator("#content .notice-danger")).to_be_visible()


def begin(page: Page) -> None:
    """Begins to set the second factor up."""
    page.locator("form[action='/settings/second-factor/begin'] button").click()
    expect(page.locator("#totp-secret")).to_be_visible()


def make_token(page: Page) -> None:
    """Makes a program token."""
    page.locator("#name").fill("통계 프로그램")
    page.locator("#content form .button-primary").last.click()
    expect(page.locator("#made-token")).to_be_visible()


def find_receivers(page: Page) -> None:
    """Types a part of a name that people and departments have, and takes the first."""
    page.locator("receiver-picker input[data-part=field]").fill("과")
    expect(page.locator("receiver-picker [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("receiver-picker .chip")).to_have_count(1)
    page.locator("receiver-picker input[data-part=field]").fill("ㄱ")
    expect(page.locator("receiver-picker [role=option]").first).to_be_visible()


def import_badly(page: Page) -> None:
    """Has a file checked that is not right."""
    bad = "login,name,department,position\n,이름없는,없는과,주무관\n".encode()
    page.locator("#file").set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": bad})
    page.locator("#content form .button-primary").click()
    expect(page.locator("#content .notice-danger, #problems-title").first).to_be_visible()


PLACES: tuple[Place, ...] = (
    Place("/sign-in", "/sign-in", ""),
    Place("/sign-in", "/sign-in?next=/desk", ""),
    Place("/sign-in", "/sign-in", "", act=wrong_password),
    Place("/people", "/people"),
    Place("/people", "/people?department={department}", act=find_nothing),
    Place("/people/<uuid:id>", "/people/{person}"),
    Place("/settings", "/settings"),
    Place("/settings/password", "/settings/password", act=change_with_nothing),
    Place("/settings/second-factor", "/settings/second-factor"),
    Place("/settings/second-factor", "/settings/second-factor", act=begin),
    Place("/settings/sessions", "/settings/sessions"),
    Place("/settings/tokens", "/settings/tokens", act=make_token),
    Place("/settings/app-passwords", "/settings/app-passwords", act=make_token),
    Place("/settings/absences", "/settings/absences"),
    Place("/settings/groups", "/settings/groups"),
    Place("/settings/groups/new", "/settings/groups/new", act=find_receivers),
    Place("/settings/groups/<uuid:id>", "/settings/groups/{group}"),
    Place("/admin/calendar", "/admin/calendar?year=2026", "admin"),
    Place("/admin", "/admin", "admin"),
    Place("/admin/departments", "/admin/departments", "admin"),
    Place("/admin/departments/new", "/admin/departments/new", "admin"),
    Place("/admin/departments/<uuid:id>", "/admin/departments/{department}", "admin"),
    Place("/admin/people", "/admin/people", "admin"),
    Place("/admin/people/new", "/admin/people/new", "admin"),
    Place("/admin/people/<uuid:id>", "/admin/people/{person}", "admin"),
    Place("/admin/import", "/admin/import", "admin", act=import_badly),
)
NO_PAGES: dict[str, str] = {
    "/admin/export/<any(departments, people):kind>.csv": "a file",
    "/session": "JSON for scripts of pages",
}
