"""The page where an official document is written (기안)."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.pages.base import OurPage


class WritePage(OurPage):
    """The sheet, its approval line, its saving and its submission."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.title = self.find("#title")
        self.body = self.find("#body")
        self.state = self.find("#save-state")
        self.line = self.find("#line > [data-step]")
        self.dialog = self.find("#submit-dialog")
        self.attachments = self.find("#attachments [data-attachment]")

    def open(self, document: str = "") -> WritePage:
        """Goes to a draft, or to a new one."""
        self.page.goto(f"/write/{document}" if document else "/write")
        return self.ready()

    def ready(self) -> WritePage:
        """Waits until its script has taken over."""
        expect(self.find("body")).to_have_attribute("data-ready", "write")
        return self

    @property
    def document(self) -> str:
        """The id of the draft that is written."""
        found = re.search(r"/write/([0-9a-f-]{36})", self.page.url)
        assert found, self.page.url
        return found[1]

    # -- writing ------------------------------------------------------------------------------------

    def write(self, text: str) -> None:
        """Types into the body where its caret is."""
        self.body.press_sequentially(text)

    def rewrite(self, text: str) -> None:
        """Types in the place of the whole body."""
        self.body.press("ControlOrMeta+a")
        self.body.press_sequentially(text)

    def press(self, tool: str) -> None:
        """Presses a button of the body's toolbar."""
        self.find(f"#toolbar [data-does={tool}]").click()

    def attach(self, name: str, content: bytes, kind: str = "text/plain") -> None:
        """Chooses a file and waits until it is at the server."""
        before = self.attachments.count()
        self.find("#attachments [data-part=input]").set_input_files({"name": name, "mimeType": kind, "buffer": content})
        expect(self.attachments).to_have_count(before + 1)

    def expect_state(self, *states: str) -> None:
        """Waits until the draft is in one of these states of saving."""
        expect(self.state).to_have_attribute("data-state", re.compile(f"^({'|'.join(states)})$"))

    def expect_kept(self) -> None:
        """Waits until the browser holds everything that was typed."""
        expect(self.state).to_have_attribute("data-kept", "true")

    def saved(self) -> None:
        """Waits until the server has everything."""
        self.expect_state("saved")

    # -- the approval line --------------------------------------------------------------------------

    def clear_line(self) -> None:
        """Takes everybody off the line."""
        while self.line.count():
            self.line.first.locator("[data-part=remove]").click()

    def person(self, name: str) -> Locator:
        """Somebody who was found."""
        return self.find("#people-results [role=option]").filter(has=self.page.get_by_text(name, exact=True))

    def add(self, name: str, role: str) -> None:
        """Searches somebody and puts them on the line in a role."""
        self.find(f"[name=next-role][value={role}]").check(force=True)
        self.find("#people-search").fill(name)
        self.person(name).first.click()
        expect(self.line.filter(has_text=name)).to_have_attribute("data-role", role)

    # -- submission ---------------------------------------------------------------------------------

    def preview(self) -> None:
        """Asks what a submission would bring about."""
        self.find("#submit-open").click()
        expect(self.find("#submit-will")).to_be_visible()

    def submit(self) -> str:
        """Previews and submits; the document's id."""
        self.preview()
        return self.send()

    def send(self) -> str:
        """Submits what was previewed; the document's id."""
        self.find("#submit-send").click()
        self.page.wait_for_url("**/documents/*")
        return self.page.url.rsplit("/", 1)[1]

    @property
    def will(self) -> list[str]:
        """What the preview says that will happen, by code."""
        return [item.get_attribute("data-will") or "" for item in self.find("#submit-will [data-will]").all()]

    @property
    def problems(self) -> list[str]:
        """What the preview says is in the way."""
        return [item.get_attribute("data-problem") or "" for item in self.find("[data-problem]").all()]
