"""Everything can be done without a mouse, and one always sees where one is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import Keyboard
from tests.browser.pages import BoxPage, CardPage, DeskPage, WritePage
from tests.browser.windows import Windows, titled


def test_a_document_is_written_submitted_and_decided_without_a_mouse(windows: Windows) -> None:
    people = windows.system.demo["hanbit"]["people"]
    title = titled("자판으로 쓴 계획")
    page = windows.open().page
    keys = Keyboard(page)
    windows.speak("drafter", "ko")

    page.goto("/sign-in")
    assert keys.on("#login")
    keys.type(people["drafter"]["login"])
    keys.back_to("#tenant")
    keys.choose("#tenant", "hanbit")
    keys.tab_to("#password")
    keys.type(people["drafter"]["password"])
    keys.press("Enter")
    page.wait_for_url("**/desk")

    keys.press("Tab")
    assert keys.on(".skip-link")
    keys.press("Enter")
    assert keys.on("#content")
    keys.press("n")
    page.wait_for_url("**/write")
    write = WritePage(page).ready()

    assert keys.on("#title")
    keys.type(title)
    keys.press("Enter")
    assert keys.on("#body")
    keys.press("ControlOrMeta+a")
    keys.type("1. 자판만 썼다.")
    keys.press("ControlOrMeta+a", "ControlOrMeta+b", "ArrowRight")
    keys.press("Alt+F10")
    assert keys.on("#toolbar [data-does]")
    keys.press("ArrowRight", "Escape")
    assert keys.on("#body")
    keys.press("Escape")
    keys.tab_to("#line [data-part=remove]")
    while write.line.count():
        keys.press("Enter")
    assert keys.on("#people-search")
    for role, step in (("reviewer", "review"), ("decider", "decide")):
        keys.back_to("[name=next-role]")
        while page.locator("[name=next-role]:checked").input_value() != step:
            keys.press("ArrowRight")
        keys.tab_to("#people-search")
        keys.type(people[role]["name"])
        expect(write.person(people[role]["name"])).to_be_visible()
        keys.press("Enter")
        expect(write.line.filter(has_text=people[role]["name"])).to_have_attribute("data-role", step)

    keys.press("Control+Enter")
    expect(write.dialog).to_be_visible()
    expect(write.find("#submit-send")).to_be_focused()
    keys.press("Escape")
    expect(write.dialog).to_be_hidden()
    assert keys.on("#people-search")
    keys.press("Control+Enter")
    expect(write.find("#submit-send")).to_be_focused()
    keys.press("Enter")
    page.wait_for_url("**/documents/*")

    approve(windows, "reviewer", title)
    card = approve(windows, "decider", title)
    card.expect_state("approved")
    assert keys.unseen == []


def approve(windows: Windows, role: str, title: str) -> CardPage:
    """Somebody finds the document in their box and approves it, by keys."""
    page = windows.open(role).page
    desk, keys = DeskPage(page).open("approval"), Keyboard(page)
    expect(desk.todo(title)).to_be_visible()
    keys.press("g", "r")
    page.wait_for_url("**/boxes/received")
    expect(BoxPage(page).row(title)).to_be_visible()
    keys.press("/")
    assert keys.on("#box-q")
    keys.type(title)
    expect(BoxPage(page).rows).to_have_count(1)
    keys.tab_to("#rows .row-link")
    keys.press("Enter")
    page.wait_for_url("**/documents/*")
    keys.press("o")
    assert keys.on("#opinion")
    keys.type("자판으로 승인합니다.")
    keys.tab_to("#approve")
    keys.press("Enter")
    page.wait_for_url("**decided**")
    assert keys.unseen == []
    return CardPage(page)


@pytest.mark.parametrize(
    ("press", "path"),
    [
        (("g", "d"), "/desk"),
        (("g", "p"), "/boxes/progress"),
        (("g", "f"), "/boxes/finished"),
        (("g", "t"), "/boxes/drafts"),
        (("g", "u"), "/people"),
        (("g", "s"), "/settings"),
        (("n",), "/write"),
    ],
)
def test_shortcuts_lead_to_places(windows: Windows, press: tuple[str, ...], path: str) -> None:
    page = windows.open("drafter").page
    BoxPage(page).open("received")
    Keyboard(page).press(*press)
    page.wait_for_url(f"**{path}")


def test_letters_are_text_in_a_field(windows: Windows) -> None:
    page = windows.open("drafter").page
    box, keys = BoxPage(page).open("progress"), Keyboard(page)
    keys.press("/")
    keys.type("ngd?")
    expect(box.find("#box-q")).to_have_value("ngd?")
    assert page.url.split("?")[0].endswith("/boxes/progress")
    expect(box.find("#shortcuts")).to_be_hidden()


def test_escape_closes_dialogs_and_menus_and_gives_the_focus_back(windows: Windows) -> None:
    page = windows.open("drafter").page
    keys = Keyboard(page)
    DeskPage(page).open()
    keys.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()

    keys.tab_to("header details.menu > summary")
    keys.press("Enter")
    expect(page.locator("header details.menu")).to_have_attribute("open", "")
    keys.tab_to("[data-opens=shortcuts]")
    keys.press("Enter")
    expect(page.locator("#shortcuts")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    assert keys.on("header details.menu > summary")
    keys.press("Enter")
    expect(page.locator("header details.menu")).to_have_attribute("open", "")
    keys.press("Escape")
    expect(page.locator("header details.menu")).not_to_have_attribute("open", "")
    assert keys.on("header details.menu > summary")
    assert keys.unseen == []


def test_escape_closes_the_dialogs_of_writing_and_gives_the_focus_back(windows: Windows) -> None:
    page = windows.open("drafter").page
    write, keys = WritePage(page).open(), Keyboard(page)
    write.title.fill(titled("지울 기안"))
    write.saved()
    write.body.focus()
    keys.press("ControlOrMeta+k")
    expect(page.locator("#link-dialog")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#link-dialog")).to_be_hidden()
    assert keys.on("#body")
    write.title.focus()
    keys.back_to("#delete-draft")
    keys.press("Enter")
    expect(page.locator("#delete-dialog")).to_be_visible()
    assert keys.on("#delete-dialog [value=no]")
    keys.press("Escape")
    expect(page.locator("#delete-dialog")).to_be_hidden()
    assert keys.on("#delete-draft")
    keys.tab_to("#submit-open")
    keys.press("Enter")
    expect(write.dialog).to_be_visible()
    expect(page.locator("#submit-will")).to_be_visible()
    keys.press("Escape")
    assert keys.on("#submit-open")
    assert keys.unseen == []


def test_a_withdrawal_is_asked_about_and_can_be_left(windows: Windows) -> None:
    document = windows.cast().submitted(titled("회수할까 하는 계획"), "reviewer", "decider")
    page = windows.open("drafter").page
    CardPage(page).open(document).expect_state("in_approval")
    keys = Keyboard(page)
    keys.tab_to("#withdraw")
    keys.press("Enter")
    expect(page.locator("#withdraw-dialog")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#withdraw-dialog")).to_be_hidden()
    assert keys.on("#withdraw") and keys.unseen == []
    assert windows.cast().card(document)["state"] == "in_approval"


def order_of_focus(page: Page) -> list[tuple[float, float]]:
    """Where the focusable parts of the content lie, in the order of Tab."""
    return [
        (box["y"], box["x"])
        for item in page.locator("#content :is(a[href], button, input:not([type=hidden]), select, textarea)").all()
        if item.is_visible() and (box := item.bounding_box())
    ]


@pytest.mark.parametrize(
    "path", ["/desk", "/boxes/finished", "/settings/tokens", "/settings/password", "/settings/absences"]
)
def test_tab_leads_through_a_page_as_one_reads_it(windows: Windows, path: str) -> None:
    page = windows.open("drafter", size=(390, 844)).page
    page.goto(path)
    places = order_of_focus(page)
    rows = [round(y) for y, _ in places]
    jumps = [(before, after) for before, after in pairwise(rows) if after < before - 60]
    assert places and jumps == []
