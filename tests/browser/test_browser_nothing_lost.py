"""Nothing that was typed is lost: no connection, no session, no service, another tab, a page that is closed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from gateway.core.auth import COOKIE
from tests.browser.pages import CardPage, SignInPage, WritePage
from tests.browser.watch import CUT_OFF
from tests.browser.windows import Window, Windows, titled
from tests.integration.product.cast import Cast

_REFUSED = (r"Failed to load resource: .* (401|403|404|409|412|503)",)


@pytest.fixture
def cast(windows: Windows) -> Cast:
    """The city's people at the API."""
    return windows.cast()


def writing(window: Window, words: str = "안내판 계획") -> WritePage:
    """A new draft that is saved once."""
    write = WritePage(window.page).open()
    write.title.fill(titled(words))
    write.rewrite("첫째 줄.")
    write.saved()
    return write


def test_what_is_typed_without_a_connection_is_saved_when_it_is_back(windows: Windows, cast: Cast) -> None:
    window = windows.open("drafter", expects=CUT_OFF)
    write = writing(window)
    window.context.set_offline(True)
    write.write(" 연결 없이 쓴 것.")
    write.expect_state("offline")
    write.expect_kept()
    write.write(" 더 쓴 것.")
    window.context.set_offline(False)
    write.saved()
    assert "첫째 줄. 연결 없이 쓴 것. 더 쓴 것." in cast.card(write.document)["body"]


def test_a_session_that_ended_while_typing_is_taken_up_after_signing_in_again(windows: Windows, cast: Cast) -> None:
    window = windows.open(expects=_REFUSED)
    SignInPage(window.page).open().enter(windows.system, "drafter")
    write = writing(window)
    document = write.document
    windows.end_sessions("drafter")
    write.write(" 로그인이 끝난 뒤 쓴 것.")
    write.find("#summary").fill("요지도 썼다.")
    write.expect_state("signed_out")
    write.expect_kept()
    write.find("#sign-in-again").click()
    SignInPage(window.page).enter(windows.system, "drafter", lands_on=f"/write/{document}")
    write.ready()
    expect(write.body).to_contain_text("첫째 줄. 로그인이 끝난 뒤 쓴 것.")
    expect(write.find("#summary")).to_have_value("요지도 썼다.")
    write.saved()
    card = cast.card(document)
    assert "로그인이 끝난 뒤 쓴 것." in card["body"] and card["summary"] == "요지도 썼다."


def test_another_persons_sign_in_never_takes_a_draft_over(windows: Windows, cast: Cast) -> None:
    window = windows.open("drafter", expects=_REFUSED)
    write = writing(window)
    other = SignInPage(window.tab())
    window.context.clear_cookies(name=COOKIE)
    other.open().enter(windows.system, "reviewer")
    write.write(" 남의 로그인.")
    write.expect_state("another")
    write.expect_kept()
    assert "남의 로그인" not in cast.card(write.document)["body"]
    elsewhere = WritePage(other.page).open()
    expect(elsewhere.body).not_to_contain_text("남의 로그인")


def test_a_reload_in_the_midst_of_typing_keeps_everything(windows: Windows) -> None:
    write = writing(windows.open("drafter"))
    write.write(" 새로 고치기 직전.")
    write.expect_kept()
    write.page.reload()
    write.ready()
    expect(write.body).to_contain_text("첫째 줄. 새로 고치기 직전.")
    write.expect_state("saved", "idle")


def test_a_page_that_was_closed_before_it_had_a_title_is_taken_up_again(windows: Windows) -> None:
    window = windows.open("drafter")
    write = WritePage(window.page).open()
    write.rewrite("제목 없이 쓴 것.")
    write.expect_state("untitled")
    write.expect_kept()
    window.page.close()
    again = WritePage(window.tab()).open()
    expect(again.find("#restored-bar")).to_be_visible()
    expect(again.body).to_contain_text("제목 없이 쓴 것.")
    again.title.fill(titled("이제 제목이 있다"))
    again.saved()


def test_two_tabs_that_changed_different_things_both_keep_them(windows: Windows, cast: Cast) -> None:
    first, second = in_two_tabs(windows)
    first.title.fill(titled("첫째 창의 제목"))
    first.saved()
    second.find("#summary").fill("둘째 창의 요지")
    second.expect_state("conflict")
    second.find("#conflict-bar [data-choice=mine]").click()
    second.saved()
    card = cast.card(first.document)
    assert card["title"].startswith("첫째 창의 제목") and card["summary"] == "둘째 창의 요지"
    assert second.title.input_value() == card["title"]


