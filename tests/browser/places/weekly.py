"""Places of weekly reports."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.places.place import EMPTY, Place
from tests.integration.product.reporting import TENANT


def ask_back(page: Page) -> None:
    """Opens the question of a report that is sent back."""
    page.locator("#weekly-below a").first.click()
    page.locator("#send-back").click()
    expect(page.locator("#return-weekly")).to_be_visible()


PLACES: tuple[Place, ...] = (
    Place("/weekly", "/weekly", tenant=TENANT),
    Place("/weekly", "/weekly?box=department", tenant=TENANT),
    Place("/weekly", "/weekly", tenant=EMPTY),
    Place("/weekly/<uuid:id>", "/weekly/{weekly_mine}", tenant=TENANT),
    Place("/weekly/<uuid:id>", "/weekly/{weekly_joint}", "reviewer", tenant=TENANT),
    Place("/weekly/<uuid:id>", "/weekly/{weekly_joint}", "reviewer", tenant=TENANT, act=ask_back),
    Place("/weekly/<uuid:id>/sheet", "/weekly/{weekly_mine}/sheet", tenant=TENANT),
    Place("/weekly/plans", "/weekly/plans", "decider", tenant=TENANT),
    Place("/weekly/plans", "/weekly/plans", tenant=TENANT),
)
NO_PAGES: dict[str, str] = {
    "/weekly/now": "leads to the report that is to be written",
    "/weekly/<uuid:id>.xlsx": "a file",
}
