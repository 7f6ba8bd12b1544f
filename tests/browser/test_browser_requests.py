"""A request as people live it: asked in a line and a date, taken, handed in, sent back, closed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages.base import OurPage
from tests.browser.windows import DESKTOP, PHONE, Windows, titled
from tests.support.waiting import until

_REFUSED = (r"Failed to load resource: .* 409",)
_UNFINISHED = (r"Failed to load resource: .* 422",)


class RequestPage(OurPage):
    """A request's page."""

    def open(self, request: str) -> RequestPage:
        """Opens it by its id."""
        self.page.goto(f"/requests/{request}")
        return self

    def expect_state(self, state: str) -> None:
        """Waits until it shows this state."""
        expect(self.find("#request")).to_have_attribute("data-state", state)

    def act(self, act: str, **fields: str) -> None:
        """Presses an act, from the menu where it is there, fills the dialog and says yes."""
        button = self.find(f"#act-{act}")
        if not button.is_visible():
            self.find(".request-menu > summary").click()
        button.click()
        dialog = self.find(f"#{act}-dialog")
        if not dialog.count():
            return
        for name, value in fields.items():
            dialog.locator(f"[name={name}]").fill(value)
        dialog.locator(".dialog-foot .button-primary").click()

    def happened(self) -> list[str]:
        """The acts of the history, the newest first."""
        return [str(entry.get_attribute("data-action")) for entry in self.find("#request-history > li").all()]


def ask(page: Page, title: str, name: str) -> str:
    """Writes a request by keyboard alone: `c` `r`, whom, a line, Ctrl+Enter. Its id."""
    page.goto("/desk")
    page.keyboard.press("c")
    page.keyboard.press("r")
    page.locator("#request-title").fill(title)
    field = page.locator("#request-to-search")
    field.fill(name)
    expect(page.locator("#request-to [role=option]").first).to_be_visible()
    field.press("Enter")
    expect(page.locator("#request-to .chip")).to_have_count(1)
    expect(page.locator("#reckoned strong")).to_be_visible()
    page.locator("#request-title").press("Control+Enter")
    page.wait_for_url(re.compile(r"/requests/[0-9a-f-]{36}$"))
    return page.url.rsplit("/", 1)[1]


@pytest.mark.parametrize(
    ("locale", "size"), [("ko", DESKTOP), pytest.param("en", PHONE, marks=pytest.mark.long)], ids=["ko", "en-phone"]
)
def test_a_request_is_asked_taken_sent_back_done_again_and_closed(
    windows: Windows, locale: str, size: tuple[int, int]
) -> None:
    people = _people(windows)
    asker = windows.open("drafter", locale=locale)
    worker = windows.open("reviewer", locale=locale, size=size)
    title = titled("예산 집행 자료 제출")
    waiting = OurPage(worker.page)
    worker.page.goto("/desk?kind=request")
    before = waiting.counted()
    made = ask(asker.page, title, people["reviewer"])
    asked = RequestPage(asker.page)
    asked.expect_state("asked")

    # It comes without reloading, and is taken from the desk.
    waiting.expect_count(before + 1)
    worker.page.locator("a.row-link").filter(has_text=title).first.click()
    done = RequestPage(worker.page)
    done.act("accept")
    done.expect_state("accepted")
    done.act("progress", percent="40", text="절반쯤 모았습니다.")
    done.expect_state("in_progress")

    # Who asked sees it move by itself.
    expect(asked.find("#request-history > li[data-action=progressed]")).to_be_visible()
    done.act("hand_in", text="붙임과 같습니다.")
    done.expect_state("handed_in")
    asked.open(made).act("send_back", reason="표가 한 줄 빠졌습니다.")
    asked.expect_state("sent_back")
    done.open(made)
    expect(done.find("#request-history")).to_contain_text("표가 한 줄 빠졌습니다.")
    done.act("hand_in", text="다시 냅니다.")
    done.expect_state("handed_in")
    asked.open(made).act("close", text="고맙습니다.")
    asked.expect_state("done")
    assert asked.happened() == ["closed", "handed_in", "sent_back", "handed_in", "progressed", "accepted", "asked"]
    waiting.page.goto("/desk")
    waiting.expect_count(before)


def test_an_extension_is_asked_and_granted(windows: Windows) -> None:
    people = _people(windows)
    asker, worker = windows.open("drafter"), windows.open("reviewer")
    made = ask(asker.page, titled("현장 점검 결과"), people["reviewer"])
    done = RequestPage(worker.page).open(made)
    done.act("accept")
    done.act("extend", due_date="2099-05-08", reason="자료가 늦습니다.")
    asked = RequestPage(asker.page).open(made)
    expect(asked.find("#request-live .notice")).to_contain_text("2099. 5. 8.(금)")
    asked.act("answer_extension")
    expect(asked.find("#request-history > li").first).to_have_attribute("data-action", "extension_granted")


def test_who_presses_too_late_is_told_who_was_first(windows: Windows) -> None:
    cast = windows.cast()
    assignees = [{"person": cast.id("reviewer")}, {"person": cast.id("cooperator")}]
    made = cast.drafter.post("/requests", {"title": titled("선착순"), "assignees": assignees, "pool": True}, 201)["id"]
    late = RequestPage(windows.open("cooperator", expects=_REFUSED).page).open(made)
    cast.api("reviewer").post(f"/requests/{made}/acts", {"act": "accept"}, 200)
    late.act("accept")
    expect(late.find(".notice-danger")).to_contain_text("먼저 접수했습니다")
    late.expect_state("accepted")


