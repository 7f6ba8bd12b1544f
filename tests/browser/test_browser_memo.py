"""A memo in browsers: written by keyboard alone, seen read as it happens, answered on a phone by one tap, recalled."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.keyboard import Keyboard
from tests.browser.pages import DeskPage
from tests.browser.pages.memo import MemoForm, MemoPage
from tests.browser.windows import PHONE, Windows, titled


def compose(page: Page, title: str, body: str) -> Keyboard:
    """Writes a memo from wherever one is: `c` `m`, whom it goes to is there already, title, text."""
    keyboard = Keyboard(page)
    keyboard.press("c", "m")
    form = MemoForm(page).ready()
    expect(page.locator("#memo-title")).to_be_focused()
    expect(form.chips).to_have_count(1)
    keyboard.type(title)
    keyboard.tab_to("#memo-text-body")
    keyboard.type(body)
    return keyboard


def memo_titled(windows: Windows, title: str) -> str:
    """The id of a memo of the drafter's."""
    rows = windows.cast().drafter.get("/memos?box=sent&limit=100")["items"]
    return next(row["id"] for row in rows if row["title"] == title)


def head_of_the_drafter(windows: Windows) -> str:
    """Who of the demo is proposed to the drafter."""
    cast = windows.cast()
    names = {cast.api(role).get("/me")["person"]["name"]: role for role in ("reviewer", "decider", "executive")}
    page = windows.open("drafter").page
    page.goto("/memos/new")
    name = MemoForm(page).ready().chips.locator("[data-part=name]").inner_text()
    page.close()
    return names[name.strip()]


def test_a_memo_is_written_by_keyboard_read_on_a_phone_answered_by_one_tap_and_seen_at_once(windows: Windows) -> None:
    role = head_of_the_drafter(windows)
    window = windows.open("drafter")
    desk, title = DeskPage(window.page).open(), titled("누수 점검")
    keyboard = compose(window.page, title, "본관 2층을 점검했습니다.")
    expect(window.page).to_have_url(re.compile(r"/desk\?panel=%2Fmemos%2F[0-9a-f-]{36}%2Fedit"))
    keyboard.press("Control+Enter")
    expect(desk.find("side-panel")).to_be_hidden()
    expect(desk.toast.first).to_have_text("메모를 보냈습니다")
    assert keyboard.unseen == []
    reader = windows.open(role, locale="en", size=PHONE, user_agent="Phone Mobile Mobi", has_touch=True)
    phone = DeskPage(reader.page).open("memo")
    phone.todo(title).locator("a.todo-title").click()
    expect(reader.page.get_by_text("본관 2층을 점검했습니다.")).to_be_visible()
    sender = MemoPage(window.page).open(memo_titled(windows, title))
    expect(sender.readings).to_contain_text("읽음 1/1")
    sender.mark()
    reader.page.get_by_role("button", name="Agree").click()
    expect(reader.page.locator(".action-bar-words")).to_contain_text("Agree")
    expect(sender.find(".memo-receipt").first).to_contain_text("동의")
    expect(sender.find("#memo-talk .badge").first).to_have_text("동의")
    assert sender.stayed()
    (receipt,) = windows.cast().drafter.get(f"/memos/{memo_titled(windows, title)}/receipts")["items"]
    assert receipt["channel"] == "mobile"


def test_what_was_sent_can_be_undone_and_is_written_on(windows: Windows) -> None:
    window = windows.open("drafter")
    DeskPage(window.page).open()
    title = titled("성급한 보고")
    compose(window.page, title, "내용").press("Control+Enter")
    window.page.locator(".toast-offer").click()
    form = MemoForm(window.page).ready()
    expect(window.page.locator("#memo-title")).to_have_value(title)
    expect(form.chips).to_have_count(1)
    assert title in [row["title"] for row in windows.cast().drafter.get("/memos?box=drafts")["items"]]


