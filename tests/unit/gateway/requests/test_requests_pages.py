"""The pages of requests: what is shown to whom, what a form sends, what a refusal keeps."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.core import files
from shared.contracts.requests import SaveReminders
from shared.errors import Conflict, Invalid, Problem, Unavailable
from tests.unit.gateway.stage import ANOTHER, DECIDER, HOSTILE, ONE, REVIEWER, Services, hidden, session

Doc = dict[str, Any]
REQUEST = "01900000-0000-7000-8000-0000000000f1"
OTHER = "01900000-0000-7000-8000-0000000000f2"
AT = "2026-05-04T00:00:00+00:00"


def part(number: int = 1, person: Doc | None = REVIEWER, state: str = "accepted", **changes: Any) -> Doc:
    found = {"number": number, "lead": number == 1, "state": state, "since": AT, "person": person, "department": None}
    return found | {"candidates": [], "offers": "", "percent": 40.0, "tenant": ""} | changes


def line(**changes: Any) -> Doc:
    found: Doc = {"id": REQUEST, "kind": "request", "title": "예산 자료 제출", "state": "accepted", "asker": DECIDER}
    found |= {"parts": [part()], "urgency": 0, "progress": 99.6, "due": "2099-05-08", "due_at": AT, "late": 0}
    return found | {"asked_at": AT, "ended_at": None, "word": None} | changes


def card(*may: str, **changes: Any) -> Doc:
    entry = {"number": 1, "at": AT, "action": "asked", "person": DECIDER, "detail": {"due": "2099-05-08"}}
    found = line() | {"version": 3, "body": "<p>표로 주세요</p>", "entered_by": None, "unconfirmed": False}
    found |= {"first_due": "2099-05-08", "late_first": 0, "extension": None, "sources": [], "cards": [], "parent": None}
    found |= {"parts_of_it": 0, "weight": 1, "waits_for": None, "series": None, "escalated_at": None}
    return found | {"handed_in_at": None, "files": [], "history": [entry], "may": list(may)} | changes


def reckoning(due: str = "2099-05-08", **changes: Any) -> Doc:
    found = {"received": "2099-05-04", "due": due, "days": 3, "skipped": [], "day_off": None}
    return found | {"next_working_day": due} | changes


@pytest.fixture(autouse=True)
def answers(services: Services) -> None:
    services.answers |= {
        "session": session(REVIEWER),
        "card": card("progress", "hand_in", "extend", "hand_over"),
        "thread": {"items": [], "next": None, "read": 0, "unread": 0},
        "tree": {"items": [], "cut": False},
        "related": {"items": []},
        "box": {"items": [line()], "next": None},
        "reckon": reckoning(),
        "expand": {"people": [], "left": [], "unknown": [], "dissolved": []},
        "person": DECIDER,
        "statistics": {"items": []},
    }


def shown(browser: FlaskClient, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text[:2000]
    return answer.text


def post(browser: FlaskClient, path: str, **form: Any) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    return browser.post(path, data={"csrf_token": token, **form})


# -- lists --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["list", "board", "table"])
def test_a_list_shows_state_date_and_who_does_it_in_each_view(
    browser: FlaskClient, services: Services, view: str
) -> None:
    rows = [
        line(late=230_400, state="asked"),
        line(id=OTHER, title=HOSTILE, parts=[part(person=None, candidates=[ONE])]),
    ]
    services.answers["box"] = {"items": rows, "next": None}
    text = shown(browser, f"/requests?view={view}")
    for words in ("예산 자료 제출", "접수 대기", "2일 16시간 지연", "김검토", "선착순 1명"):
        assert words in text, words
    # Rounded down: it is not done.
    assert "99%" in text and "100%" not in text
    assert HOSTILE not in text and "&lt;script&gt;" in text


def test_the_lists_ask_for_what_they_are_called(browser: FlaskClient, services: Services) -> None:
    shown(browser, "/requests/due")
    assert services.last("box")[0]["until"] == "2099-05-08"
    shown(browser, "/requests/department?kind=instruction&state=asked&q=예산")
    asked = services.last("box")[0]
    assert (asked["box"], asked["kind"], asked["state"], asked["q"]) == ("department", "instruction", "asked", "예산")
    shown(browser, "/requests/sent?ended=yes")
    assert (services.last("box")[0]["running"], services.last("box")[0]["sort"]) == (False, "-at")


def test_an_empty_list_says_what_belongs_there(browser: FlaskClient, services: Services) -> None:
    services.answers["box"] = {"items": [], "next": None}
    assert "받은 요청이 없습니다" in shown(browser, "/requests")
    assert "찾는 요청이 없습니다" in shown(browser, "/requests?q=없음")
    services.answers["box"] = Unavailable("requests")
    assert "잠시 보여 드릴 수 없습니다" in shown(browser, "/requests")


def test_a_list_is_saved_as_a_file_in_which_nothing_is_run(browser: FlaskClient, services: Services) -> None:
    word = {"text": "=1+1", "person": DECIDER, "at": AT}
    services.answers["box"] = {"items": [line(title="=cmd|' /C calc'!A0", word=word)], "next": None}
    answer = browser.get("/requests/received.xlsx")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and "=cmd" in file.read("xl/sharedStrings.xml").decode()


def test_an_executives_instructions_are_by_department_and_person(browser: FlaskClient, services: Services) -> None:
    word = {"text": "절반쯤 했습니다", "person": REVIEWER, "at": AT}
    rows = [line(kind="instruction", word=word), line(id=OTHER, kind="instruction", parts=[part(person=ANOTHER)])]
    services.answers["box"] = {"items": rows, "next": None}
    text = shown(browser, f"/requests/of/{DECIDER['id']}")
    for words in ("이결정 과장 지시사항", "총무과", "김검토", "최협조", "절반쯤 했습니다"):
        assert words in text
    assert services.last("box")[0]["of"] == DECIDER["id"]


def test_lead_times_are_drawn_and_stand_in_a_table(browser: FlaskClient, services: Services) -> None:
    assert "완료한 요청이 없습니다" in shown(browser, "/requests/statistics")
    months = services.last("statistics")[0]
    assert len(months["from"]) == 7 and months["from"] < months["to"]
    row = {"month": months["to"], "department_id": DECIDER["id"], "department": "총무과", "done": 4, "lead": 172_800}
    row |= {"late": 1, "late_first": 2, "lateness": 3600}
    services.answers["statistics"] = {"items": [row]}
    text = shown(browser, "/requests/statistics?scope=asked")
    for words in ("2.0일", "1 / 4건", "평균 1시간", 'href="/requests/sent?ended=yes"', "<svg"):
        assert words in text, words


# -- one request --------------------------------------------------------------------------------------


def test_a_request_shows_what_is_asked_who_does_it_and_what_happened(browser: FlaskClient, services: Services) -> None:
    granted = {"number": 2, "at": AT, "action": "extension_granted", "person": DECIDER}
    granted["detail"] = {"due": "2099-05-15", "late": 230_400, "reason": "그렇게 하세요"}
    parts = [
        part(),
        part(2, None, "asked", department={"id": OTHER, "name": "기획과"}, candidates=[ONE], offers="assign"),
    ]
    services.answers["card"] = card("progress", parts=parts, history=[granted, card()["history"][0]])
    text = shown(browser, f"/requests/{REQUEST}")
    for words in (
        "<p>표로 주세요</p>",
        "기획과",
        "담당 지정",
        "주관",
        "(2일 16시간 지연)",
        "그렇게 하세요",
        "2099. 5. 8.(금)",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("may", "primary"),
    [
        (("accept", "decline"), "act-accept"),
        (("progress", "hand_in", "hand_over"), "act-hand_in"),
        (("close", "send_back", "withdraw", "change"), "act-close"),
        (("assign", "decline"), "act-assign"),
        (("change", "withdraw", "reassign"), "act-reassign"),
    ],
)
def test_there_is_one_first_act_for_each_role(
    browser: FlaskClient, services: Services, may: tuple[str, ...], primary: str
) -> None:
    services.answers["card"] = card(*may, state="handed_in" if "close" in may else "accepted")
    text = shown(browser, f"/requests/{REQUEST}")
    assert (
        text.count('class="button button-primary" id="act-')
        + text.count('class="button button-primary" type="button" id="act-')
        == 1
    )
    assert f'id="{primary}"' in text


def test_who_looks_on_is_offered_nothing(browser: FlaskClient, services: Services) -> None:
    services.answers["card"] = card()
    text = shown(browser, f"/requests/{REQUEST}")
    assert 'class="request-acts' not in text and "<file-drop" not in text


def test_what_follows_by_itself_has_nothing_in_it_that_is_typed(browser: FlaskClient) -> None:
    answer = browser.get(f"/requests/{REQUEST}", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<textarea" not in answer.text and "<form" not in answer.text and "request-history" in answer.text


def test_an_act_is_sent_with_what_belongs_to_it(browser: FlaskClient, services: Services) -> None:
    services.answers["act"] = {}
    cases: list[tuple[Doc, Doc]] = [
        ({"act": "progress", "percent": "30", "text": "시작"}, {"act": "progress", "percent": 30, "text": "시작"}),
        ({"act": "extend", "due_date": "2099-05-15"}, {"act": "extend", "due": "2099-05-15"}),
        (
            {"act": "extend", "due_date": "2099-05-15", "due_hour": "18:00"},
            {"act": "extend", "due": "2099-05-15T18:00:00+09:00"},
        ),
        ({"act": "answer_extension", "granted": "no"}, {"act": "answer_extension", "granted": False}),
        ({"act": "hand_over", "to": OTHER}, {"act": "hand_over", "to": {"person": OTHER}}),
        (
            {"act": "reassign", "to": f"department:{OTHER}", "part": "2"},
            {"act": "reassign", "to": {"department": OTHER}, "part": 2},
        ),
    ]
    for form, expected in cases:
        answer = post(browser, f"/requests/{REQUEST}/acts", **form)
        assert (answer.status_code, answer.location) == (303, f"/requests/{REQUEST}")
        assert services.last("act")[0] == {"id": REQUEST, **expected}


# REQ-07: a page that is out of date.
def test_who_was_too_late_is_told_who_was_first_on_the_request_as_it_is_now(
    browser: FlaskClient, services: Services
) -> None:
    services.answers["act"] = Conflict("taken", "박협조", by=ONE)
    answer = post(browser, f"/requests/{REQUEST}/acts", act="accept")
    assert answer.status_code == 409
    assert "박협조 님이 먼저 접수했습니다." in answer.text


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Conflict("parts-open", waiting_for=["서나래"]), "결과를 기다리는 담당자: 서나래"),
        (Problem(422, "after-parent", "", "", {"due": "after_parent"}, parent_due="2099-05-08"), "2099. 5. 8.(금)"),
        (Invalid({"due": "not_later"}), "지금 기한보다 뒤의 날짜를 선택해 주세요."),
        (Unavailable("requests"), "여러 번 눌러도 한 번만 처리됩니다."),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(
    browser: FlaskClient, services: Services, problem: Problem, words: str
) -> None:
    services.answers["act"] = problem
    answer = post(browser, f"/requests/{REQUEST}/acts", act="hand_in", text="다 했습니다", idempotency_key="k")
    assert answer.status_code == problem.status
    assert words in answer.text and "다 했습니다" in answer.text


def test_a_comment_is_sent(browser: FlaskClient, services: Services) -> None:
    services.answers["comment"] = {}
    answer = post(browser, f"/requests/{REQUEST}/comments", text="언제쯤?")
    assert (answer.status_code, services.last("comment")[0]["text"]) == (303, "언제쯤?")


# -- writing ------------------------------------------------------------------------------------------


def test_the_form_sends_one_line_and_a_date(browser: FlaskClient, services: Services) -> None:
    services.answers["create"] = {"id": REQUEST, "warnings": []}
    text = shown(browser, "/requests/new")
    key = hidden(text, "idempotency_key")
    form = {"title": "자료", "assignees": f"person:{ONE['id']}", "due": "3", "idempotency_key": key}
    answer = post(browser, "/requests", **form)
    assert (answer.status_code, answer.location) == (303, f"/requests/{REQUEST}")
    sent, used = services.last("create")
    assert (sent["title"], sent["assignees"], sent["days"]) == ("자료", [{"person": ONE["id"]}], 3)
    assert used and used.endswith(key)


def test_dates_are_days_hours_or_none(browser: FlaskClient, services: Services) -> None:
    services.answers["create"] = {"id": REQUEST, "warnings": []}
    for form, expected in (
        ({"due": "date", "due_date": "2099-05-08"}, {"due": "2099-05-08"}),
        ({"due": "date", "due_date": "2099-05-08", "due_hour": "18:00"}, {"due": "2099-05-08T18:00:00+09:00"}),
        ({"due": "none"}, {}),
    ):
        post(browser, "/requests", title="자료", assignees=f"person:{ONE['id']}", **form)
        sent = services.last("create")[0]
        assert {name: sent[name] for name in ("due", "days") if name in sent} == expected


def test_the_skipped_days_are_said_while_one_chooses(browser: FlaskClient, services: Services) -> None:
    skipped = [{"day": "2099-05-05", "name": "어린이날", "name_en": "Children's Day"}]
    skipped.append({"day": "2099-05-09", "name": "", "name_en": ""})
    services.answers["reckon"] = reckoning(skipped=skipped)
    text = shown(browser, "/requests/reckon?due=3")
    assert services.last("reckon")[0] == {"days": 3}
    assert "어린이날" in text and "주말 1일" in text
    services.answers["reckon"] = reckoning(day_off=skipped[0], next_working_day="2099-05-06")
    assert "쉬는 날: 어린이날" in shown(browser, "/requests/reckon?due=date&due_date=2099-05-05")
    services.answers["reckon"] = Invalid({"due": "past"})
    assert "이미 지난 날짜입니다" in shown(browser, "/requests/reckon?due=date&due_date=2000-01-01")
    assert "기한 없이 요청합니다" in shown(browser, "/requests/reckon?due=none")


def test_what_it_comes_from_goes_along(browser: FlaskClient, services: Services) -> None:
    services.answers["quote"] = {
        "noun": "memo",
        "subject": OTHER,
        "title": "현장 보고",
        "body": "<p>본문</p>",
        "files": [],
    }
    text = shown(browser, f"/requests/new?from=memo:{OTHER}&kind=instruction")
    assert "현장 보고" in text and hidden(text, "source") == f"memo:{OTHER}" and "지시사항 작성" in text
    services.answers["create"] = {"id": REQUEST, "warnings": []}
    post(browser, "/requests", title="자료", source=f"memo:{OTHER}", assignees=f"person:{ONE['id']}")
    assert services.last("create")[0]["sources"] == [{"noun": "memo", "subject": OTHER}]


def quoted(**changes: Any) -> Doc:
    file = {"id": ANOTHER["id"], "name": "현황.pdf", "size": 3, "type": "application/pdf", "sha256": "0" * 64}
    return {"title": "현장 보고", "body": "<p>본문</p>", "files": [file]} | changes


def test_the_files_of_what_it_comes_from_go_along_unless_left_out(
    browser: FlaskClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[tuple[str, ...]] = []
    monkeypatch.setattr(files, "copy", lambda *told: copied.append(told))
    services.answers |= {"quote": quoted(), "create": {"id": REQUEST, "warnings": []}}
    source, file = f"memo:{OTHER}", ANOTHER["id"]
    text = shown(browser, f"/requests/new?from={source}")
    assert f'name="source_files" value="{file}" checked' in text and "현황.pdf" in text
    post(browser, "/requests", title="자료", source=source)
    assert copied == []
    post(browser, "/requests", title="자료", source=source, source_files=file)
    assert copied == [("memo", OTHER, file, "requests", REQUEST)]


def test_who_asks_is_told_of_a_file_that_could_not_be_brought(
    browser: FlaskClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: str) -> None:
        raise Unavailable("memo")

    monkeypatch.setattr(files, "copy", refused)
    services.answers["create"] = {"id": REQUEST, "warnings": []}
    answer = post(browser, "/requests", title="자료", source=f"memo:{OTHER}", source_files=ANOTHER["id"])
    assert answer.location == f"/requests/{REQUEST}"
    assert "가져오지 못한 첨부가 있습니다" in shown(browser, f"/requests/{REQUEST}")


def test_a_refusal_keeps_what_it_comes_from_and_which_files_were_left_out(
    browser: FlaskClient, services: Services
) -> None:
    services.answers |= {"quote": quoted(), "create": Invalid({"title": "required"})}
    text = post(browser, "/requests", title="", source=f"memo:{OTHER}").text
    assert f'name="source_files" value="{ANOTHER["id"]}" >' in text and "근거" in text


def test_one_that_waits_for_another_says_so_when_it_is_asked_and_changed(
    browser: FlaskClient, services: Services
) -> None:
    services.answers["create"] = Invalid({"waits_for": "unknown_request"})
    text = post(browser, "/requests", title="자료", waits_for=OTHER).text
    assert services.last("create")[0]["waits_for"] == OTHER
    assert "찾을 수 없는 요청입니다" in text and f'data-object="{OTHER}"' not in text and "예산 자료 제출" in text
    other = {"id": OTHER, "title": "먼저 할 일", "state": "asked"}
    services.answers["card"] = card("change", waits_for=other)
    assert f'data-object="{OTHER}"' in shown(browser, f"/requests/{REQUEST}/edit")
    services.answers["change"] = {"id": REQUEST, "version": 4}
    path = f"/requests/{REQUEST}/edit"
    post(browser, path, version="3", title="자료", waits_seen=OTHER, waits_for=OTHER)
    assert "waits_for" not in services.last("change")[0]
    post(browser, path, version="3", title="자료", waits_seen=OTHER)
    assert services.last("change")[0]["waits_for"] is None


def test_the_script_is_told_where_its_files_go(browser: FlaskClient, services: Services) -> None:
    services.answers["create"] = {"id": REQUEST, "warnings": []}
    token = browser.get("/session").get_json()["csrf_token"]
    answer = browser.post(
        "/requests", data={"csrf_token": token, "title": "자료"}, headers={"Accept": "application/json"}
    )
    assert answer.get_json() == {"id": REQUEST}


def test_a_refused_form_keeps_what_was_typed_and_names_the_field(browser: FlaskClient, services: Services) -> None:
    services.answers["create"] = Invalid({"assignees.0.person": "left", "days": "beyond_2100"})
    person = {**ONE, "through": [{"kind": "person", "id": ONE["id"], "name": ONE["name"]}]}
    services.answers["expand"] = {"people": [person], "left": [], "unknown": [], "dissolved": []}
    answer = post(browser, "/requests", title=HOSTILE, assignees=f"person:{ONE['id']}", due="3")
    assert answer.status_code == 422
    for words in ("assignees-error", "2100년까지의 날짜", "&lt;script&gt;", "박협조"):
        assert words in answer.text, words


def test_a_recurring_or_spoken_instruction_and_a_part_of_another_are_sent_as_such(
    browser: FlaskClient, services: Services
) -> None:
    services.answers["create"] = {"id": REQUEST, "warnings": []}
    given: Doc = {"title": "월례 보고", "kind": "instruction", "assignees": f"person:{ONE['id']}"}
    post(browser, "/requests", **given, every="month", on="15", until="2099-12-31", due="3")
    sent = services.last("create")[0]
    assert sent["recurs"] == {"every": "month", "on": 15, "until": "2099-12-31"} and "days" not in sent
    page = browser.get("/requests/new").text
    assert '<option value="week:3" >매주 목요일</option>' in page
    post(browser, "/requests", **given, every="week:3", until="2099-12-31")
    assert services.last("create")[0]["recurs"] == {"every": "week", "on": 3, "until": "2099-12-31"}
    post(browser, "/requests", **given, asker=DECIDER["id"])
    assert services.last("create")[0]["asker"] == DECIDER["id"]
    post(browser, "/requests", **given, parent=OTHER, weight="3")
    assert (services.last("create")[0]["parent"], services.last("create")[0]["weight"]) == (OTHER, 3)


def test_a_change_leaves_a_date_that_nobody_touched(browser: FlaskClient, services: Services) -> None:
    services.answers["card"] = card("change", due="2000-05-08")
    services.answers["change"] = {}
    text = shown(browser, f"/requests/{REQUEST}/edit")
    seen = hidden(text, "due_seen")
    post(browser, f"/requests/{REQUEST}/edit", title="새 제목", version="3", due_date="2000-05-08", due_seen=seen)
    assert "due" not in services.last("change")[0]
    post(browser, f"/requests/{REQUEST}/edit", title="새 제목", version="3", due_date="2099-05-15", due_seen=seen)
    assert services.last("change")[0]["due"] == "2099-05-15"
    services.answers["card"] = card()
    assert browser.get(f"/requests/{REQUEST}/edit").status_code == 302


# -- the organisation's rule --------------------------------------------------------------------------

RULE: Doc = {"before": [3, 1], "on_day": True, "after": [], "to": ["assignees"], "hour": 9, "quiet_from": 20}
RULE |= {"quiet_to": 8, "escalate_after": None, "version": 4}


def test_an_administrator_sets_the_rule_of_reminders_on_the_version_seen(
    browser: FlaskClient, services: Services
) -> None:
    services.answers |= {"session": session(REVIEWER, "tenant_admin"), "reminders": RULE}
    text = shown(browser, "/admin/requests")
    assert 'value="3, 1"' in text and hidden(text, "version") == "4"
    services.answers["save_reminders"] = RULE
    form = {"before": "5, 1", "after": "2", "hour": "8", "quiet_from": "21", "quiet_to": "7", "version": "4"}
    post(browser, "/admin/requests", **form, to=["assignees", "asker"], on_day="yes", escalate_after="")
    sent = services.last("save_reminders")[0]
    assert SaveReminders().load(sent) == {
        "before": [5, 1],
        "after": [2],
        "on_day": True,
        "to": ["assignees", "asker"],
        "hour": 8,
        "quiet_from": 21,
        "quiet_to": 7,
        "escalate_after": None,
        "version": 4,
    }


def test_nobody_else_sees_the_rule(browser: FlaskClient, services: Services) -> None:
    services.answers["reminders"] = RULE
    assert browser.get("/admin/requests").status_code == 403


def test_a_refused_rule_keeps_what_was_typed(browser: FlaskClient, services: Services) -> None:
    services.answers |= {"session": session(REVIEWER, "tenant_admin"), "reminders": RULE}
    services.answers["save_reminders"] = Invalid({"before.1": "not_valid"})
    text = post(browser, "/admin/requests", before="5, 내일", version="4").text
    assert 'value="5, 내일"' in text and "before-error" in text
