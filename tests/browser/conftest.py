"""One system and one Chromium for all tests of the pages; a window that did wrong fails its test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.windows import PATIENCE_MS, Windows
from tests.integration.product.cast import Cast
from tests.support.pushserver import VAPID_KEY
from tests.support.servers import Servers
from tests.support.system import System, started

_CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder opens a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site() -> Iterator[System]:
    """The embedded system with the demo in it; push messages go to services of the tests' own."""
    pushes = {"ONEWAY_PUBLIC_URL": "http://127.0.0.1", "ONEWAY_VAPID_KEY": VAPID_KEY}
    pushes |= {"ONEWAY_PUSH_HOSTS": "http://127.0.0.1:*"}
    with Servers() as servers, started(System("embedded", servers, **pushes)) as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def casts() -> dict[str, Cast]:
    """Who has signed in at the API already, by tenant."""
    return {}


@pytest.fixture
def windows(
    chromium: Browser, site: System, casts: dict[str, Cast], request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Windows]:
    """Windows for a test. A page that broke a rule every page has to keep fails it."""
    opened = Windows(chromium, site, casts)
    yield opened
    report = getattr(request.node, "report", None)
    if report is not None and report.failed:
        opened.picture(tmp_path)
    faults = opened.close()
    assert faults == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Lets fixtures know how the test went; a failure shows the tail of the system's log."""
    report = yield
    if report.when == "call":
        item.report = report
        site = item.funcargs.get("site") if report.failed else None
        if site:
            report.sections += [(f"log of {name}", tail) for name, tail in site.logs().items()]
    return report
