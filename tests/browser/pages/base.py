"""What the pages of people signed in have in common: the header, the navigation, messages."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class OurPage:
    """A page of the system in a browser's tab."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def find(self, selector: str) -> Locator:
        """A part of the page."""
        return self.page.locator(selector)

    @property
    def count(self) -> Locator:
        """The number of to-dos in the header."""
        return self.find("#todo-count [data-count]")

    def expect_count(self, number: int) -> None:
        """Waits until the header shows so many to-dos."""
        expect(self.count).to_have_attribute("data-count", str(number))

    def counted(self) -> int:
        """How many to-dos the header shows now."""
        return int(self.count.get_attribute("data-count") or "")

    @property
    def toast(self) -> Locator:
        """What was just done, in words."""
        return self.find("#toasts .toast p")

    def mark(self) -> None:
        """Leaves a mark that a reload would wipe away."""
        self.page.evaluate("() => { window.stays = true }")

    def stayed(self) -> bool:
        """Whether the page is still the one that was marked."""
        return bool(self.page.evaluate("() => window.stays === true"))

    def speak(self, locale: str) -> None:
        """Presses the language's button in the header."""
        self.find(f"button[name=locale][value={locale}]").first.click()
        expect(self.find("html")).to_have_attribute("lang", locale)

    def sign_out(self) -> None:
        """Leaves through the menu."""
        self.find("header details.menu > summary").click()
        self.find("form[action='/sign-out'] button").click()
        self.page.wait_for_url("**/sign-in*")

    def focused(self) -> str:
        """The focused element as a short name: its id, or its tag with what it is called."""
        return str(
            self.page.evaluate(
                "() => { const e = document.activeElement; "
                "return e.id ? '#' + e.id : e.tagName.toLowerCase() + ' ' + (e.name || e.getAttribute('href') || '') }"
            )
        )
