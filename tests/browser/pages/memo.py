"""The pages of memo reports."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.pages.base import OurPage


class MemoForm(OurPage):
    """Where a memo is written: on a page of its own or beside another."""

    def ready(self) -> MemoForm:
        """Waits until one can write."""
        expect(self.find("rich-text .document-body")).to_be_visible()
        return self

    @property
    def chips(self) -> Locator:
        """Whom it goes to."""
        return self.find("#memo-to .chip")

    @property
    def state(self) -> Locator:
        """What is said of its keeping."""
        return self.find("memo-form [data-part=state]")


class MemoPage(OurPage):
    """One memo."""

    def open(self, memo: str) -> MemoPage:
        """Goes there."""
        self.page.goto(f"/memos/{memo}")
        return self

    @property
    def readings(self) -> Locator:
        """How many have read it."""
        return self.find("#memo-counts")
