"""Every page keeps the rules that hold for all of them: on a large screen and on a phone, in both languages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.manners import KoreanLeft, settle, too_wide, violations
from tests.browser.places import NO_PAGES, PLACES, TYPED, Place
from tests.browser.stock import WRITTEN, stock
from tests.browser.windows import DESKTOP, PHONE, Window, Windows
from tests.integration.product.cast import Cast
from tests.support.system import System
from tests.unit.gateway.fake import FakeClient, application

_PICTURES = os.environ.get("BROWSER_PICTURES", "")
"""A folder for a picture of every page, for whoever wants to see them."""
_EXPECTED = (r"Failed to load resource: .* (403|404|422)",)


def test_no_page_is_forgotten(tmp_path: Path) -> None:
    app = application(FakeClient(), tmp_path)
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    pages = {rule for rule in rules if not rule.startswith("/api/v1/")}
    looked_at = {place.rule for place in PLACES if place.rule}
    assert pages - looked_at - set(NO_PAGES) == set()
    assert (looked_at | set(NO_PAGES)) - rules == set()


class Visitors:
    """A window for each person and language, opened when first needed; and what there is to see."""

    def __init__(self, windows: Windows) -> None:
        self.windows = windows
        self.stock = stock(windows.cast())
        self._opened: dict[tuple[str, str, str], Window] = {}
        self._korean: dict[str, KoreanLeft] = {}

    def window(self, place: Place, locale: str) -> Window:
        """The window of who goes to this place."""
        key = (place.role, place.tenant, locale)
        if key not in self._opened:
            self._opened[key] = self.windows.open(place.role, tenant=place.tenant, locale=locale, expects=_EXPECTED)
        elif place.role:
            self.windows.speak(place.role, locale, place.tenant)
        return self._opened[key]

    def korean(self, tenant: str) -> KoreanLeft:
        """What finds untranslated words beside this tenant's own."""
        if tenant not in self._korean:
            cast = self.windows.cast(tenant)
            written = [item["title"] for role in ("drafter", "reviewer") for item in _documents(cast, role)]
            written += [item["title"] for item in cast.drafter.get("/memos?box=sent&limit=100")["items"]]
            self._korean[tenant] = KoreanLeft(cast, [*written, *WRITTEN, *TYPED])
        return self._korean[tenant]


def _documents(cast: Cast, role: str) -> list[dict[str, str]]:
    boxes = ("progress", "finished", "drafts", "returned", "decided")
    return [row for box in boxes for row in cast.api(role).get(f"/documents?box={box}&limit=100")["items"]]


@pytest.fixture(scope="module")
def visitors(chromium: Browser, site: System, casts: dict[str, Cast]) -> Iterator[Visitors]:
    """Who looks at the pages."""
    windows = Windows(chromium, site, casts)
    yield Visitors(windows)
    windows.close()


WAYS = {
    "ko-desktop": ("ko", DESKTOP),
    "en-phone": ("en", PHONE),
    "ko-phone": ("ko", PHONE),
    "en-desktop": ("en", DESKTOP),
}


def visits() -> Iterator[Any]:
    """Every place in each way: one of the first two ways in turns, and for `make test-long` the others."""
    for number, place in enumerate(PLACES):
        for way, (locale, size) in WAYS.items():
            marks = () if way == list(WAYS)[number % 2] else pytest.mark.long
            yield pytest.param(place, locale, size, id=f"{way}-{place.name}", marks=marks)


@pytest.mark.parametrize(("place", "locale", "size"), visits())
def test_every_page_keeps_the_rules_of_all_pages(
    visitors: Visitors, place: Place, locale: str, size: tuple[int, int]
) -> None:
    window = visitors.window(place, locale)
    page = window.page
    # What a page does is written for a large screen.
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    answer = page.goto(place.path.format(**visitors.stock))
    assert answer is not None and answer.status == place.status
    if place.act:
        place.act(page)
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    settle(page)
    if _PICTURES:
        number = PLACES.index(place)
        page.screenshot(path=Path(_PICTURES) / f"{number:02}-{locale}-{width}.png", full_page=True)
    wrong = [*violations(page), *(f"sideways: {found}" for found in too_wide(page))]
    if locale == "en":
        wrong += [f"not translated: {text}" for text in visitors.korean(place.tenant).on(page)]
    faults, window.watch.faults = window.watch.faults, []
    assert wrong + faults == []
