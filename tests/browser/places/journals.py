"""Places of journals."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.places.place import EMPTY, Place


def review(page: Page) -> None:
    """Fills in that all is well, and looks at it before sending."""
    page.locator("#journal-all").click()
    page.locator("#journal-review").click()
    expect(page.locator("#journal-check")).to_be_visible()


def find_wrong(page: Page) -> None:
    """Says that something is wrong, and adds a repeat."""
    page.locator("[data-key=door] .journal-option[data-value=abnormal] input").check()
    expect(page.locator("[data-key=door] [data-part=note]")).to_be_visible()
    page.locator("[data-key=pumps] [data-part=add]").click()
    expect(page.locator("[data-key=pumps] [data-row]")).to_have_count(1)


def add_field(page: Page) -> None:
    """Adds a field of another kind."""
    page.locator("[data-act=add]").click()
    page.locator("[data-row] select[name=type]").last.select_option("choice")


def reopen(page: Page) -> None:
    """Has the dialog open that asks why a month is opened again."""
    page.locator("[data-opens=reopen-dialog]").click()
    expect(page.locator("#reopen-dialog")).to_be_visible()


PLACES: tuple[Place, ...] = (
    Place("/journals", "/journals"),
    Place("/journals", "/journals", "executive", tenant=EMPTY),
    Place("/journals/<uuid:id>", "/journals/{journal}", "reviewer"),
    Place("/journals/<uuid:id>", "/journals/{journal_blank}?month=2026-02", "admin"),
    Place("/journals/<uuid:id>", "/journals/{journal_blank}?month=2026-02", "reviewer", act=reopen),
    Place("/journals/<uuid:id>/fill", "/journals/{journal_blank}/fill", act=review),
    Place("/journals/<uuid:id>/fill", "/journals/{journal_blank}/fill", act=find_wrong),
    Place("/journals/<uuid:id>/fill", "/journals/{journal}/fill?entry={journal_entry}"),
    Place("/journals/<uuid:id>/verify", "/journals/{journal}/verify", "reviewer"),
    Place("/journals/<uuid:id>/verify", "/journals/{journal_blank}/verify", "reviewer"),
    Place("/journals/<uuid:id>/missing", "/journals/{journal_blank}/missing"),
    Place("/journals/entries/<uuid:id>", "/journals/entries/{journal_entry}", "reviewer"),
    Place("/journals/entries/<uuid:id>", "/journals/entries/{journal_entry}"),
    Place("/journals/<uuid:id>/sheet/<string(length=7):month>", "/journals/{journal}/sheet/{journal_month}"),
    Place("/journals/<uuid:id>/places", "/journals/{journal}/places", "admin"),
    Place("/journals/<uuid:id>/places/<uuid:place>/qr", "/journals/{journal}/places/{journal_place}/qr", "admin"),
    Place("/journals/new", "/journals/new", "admin", act=add_field),
    Place("/journals/<uuid:id>/form", "/journals/{journal}/form", "admin"),
    Place("/journals/<uuid:id>/form/preview", "/journals/{journal}/form/preview", "admin"),
)
NO_PAGES: dict[str, str] = {
    "/journals/at/<uuid:id>": "leads to the page of a journal, a day, a month or an entry",
    "/j/<code>": "leads to the form of a place's journal",
    "/journals/sw.js": "the service worker",
}
