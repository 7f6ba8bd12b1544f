"""Every page there is, with who goes there and what is done before it is looked at; and what is no page, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from gateway.documents.pages.boxes import BOXES
from tests.browser.pages import WritePage

EMPTY = "nuri"
"""A tenant in which nobody has drafted anything."""


TYPED = ("통계 프로그램", "없는과", "부서코드", "김", "1. 가. 1) 가)")
"""What is typed at the places, what a file calls its columns, and how items are numbered in every language."""


@dataclass(frozen=True)
class Place:
    """A page to look at. `rule` is its route's; `path` names things of the stock in braces."""

    rule: str
    path: str
    role: str = "drafter"
    tenant: str = ""
    act: Callable[[Page], None] | None = None
    status: int = 200

    @property
    def name(self) -> str:
        """What the place is called in reports."""
        does = f" {self.act.__name__}" if self.act else ""
        return f"{self.path} of {self.tenant or 'the city'}'s {self.role or 'nobody'}{does}"


def wrong_password(page: Page) -> None:
    """Signs in with what is wrong, and reads the answer."""
    page.locator("#login").fill("nobody")
    page.locator("#password").fill("nothing")
    page.locator("form[action='/sign-in'] .button-primary").click()
    expect(page.locator("#answer .notice-danger")).to_be_visible()


def open_menu(page: Page) -> None:
    """Opens the menu behind one's name."""
    page.locator("header details.menu > summary").click()


def open_shortcuts(page: Page) -> None:
    """Opens the list of shortcuts."""
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def wait_for_script(page: Page) -> None:
    """Waits for the writing page's script."""
    WritePage(page).ready()


def preview(page: Page) -> None:
    """Opens the preview of a submission."""
    WritePage(page).ready().preview()


def search_people(page: Page) -> None:
    """Has the list of people that were found open."""
    WritePage(page).ready()
    page.locator("#people-search").fill("김")
    expect(page.locator("#people-results [role=option]").first).to_be_visible()


def open_saved_lines(page: Page) -> None:
    """Opens the panel of saved lines."""
    WritePage(page).ready()
    page.locator("#saved-lines > summary").click()


def show_earlier_runs(page: Page) -> None:
    """Opens the earlier submissions."""
    page.locator("#earlier-runs > summary").click()


def find_nothing(page: Page) -> None:
    """Searches what there is not."""
    page.locator("[data-search]").fill("없는 것")
    expect(page.locator("#rows .empty")).to_be_visible()


def change_with_nothing(page: Page) -> None:
    """Sends the form with a password that is wrong."""
    for name, typed in {"old": "wrong", "new": "another one 7", "again": "yet another 8"}.items():
        page.locator(f"#{name}").fill(typed)
    page.locator("#content form .button-primary").click()
    expect(page.locator("#content .notice-danger")).to_be_visible()


def begin(page: Page) -> None:
    """Begins to set the second factor up."""
    page.locator("form[action='/settings/second-factor/begin'] button").click()
    expect(page.locator("#totp-secret")).to_be_visible()


def make_token(page: Page) -> None:
    """Makes a program token."""
    page.locator("#name").fill("통계 프로그램")
    page.locator("#content form .button-primary").last.click()
    expect(page.locator("#made-token")).to_be_visible()


def import_badly(page: Page) -> None:
    """Has a file checked that is not right."""
    bad = "login,name,department,position\n,이름없는,없는과,주무관\n".encode()
    page.locator("#file").set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": bad})
    page.locator("#content form .button-primary").click()
    expect(page.locator("#content .notice-danger, #problems-title").first).to_be_visible()