def test_a_request_made_from_a_memo_brings_its_words_and_files_and_both_name_each_other(windows: Windows) -> None:
    cast, people, title = windows.cast(), _people(windows), titled("누수 현황")
    memo = _memo_with_a_file(windows, title)
    page = windows.open("reviewer", expects=_UNFINISHED).page
    page.goto(f"/requests/new?from=memo:{memo}")
    expect(page.locator("#request-title")).to_have_value(title)
    expect(page.get_by_label("현황.txt")).to_be_checked()
    page.locator("#request-files [data-part=input]").set_input_files(
        {"name": "붙임.txt", "mimeType": "text/plain", "buffer": "표".encode()}
    )
    expect(page.locator("#request-files")).to_contain_text("요청하면 올립니다")

    # Refused: what was chosen stays, the file too.
    page.locator("#request-send").click()
    expect(page.locator("#assignees-error")).to_be_visible()
    expect(page.locator("#request-files")).to_contain_text("붙임.txt")
    page.locator("#request-to-search").fill(people["cooperator"])
    expect(page.locator("#request-to [role=option]").first).to_be_visible()
    page.locator("#request-to-search").press("Enter")
    page.locator("#request-title").press("Control+Enter")
    page.wait_for_url(re.compile(r"/requests/[0-9a-f-]{36}$"))
    made = page.url.rsplit("/", 1)[1]
    card = cast.api("reviewer").get(f"/requests/{made}")
    assert sorted(file["name"] for file in card["files"]) == ["붙임.txt", "현황.txt"]
    assert "본관 2층" in card["body"] and card["sources"] == [{"noun": "memo", "subject": memo}]
    _names(page, f"/requests/{made}", f"/memos/{memo}")
    _names(page, f"/memos/{memo}", f"/requests/{made}")


def test_a_document_made_from_a_memo_and_the_memo_name_each_other(windows: Windows) -> None:
    memo = _memo_with_a_file(windows, titled("누수 현황"))
    page = windows.open("reviewer").page
    page.goto(f"/memos/{memo}")
    page.locator(".object-head .menu > summary").click()
    page.get_by_role("button", name="이 메모로 기안").click()
    page.wait_for_url(re.compile(r"/write/[0-9a-f-]{36}$"))
    made = page.url.rsplit("/", 1)[1]
    _names(page, f"/write/{made}", f"/memos/{memo}")
    _names(page, f"/memos/{memo}", f"/documents/{made}")


def test_a_request_is_written_beside_a_page_and_asks_before_what_was_typed_is_gone(windows: Windows) -> None:
    page = windows.open("drafter").page
    page.goto("/requests/sent")
    for key in ("c", "r"):
        page.keyboard.press(key)
    expect(page.locator("#request-title")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/requests/sent\?panel=%2Frequests%2Fnew"))
    page.keyboard.press("Escape")
    expect(page.locator("side-panel")).to_be_hidden()
    for key in ("c", "r"):
        page.keyboard.press(key)
    title = titled("예산 집행 자료 제출")
    page.locator("#request-title").fill(title)
    page.keyboard.press("Escape")
    dialog = page.locator("#panel-leave")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="취소").click()
    expect(page.locator("#request-title")).to_have_value(title)
    page.locator("side-panel [data-part=close]").click()
    dialog.get_by_role("button", name="그만두기").click()
    expect(page.locator("side-panel")).to_be_hidden()


def test_a_request_waits_for_another_that_is_found_by_its_words(windows: Windows) -> None:
    cast, people = windows.cast(), _people(windows)
    word = titled("먼저 할 취합")
    first = cast.drafter.post("/requests", {"title": word, "assignees": [{"person": cast.id("reviewer")}]}, 201)["id"]
    until(lambda: first in [item["subject"] for item in cast.drafter.get("/search?q=취합&kind=requests")["items"]])
    page = windows.open("drafter").page
    page.goto("/requests/new")
    page.locator("#request-title").fill(titled("뒤에 할 보고"))
    page.locator("#request-to-search").fill(people["cooperator"])
    expect(page.locator("#request-to [role=option]").first).to_be_visible()
    page.locator("#request-to-search").press("Enter")
    page.locator(".request-more > summary").click()
    page.locator("#request-waits-search").fill("취합")
    page.locator(f"#request-waits [data-object='{first}']").click()
    expect(page.locator("#request-waits .chip")).to_have_count(1)
    page.locator("#request-send").click()
    page.wait_for_url(re.compile(r"/requests/[0-9a-f-]{36}$"))
    expect(page.locator("#request-live .notice")).to_contain_text(word)


def _people(windows: Windows) -> dict[str, str]:
    people = windows.system.demo[windows.system.tenant]["people"]
    return {role: person["name"] for role, person in people.items()}


def _memo_with_a_file(windows: Windows, title: str) -> str:
    """A memo of the drafter's to the reviewer, with a file."""
    drafter, to = windows.cast().drafter, [windows.cast().id("reviewer")]
    draft = drafter.post("/memos/drafts", {"to": to, "title": title, "body": "<p>본관 2층입니다.</p>"}, 201)
    path = f"/memos/{draft['id']}/files?name=현황.txt"
    assert drafter.call("POST", path, data="글".encode(), headers={"Content-Type": "text/plain"}).ok
    drafter.post(f"/memos/{draft['id']}/sending", {}, 202)
    return str(draft["id"])


def _names(page: Page, path: str, other: str) -> None:
    """The page of one object leads to the other among what is related."""

    def related() -> bool:
        page.goto(path)
        page.locator(".related").scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        return page.locator(f".related a[href='{other}']").count() == 1

    until(related)
