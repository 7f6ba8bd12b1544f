"""The page where a document is written: what it proposes, what it opens, what it says before a submission."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.core.auth import COOKIE
from gateway.documents.words.preview import obstacle_words, place_of, warning_words, will_words
from services.documents.domain import submission
from services.documents.domain.content import Content
from services.documents.domain.line import problems as line_problems
from shared.errors import Invalid, NotFound, Problem, Stale, Unavailable
from tests.unit.gateway.fake import browsing

ME = "01900000-0000-7000-8000-000000000001"
HEAD = "01900000-0000-7000-8000-000000000002"
DRAFT = "01900000-0000-7000-8000-0000000000f1"
FOLDER = "01900000-0000-7000-8000-0000000000a1"
TOKEN = "ow1.city." + "a" * 32
PERSON = {"id": HEAD, "name": "김영희", "position": "과장", "department": "총무과", "department_id": ME}
FORM = {"id": "general", "name": "일반기안", "body": "<p>1. 관련: </p>", "retention": "5"}
SESSION = {
    "tenant": "city",
    "session": ME,
    "person": ME,
    "login": "hong",
    "name": "홍길동",
    "position": "주무관",
    "department": "총무과",
    "department_id": ME,
    "roles": ["drafter"],
    "clearance": 0,
    "locale": "ko",
    "expires_at": "2999-01-01T00:00:00+00:00",
}
CARD = {
    "id": DRAFT,
    "state": "draft",
    "version": 3,
    "title": "예산 계획",
    "body": "<p>본문</p>",
    "summary": "",
    "keywords": ["예산"],
    "form": "general",
    "retention": "3",
    "disclosure": {"class": "closed", "clauses": [5], "reason": ""},
    "reading_scope": "department",
    "folder": {
        "id": FOLDER,
        "title": "작년의 철",
        "unit_task": "예산",
        "year": 2025,
        "retention": "3",
        "likely": False,
    },
    "recipients": [{"name": "교육청", "code": ""}],
    "sender_name": "총무과장",
    "line": [{"person": PERSON, "role": "decide", "parallel": False}],
    "attachments": [],
    "updated_at": "2026-01-02T03:04:05+00:00",
    "may": ["edit", "submit", "delete"],
}


class Services:
    """Stands for the bus: answers by (service, method), and remembers what was asked."""

    connected = True

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.answers: dict[tuple[str, str], Any] = {
            ("directory", "session"): SESSION,
            ("directory", "proposed_line"): {
                "items": [{"person": {**PERSON, "absent": None}, "role": "decide", "reason": "head_of_department"}]
            },
            ("directory", "person"): {**PERSON, "active": True, "absent": {"reason": "trip", "until": "2026-01-05"}},
            ("documents", "forms"): {"items": [{**FORM, "disclosure": {"class": "open", "clauses": [], "reason": ""}}]},
            ("documents", "folders"): {
                "items": [{"id": HEAD, "title": "예산 편성", "unit_task": "예산", "retention": "10", "likely": True}]
            },
            ("documents", "card"): CARD,
            ("approval", "route"): None,
            ("desk", "counts"): {"total": 0},
        }

    def on_live(self, listener: Any, missed: Any) -> None:
        """The live channel is of no use here."""

    def call(self, service: str, method: str, context: Any, data: Any = None, **_: Any) -> Any:
        self.asked.append((service, method, data))
        answer = self.answers.get((service, method), Unavailable(service))
        if isinstance(answer, Problem):
            raise answer
        return answer

    def call_many(self, calls: Sequence[tuple[str, str, Any]], context: Any, spare: int = 0) -> list[Any]:
        def one(call: tuple[str, str, Any]) -> Any:
            try:
                return self.call(call[0], call[1], context, call[2])
            except Problem as problem:
                return problem

        return [one(call) for call in calls]

    def last(self, method: str) -> Any:
        """What the method was last called with."""
        return next(data for _, name, data in reversed(self.asked) if name == method)


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def browser(services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    with browsing(services, tmp_path, TOKEN, monkeypatch) as client:
        yield client


def data_of(page: str) -> dict[str, Any]:
    """What the page tells its script."""
    found = re.search(r'id="write-data">(.*?)</script>', page, re.DOTALL)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def posted(browser: FlaskClient, path: str, **form: Any) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    return browser.post(path, data={"csrf_token": token, **form})


# -- a new document ---------------------------------------------------------------------------------


def test_a_new_document_starts_with_everything_proposed_and_nothing_created(
    browser: FlaskClient, services: Services
) -> None:
    told = data_of(browser.get("/write").text)
    assert told["id"] is None
    assert told["fields"]["body"] == FORM["body"]
    assert (told["fields"]["folder"], told["fields"]["retention"]) == (HEAD, "10")
    assert [step["person"]["name"] for step in told["fields"]["line"]] == ["김영희"]
    assert told["fields"]["line"][0]["reason"] == "head_of_department"
    assert not any(method == "create_draft" for _, method, _ in services.asked)


def test_with_the_documents_service_away_one_can_still_write_and_the_page_says_so(
    browser: FlaskClient, services: Services
) -> None:
    services.answers[("documents", "forms")] = services.answers[("documents", "folders")] = Unavailable("documents")
    answer = browser.get("/write")
    assert answer.status_code == 200
    assert "문서 서비스가 잠시 응답하지 않습니다" in answer.text
    assert data_of(answer.text)["fields"]["body"] == ""


def test_without_a_proposed_line_the_page_says_so(browser: FlaskClient, services: Services) -> None:
    services.answers[("directory", "proposed_line")] = Unavailable("directory")
    page = browser.get("/write").text
    assert "결재선을 제안하지 못했습니다" in page
    assert data_of(page)["fields"]["line"] == []


def test_who_is_not_signed_in_comes_back_after_signing_in(browser: FlaskClient) -> None:
    browser.delete_cookie(COOKIE)
    answer = browser.get(f"/write/{DRAFT}")
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next=/write/{DRAFT}")


# -- an own draft -----------------------------------------------------------------------------------


def test_an_own_draft_opens_with_everything_in_it(browser: FlaskClient) -> None:
    told = data_of(browser.get(f"/write/{DRAFT}").text)
    assert (told["id"], told["version"]) == (DRAFT, 3)
    for name in ("title", "body", "keywords", "disclosure", "reading_scope", "recipients", "sender_name"):
        assert told["fields"][name] == CARD[name]
    assert told["fields"]["folder"] == FOLDER


def test_a_record_folder_of_another_year_stays_among_the_choices(browser: FlaskClient) -> None:
    assert re.search(rf'<option value="{FOLDER}"[^>]*selected>작년의 철<', browser.get(f"/write/{DRAFT}").text)


def test_people_of_the_line_are_marked_when_they_are_away(browser: FlaskClient) -> None:
    told = data_of(browser.get(f"/write/{DRAFT}").text)
    assert told["fields"]["line"][0]["person"]["absent"]["reason"] == "trip"


def test_with_the_directory_away_the_line_is_shown_as_saved(browser: FlaskClient, services: Services) -> None:
    services.answers[("directory", "person")] = Unavailable("directory")
    assert data_of(browser.get(f"/write/{DRAFT}").text)["fields"]["line"] == CARD["line"]


@pytest.mark.parametrize("card", [{"state": "in_approval", "may": []}, {"state": "approved", "may": []}, {"may": []}])
def test_what_cannot_be_changed_is_shown_as_a_document(
    browser: FlaskClient, services: Services, card: dict[str, Any]
) -> None:
    services.answers[("documents", "card")] = {**CARD, **card}
    answer = browser.get(f"/write/{DRAFT}")
    assert (answer.status_code, answer.location) == (302, f"/documents/{DRAFT}")


def test_a_returned_document_shows_the_opinion_it_came_back_with(browser: FlaskClient, services: Services) -> None:
    services.answers[("documents", "card")] = {**CARD, "state": "returned"}
    step = {
        "state": "returned",
        "person": PERSON,
        "opinion": "예산을 다시 보세요",
        "decided_at": "2026-01-03T00:00:00Z",
    }
    services.answers[("approval", "route")] = {
        "state": "returned",
        "submissions": [{"steps": [{"state": "approved", "opinion": "좋습니다"}, step]}],
    }
    page = browser.get(f"/write/{DRAFT}").text
    assert "김영희 과장의 의견과 함께 반려되었습니다" in page
    assert "예산을 다시 보세요" in page
    assert "좋습니다" not in page


def test_what_people_wrote_cannot_break_out_of_the_page(browser: FlaskClient, services: Services) -> None:
    services.answers[("documents", "card")] = {**CARD, "title": "</script><script>alert(1)</script>"}
    page = browser.get(f"/write/{DRAFT}").text
    assert "<script>alert" not in page
    assert data_of(page)["fields"]["title"] == "</script><script>alert(1)</script>"


def test_another_persons_document_is_not_found(browser: FlaskClient, services: Services) -> None:
    services.answers[("documents", "card")] = NotFound("document")
    assert browser.get(f"/write/{DRAFT}").status_code == 404


# -- the session of now -----------------------------------------------------------------------------


def test_a_page_of_an_earlier_session_learns_who_is_signed_in_now(browser: FlaskClient) -> None:
    told = browser.get("/session").get_json()
    assert told["person"] == ME
    assert len(told["csrf_token"]) == 64


# -- before submission ------------------------------------------------------------------------------


def test_the_preview_says_in_words_what_will_happen(browser: FlaskClient, services: Services) -> None:
    services.answers[("documents", "preview_submission")] = {
        "will": [
            {"code": "goes_to", "params": {"person": PERSON, "role": "decide", "parallel": False}},
            {"code": "internal", "params": {}},
        ],
        "problems": [],
        "warnings": [{"field": "attachments", "code": "attachment_mentioned", "params": {}}],
    }
    fragment = browser.get(f"/write/{DRAFT}/preview", headers={"HX-Request": "true"}).text
    assert "바로 총무과 김영희 과장에게 결재를 요청합니다." in fragment
    assert "내부결재" in fragment
    assert "붙인 파일이 없습니다" in fragment
    assert "data-ready" in fragment
    assert "<html" not in fragment
    assert "<html" in browser.get(f"/write/{DRAFT}/preview").text


def test_what_stands_in_the_way_is_said_with_the_way_to_it(browser: FlaskClient, services: Services) -> None:
    services.answers[("documents", "preview_submission")] = {
        "will": [],
        "problems": [{"field": "line", "code": "no_decider", "params": {}}],
        "warnings": [],
    }
    fragment = browser.get(f"/write/{DRAFT}/preview", headers={"HX-Request": "true"}).text
    assert "결재할 사람이 없습니다" in fragment
    assert 'data-goes="people"' in fragment
    assert "data-ready" not in fragment


@pytest.mark.parametrize("class_", ["open", "partly_open", "closed"])
@pytest.mark.parametrize("recipients", [[], [{"name": f"기관{n}"} for n in range(5)]])
def test_every_consequence_the_service_names_has_words(
    browser: FlaskClient, class_: str, recipients: list[dict[str, str]]
) -> None:
    step = {"person": PERSON, "role": "review", "parallel": False}
    content = Content(
        title="예산 계획 수립",
        body="<p>본문입니다.</p>",
        retention="permanent",
        disclosure={"class": class_, "clauses": [] if class_ == "open" else [5, 6], "reason": ""},
        recipients=recipients,
        sender_name="총무과장",
        line=[step, {**step, "role": "cooperate"}, {**step, "role": "cooperate", "parallel": True}],
    )
    with browser.application.test_request_context():
        for told in submission.consequences(content, "총무과", 2026):
            assert will_words(told) != told["code"]


def test_every_obstacle_and_warning_the_service_names_has_words_and_a_place(browser: FlaskClient) -> None:
    gone = {**PERSON, "active": False}
    lines = [
        [],
        [{"person": PERSON, "role": "review"}],
        [{"person": PERSON, "role": "decide"}, {"person": PERSON, "role": "decide"}],
        [{"person": PERSON, "role": "decide"}, {"person": PERSON, "role": "review", "parallel": True}],
    ]
    found = {("title", "required"), ("body", "required"), ("sender_name", "required")}
    for line in lines:
        for people in ({HEAD: PERSON}, {HEAD: gone}, {}):
            found |= set(line_problems(line, ME, people).items())
    secret = Content(title="", body="<p>붙임  계획서 1부.</p><p>900101-1234567</p>", sender_name="총무과장")
    page = browser.get("/write").text
    with browser.application.test_request_context():
        for field, code in found:
            assert f"({code})" not in obstacle_words({"field": field, "code": code})
            assert f'id="{place_of({"field": field})}"' in page or place_of({"field": field}) == "body"
        for class_ in ("open", "closed"):
            given = {"class": class_, "clauses": [], "reason": ""}
            for told in submission.warnings(Content(**{**_as_dict(secret), "disclosure": given})):
                assert warning_words(told) != told["code"]


def _as_dict(content: Content) -> dict[str, Any]:
    return {"title": content.title, "body": content.body, **content.rest()}


# -- without scripts --------------------------------------------------------------------------------


def test_without_scripts_the_form_creates_a_draft(browser: FlaskClient, services: Services) -> None:
    services.answers[("documents", "create_draft")] = {"id": DRAFT}
    answer = posted(
        browser,
        "/write",
        title=" 예산 ",
        body="첫 줄\n둘째 줄",
        keywords="예산, 계획,",
        recipients="교육청\n\n소방본부",
        disclosure="closed",
        clauses=["5", "6"],
        **{"line-person": [HEAD], "line-role": ["decide"], "line-parallel": ["no"]},
    )
    assert (answer.status_code, answer.location) == (303, f"/write/{DRAFT}")
    given = services.last("create_draft")
    assert given["title"] == "예산"
    assert given["body"] == "<p>첫 줄</p><p>둘째 줄</p>"
    assert given["keywords"] == ["예산", "계획"]
    assert given["recipients"] == [{"name": "교육청"}, {"name": "소방본부"}]
    assert given["disclosure"] == {"class": "closed", "clauses": [5, 6], "reason": ""}
    assert given["line"] == [{"person": HEAD, "role": "decide", "parallel": False}]
    assert "folder" not in given


def test_without_scripts_a_refused_form_comes_back_as_it_was_typed(browser: FlaskClient, services: Services) -> None:
    services.answers[("documents", "create_draft")] = Invalid({"title": "required"})
    answer = posted(browser, "/write", title="", summary="쓴 요지")
    assert answer.status_code == 422
    assert data_of(answer.text)["fields"]["summary"] == "쓴 요지"


def test_without_scripts_a_save_stands_on_the_version_that_was_shown(browser: FlaskClient, services: Services) -> None:
    services.answers[("documents", "save_draft")] = {"id": DRAFT}
    assert posted(browser, f"/write/{DRAFT}", title="새 제목", version="3").status_code == 303
    assert services.last("save_draft")["version"] == 3
    services.answers[("documents", "save_draft")] = Stale(4)
    assert posted(browser, f"/write/{DRAFT}", title="새 제목", version="3").status_code == 412


def test_without_scripts_the_previewed_version_is_submitted(browser: FlaskClient, services: Services) -> None:
    services.answers[("documents", "submit")] = {"id": DRAFT}
    answer = posted(browser, f"/write/{DRAFT}/submission", version="3")
    assert (answer.status_code, answer.location) == (303, f"/documents/{DRAFT}")
    assert services.last("submit") == {"id": DRAFT, "version": 3}


def test_a_draft_is_deleted_and_the_box_is_shown(browser: FlaskClient, services: Services) -> None:
    services.answers[("documents", "delete_draft")] = {"id": DRAFT, "deleted": True}
    assert posted(browser, f"/write/{DRAFT}/delete").location == "/boxes/drafts"
    assert services.last("delete_draft") == {"id": DRAFT}
