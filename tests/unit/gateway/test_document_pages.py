"""The card of a document: what is shown for which state and to whom, deciding, withdrawing, kept versions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Unavailable
from tests.unit.gateway.fake import ME, FakeClient, application, signed_in

DOCUMENT = "01900000-0000-7000-8000-0000000000f1"
OTHER = "01900000-0000-7000-8000-0000000000f2"
PLACE = f"/documents/{DOCUMENT}"
HOSTILE = "<script>alert('훔침')</script>\"'><img src=x onerror=alert(1)>"
WHEN = "2026-01-02T03:04:05+00:00"


def person(number: int, name: str, position: str) -> dict[str, Any]:
    """Somebody of the general affairs department."""
    ident = f"01900000-0000-7000-8000-{number:012d}"
    return {"id": ident, "name": name, "position": position, "department": "총무과", "department_id": ME}


HONG = {**person(1, "홍길동", "주무관"), "id": ME}
KIM, LEE, PARK, CHOI = (
    person(2, "김영희", "팀장"),
    person(3, "이철수", "주무관"),
    person(4, "박민수", "주무관"),
    person(5, "최지우", "과장"),
)


def step(order: int, role: str, who: dict[str, Any], state: str = "waiting", **changes: Any) -> dict[str, Any]:
    """One step of a route."""
    done = state in ("approved", "returned")
    return {
        "order": order,
        "role": role,
        "parallel": False,
        "person": who,
        "state": state,
        "opinion": "",
        "active_at": WHEN if state in ("approved", "returned", "active") else None,
        "read_at": WHEN if done else None,
        "decided_at": WHEN if done else None,
        "version": 2 if done else None,
        "content_hash": None,
        **changes,
    }


def route(*steps: dict[str, Any], state: str = "in_approval", may: tuple[str, ...] = (), **run: Any) -> dict[str, Any]:
    """The route of the document, in its first submission."""
    submission = {
        "submission": 1,
        "version": 2,
        "content_hash": "c" * 64,
        "state": state,
        "submitted_at": WHEN,
        "ended_at": None,
        "reason": "",
        "steps": list(steps),
        **run,
    }
    return {"document": DOCUMENT, "state": state, "submissions": [submission], "may": list(may)}


def card(state: str = "in_approval", drafter: dict[str, Any] = KIM, **changes: Any) -> dict[str, Any]:
    """The card as the documents service gives it."""
    return {
        "id": DOCUMENT,
        "state": state,
        "version": 2,
        "title": "예산 편성 계획",
        "body": '<p class="indent-1">가. 본문입니다.</p>',
        "summary": "예산을 편성하려는 계획",
        "keywords": ["예산"],
        "form": "general",
        "retention": "5",
        "disclosure": {"class": "partly_open", "clauses": [6], "reason": "명단이 있음"},
        "reading_scope": "organisation",
        "folder": {
            "id": OTHER,
            "title": "예산 편성",
            "unit_task": "예산",
            "year": 2026,
            "retention": "5",
            "likely": False,
        },
        "recipients": [{"name": "교육청", "code": ""}],
        "sender_name": "총무과장",
        "line": [{"person": HONG, "role": "decide", "parallel": False}],
        "attachments": [{"id": OTHER, "name": "명단.pdf", "size": 2048, "type": "application/pdf", "sha256": "a" * 64}],
        "drafter": drafter,
        "department": "총무과",
        "number": None,
        "content_hash": "c" * 64,
        "created_at": WHEN,
        "updated_at": WHEN,
        "submitted_at": WHEN,
        "registered_at": None,
        "decision": None,
        "history": [
            {"at": WHEN, "action": "drafted", "person": drafter, "version": 1, "detail": {}},
            {"at": WHEN, "action": "submitted", "person": drafter, "version": 2, "detail": {"submission": 1}},
        ],
        "may": [],
        **changes,
    }


MINE_TO_DECIDE = route(step(0, "draft", KIM, "approved"), step(1, "decide", HONG, "active"), may=("decide",))
WITH_ANOTHER = route(step(0, "draft", HONG, "approved"), step(1, "decide", KIM, "active"), may=("withdraw",))


@pytest.fixture
def services() -> FakeClient:
    client = FakeClient()
    client.answers |= {
        ("documents", "card"): card(),
        ("approval", "route"): MINE_TO_DECIDE,
        ("approval", "decide"): {"document": DOCUMENT, "state": "approved", "step": 1, "decided_at": WHEN},
        ("approval", "withdraw"): {"document": DOCUMENT, "state": "withdrawn", "step": None, "decided_at": WHEN},
        ("approval", "box"): {"items": [], "next": None},
        ("desk", "counts"): {"total": 0},
    }
    return client


@pytest.fixture
def browser(services: FakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr("gateway.pages.assets.manifest", lambda: _Built())
    return signed_in(application(services, tmp_path))


class _Built(dict[str, str]):
    """A manifest in which everything is built."""

    def __missing__(self, name: str) -> str:
        return name


def has(page: str, ident: str) -> bool:
    """Whether the page has an element of this id."""
    return f'id="{ident}"' in page


def value_of(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def decided(browser: FlaskClient, **form: Any) -> TestResponse:
    return browser.post(f"{PLACE}/decisions", data={"action": "approve", "version": 2, "opinion": "", **form})


# -- what is shown ----------------------------------------------------------------------------------


def test_the_card_shows_the_paper_and_all_its_parts(browser: FlaskClient) -> None:
    page = browser.get(PLACE).text
    for words in ("예산 편성 계획", "가. 본문입니다.", "교육청", "총무과장", "예산을 편성하려는 계획"):
        assert words in page
    for words in ("부분공개(6)", "개인정보", "명단이 있음", "5년", "예산 편성", "기안했습니다.", "상신했습니다."):
        assert words in page
    assert '<p class="indent-1">' in page
    assert f'href="/api/v1/documents/{DOCUMENT}/attachments/{OTHER}"' in page
    assert "2.0 KB" in page


def test_reading_is_told_to_the_approval_service(browser: FlaskClient, services: FakeClient) -> None:
    browser.get(PLACE)
    assert ("approval", "route", {"document": DOCUMENT, "opened": True}) in services.asked


def test_the_drafter_of_a_draft_goes_on_writing(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("documents", "card")] = card("draft", HONG, may=["edit", "submit", "delete"])
    services.answers[("approval", "route")] = None
    answer = browser.get(PLACE)
    assert (answer.status_code, answer.location) == (302, f"/write/{DOCUMENT}")


def test_who_is_to_decide_is_offered_both_decisions_on_the_version_shown(browser: FlaskClient) -> None:
    page = browser.get(PLACE).text
    assert has(page, "approve") and has(page, "return") and has(page, "opinion")
    assert value_of(page, "version") == "2"
    assert "생산등록번호를 받습니다" in page


def test_an_approval_before_the_last_says_who_is_next(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("approval", "route")] = route(
        step(0, "draft", KIM, "approved"), step(1, "review", HONG, "active"), step(2, "decide", CHOI), may=("decide",)
    )
    assert "최지우 과장에게 결재를 요청합니다" in browser.get(PLACE).text


def test_who_is_not_to_decide_is_offered_no_decision(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("approval", "route")] = {**MINE_TO_DECIDE, "may": []}
    page = browser.get(PLACE).text
    assert not has(page, "decision") and not has(page, "withdraw")


def test_the_drafter_may_withdraw_where_the_route_says_so(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("approval", "route")] = WITH_ANOTHER
    page = browser.get(PLACE).text
    assert has(page, "withdraw") and has(page, "withdraw-dialog")
    assert not has(page, "decision")


def test_a_registered_document_shows_its_number(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("documents", "card")] = card("approved", number="총무과-12", registered_at=WHEN)
    services.answers[("approval", "route")] = route(
        step(0, "draft", KIM, "approved"), step(1, "decide", HONG, "approved"), state="approved"
    )
    page = browser.get(PLACE).text
    assert "총무과-12 (2026. 1. 2.)" in page
    assert not has(page, "decision")


def test_a_returned_document_shows_its_drafter_why_and_the_way_on(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("documents", "card")] = card("returned", HONG, may=["edit", "submit"])
    services.answers[("approval", "route")] = route(
        step(0, "draft", HONG, "approved"),
        step(1, "decide", KIM, "returned", opinion="근거를 더해 주세요."),
        state="returned",
    )
    page = browser.get(PLACE).text
    notice = page[page.index('id="returned-notice"') :]
    assert notice.index("근거를 더해 주세요.") < notice.index('class="card-columns"')
    assert f'id="revise" href="/write/{DOCUMENT}"' in page


# -- the route --------------------------------------------------------------------------------------


def test_steps_stand_in_reading_order_and_parallel_ones_are_one_stage(
    browser: FlaskClient, services: FakeClient
) -> None:
    services.answers[("approval", "route")] = route(
        step(0, "draft", KIM, "approved"),
        step(1, "cooperate", LEE, "active"),
        step(2, "cooperate", PARK, "active", parallel=True),
        step(3, "decide", CHOI),
    )
    page = browser.get(PLACE).text
    stages = page[page.index('<ol class="route">') :].split('<li class="stage')[1:]
    assert ["김영희" in stages[0], "이철수" in stages[1], "박민수" in stages[1], "최지우" in stages[2]] == [True] * 4
    assert page.count('aria-current="step"') == 2


def test_a_state_is_told_in_words_beside_its_icon(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("approval", "route")] = route(
        step(0, "draft", KIM, "approved"),
        step(1, "review", LEE, "approved"),
        step(2, "cooperate", PARK, "active"),
        step(3, "decide", CHOI),
    )
    page = browser.get(PLACE).text
    for state, words in (("approved", "승인"), ("active", "지금 차례"), ("waiting", "대기")):
        shown = re.findall(rf'data-state="{state}"[^>]*>(.*?)</div>', page, re.DOTALL)
        assert any(words in text for text in shown)


def test_earlier_submissions_are_kept_below(browser: FlaskClient, services: FakeClient) -> None:
    now = route(step(0, "draft", KIM, "approved"), step(1, "decide", HONG, "active"), submission=2, version=4)
    before = route(step(0, "draft", KIM, "approved"), step(1, "decide", HONG, "returned", opinion="다시 쓰세요."))
    now["submissions"] += before["submissions"]
    services.answers[("approval", "route")] = now
    page = browser.get(PLACE).text
    assert page.index("다시 쓰세요.") > page.index('id="earlier-runs"')


def test_with_the_approval_service_away_the_rest_is_shown_and_the_page_says_so(
    browser: FlaskClient, services: FakeClient
) -> None:
    services.answers[("approval", "route")] = Unavailable("approval")
    answer = browser.get(PLACE)
    assert answer.status_code == 200
    assert "결재 경로를 아직 보여 드릴 수 없습니다" in answer.text
    assert "가. 본문입니다." in answer.text
    assert not has(answer.text, "decision")


def test_a_document_one_may_not_read_is_not_shown(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("documents", "card")] = Forbidden()
    answer = browser.get(PLACE)
    assert answer.status_code == 403
    assert "예산 편성 계획" not in answer.text


def test_hostile_words_stay_words(browser: FlaskClient, services: FakeClient) -> None:
    villain = {**KIM, "name": HOSTILE, "position": HOSTILE, "department": HOSTILE}
    services.answers[("documents", "card")] = card(
        title=HOSTILE,
        summary=HOSTILE,
        keywords=[HOSTILE],
        sender_name=HOSTILE,
        recipients=[{"name": HOSTILE, "code": ""}],
        disclosure={"class": "closed", "clauses": [1], "reason": HOSTILE},
        drafter=villain,
        attachments=[{"id": OTHER, "name": HOSTILE, "size": 1, "type": "text/plain", "sha256": "a" * 64}],
    )
    services.answers[("approval", "route")] = route(
        step(0, "draft", villain, "approved", opinion=HOSTILE), step(1, "decide", HONG, "active"), reason=HOSTILE
    )
    page = browser.get(PLACE).text
    assert "<script>alert" not in page and "<img src=x" not in page
    assert page.count("&lt;script&gt;alert") > 8


def test_nothing_on_the_page_needs_an_inline_style_or_script(browser: FlaskClient) -> None:
    page = browser.get(PLACE).text
    assert " style=" not in page and "<style" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r'\son[a-z]+="', page)


# -- deciding ---------------------------------------------------------------------------------------


def test_an_approval_is_bound_to_the_version_shown_and_says_what_came_of_it(
    browser: FlaskClient, services: FakeClient
) -> None:
    answer = decided(browser, opinion="좋습니다.")
    assert (answer.status_code, answer.location) == (303, f"{PLACE}?decided=1")
    told = {"document": DOCUMENT, "action": "approve", "opinion": "좋습니다.", "version": 2}
    assert ("approval", "decide", told) in services.asked
    assert "결재가 끝났습니다" in browser.get(PLACE).text


def test_a_form_without_a_version_decides_nothing_unseen(browser: FlaskClient, services: FakeClient) -> None:
    browser.post(f"{PLACE}/decisions", data={"action": "approve"})
    assert all(data["version"] == 0 for _, method, data in services.asked if method == "decide")


def test_the_same_press_twice_carries_the_same_key(browser: FlaskClient, services: FakeClient) -> None:
    key = value_of(browser.get(PLACE).text, "idempotency_key")
    services.keys.clear()
    for _ in range(2):
        assert decided(browser, idempotency_key=key).status_code == 303
    keys = [given for given in services.keys if given]
    assert keys == [f"{ME}:decide:{key}"] * 2


def test_each_rendering_has_a_key_of_its_own(browser: FlaskClient) -> None:
    keys = {value_of(browser.get(PLACE).text, "idempotency_key") for _ in range(2)}
    assert len(keys) == 2


def test_a_key_that_is_none_is_refused_before_anything_is_asked(browser: FlaskClient, services: FakeClient) -> None:
    assert decided(browser, idempotency_key="한글 열쇠").status_code == 400
    assert not any(method == "decide" for _, method, _ in services.asked)


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("not-your-turn", "지금은 내 차례가 아닙니다"),
        ("already-decided", "이미 결정한 문서입니다"),
        ("process-ended", "그 사이에 결재가 끝났거나 회수되었습니다"),
        ("other-version", "그 사이에 내용이 바뀌었습니다"),
    ],
)
@pytest.mark.parametrize("still", [True, False])
def test_a_refused_decision_says_why_and_keeps_the_opinion(
    browser: FlaskClient, services: FakeClient, slug: str, words: str, still: bool
) -> None:
    services.answers[("approval", "decide")] = Conflict(slug, current=3)
    services.answers[("approval", "route")] = {**MINE_TO_DECIDE, "may": ["decide"] if still else []}
    answer = decided(browser, opinion="오래 쓴 의견")
    assert answer.status_code == 409
    assert words in answer.text and "오래 쓴 의견" in answer.text
    assert has(answer.text, "decision") is still


def test_a_return_needs_an_opinion_and_says_so_at_its_place(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("approval", "decide")] = Invalid({"opinion": "required"})
    answer = decided(browser, action="return")
    assert answer.status_code == 422
    assert "반려하려면 의견을 써 주세요" in answer.text
    assert re.search(r'<textarea[^>]*id="opinion"[^>]*aria-invalid="true"', answer.text)


def test_after_a_lost_answer_the_next_press_is_the_same_press(browser: FlaskClient, services: FakeClient) -> None:
    key = value_of(browser.get(PLACE).text, "idempotency_key")
    services.answers[("approval", "decide")] = Unavailable("approval")
    answer = decided(browser, opinion="좋습니다.", idempotency_key=key)
    assert answer.status_code == 503
    assert value_of(answer.text, "idempotency_key") == key
    assert "좋습니다." in answer.text


def test_after_a_refusal_the_next_press_is_another_one(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("approval", "decide")] = Conflict("other-version", current=3)
    assert value_of(decided(browser, idempotency_key="first").text, "idempotency_key") != "first"


def test_who_may_not_read_it_any_more_learns_nothing_from_a_refusal(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("approval", "decide")] = NotFound()
    answer = decided(browser)
    assert answer.status_code == 404
    assert "예산 편성 계획" not in answer.text


def test_a_hostile_opinion_that_is_kept_stays_words(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("approval", "decide")] = Conflict("other-version", current=3)
    for still in (["decide"], []):
        services.answers[("approval", "route")] = {**MINE_TO_DECIDE, "may": still}
        page = decided(browser, opinion=f"</textarea>{HOSTILE}").text
        assert "<script>alert" not in page and "&lt;/textarea&gt;" in page


def test_after_a_decision_the_next_one_is_a_press_away(browser: FlaskClient, services: FakeClient) -> None:
    done = route(step(0, "draft", KIM, "approved"), step(1, "decide", HONG, "approved"), state="approved")
    services.answers[("documents", "card")] = card("approved", number="총무과-12", registered_at=WHEN)
    services.answers[("approval", "route")] = done
    rows = [
        {"document": ident, "title": f"문서 {ident[-2:]}", "drafter": KIM, "at": WHEN} for ident in (DOCUMENT, OTHER)
    ]
    services.answers[("approval", "box")] = {"items": rows, "next": None}
    page = browser.get(f"{PLACE}?decided=1").text
    assert re.search(rf'id="next" href="/documents/{OTHER}"', page)
    services.answers[("approval", "box")] = {"items": [], "next": None}
    assert "모두 마쳤습니다" in browser.get(f"{PLACE}?decided=1").text


# -- withdrawing ------------------------------------------------------------------------------------


def test_a_withdrawal_carries_its_reason(browser: FlaskClient, services: FakeClient) -> None:
    answer = browser.post(f"{PLACE}/withdrawal", data={"reason": "잘못 올림", "idempotency_key": "once"})
    assert (answer.status_code, answer.location) == (303, PLACE)
    assert ("approval", "withdraw", {"document": DOCUMENT, "reason": "잘못 올림"}) in services.asked


def test_a_withdrawal_that_comes_too_late_says_so_on_the_card(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("approval", "route")] = {**WITH_ANOTHER, "may": []}
    services.answers[("approval", "withdraw")] = Conflict("too-late-to-withdraw")
    answer = browser.post(f"{PLACE}/withdrawal", data={"reason": ""})
    assert answer.status_code == 409
    assert "이미 결정한 사람이 있어 회수할 수 없습니다" in answer.text
    assert "가. 본문입니다." in answer.text


# -- live -------------------------------------------------------------------------------------------


def live_part(page: str) -> str:
    """Where the page's route asks for itself again."""
    found = re.search(r'hx-get="([^"]*/route[^"]*)"', page)
    assert found
    return found[1].replace("&amp;", "&")


