"""Minutes written by several at once: everyone sees what the others type, and nothing typed is lost or there twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.watch import CUT_OFF
from tests.browser.windows import Window, Windows, titled
from tests.integration.product.cast import Cast

_SIGNED = (r"Failed to load resource: .* 409",)


def held(cast: Cast) -> str:
    """A meeting of the drafter's with the reviewer, which has begun."""
    worker = cast.id("reviewer")
    starts = datetime.now(UTC) + timedelta(minutes=10)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    agenda = [{"title": "예산안"}, {"title": "인사 계획"}]
    api = cast.api("drafter")
    told = {"title": titled("함께 쓰는 회의"), **times, "invite": [worker, cast.id("cooperator")], "agenda": agenda}
    made: str = api.post("/meetings", told)["id"]
    api.post(f"/meetings/{made}/acts", {"act": "open"})
    api.post(f"/meetings/{made}/attendance", {"people": [{"person": worker, "present": True}]})
    return made


class Minutes:
    """The page of shared minutes in one window."""

    def __init__(self, window: Window, made: str) -> None:
        self.window, self.made = window, made

    @property
    def page(self) -> Page:
        """Its page."""
        return self.window.page

    def open(self) -> Minutes:
        """Goes there; it is ready once what is stored is in."""
        self.page.goto(f"/meetings/{self.made}/minutes")
        self.saved()
        return self

    def write(self, words: str, below: str) -> None:
        """Types at the end of the line below a heading."""
        self.page.locator(f"co-editor h3:has-text('{below}') + p").click()
        self.page.keyboard.press("End")
        self.page.keyboard.type(words)

    def saved(self) -> None:
        """The server has answered to all."""
        expect(self.page.locator("co-editor .co-state")).to_have_text("저장됨")

    def state(self, words: str) -> None:
        """What the line below says."""
        expect(self.page.locator("co-editor .co-state")).to_have_text(words)

    def shows(self, words: str) -> None:
        """That these words are there, once."""
        body = self.page.locator("co-editor .document-body")
        expect(body).to_contain_text(words)
        assert body.inner_text().count(words) == 1


def together(windows: Windows) -> tuple[str, Minutes, Minutes]:
    """Two people on one page."""
    made = held(windows.cast())
    leads = windows.open("drafter", expects=(*CUT_OFF, *_SIGNED))
    leads.page.goto(f"/meetings/{made}/minutes")
    leads.page.get_by_role("button", name="함께 쓰기 시작").click()
    first = Minutes(leads, made)
    first.saved()
    second = Minutes(windows.open("reviewer", expects=(*CUT_OFF, *_SIGNED)), made).open()
    return made, first, second


def test_two_type_at_once_and_one_is_cut_off_and_comes_back(windows: Windows) -> None:
    _, first, second = together(windows)
    first.write("첫째가 쓴 글. ", "예산안")
    second.write("둘째가 쓴 글. ", "인사 계획")
    for page in (first, second):
        page.saved()
        page.shows("첫째가 쓴 글.")
        page.shows("둘째가 쓴 글.")
    expect(first.page.locator(".co-cursor-name")).to_have_count(1)
    second.window.context.set_offline(True)
    second.write("끊긴 동안 쓴 글. ", "인사 계획")
    second.state("연결 끊김: 이 기기에 보관 중")
    first.write("그동안 쓴 글. ", "예산안")
    first.saved()
    # The page is gone before the network is back.
    second.page.close()
    second.window.context.set_offline(False)
    second.window.page = second.window.tab()
    second.open()
    for page in (first, second):
        for words in ("첫째가 쓴 글.", "둘째가 쓴 글.", "끊긴 동안 쓴 글.", "그동안 쓴 글."):
            page.shows(words)
    # One undoes what is one's own.
    first.page.keyboard.press("Control+z")
    first.saved()
    expect(second.page.locator("co-editor .document-body")).not_to_contain_text("그동안 쓴 글.")
    second.shows("끊긴 동안 쓴 글.")


def test_a_syllable_that_is_being_composed_is_not_broken_by_what_others_type(windows: Windows) -> None:
    _, first, second = together(windows)
    second.write("앞 ", "인사 계획")
    keyboard = second.window.context.new_cdp_session(second.page)
    for step in ("ㅎ", "하", "한"):
        keyboard.send("Input.imeSetComposition", {"text": step, "selectionStart": 1, "selectionEnd": 1})
        first.write(f"글{step} ", "예산안")
    keyboard.send("Input.insertText", {"text": "한"})
    second.page.keyboard.type("글.")
    for page in (first, second):
        page.saved()
        page.shows("앞 한글.")
        page.shows("글ㅎ 글하 글한")


