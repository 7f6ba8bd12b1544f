"""The document's card: what is shown for which state and reader, and how it follows changes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.core.auth import COOKIE
from shared.errors import Forbidden, NotFound, Problem, Unavailable
from tests.unit.gateway.stage import (
    ANOTHER,
    DECIDER,
    DOCUMENT,
    DRAFTER,
    FILE,
    HOSTILE,
    ONE,
    REVIEWER,
    TOKEN,
    Services,
    card,
    ended,
    line,
    my_turn,
    page,
    ref,
    route,
    run,
    session,
)

# -- what is shown ---------------------------------------------------------------------------------


def test_a_draft_made_from_something_names_it_on_its_card_and_where_it_is_written(
    browser: FlaskClient, services: Services
) -> None:
    related = f'id="related-documents-{DOCUMENT}"'
    services.answers["card"] = card("draft")
    assert related not in page(browser)
    made_from = [{"noun": "memo", "subject": ONE["id"]}]
    services.answers["card"] = card("draft", sources=made_from)
    assert related in page(browser)
    services.answers["card"] = card("draft", sources=made_from, may=["edit", "submit"])
    assert related in browser.get(f"/write/{DOCUMENT}").text


def test_the_card_shows_the_paper_its_management_and_its_files(browser: FlaskClient) -> None:
    text = page(browser)
    for shown in ("한빛시", "내부결재", "청사 보수 계획", "<p>본문입니다</p>", "청사를 고친다", "청사 관리", "5년"):
        assert shown in text
    assert f'href="/api/v1/documents/{DOCUMENT}/attachments/{FILE}"' in text


def test_a_drafters_own_draft_is_for_writing(browser: FlaskClient, services: Services) -> None:
    services.answers["card"] = card("draft", may=["edit", "submit"])
    answer = browser.get(f"/documents/{DOCUMENT}")
    assert (answer.status_code, answer.location) == (302, f"/write/{DOCUMENT}")


def test_the_route_is_drawn_in_reading_order_with_what_runs_at_the_same_time_in_one_stage(
    browser: FlaskClient, services: Services
) -> None:
    services.answers["route"] = route(line("approved", "active", "active", "waiting"))
    text = page(browser)
    stages_shown = re.findall(r'<li class="stage(.*?)</li>', text, re.DOTALL)
    people = [re.findall(r'data-person="([^"]+)"', stage) for stage in stages_shown]
    assert people == [[DRAFTER["id"]], [REVIEWER["id"]], [ONE["id"], ANOTHER["id"]], [DECIDER["id"]]]
    assert text.count("지금 차례") == 2
    assert text.count('aria-current="step"') == 2
    assert "3시간 걸림" in text


def test_earlier_submissions_are_folded_below_and_can_be_compared(browser: FlaskClient, services: Services) -> None:
    before = run(line("skipped", "skipped", "skipped", "skipped"), "withdrawn", 1, version=2, reason="날짜가 틀림")
    my_turn(services, earlier=[before])
    text = page(browser)
    assert "앞선 상신 1번" in text
    assert "날짜가 틀림" in text
    assert "고쳐서 다시 상신한 문서입니다" in text
    assert f"/documents/{DOCUMENT}/compare?left=2&amp;right=3" in text


def test_a_registered_document_shows_number_date_and_who_signed(browser: FlaskClient, services: Services) -> None:
    ended(services, disclosure={"class": "partly_open", "clauses": [6], "reason": "연락처"})
    text = page(browser)
    assert "총무과-12 (2026. 3. 2.)" in text
    assert "부분공개(6)" in text
    assert re.findall(r'<span class="signer-name">(.*?)</span>', text) == [
        *("홍길동", "김검토", "이결정"),
        *("박협조", "최협조"),
    ]


def test_who_has_not_decided_has_not_signed(browser: FlaskClient, services: Services) -> None:
    my_turn(services)
    assert re.findall(r'<span class="signer-name">(.+?)</span>', page(browser)) == ["홍길동"]


def test_a_document_with_recipients_has_a_sender_and_awaits_dispatch(browser: FlaskClient, services: Services) -> None:
    ended(services, recipients=[{"name": "가람구청장"}, {"name": "나래구청장"}], sender_name="한빛시장")
    text = page(browser)
    assert "수신자 참조" in text
    assert '<p class="official-sender">한빛시장</p>' in text
    assert "발송 대기" in text


def test_a_returned_document_shows_its_drafter_the_opinion_and_the_way_to_revise(
    browser: FlaskClient, services: Services
) -> None:
    services.answers["session"] = session(DRAFTER)
    services.answers["card"] = card("returned", may=["edit", "submit"])
    steps = line("returned", "skipped", "skipped", "skipped")
    steps[1]["opinion"] = "날짜를 다시 보세요"
    services.answers["route"] = route(steps, "returned")
    text = page(browser)
    notice = text[text.index('id="returned-notice"') : text.index('class="card-columns"')]
    assert "김검토 팀장" in notice
    assert "날짜를 다시 보세요" in notice
    assert f'href="/write/{DOCUMENT}">' in text
    assert "고쳐서 다시 상신" in text


def test_the_history_tells_approvals_between_what_the_document_itself_tells(
    browser: FlaskClient, services: Services
) -> None:
    services.answers["route"] = route(line("approved", "active", "active", "waiting"))
    submitted = {"at": "2026-03-02T00:00:00Z", "action": "submitted", "person": DRAFTER, "version": 3, "detail": {}}
    services.answers["card"] = card(history=[*card()["history"], submitted])
    assert re.findall(r'<li data-action="(\w+)">', page(browser)) == ["approved", "submitted", "drafted"]


def test_what_people_wrote_cannot_become_markup(browser: FlaskClient, services: Services) -> None:
    ended(services, title=HOSTILE, summary=HOSTILE, keywords=[HOSTILE], sender_name=HOSTILE, number=HOSTILE)
    services.answers["card"]["recipients"] = [{"name": HOSTILE}]
    services.answers["route"]["submissions"][0]["steps"][1]["opinion"] = HOSTILE
    assert HOSTILE not in page(browser)


def test_no_style_is_written_into_the_page(browser: FlaskClient, services: Services) -> None:
    my_turn(services)
    assert " style=" not in page(browser)


@pytest.mark.parametrize(("problem", "status"), [(NotFound("document"), 404), (Forbidden("reading scope"), 403)])
def test_what_one_may_not_read_is_not_shown(
    browser: FlaskClient, services: Services, problem: Problem, status: int
) -> None:
    services.answers["card"] = problem
    answer = browser.get(f"/documents/{DOCUMENT}")
    assert answer.status_code == status
    assert "청사 보수 계획" not in answer.text


def test_versions_are_offered_to_those_who_took_part_and_to_auditors(browser: FlaskClient, services: Services) -> None:
    ended(services)
    services.answers["session"] = session(ref(9, "외부인", "주무관"))
    assert 'id="card-versions"' not in page(browser)
    services.answers["session"] = session(ref(9, "감사인", "주무관"), "auditor")
    browser.set_cookie(COOKIE, TOKEN[:-1] + "b")
    assert 'id="card-versions"' in page(browser)


def test_with_the_approval_service_away_the_rest_is_shown_and_the_page_says_so(
    browser: FlaskClient, services: Services
) -> None:
    services.answers["route"] = Unavailable("approval")
    text = page(browser)
    assert "보고경로를 아직 보여 드릴 수 없습니다" in text
    assert "본문입니다" in text
    assert "김검토" in text
    assert "every 5s" in text


# -- the live part ---------------------------------------------------------------------------------


def live_part(browser: FlaskClient, text: str) -> Any:
    found = re.search(r'id="card-route"\s+hx-get="([^"]+)"', text)
    assert found
    return browser.get(found[1].replace("&amp;", "&"), headers={"HX-Request": "true"})


def test_the_live_part_asks_for_the_route_only_and_opens_nothing(browser: FlaskClient, services: Services) -> None:
    my_turn(services)
    text = page(browser)
    services.asked.clear()
    answer = live_part(browser, text)
    assert [method for method, _, _ in services.asked] == ["route"]
    assert services.last("route")[0] == {"document": DOCUMENT}
    assert "decision-news" not in answer.text
    assert 'hx-target="#card"' not in answer.text
    assert 'id="card-waiting"' in answer.text


def test_a_change_brings_the_rest_of_the_card_along(browser: FlaskClient, services: Services) -> None:
    services.answers["route"] = route(line("approved", "approved", "approved", "active"))
    text = page(browser)
    services.answers["route"] = route(line("approved", "approved", "approved", "approved"), "approved")
    assert 'hx-target="#card"' in live_part(browser, text).text


def test_who_is_about_to_decide_is_told_of_a_change_and_keeps_the_page(
    browser: FlaskClient, services: Services
) -> None:
    my_turn(services)
    text = page(browser)
    services.answers["route"] = route(line("skipped", "skipped", "skipped", "skipped"), "withdrawn")
    answer = live_part(browser, text).text
    assert 'id="decision-news"' in answer
    assert 'hx-target="#card"' not in answer


def test_while_the_approval_service_is_away_the_page_keeps_what_it_shows(
    browser: FlaskClient, services: Services
) -> None:
    my_turn(services)
    text = page(browser)
    services.answers["route"] = Unavailable("approval")
    assert live_part(browser, text).status_code == 204