def test_the_live_part_is_the_route_alone(browser: FlaskClient) -> None:
    place = live_part(browser.get(PLACE).text)
    part = browser.get(place, headers={"HX-Request": "true"}).text
    assert '<ol class="route">' in part
    assert "<textarea" not in part and "<html" not in part


def test_who_is_about_to_decide_keeps_what_is_typed_and_is_told(browser: FlaskClient, services: FakeClient) -> None:
    place = live_part(browser.get(PLACE).text)
    services.answers[("approval", "route")] = {**MINE_TO_DECIDE, "may": [], "state": "withdrawn"}
    part = browser.get(place, headers={"HX-Request": "true"}).text
    assert "결재가 바뀌었습니다" in part
    assert 'hx-target="#card"' not in part


def test_for_everybody_else_the_whole_card_follows(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("approval", "route")] = WITH_ANOTHER
    place = live_part(browser.get(PLACE).text)
    assert 'hx-target="#card"' not in browser.get(place).text
    services.answers[("approval", "route")] = {**WITH_ANOTHER, "may": [], "state": "approved"}
    assert 'hx-target="#card"' in browser.get(place).text


def test_a_live_part_whose_service_is_away_changes_nothing(browser: FlaskClient, services: FakeClient) -> None:
    place = live_part(browser.get(PLACE).text)
    services.answers[("approval", "route")] = Unavailable("approval")
    assert browser.get(place).status_code == 204


