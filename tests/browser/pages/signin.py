"""The sign-in page."""

from __future__ import annotations

from tests.browser.pages.base import OurPage
from tests.support.system import System


class SignInPage(OurPage):
    """Where everybody begins."""

    def open(self, following: str = "") -> SignInPage:
        """Goes there; `following` is the page that is opened afterwards."""
        self.page.goto(f"/sign-in?next={following}" if following else "/sign-in")
        return self

    def fill(self, system: System, role: str, tenant: str = "") -> None:
        """Says who one is."""
        code = tenant or system.tenant
        person = system.demo[code]["people"][role]
        self.find("#tenant").select_option(code)
        self.find("#login").fill(person["login"])
        self.find("#password").fill(person["password"])

    def send(self) -> None:
        """Presses the button."""
        self.find("form[action='/sign-in'] .button-primary").click()

    def enter(self, system: System, role: str, tenant: str = "", lands_on: str = "/desk") -> None:
        """Signs in and waits for the page behind it."""
        self.fill(system, role, tenant)
        self.send()
        self.page.wait_for_url(f"**{lands_on}")
