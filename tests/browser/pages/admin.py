"""Administration of the organisation."""

from __future__ import annotations

from playwright.sync_api import Locator

from tests.browser.pages.base import OurPage


class AdminPage(OurPage):
    """Departments, people, import and export."""

    def open(self, path: str = "") -> AdminPage:
        """Goes to a part, by the end of its address."""
        self.page.goto(f"/admin/{path}" if path else "/admin")
        return self

    @property
    def refusal(self) -> Locator:
        """What is wrong with the form that was sent."""
        return self.find("#content .notice-danger, #content .error-text")

    @property
    def rows(self) -> Locator:
        """The lines of the table."""
        return self.find("#content tbody tr")

    def fill(self, **values: str) -> None:
        """Fills in fields by their names."""
        for name, value in values.items():
            self.find(f"#content form #{name}").fill(value)

    def save(self) -> None:
        """Presses the form's button."""
        self.find("#content form .button-primary").last.click()

    def check_file(self, kind: str, content: bytes) -> None:
        """Has a CSV file of departments or people checked."""
        self.find(f"[name=kind][value={kind}]").check()
        self.find("#file").set_input_files({"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": content})
        self.find("form[enctype] .button-primary").click()

    def apply(self) -> None:
        """Imports what was checked."""
        self.find("[name=apply]").click()

    def download(self, kind: str, encoding: str = "") -> bytes:
        """The exported file."""
        with self.page.expect_download() as got:
            self.find(f"a[href='/admin/export/{kind}.csv{'?encoding=' + encoding if encoding else ''}']").click()
        return got.value.path().read_bytes()
