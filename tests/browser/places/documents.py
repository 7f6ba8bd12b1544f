"""Places of documents."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from gateway.documents.pages.boxes import BOXES
from tests.browser.pages import WritePage
from tests.browser.places.place import EMPTY, Place, find_nothing


def wait_for_script(page: Page) -> None:
    """Waits for the writing page's script."""
    WritePage(page).ready()


def preview(page: Page) -> None:
    """Opens the preview of a submission."""
    WritePage(page).ready().preview()


def search_people(page: Page) -> None:
    """Has the list of people that were found open."""
    WritePage(page).ready()
    page.locator("#people-search").fill("김")
    expect(page.locator("#people-results [role=option]").first).to_be_visible()


def open_saved_lines(page: Page) -> None:
    """Opens the panel of saved lines."""
    WritePage(page).ready()
    page.locator("#saved-lines > summary").click()


def show_earlier_runs(page: Page) -> None:
    """Opens the earlier submissions."""
    page.locator("#earlier-runs > summary").click()


RULE = "/boxes/<any(drafts, returned, finished, register):name>"
PLACES: tuple[Place, ...] = (
    *(Place(RULE, f"/boxes/{name}") for name in BOXES),
    *(Place(RULE, f"/boxes/{name}", "executive", tenant=EMPTY) for name in BOXES),
    Place(RULE, "/boxes/finished", act=find_nothing),
    Place("/documents/<uuid:id>", "/documents/{in_approval}"),
    Place("/documents/<uuid:id>", "/documents/{in_approval}", "reviewer"),
    Place("/documents/<uuid:id>", "/documents/{approved}", "clerk"),
    Place("/documents/<uuid:id>", "/documents/{returned}"),
    Place("/documents/<uuid:id>", "/documents/{approved}", act=show_earlier_runs),
    Place("/documents/<uuid:id>", "/documents/{approved}?decided=1", "reviewer"),
    Place("/documents/<uuid:id>/versions", "/documents/{approved}/versions"),
    Place("/documents/<uuid:id>/versions/<int(max=2147483647):version>", "/documents/{approved}/versions/1"),
    Place("/documents/<uuid:id>/compare", "/documents/{approved}/compare?left=3&right=4"),
    Place("/documents/<uuid:id>/compare", "/documents/{approved}/compare?left=3&right=4&view=side"),
    Place("/write", "/write", act=wait_for_script),
    Place("/write", "/write", act=search_people),
    Place("/write", "/write", act=open_saved_lines),
    Place("/write/<uuid:id>", "/write/{draft}", act=preview),
    Place("/write/<uuid:id>", "/write/{returned}", act=wait_for_script),
    Place("/write/<uuid:id>/preview", "/write/{draft}/preview"),
)
NO_PAGES: dict[str, str] = {}