def test_nothing_typed_is_lost_when_the_panel_is_closed(windows: Windows) -> None:
    window = windows.open("drafter")
    desk, title = DeskPage(window.page).open(), titled("잠깐 닫는 보고")
    compose(window.page, title, "쓰던 글").press("Escape")
    expect(desk.find("side-panel")).to_be_hidden()
    window.page.goto("/memos/drafts")
    window.page.get_by_role("link", name=title).click()
    MemoForm(window.page).ready()
    expect(window.page.locator("#memo-text-body")).to_contain_text("쓰던 글")


def test_what_is_missing_is_said_with_the_way_there(windows: Windows) -> None:
    window = windows.open("drafter")
    window.page.goto("/memos/new")
    form = MemoForm(window.page).ready()
    form.chips.locator("button").click()
    form.find("[data-part=send]").click()
    errors = form.find("[data-part=error-list] a")
    expect(errors).to_have_count(2)
    errors.last.click()
    expect(form.find("#memo-title")).to_be_focused()


def test_several_memos_are_chosen_by_keys_archived_at_once_and_brought_back(windows: Windows) -> None:
    role, cast = head_of_the_drafter(windows), windows.cast()
    titles = [titled(f"보관할 보고 {n}") for n in range(3)]
    to = cast.api(role).get("/me")["person"]["id"]
    for title in titles:
        assert cast.drafter.call("POST", "/memos", {"to": [to], "title": title, "hold": 0}).ok
    page = windows.open(role).page
    page.goto("/memos")
    rows = [page.locator(".memo-row", has_text=title) for title in titles]
    expect(rows[0]).to_be_visible()
    keyboard, bar = Keyboard(page), page.locator("#memo-bulk")
    keyboard.press("j")
    expect(rows[2].locator("a")).to_be_focused()
    keyboard.press("x", "j", "k", "j", "x")
    expect(bar).to_contain_text("2건 선택")
    expect(rows[1].get_by_role("checkbox")).to_be_checked()
    bar.get_by_role("button", name="보관").click()
    for gone in rows[1:]:
        expect(gone).to_have_count(0)
    expect(rows[0]).to_be_visible()
    expect(bar).to_be_hidden()
    toast = page.locator(".toast", has_text="메모 2건을 보관했습니다.")
    toast.get_by_role("button", name="되돌리기").click()
    for back in rows:
        expect(back).to_be_visible()
    keyboard.press("Escape")
    assert page.evaluate("() => document.querySelectorAll('[name=row]:checked').length") == 0


def test_an_urgent_memo_is_above_every_page_until_it_is_read_and_a_recalled_one_is_gone(windows: Windows) -> None:
    cast = windows.cast()
    reader = windows.open("reviewer", expects=(r"Failed to load resource: .* 403",))
    reader.page.goto("/boxes/received")
    title = titled("정전")
    asked = {"to": [cast.id("reviewer"), cast.id("cooperator")], "title": title, "urgent": True}
    memo = cast.drafter.post("/memos", asked, 201)["id"]
    reader.page.get_by_role("alert").get_by_role("link", name=title).click()
    expect(reader.page.get_by_role("heading", name=title)).to_be_visible()
    sender = windows.open("drafter")
    page = MemoPage(sender.page).open(memo)
    expect(page.readings).to_contain_text("읽음 1/2")
    page.find("[data-opens=recall-dialog]").click()
    page.find("#recall-dialog .button-danger").click()
    expect(page.toast.first).to_have_text("회수했습니다.")
    other = windows.open("cooperator", expects=(r"Failed to load resource: .* 403",))
    assert other.page.goto(f"/memos/{memo}").status == 403  # type: ignore[union-attr]
    expect(reader.page.locator(".banner")).to_have_count(0)
    reader.page.reload()
    expect(reader.page.get_by_text("이미 읽어 계속 볼 수 있습니다")).to_be_visible()


