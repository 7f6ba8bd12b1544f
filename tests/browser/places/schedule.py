"""Places of schedules."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.places.place import EMPTY, Place


def drawn(page: Page) -> None:
    """Waits for the calendar with what is in it."""
    expect(page.locator("#calendar .entry").first).to_be_visible()


def unfold_the_settings(page: Page) -> None:
    """Opens what is shown beside."""
    drawn(page)
    page.locator(".calendar-settings > summary").click()


def open_the_details(page: Page) -> None:
    """Unfolds what an entry may have besides, with a rule that comes again."""
    page.locator(".entry-more > summary").click()
    page.locator("[name=repeat]").select_option("monthly_nth")
    expect(page.locator(".entry-said")).to_be_visible()


def miss_the_title(page: Page) -> None:
    """Sends a form that is refused: of a year that no calendar here has."""
    page.locator("[name=title]").fill("김")
    page.locator(".entry-form").evaluate("form => { form.noValidate = true }")
    page.locator("[name=end_day]").fill("2026-01-01")
    page.locator(".entry-form [type=submit]").click()
    expect(page.locator(".entry-form .error-text").first).to_be_visible()


def remove(page: Page) -> None:
    """Has the dialog open that asks how much of a series goes."""
    page.locator("[data-opens=remove-dialog]").click()
    expect(page.locator("#remove-dialog")).to_be_visible()


def write_the_diary(page: Page) -> None:
    """Has the form of the diary open."""
    if page.locator(".entry-diary > summary").count():
        page.locator(".entry-diary > summary").click()


def unfold_the_first(page: Page) -> None:
    """Has a part open that is folded."""
    page.locator("details.panel > summary").first.click()


CARD, EDIT = "/schedule/<uuid:id>", "/schedule/<uuid:id>/edit"
PLACES: tuple[Place, ...] = (
    Place("/schedule", "/schedule?view=week", act=drawn),
    Place("/schedule", "/schedule?view=day", act=unfold_the_settings),
    Place("/schedule", "/schedule?view=month", act=drawn),
    Place("/schedule", "/schedule?view=list", act=drawn),
    Place("/schedule", "/schedule?view=list", "executive", tenant=EMPTY),
    Place("/schedule/team", "/schedule/team?people={boss}"),
    Place("/schedule/new", "/schedule/new"),
    Place("/schedule/new", "/schedule/new", act=open_the_details),
    Place("/schedule/new", "/schedule/new", act=miss_the_title),
    Place("/schedule/new", "/schedule/new?from=memo:{memo}"),
    Place(CARD, "/schedule/{entry}", act=write_the_diary),
    Place(CARD, "/schedule/{weekly}?rid={rid}", act=remove),
    Place(CARD, "/schedule/{booked}"),
    Place(EDIT, "/schedule/{weekly}/edit?rid={rid}"),
    Place("/schedule/executives", "/schedule/executives"),
    Place("/schedule/executives", "/schedule/executives", "executive", tenant=EMPTY),
    Place("/schedule/executives/settings", "/schedule/executives/settings", "admin", act=unfold_the_first),
    Place("/schedule/calendars", "/schedule/calendars", act=unfold_the_first),
)
NO_PAGES: dict[str, str] = {
    "/schedule/window.json": "what the calendar asks for",
    "/schedule/preview": "a part of the form",
    "/schedule/free": "a part of forms",
    "/schedule/calendars/<uuid:id>.ics": "a file",
    "/schedule/executives/<uuid:id>": "leads to the day of one beside the reader's",
    "/desk/today": "a part of My Desk",
}
