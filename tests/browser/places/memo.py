"""Places of memo reports."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.places.place import EMPTY, Place, find_nothing

_BOX = "/memos/<any(sent, scheduled, drafts, pinned, snoozed, archived):box>"
_MEMO = "/memos/<uuid:id>"
_COMMENT = "/memos/<uuid:id>/comments/<uuid:comment>"


def wait_for_form(page: Page) -> None:
    """Waits until one can write."""
    expect(page.locator("rich-text .document-body")).to_be_visible()


def open_settings(page: Page) -> None:
    """Opens the kind and how it is sent."""
    wait_for_form(page)
    page.locator(".memo-more > summary").last.click()


def save_as_template(page: Page) -> None:
    """Has the dialog open that asks for the template's name."""
    open_settings(page)
    page.locator("[data-opens=template-dialog]").click()
    expect(page.locator("#template-dialog")).to_be_visible()


def add_from_a_file(page: Page) -> None:
    """Has the dialog open that says who of a file was not found."""
    wait_for_form(page)
    page.locator("#memo-to [data-part=csv-open]").click()
    page.locator("#memo-to [data-part=csv-file]").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": b"login\nadmin\nadmin\nsomebody.else\n"}
    )
    expect(page.locator("#memo-to [data-part=csv-problems] > li").last).to_be_visible()


def refuse(page: Page) -> None:
    """Sends what has no title."""
    wait_for_form(page)
    page.locator("[data-part=send]").click()
    expect(page.locator("[data-part=errors]")).to_be_visible()


def write_beside(page: Page) -> None:
    """Writes over the page."""
    page.locator("#create-menu > summary").click()
    page.locator("[data-create=m]").click()
    wait_for_form(page)


def forward(page: Page) -> None:
    """Opens the dialog of forwarding."""
    page.locator(".action-bar [data-opens=forward-dialog]").click()
    expect(page.locator("#forward-dialog")).to_be_visible()


def recall(page: Page) -> None:
    """Opens the dialog of recalling."""
    page.locator("[data-opens=recall-dialog]").click()
    expect(page.locator("#recall-dialog")).to_be_visible()


def more(page: Page) -> None:
    """Opens what else can be done."""
    page.locator(".object-head .menu > summary").click()


PLACES: tuple[Place, ...] = (
    Place("/memos", "/memos", "reviewer"),
    Place("/memos", "/memos", "executive", tenant=EMPTY),
    Place("/memos", "/memos", "reviewer", act=find_nothing),
    Place("/memos", "/memos", "reviewer", act=write_beside),
    *(
        Place(_BOX, f"/memos/{box}", tenant=EMPTY)
        for box in ("sent", "scheduled", "drafts", "pinned", "snoozed", "archived")
    ),
    *(Place(_BOX, f"/memos/{box}") for box in ("sent", "scheduled", "drafts")),
    Place(_MEMO, "/memos/{memo}"),
    Place(_MEMO, "/memos/{memo}", act=recall),
    Place(_MEMO, "/memos/{memo}", "reviewer"),
    Place(_MEMO, "/memos/{memo_urgent}", "reviewer", act=forward),
    Place(_MEMO, "/memos/{memo_urgent}", "reviewer", act=more),
    Place(_MEMO, "/memos/{memo_recalled}"),
    Place(_MEMO, "/memos/{memo_recalled}", "cooperator", status=403),
    Place(_MEMO, "/memos/{memo_later}"),
    Place(_COMMENT, "/memos/{memo}/comments/{comment}", "reviewer"),
    Place(_COMMENT, "/memos/{memo}/comments/{comment}", "cooperator", status=403),
    Place("/memos/<uuid:id>/receipts", "/memos/{memo}/receipts"),
    Place("/memos/new", "/memos/new", act=wait_for_form),
    Place("/memos/new", "/memos/new", act=open_settings),
    Place("/memos/new", "/memos/new", act=refuse),
    Place("/memos/new", "/memos/new", act=save_as_template),
    Place("/memos/new", "/memos/new", act=add_from_a_file),
    Place("/memos/templates", "/memos/templates"),
    Place("/memos/templates", "/memos/templates", tenant=EMPTY),
    Place("/admin/memos", "/admin/memos", "admin"),
    Place("/memos/<uuid:id>/edit", "/memos/{memo_draft}/edit", act=wait_for_form),
)
NO_PAGES: dict[str, str] = {"/memos/banner": "a part of every page, which has it"}
