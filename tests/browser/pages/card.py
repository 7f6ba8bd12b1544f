"""The document management card (문서관리카드) and its versions."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.pages.base import OurPage


class CardPage(OurPage):
    """The paper, its route, and the decision."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.card = self.find("#card")
        self.opinion = self.find("#opinion")
        self.number = self.find("#card-number")
        self.steps = self.find("#card-route > .route [data-role][data-state]")
        self.history = self.find("#card-history > li")

    def open(self, document: str) -> CardPage:
        """Goes there."""
        self.page.goto(f"/documents/{document}")
        return self

    def expect_state(self, state: str) -> None:
        """Waits until the card shows the document in this state."""
        expect(self.card).to_have_attribute("data-state", state)

    def step(self, name: str) -> Locator:
        """The step of somebody on the route."""
        return self.steps.filter(has_text=name)

    def approve(self, opinion: str = "") -> None:
        """Approves what is shown."""
        self._decide("approve", opinion)

    def give_back(self, opinion: str) -> None:
        """Returns it with an opinion."""
        self._decide("return", opinion)

    def _decide(self, action: str, opinion: str) -> None:
        if opinion:
            self.opinion.fill(opinion)
        self.find(f"#{action}").click()
        self.page.wait_for_url("**decided**")

    def acts(self) -> list[str]:
        """What happened, the newest first."""
        return [item.get_attribute("data-action") or "" for item in self.history.all()]


class VersionsPage(OurPage):
    """The list of kept versions."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.rows = self.find("#versions tbody tr")


class ComparePage(OurPage):
    """Two versions beside each other (신구대조)."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.changed = self.find("#changed-fields tbody tr")
        self.body = self.find("#compared-body")