def test_what_was_written_before_is_there_as_it_was_and_looking_changes_nothing(windows: Windows) -> None:
    made = held(windows.cast())
    api = windows.cast().api("drafter")
    item = api.get(f"/meetings/{made}")["agenda"][0]["id"]
    gist = (
        "<p>가나 <strong>굵게</strong> 보통<br>둘째 줄</p><ul><li><p>하나</p><ul><li><p>둘</p></li></ul></li></ul>"
        "<table><tbody><tr><th><p>이름</p></th><th><p>수</p></th></tr><tr><td><p>가</p></td><td><p>1</p></td></tr></tbody>"
        '</table><h4 class="align-center">소제목</h4><blockquote><p>인용</p></blockquote><ol><li><p>첫째</p></li></ol>'
    )
    body = {"body": "<p>모두 읽었다.</p>", "items": [{"item": item, "body": gist}]}
    assert api.call("PUT", f"/meetings/{made}/minutes", body, headers={"If-Match": '"0"'}).ok
    api.post(f"/meetings/{made}/minutes/sharing", {"everyone": True})
    page = Minutes(windows.open("reviewer"), made).open()
    expect(page.page.locator("co-editor table th").first).to_have_text("이름")
    page.page.wait_for_timeout(1_000)
    assert api.get(f"/meetings/{made}/minutes/updates")["number"] == 1
    reader = windows.open("cooperator")
    reader.page.goto(f"/meetings/{made}/minutes")
    page.write("더 쓴 글.", "인사 계획")
    page.saved()
    # Who only reads sees it as it comes to where minutes are read.
    expect(reader.page.locator("#minutes-read")).to_contain_text("더 쓴 글.")
    minutes = api.get(f"/meetings/{made}/minutes")["minutes"]
    assert minutes["body"] == "<p>모두 읽었다.</p>" and minutes["items"][1]["gist"] == "<p>더 쓴 글.</p>"
    assert minutes["items"][0]["gist"] == gist


def test_what_is_typed_after_the_minutes_were_sent_round_becomes_an_opinion(windows: Windows) -> None:
    made, first, second = together(windows)
    first.write("논의한 내용.", "예산안")
    first.saved()
    second.window.context.set_offline(True)
    second.write("늦게 쓴 글.", "인사 계획")
    second.state("연결 끊김: 이 기기에 보관 중")
    api = windows.cast().api("drafter")
    api.post(f"/meetings/{made}/acts", {"act": "end"})
    due = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    api.post(f"/meetings/{made}/acts", {"act": "ask_confirmation", "due": due})
    second.window.context.set_offline(False)
    notice = second.page.locator("unsent-minutes")
    expect(notice).to_contain_text("늦게 쓴 글.")
    # It is still there when the page is opened again, which only shows the minutes now.
    second.page.reload()
    expect(notice).to_contain_text("늦게 쓴 글.")
    notice.get_by_role("button", name="의견으로 보내기").click()
    expect(notice).to_be_hidden()
    said = api.get(f"/meetings/{made}/comments")["items"]
    assert "늦게 쓴 글." in said[0]["text"]
    minutes = api.get(f"/meetings/{made}/minutes")["minutes"]
    assert minutes["items"][0]["gist"] == "<p>논의한 내용.</p>" and minutes["items"][1]["gist"] == ""
    second.page.reload()
    expect(notice).to_be_hidden()


def test_a_decision_is_entered_beside_the_minutes(windows: Windows) -> None:
    made, first, _ = together(windows)
    first.write("원안대로 한다", "예산안")
    first.page.keyboard.press("Shift+Home")
    first.page.get_by_role("button", name="결정", exact=True).click()
    dialog = first.page.locator("#co-decision")
    expect(dialog.locator("#co-decision-text")).to_have_value("원안대로 한다")
    dialog.get_by_role("button", name="등록하기").click()
    expect(first.page.locator("#together-results")).to_contain_text("원안대로 한다")
    assert windows.cast().api("drafter").get(f"/meetings/{made}")["decisions"][0]["text"] == "원안대로 한다"
    first.saved()
