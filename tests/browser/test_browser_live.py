"""Counts and lists follow what happens by themselves: in every tab, and again after a break."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from gateway.core.auth import COOKIE
from tests.browser.pages import BoxPage, CardPage, DeskPage, SignInPage, WritePage
from tests.browser.watch import CUT_OFF
from tests.browser.windows import Windows, titled
from tests.support.servers import Servers
from tests.support.system import System

_CUT_OFF = (*CUT_OFF, r"Failed to load resource: .* 503")


def listening(page: Page) -> None:
    """Waits until the page's browser hears the live channel."""
    page.wait_for_function(
        "() => performance.getEntriesByName(new URL('/live', location).href).length > 0"
        " || navigator.locks.query().then(all => all.pending.length + all.held.length > 0)"
    )


def test_every_tab_follows_and_the_title_counts(windows: Windows) -> None:
    cast = windows.cast()
    window = windows.open("reviewer")
    first, second = DeskPage(window.page).open("approval"), DeskPage(window.tab())
    second.page.goto("/people")
    before = first.counted()
    for tab in (first, second):
        listening(tab.page)
        tab.mark()
    title = titled("여러 창에 나타나는 계획")
    document = cast.submitted(title, "reviewer", "decider")
    for tab in (first, second):
        tab.expect_count(before + 1)
        expect(tab.page).to_have_title(starting(before + 1))
        assert tab.stayed()
    expect(first.todo(title)).to_be_visible()
    first.page.close()  # it listened for both
    cast.decide("reviewer", document)
    second.expect_count(before)
    cast.submitted(titled("남은 창에 나타나는 계획"), "reviewer", "decider")
    second.expect_count(before + 1)
    assert second.stayed()


def starting(count: int) -> re.Pattern[str]:
    """A title that begins with the count."""
    return re.compile(rf"^\({count}\) ")


def test_what_comes_before_a_new_page_listens_is_not_missed(windows: Windows) -> None:
    cast = windows.cast()
    window = windows.open("reviewer")
    held: list[Route] = []
    window.page.route("**/live", lambda route: held.append(route))
    desk = DeskPage(window.page).open("approval")
    before = desk.counted()
    while not held:
        window.page.wait_for_timeout(50)
    desk.mark()
    title = titled("페이지가 듣기 전에 온 계획")
    cast.has_todo("reviewer", cast.submitted(title, "reviewer", "decider"))
    held[0].continue_()
    desk.expect_count(before + 1)
    expect(desk.todo(title)).to_be_visible()
    assert desk.stayed()


def test_what_happened_while_the_connection_was_gone_is_caught_up(windows: Windows) -> None:
    cast = windows.cast()
    window = windows.open("reviewer", expects=_CUT_OFF)
    desk = DeskPage(window.page).open("approval")
    listening(window.page)
    before = desk.counted()
    desk.mark()
    window.context.set_offline(True)
    title = titled("연결이 없을 때 온 계획")
    document = cast.submitted(title, "reviewer", "decider")
    cast.has_todo("reviewer", document)
    window.context.set_offline(False)
    desk.expect_count(before + 1)
    expect(desk.todo(title)).to_be_visible()
    assert desk.stayed()


def test_a_page_whose_session_ended_follows_again_after_a_new_sign_in(windows: Windows) -> None:
    cast = windows.cast()
    window = windows.open(expects=(r"Failed to load resource: .* 401",))
    SignInPage(window.page).open().enter(windows.system, "clerk")
    window.page.clock.install()
    desk = DeskPage(window.page).open("approval")
    before = desk.counted()
    desk.mark()
    # The answer to the page's first call may still be on its way.
    with window.page.expect_response(lambda answer: answer.url.endswith("/live") and answer.status == 401):
        windows.end_sessions("clerk")
        window.page.clock.run_for(5_000)
    again = window.tab()
    window.context.clear_cookies(name=COOKIE)
    SignInPage(again).open().enter(windows.system, "clerk")
    again.close()
    title = titled("다시 로그인한 뒤에 온 계획")
    draft = cast.draft(title)["id"]
    line = [{"person": cast.id("clerk"), "role": "review"}, {"person": cast.id("decider"), "role": "decide"}]
    cast.drafter.post(f"/documents/{draft}/submission", {"line": line}, 202)
    cast.has_todo("clerk", draft)
    window.page.clock.run_for(20_000)
    desk.expect_count(before + 1)
    assert desk.stayed()


