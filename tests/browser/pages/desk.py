"""My Desk (나의 책상)."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.browser.pages.base import OurPage


class DeskPage(OurPage):
    """What is to be done, what others are to do, what happened."""

    def open(self, kind: str = "") -> DeskPage:
        """Goes there; to what is to be done of one kind, where the whole may be longer than a page shows."""
        self.page.goto(f"/desk?kind={kind}" if kind else "/desk")
        return self

    def todo(self, title: str) -> Locator:
        """The to-do about a document."""
        return self.find("li.todo").filter(has_text=title)

    def waiting(self, title: str) -> Locator:
        """An own document that waits for somebody else."""
        return self.find("section[aria-labelledby=waiting-title] li").filter(has_text=title)

    def notice(self, title: str) -> Locator:
        """A notice about a document."""
        return self.find("section[aria-labelledby=notices-title] li").filter(has_text=title)

    def take(self, title: str) -> None:
        """Opens the to-do about a document."""
        self.todo(title).locator("a.todo-title").click()
        self.page.wait_for_url("**/documents/**")
