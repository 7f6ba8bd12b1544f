"""Settings: the reader's own account."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.pages.base import OurPage


class SettingsPage(OurPage):
    """The tabs of the settings."""

    def open(self, tab: str = "") -> SettingsPage:
        """Goes to a tab, by the end of its address."""
        self.page.goto(f"/settings/{tab}" if tab else "/settings")
        return self

    @property
    def refusal(self) -> Locator:
        """What is wrong with the form that was sent."""
        return self.find("#content .notice-danger")

    @property
    def lines(self) -> Locator:
        """The lines of the list: sessions, tokens, absences."""
        return self.find("#content .list-row")

    def send(self) -> None:
        """Presses the form's button."""
        self.find("#content form .button-primary").last.click()

    def choose_language(self, locale: str) -> None:
        """Sets the language of the pages."""
        self.find(f"[name=locale][value={locale}]").last.check()
        self.send()
        expect(self.find("html")).to_have_attribute("lang", locale)

    def change_password(self, old: str, new: str, again: str = "") -> None:
        """Fills in the form and sends it."""
        for name, value in {"old": old, "new": new, "again": again or new}.items():
            self.find(f"#{name}").fill(value)
        self.send()

    def begin_second_factor(self) -> str:
        """Begins to turn it on; the secret that is shown."""
        self.find("form[action$='/begin'] button").click()
        return self.find("#totp-secret").inner_text().replace(" ", "")

    def give_code(self, code: str) -> None:
        """Types the authenticator's number and sends it."""
        self.find("#code").fill(code)
        self.find("#content form:has(#code) .button-primary, #content form:has(#code) .button-danger").first.click()

    def make_token(self, name: str) -> str:
        """Makes a program's token, which is shown once."""
        self.find("#name").fill(name)
        self.send()
        return self.find("#made-token").inner_text()

    def confirm(self, line: Locator, dialog: str) -> None:
        """Presses the line's button, and yes."""
        line.locator("button").click()
        self.find(f"#{dialog} [value=yes]").click()
