"""Browser windows of the people who take part: each person's in a context of its own, as on a computer of their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, Page

from gateway.core.auth import COOKIE
from gateway.directory.pages.signin import LOCALE_COOKIE
from tests.browser.watch import Watch
from tests.integration.product.cast import Cast
from tests.support.system import System

DESKTOP = (1440, 900)
PHONE = (390, 844)
PATIENCE_MS = 20_000


def titled(words: str) -> str:
    """A title no other document has."""
    return f"{words} {uuid4().hex[:6]}"


@dataclass
class Window:
    """One browser: its context with cookies and storage, its first page, and what its pages did wrong."""

    context: BrowserContext
    page: Page
    watch: Watch

    def tab(self) -> Page:
        """Another page of the same browser."""
        return self.context.new_page()


class Windows:
    """Opens windows at a running system, and closes all of them."""

    def __init__(self, browser: Browser, system: System, casts: dict[str, Cast]) -> None:
        self.system = system
        self._browser = browser
        self._casts = casts
        self._open: list[Window] = []

    def at(self, system: System) -> Windows:
        """Windows of the same browser at another system."""
        return Windows(self._browser, system, {})

    def cast(self, tenant: str = "") -> Cast:
        """The people of a tenant at the API; the city's where none is told."""
        code = tenant or self.system.tenant
        return self._casts.setdefault(code, Cast(self.system, code))

    def open(
        self,
        role: str = "",
        *,
        token: str = "",
        tenant: str = "",
        locale: str = "ko",
        size: tuple[int, int] = DESKTOP,
        expects: tuple[str, ...] = (),
        **options: Any,
    ) -> Window:
        """A window in a language; of somebody signed in where a role or a session's token is told.

        `expects` are patterns of what the test itself makes go wrong; `options` go to the context.
        """
        context = self._browser.new_context(
            base_url=self.system.base_url,
            viewport={"width": size[0], "height": size[1]},
            locale={"ko": "ko-KR", "en": "en-US"}[locale],
            timezone_id="Asia/Seoul",
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        if role:
            self.speak(role, locale, tenant)
            token = self.cast(tenant).api(role).token
        if token:
            self.put_cookie(context, COOKIE, token)
        self.put_cookie(context, LOCALE_COOKIE, locale)
        window = Window(context, context.new_page(), Watch(context, self.system.base_url, expects))
        self._open.append(window)
        return window

    def speak(self, role: str, locale: str, tenant: str = "") -> None:
        """Sets the language of a person's pages."""
        assert self.cast(tenant).api(role).call("PATCH", "/me", {"locale": locale}).ok

    def end_sessions(self, role: str, tenant: str = "") -> None:
        """Ends a person's sessions in browsers where they signed in by hand."""
        api = self.cast(tenant).api(role)
        for session in api.get("/me/sessions")["items"]:
            if session["kind"] == "browser":
                assert api.call("DELETE", f"/me/sessions/{session['id']}").status_code == 204

    def put_cookie(self, context: BrowserContext, name: str, value: str) -> None:
        """Gives the browser a cookie of the system's."""
        context.add_cookies([{"name": name, "value": value, "url": self.system.base_url}])

    def picture(self, directory: Path) -> None:
        """A picture of every open page, for whoever looks into a failure."""
        for number, page in enumerate(page for window in self._open for page in window.context.pages):
            page.screenshot(path=directory / f"{number}.png", full_page=True)

    def close(self) -> list[str]:
        """Closes the windows; what their pages did wrong."""
        for window in self._open:
            window.context.close()
        return [fault for window in self._open for fault in window.watch.faults]
