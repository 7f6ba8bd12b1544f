"""A box (문서함)."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.browser.pages.base import OurPage


class BoxPage(OurPage):
    """A list of documents that narrows while one types."""

    def open(self, name: str, query: str = "") -> BoxPage:
        """Goes to the box of this name."""
        self.page.goto(f"/boxes/{name}{query}")
        return self

    @property
    def rows(self) -> Locator:
        """The lines of the list."""
        return self.find("#rows tbody tr:not(.pager-row)")

    def row(self, title: str) -> Locator:
        """The line of a document."""
        return self.rows.filter(has_text=title)

    def search(self, text: str) -> None:
        """Types into the search field."""
        self.find("#box-q").fill(text)