PLACES: tuple[Place, ...] = (
    Place("/sign-in", "/sign-in", ""),
    Place("/sign-in", "/sign-in?next=/desk", ""),
    Place("/sign-in", "/sign-in", "", act=wrong_password),
    Place("/desk", "/desk", "drafter"),
    Place("/desk", "/desk", "reviewer", act=open_menu),
    Place("/desk", "/desk?kind=approval", "reviewer", act=open_shortcuts),
    Place("/desk", "/desk", "executive", tenant=EMPTY),
    *(Place("/boxes/<name>", f"/boxes/{name}", "drafter") for name in BOXES),
    *(Place("/boxes/<name>", f"/boxes/{name}", "reviewer") for name in ("received", "decided")),
    *(Place("/boxes/<name>", f"/boxes/{name}", "executive", tenant=EMPTY) for name in BOXES),
    Place("/boxes/<name>", "/boxes/finished", act=find_nothing),
    Place("/documents/<uuid:id>", "/documents/{in_approval}"),
    Place("/documents/<uuid:id>", "/documents/{in_approval}", "reviewer"),
    Place("/documents/<uuid:id>", "/documents/{approved}", "clerk"),
    Place("/documents/<uuid:id>", "/documents/{returned}"),
    Place("/documents/<uuid:id>", "/documents/{approved}", act=show_earlier_runs),
    Place("/documents/<uuid:id>", "/documents/{approved}?decided=1", "reviewer"),
    Place("/documents/<uuid:id>/versions", "/documents/{approved}/versions"),
    Place("/documents/<uuid:id>/versions/<int(max=2147483647):version>", "/documents/{approved}/versions/1"),
    Place("/documents/<uuid:id>/compare", "/documents/{approved}/compare?left=3&right=4"),
    Place("/documents/<uuid:id>/compare", "/documents/{approved}/compare?left=3&right=4&view=side"),
    Place("/write", "/write", act=wait_for_script),
    Place("/write", "/write", act=search_people),
    Place("/write", "/write", act=open_saved_lines),
    Place("/write/<uuid:id>", "/write/{draft}", act=preview),
    Place("/write/<uuid:id>", "/write/{returned}", act=wait_for_script),
    Place("/write/<uuid:id>/preview", "/write/{draft}/preview"),
    Place("/people", "/people"),
    Place("/people", "/people?department={department}", act=find_nothing),
    Place("/people/<uuid:id>", "/people/{person}"),
    Place("/settings", "/settings"),
    Place("/settings/password", "/settings/password", act=change_with_nothing),
    Place("/settings/second-factor", "/settings/second-factor"),
    Place("/settings/second-factor", "/settings/second-factor", act=begin),
    Place("/settings/sessions", "/settings/sessions"),
    Place("/settings/tokens", "/settings/tokens", act=make_token),
    Place("/settings/absences", "/settings/absences"),
    Place("/admin", "/admin", "admin"),
    Place("/admin/departments", "/admin/departments", "admin"),
    Place("/admin/departments/new", "/admin/departments/new", "admin"),
    Place("/admin/departments/<uuid:id>", "/admin/departments/{department}", "admin"),
    Place("/admin/people", "/admin/people", "admin"),
    Place("/admin/people/new", "/admin/people/new", "admin"),
    Place("/admin/people/<uuid:id>", "/admin/people/{person}", "admin"),
    Place("/admin/import", "/admin/import", "admin", act=import_badly),
    # Error pages.
    Place("", "/nowhere", status=404),
    Place("", "/admin", status=403),
    Place("", "/nowhere", "", status=404),
)

NO_PAGES: dict[str, str] = {
    "/": "leads to the desk",
    "/boxes/": "leads to the received box",
    "/desk/badge": "a part of every page",
    "/desk/todos": "a part of the desk",
    "/documents/<uuid:id>/route": "a part of the card",
    "/live": "an event stream",
    "/session": "JSON for scripts of pages",
    "/admin/export/<any(departments, people):kind>.csv": "a file",
    "/static/<path:filename>": "files",
    "/healthz": "for probes",
    "/readyz": "for probes",
    "/metrics": "for Prometheus",
    "/api/docs": "Swagger UI's own page, as its authors made it",
}