def test_receivers_come_from_a_file_and_whom_it_does_not_find_is_said_before(windows: Windows) -> None:
    people = windows.system.demo[windows.system.tenant]["people"]
    logins = [people[role]["login"] for role in ("reviewer", "decider")]
    page = windows.open("drafter").page
    page.goto("/memos/new")
    form = MemoForm(page).ready()
    before = form.chips.count()
    page.locator("#memo-to [data-part=csv-open]").click()
    dialog = page.locator("#memo-to dialog")
    content = "\r\n".join(["이름,아이디", f"가,{logins[0]}", f"나,{logins[1]}", f"다,{logins[0]}", "라,없는이"])
    dialog.locator("[data-part=csv-file]").set_input_files(
        {"name": "명단.csv", "mimeType": "text/csv", "buffer": content.encode("cp949")}
    )
    expect(dialog.locator("[data-part=csv-told]")).to_contain_text("직원 2명을 찾았습니다.")
    expect(dialog.locator("[data-part=csv-problems] > li")).to_have_text(
        [f"4번째 줄 {logins[0]}: 위에 이미 있음", "5번째 줄 없는이: 찾을 수 없음"]
    )
    dialog.locator("[data-part=csv-add]").click()
    expect(dialog).to_be_hidden()
    names = {people[role]["name"] for role in ("reviewer", "decider")}
    expect(form.chips.filter(has_text=re.compile("|".join(names)))).to_have_count(2)
    assert form.chips.count() in (before + 1, before + 2), "who was proposed already stays once"


def test_what_is_written_becomes_a_template_that_others_of_the_department_begin_with(windows: Windows) -> None:
    page, name, title = windows.open("drafter").page, titled("일일 점검"), titled("누수 점검")
    page.goto("/memos/new")
    MemoForm(page).ready()
    page.locator("#memo-title").fill(title)
    page.locator("#memo-text-body").fill("내용")
    page.locator(".memo-more > summary").last.click()
    page.locator("[data-opens=template-dialog]").click()
    page.locator("#template-dialog .button-primary").click()
    expect(page.locator("#template-name")).to_be_focused()
    page.locator("#template-name").fill(name)
    page.locator("#template-name").press("Enter")
    expect(page.locator("#template-dialog")).to_be_hidden()
    page.goto("/memos/templates")
    page.get_by_role("link", name=name).click()
    expect(page.locator("#memo-title")).to_have_value(title)
    expect(page.locator("#memo-text-body")).to_have_text("내용")
    page.goto("/memos/templates")
    row = page.locator(".list-row").filter(has_text=name)
    row.get_by_role("button").click()
    page.locator("#delete-template .button-primary").click()
    expect(page.locator(".list-row").filter(has_text=name)).to_have_count(0)


def test_somebody_is_mentioned_by_an_at_and_a_comment_is_changed_beside_the_memo(windows: Windows) -> None:
    cast, people = windows.cast(), windows.system.demo[windows.system.tenant]["people"]
    to = [cast.id("reviewer"), cast.id("cooperator")]
    memo = cast.drafter.post("/memos", {"to": to, "title": titled("누수 점검")}, 201)["id"]
    page = windows.open("reviewer").page
    page.goto(f"/memos/{memo}")
    page.locator("[data-opens=comment-dialog]").click()
    text, name = page.locator("#comment-text"), people["cooperator"]["name"]
    text.press_sequentially("사진을 @")
    search = page.locator("#comment-text-mentions-search")
    expect(search).to_be_focused()
    search.press_sequentially(name)
    expect(page.locator("#comment-text-mentions [role=option]").first).to_be_visible()
    search.press("Enter")
    expect(text).to_be_focused()
    text.press_sequentially("님이 주세요.")
    expect(text).to_have_value(f"사진을 @{name} 님이 주세요.")
    page.locator("#comment-dialog .button-primary").click()
    expect(page.locator(".comment-mention")).to_have_text(f"@{name}")
    (said,) = cast.drafter.get(f"/memos/{memo}/comments")["items"]
    assert [each["name"] for each in said["mentions"]] == [name]
    page.get_by_role("link", name="수정·삭제").click()
    edited = page.locator("side-panel #comment-edited")
    edited.fill("사진을 추가해 주세요.")
    page.locator("side-panel #comment-form .button-primary").click()
    expect(page.locator("#memo-talk")).to_contain_text("사진을 추가해 주세요.")
    expect(page.locator("#memo-talk")).to_contain_text("수정됨")
    expect(page.locator(".comment-mention")).to_have_text(f"@{name}")