def test_a_card_that_became_a_draft_leads_a_live_page_to_writing(browser: FlaskClient, services: FakeClient) -> None:
    services.answers[("documents", "card")] = card("draft", HONG, may=["edit"])
    answer = browser.get(PLACE, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/write/{DOCUMENT}"


# -- versions ---------------------------------------------------------------------------------------


def kept(version: int, **changes: Any) -> dict[str, Any]:
    """A kept version as a row."""
    return {
        "version": version,
        "at": WHEN,
        "person": KIM,
        "title": f"{version}판의 제목",
        "content_hash": "c" * 64,
        **changes,
    }


@pytest.fixture
def versions(services: FakeClient) -> None:
    content = {name: card()[name] for name in ("body", "summary", "keywords", "form", "retention", "disclosure")}
    content |= {name: card()[name] for name in ("reading_scope", "recipients", "sender_name", "line", "attachments")}
    services.answers |= {
        ("documents", "versions"): {"items": [kept(3), kept(2), kept(1, title=HOSTILE)]},
        ("documents", "version"): {**kept(1, title=HOSTILE), "document": DOCUMENT, "folder": OTHER, **content},
        ("documents", "folders"): {"items": [{**card()["folder"]}]},
        ("documents", "forms"): Unavailable("documents"),
        ("documents", "compare"): lambda _, data: {
            **data,
            "fields": [
                {"field": "retention", "left": "3", "right": "semi_permanent"},
                {"field": "title", "left": HOSTILE, "right": "바뀐 제목"},
            ],
            "left_body": "<p>옛 글</p>",
            "right_body": "<p>새 글</p>",
            "redline": "<p><del>옛</del><ins>새</ins> 글</p>",
        },
    }


def test_the_list_has_every_version_and_compares_the_last_two_unless_told(browser: FlaskClient, versions: None) -> None:
    page = browser.get(f"{PLACE}/versions").text
    assert page.index('data-version="3"') < page.index('data-version="1"')
    assert re.search(r'name="left" value="2"[^>]*checked', page)
    assert re.search(r'name="right" value="3"[^>]*checked', page)
    assert "<script>alert" not in page


def test_one_version_is_shown_as_the_paper_it_was(browser: FlaskClient, versions: None) -> None:
    page = browser.get(f"{PLACE}/versions/1").text
    assert "예전 판입니다" in page
    assert "예산 편성" in page and "<script>alert" not in page


def test_a_comparison_says_in_words_what_changed_and_marks_the_body(browser: FlaskClient, versions: None) -> None:
    page = browser.get(f"{PLACE}/compare?left=1&right=3").text
    assert "3년" in page and "준영구" in page
    assert "<del>옛</del><ins>새</ins>" in page
    assert "<script>alert" not in page


def test_a_comparison_can_be_seen_side_by_side(browser: FlaskClient, versions: None) -> None:
    page = browser.get(f"{PLACE}/compare?left=1&right=3&view=side").text
    assert page.index("옛 글") < page.index("새 글")
    assert "<del>옛</del>" not in page


@pytest.mark.parametrize("query", ["left=3&right=1", "left=x&right=", "", "left=1&right=3&view=nonsense"])
def test_whatever_is_asked_for_the_older_one_stands_on_the_left(
    browser: FlaskClient, services: FakeClient, versions: None, query: str
) -> None:
    assert browser.get(f"{PLACE}/compare?{query}").status_code == 200
    asked = next(data for _, method, data in services.asked if method == "compare")
    assert asked["left"] <= asked["right"]


@pytest.mark.parametrize("problem", [Forbidden(), NotFound(), Unavailable("documents")])
def test_versions_that_may_not_or_cannot_be_seen_are_an_error_page(
    browser: FlaskClient, services: FakeClient, problem: Problem
) -> None:
    services.answers[("documents", "versions")] = problem
    for path in ("versions", "compare"):
        assert browser.get(f"{PLACE}/{path}").status_code == problem.status
