"""Deciding on the card: what is asked and told, what is refused and why, withdrawing."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from shared.errors import Conflict, Forbidden, Invalid, Unavailable
from tests.unit.gateway.stage import (
    DECIDER,
    DOCUMENT,
    DRAFTER,
    HOSTILE,
    ONE,
    OTHER,
    REVIEWER,
    Doc,
    Services,
    card,
    ended,
    hidden,
    line,
    my_turn,
    page,
    press,
    route,
    session,
)

# -- deciding --------------------------------------------------------------------------------------


def test_only_whose_turn_it_is_can_decide(browser: FlaskClient, services: Services) -> None:
    services.answers["route"] = route(line("active", "waiting", "waiting", "waiting"))
    assert 'id="decision"' not in page(browser)
    my_turn(services)
    assert 'id="decision"' in page(browser)


@pytest.mark.parametrize(
    ("who", "states", "words"),
    [
        (REVIEWER, ("active", "waiting", "waiting", "waiting"), "박협조 팀장, 최협조 주무관에게 협조를 요청합니다"),
        (ONE, ("approved", "active", "active", "waiting"), "최협조 주무관의 결정을 기다립니다"),
        (ONE, ("approved", "active", "approved", "waiting"), "이결정 과장에게 결재를 요청합니다"),
        (DECIDER, ("approved", "approved", "approved", "active"), "결재가 끝나고 생산등록번호를 받습니다"),
    ],
)
def test_before_a_decision_the_page_says_what_it_brings_about(
    browser: FlaskClient, services: Services, who: Doc, states: tuple[str, ...], words: str
) -> None:
    services.answers["session"] = session(who)
    services.answers["route"] = route(line(*states), may=["decide"])
    assert words in page(browser)


def test_a_decision_is_bound_to_the_version_shown_and_to_one_press(browser: FlaskClient, services: Services) -> None:
    my_turn(services)
    text = page(browser)
    key, version = hidden(text, "idempotency_key"), hidden(text, "version")
    services.answers["decide"] = {"document": DOCUMENT, "state": "in_approval", "step": 1}
    for _ in range(2):
        pressed = {"action": "approve", "opinion": "좋습니다", "version": version, "idempotency_key": key}
        answer = press(browser, "decisions", **pressed)
        assert (answer.status_code, answer.location) == (303, f"/documents/{DOCUMENT}?decided=1")
        asked = {"document": DOCUMENT, "action": "approve", "opinion": "좋습니다", "version": 3}
        assert services.last("decide") == (asked, f"{REVIEWER['id']}:decide:{key}")
    assert hidden(page(browser), "idempotency_key") != key


def test_after_a_decision_the_page_says_what_happened_and_offers_the_next(
    browser: FlaskClient, services: Services
) -> None:
    services.answers["decide"] = {"document": DOCUMENT, "state": "in_approval", "step": 1}
    rows = [
        {"document": id_, "title": title, "drafter": DRAFTER, "at": "2026-03-02T00:00:00+00:00"}
        for id_, title in ((DOCUMENT, "방금 결정한 것"), (OTHER, "다음 문서"))
    ]
    services.answers["box"] = {"items": rows, "next": None}
    services.answers["route"] = route(line("approved", "active", "active", "waiting"))
    location = press(browser, "decisions", action="approve", version="3").location
    text = browser.get(location).text
    assert "승인했습니다. 다음 차례로 넘어갔습니다." in text
    assert f'id="next" href="/documents/{OTHER}"' in text
    services.answers["box"] = {"items": rows[:1], "next": None}
    assert "기다리는 결재를 모두 마쳤습니다" in browser.get(location).text


def test_the_last_approval_and_a_return_are_told_as_such(browser: FlaskClient, services: Services) -> None:
    services.answers["decide"] = {"document": DOCUMENT, "state": "approved", "step": 4}
    press(browser, "decisions", action="approve")
    assert "승인했습니다. 결재가 끝났습니다." in page(browser)
    services.answers["decide"] = {"document": DOCUMENT, "state": "returned", "step": 4}
    press(browser, "decisions", action="return", opinion="다시")
    assert "의견과 함께 기안자에게 돌아갔습니다" in page(browser)


def test_a_return_without_an_opinion_is_refused_in_words(browser: FlaskClient, services: Services) -> None:
    my_turn(services)
    services.answers["decide"] = Invalid({"opinion": "required"})
    answer = press(browser, "decisions", action="return", opinion="")
    assert answer.status_code == 422
    assert "반려하려면 의견을 써 주세요" in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_decision_on_an_old_version_shows_the_new_one_and_keeps_the_opinion(
    browser: FlaskClient, services: Services
) -> None:
    my_turn(services)
    services.answers["decide"] = Conflict("other-version", current=4)
    services.answers["card"] = card(version=4)
    answer = press(browser, "decisions", action="approve", opinion=f"의견 {HOSTILE}", version="3")
    assert answer.status_code == 409
    assert "그 사이에 내용이 바뀌었습니다" in answer.text
    assert f"/documents/{DOCUMENT}/compare?left=3&amp;right=4" in answer.text
    assert "의견 &lt;script&gt;" in answer.text[answer.text.index('id="opinion"') :]
    assert hidden(answer.text[answer.text.index('id="decision"') :], "version") == "4"
    assert HOSTILE not in answer.text


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("not-your-turn", "지금은 내 차례가 아닙니다"),
        ("already-decided", "이미 결정한 문서입니다"),
        ("process-ended", "그 사이에 결재가 끝났거나 회수되었습니다"),
    ],
)
def test_a_decision_that_comes_too_late_says_why_and_gives_the_opinion_back(
    browser: FlaskClient, services: Services, slug: str, words: str
) -> None:
    ended(services)
    services.answers["decide"] = Conflict(slug)
    answer = press(browser, "decisions", action="approve", opinion="제 의견은")
    assert answer.status_code == 409
    assert words in answer.text
    assert "제 의견은" in answer.text[answer.text.index('id="kept-opinion"') :]
    assert 'id="decision"' not in answer.text


def test_a_decision_whose_answer_was_lost_is_repeated_under_the_same_key(
    browser: FlaskClient, services: Services
) -> None:
    my_turn(services)
    key = hidden(page(browser), "idempotency_key")
    services.answers["decide"] = Unavailable("approval")
    answer = press(browser, "decisions", action="approve", opinion="좋습니다", idempotency_key=key)
    assert answer.status_code == 503
    assert "여러 번 눌러도 한 번만 처리됩니다" in answer.text
    assert hidden(answer.text, "idempotency_key") == key
    assert "좋습니다" in answer.text


def test_a_decision_without_the_pages_token_is_refused(browser: FlaskClient, services: Services) -> None:
    my_turn(services)
    assert browser.post(f"/documents/{DOCUMENT}/decisions", data={"action": "approve"}).status_code == 403
    assert not any(method == "decide" for method, _, _ in services.asked)


def test_who_may_not_decide_is_told_on_a_page_of_its_own(browser: FlaskClient, services: Services) -> None:
    services.answers["decide"] = Forbidden("not on the line")
    assert press(browser, "decisions", action="approve").status_code == 403


# -- withdrawing -----------------------------------------------------------------------------------


def test_a_drafter_withdraws_with_a_reason_while_nobody_has_decided(browser: FlaskClient, services: Services) -> None:
    services.answers["session"] = session(DRAFTER)
    services.answers["route"] = route(line("active", "waiting", "waiting", "waiting"), may=["withdraw"])
    assert 'data-confirm="withdraw-dialog"' in page(browser)
    services.answers["withdraw"] = {"document": DOCUMENT, "state": "withdrawn", "step": None}
    answer = press(browser, "withdrawal", reason="날짜가 틀림")
    assert (answer.status_code, answer.location) == (303, f"/documents/{DOCUMENT}")
    assert services.last("withdraw")[0] == {"document": DOCUMENT, "reason": "날짜가 틀림"}


def test_a_withdrawal_after_a_decision_says_why_not(browser: FlaskClient, services: Services) -> None:
    services.answers["session"] = session(DRAFTER)
    services.answers["route"] = route(line("approved", "active", "active", "waiting"))
    assert 'id="withdraw"' not in page(browser)
    services.answers["withdraw"] = Conflict("too-late-to-withdraw")
    answer = press(browser, "withdrawal")
    assert answer.status_code == 409
    assert "이미 결정한 사람이 있어 회수할 수 없습니다" in answer.text