def test_boxes_and_cards_follow(windows: Windows) -> None:
    cast = windows.cast()
    box = BoxPage(windows.open("reviewer").page).open("received")
    listening(box.page)
    title = titled("문서함에 나타나는 계획")
    document = cast.submitted(title, "reviewer", "decider")
    expect(box.row(title)).to_be_visible()
    card = CardPage(windows.open("drafter").page).open(document)
    listening(card.page)
    reviewer, decider = (windows.system.demo["hanbit"]["people"][role]["name"] for role in ("reviewer", "decider"))
    cast.decide("reviewer", document)
    expect(card.step(reviewer)).to_have_attribute("data-state", "approved")
    expect(card.step(decider)).to_have_attribute("data-state", "active")
    expect(box.row(title)).to_have_count(0)
    cast.decide("decider", document)
    card.expect_state("approved")
    expect(card.number).to_be_visible()


@pytest.fixture
def fragile(windows: Windows) -> Iterator[Windows]:
    """Windows at a system of the test's own, which may be taken away."""
    servers = Servers()
    system = System("embedded", servers)
    try:
        system.start()
        opened = windows.at(system)
        yield opened
        assert opened.close() == []
    finally:
        system.remove()
        servers.stop()


@pytest.mark.long
@pytest.mark.slow
def test_a_power_cut_loses_nothing_and_pages_go_on_by_themselves(fragile: Windows) -> None:
    system, cast = fragile.system, fragile.cast()
    desk = DeskPage(fragile.open("reviewer", expects=_CUT_OFF).page).open("approval")
    write = WritePage(fragile.open("drafter", expects=_CUT_OFF).page).open()
    listening(desk.page)
    desk.mark()
    write.title.fill("정전을 견디는 계획")
    write.rewrite("첫째 줄.")
    write.saved()
    write.write(" 정전 직전.")
    system.stop(how=9)
    write.write(" 정전 뒤.")
    write.expect_state("offline")
    write.expect_kept()
    system.start()
    write.saved()
    document = write.document
    assert "첫째 줄. 정전 직전. 정전 뒤." in cast.card(document)["body"]
    assert write.submit() == document
    desk.expect_count(1)
    assert desk.stayed()


# What is told reaches a part of its own that waits for the last of these topics.
_TOLD = """topics => new Promise(heard => {
    const part = document.createElement("i");
    part.dataset.live = topics.at(-1);
    part.addEventListener("live", () => { part.remove(); heard(); });
    document.body.append(part);
    const channel = new BroadcastChannel("oneway-live");
    for (const topic of topics) channel.postMessage(topic);
})"""


def test_a_change_of_one_topic_makes_no_part_of_another_ask(windows: Windows) -> None:
    page = DeskPage(windows.open("reviewer").page).open().page
    listening(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "hx-current-url" in request.headers else None)
    page.evaluate(_TOLD, ["meeting", "people"])
    assert asked == []
    with page.expect_response("**/desk"):
        page.evaluate(_TOLD, ["documents"])
    assert len(asked) == 1


def test_of_two_topics_at_once_a_part_asks_once(windows: Windows) -> None:
    page = DeskPage(windows.open("reviewer").page).open().page
    listening(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "hx-current-url" in request.headers else None)
    with page.expect_response("**/desk"), page.expect_response("**/desk/badge"):
        page.evaluate(_TOLD, ["documents", "desk"])
    assert len([url for url in asked if not url.endswith("/memos/banner")]) == 2