@pytest.mark.parametrize(("choice", "kept"), [("mine", "둘째 창의 제목"), ("theirs", "첫째 창의 제목")])
def test_two_tabs_that_changed_the_same_thing_ask_which_goes_on(
    windows: Windows, cast: Cast, choice: str, kept: str
) -> None:
    first, second = in_two_tabs(windows)
    first.title.fill(titled("첫째 창의 제목"))
    first.saved()
    second.title.fill(titled("둘째 창의 제목"))
    second.expect_state("conflict")
    second.expect_kept()
    bar, dialog = second.find("#conflict-bar"), second.find("#conflict-dialog")
    bar.locator("[data-choice=both]").click()
    expect(dialog).to_contain_text("첫째 창의 제목")
    expect(dialog).to_contain_text("둘째 창의 제목")
    second.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    bar.locator(f"[data-choice={choice}]").click()
    second.expect_state("saved", "idle")
    assert cast.card(first.document)["title"].startswith(kept)
    assert second.title.input_value().startswith(kept)


def in_two_tabs(windows: Windows) -> tuple[WritePage, WritePage]:
    """The same draft open twice."""
    window = windows.open("drafter", expects=_REFUSED)
    first = writing(window)
    return first, WritePage(window.tab()).open(first.document)


def test_a_service_that_does_not_answer_is_waited_for(windows: Windows, cast: Cast) -> None:
    write = writing(windows.open("drafter", expects=_REFUSED))
    stop_answering(write.page, "**/api/v1/documents/**")
    write.write(" 서비스가 쉬는 동안.")
    write.expect_state("away")
    write.expect_kept()
    write.page.unroute_all()
    write.saved()
    assert "서비스가 쉬는 동안." in cast.card(write.document)["body"]


def stop_answering(page: Page, pattern: str) -> None:
    """The API answers as it does when a service is away."""
    away = {"type": "urn:oneway:problem:unavailable", "title": "Away", "status": 503}
    headers = {"Retry-After": "1"}
    page.route(
        pattern, lambda route: route.fulfill(status=503, json=away, headers=headers, content_type="application/json")
    )


def test_a_doubled_press_submits_once(windows: Windows, cast: Cast) -> None:
    write = writing(windows.open("drafter"))
    document = write.document
    asked = submissions(write.page)
    write.preview()
    write.find("#submit-send").dblclick()
    write.page.wait_for_url(f"**/documents/{document}")
    assert len(asked) == 1
    assert acts(cast, document).count("submitted") == 1


def test_a_submission_whose_answer_was_lost_is_repeated_and_done_once(windows: Windows, cast: Cast) -> None:
    write = writing(windows.open("drafter", expects=CUT_OFF))
    document = write.document
    write.page.route("**/submission", lose_answer, times=1)
    write.preview()
    send = write.find("#submit-send")
    send.click()
    expect(write.find("#submit-preview p").first).to_be_visible()
    expect(send).not_to_have_attribute("aria-busy", "true")
    assert acts(cast, document).count("submitted") == 1
    send.click()
    write.page.wait_for_url(f"**/documents/{document}")
    assert acts(cast, document).count("submitted") == 1


def lose_answer(route: Route) -> None:
    """The server does it; the browser never hears of it."""
    route.fetch()
    route.abort()


def submissions(page: Page) -> list[str]:
    """The submissions that the page asks for, from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/submission") else None)
    return asked


def acts(cast: Cast, document: str) -> list[Any]:
    """What happened with a document."""
    return [entry["action"] for entry in cast.card(document)["history"]]


def test_a_doubled_press_decides_once_and_an_opinion_survives_what_came_between(windows: Windows, cast: Cast) -> None:
    document = cast.submitted(titled("두 번 누른 결재"), "reviewer", "decider")
    card = CardPage(windows.open("reviewer").page).open(document)
    card.find("#approve").dblclick()
    card.page.wait_for_url("**decided**")
    states = [step["state"] for step in cast.card(document)["route"]["submissions"][0]["steps"]]
    assert states == ["approved", "approved", "active"]
    expect(card.find(".notice-danger")).to_have_count(0)
