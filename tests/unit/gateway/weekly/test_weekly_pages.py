"""Pages of weekly reports: what is shown to whom, what is sent, what a refusal keeps."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.contracts import weekly as contract
from shared.errors import Conflict, Forbidden, Invalid, Stale
from tests.unit.gateway.stage import DECIDER, DRAFTER, HOSTILE, OTHER, REVIEWER, Doc, Services, hidden, session

REPORT = "01900000-0000-7000-8000-0000000000f1"
BELOW = "01900000-0000-7000-8000-0000000000f2"
LINE = "01900000-0000-7000-8000-0000000000f3"
ABOVE = "01900000-0000-7000-8000-0000000000f4"
DUE = "2026-07-03T09:00:00+00:00"


def line(text: str = "했다", section: str = "this", **changes: Any) -> Doc:
    found = {"id": LINE, "section": section, "text": text, "writers": [DRAFTER], "origin": None, "origin_report": None}
    found |= {"source": None, "editor": None, "carried": False, "left_out": False, "withdrawn": False}
    return found | {"merged_into": None, "cards": []} | changes


def below(standing: str = "submitted", **changes: Any) -> Doc:
    state = standing if standing in ("submitted", "taken", "returned") else "open"
    found = {"id": BELOW, "kind": "person", "version": 4, "unit_name": "홍길동", "writer": DRAFTER, "state": state}
    found |= {"standing": standing, "excused": None, "asked_at": None, "submitted_at": None, "late": False}
    return found | changes


def report(state: str = "open", may: tuple[str, ...] = ("write", "submit"), **changes: Any) -> Doc:
    found: Doc = {"id": REPORT, "kind": "person", "unit": DRAFTER["id"], "unit_name": "홍길동", "cadence": "week"}
    found |= {"title": "홍길동 주간보고(2026. 6. 29.~7. 5.)", "period": "2026-W27", "state": state, "writer": DRAFTER}
    found |= {"starts_on": "2026-06-29", "ends_on": "2026-07-05", "due_at": DUE, "submitted_at": None, "late": False}
    found |= {"version": 7, "deputy": None, "above": ABOVE, "previous": None, "gathers_at": None, "reason": ""}
    found |= {"lines": [line()], "below": [], "news": [], "may": list(may), **changes}
    assert contract.WeeklyReportView().validate(found) == {}
    return found


def joint(**changes: Any) -> Doc:
    return report(kind="department", unit_name="총무과", writer=REVIEWER, gathers_at=DUE, **changes)


@pytest.fixture(autouse=True)
def _signed_in(services: Services) -> None:
    services.answers["session"] = session(DRAFTER)
    services.answers["weekly_report"] = report()


def page(browser: FlaskClient, path: str = f"/weekly/{REPORT}", status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status
    return answer.text


def press(browser: FlaskClient, path: str = "", **form: Any) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    return browser.post(f"/weekly/{REPORT}{path}", data={"csrf_token": token, **form})


def fields(*texts: str, **more: list[str]) -> Doc:
    """What the form of these lines sends."""
    empty = [""] * len(texts)
    found: Doc = {"line": empty, "section": ["this"] * len(texts), "text": list(texts), "left_out": empty}
    return found | {"merged_into": empty, "cards": empty} | more


# -- writing ----------------------------------------------------------------------------------------


def test_who_writes_has_fields_in_three_sections_and_others_only_text(browser: FlaskClient, services: Services) -> None:
    text = page(browser)
    assert 'id="weekly-form"' in text and all(f'data-section="{name}"' in text for name in contract.SECTIONS)
    services.answers["weekly_report"] = report("submitted", may=())
    text = page(browser)
    assert 'id="weekly-form"' not in text and "했다" in text


def test_hostile_lines_are_text(browser: FlaskClient, services: Services) -> None:
    services.answers["weekly_report"] = report(lines=[line(HOSTILE)], reason=HOSTILE)
    assert HOSTILE not in page(browser)
    services.answers["weekly_report"] = report("submitted", (), lines=[line(HOSTILE)])
    assert HOSTILE not in page(browser)
    assert HOSTILE not in page(browser, f"/weekly/{REPORT}/sheet")


def test_saving_sends_every_line_that_has_a_word_section_by_section(browser: FlaskClient, services: Services) -> None:
    services.answers["save_weekly_lines"] = {"id": REPORT, "state": "open", "version": 8, "lines": []}
    form = fields("셋", "", "하나", line=["", "", LINE], section=["next", "this", "this"], cards=["", "", OTHER])
    assert press(browser, act="save", version="7", **form).status_code == 303
    data, _ = services.last("save_weekly_lines")
    assert (data["id"], data["version"]) == (REPORT, 7)
    assert [(each["id"], each["section"], each["text"], each["cards"]) for each in data["lines"]] == [
        (LINE, "this", "하나", [OTHER]),
        (None, "next", "셋", []),
    ]


def test_handing_in_keeps_the_lines_first_and_goes_on_their_version(browser: FlaskClient, services: Services) -> None:
    services.answers["save_weekly_lines"] = {"id": REPORT, "state": "open", "version": 8, "lines": []}
    services.answers["submit_weekly"] = {"id": REPORT, "state": "submitted", "version": 9}
    assert press(browser, act="submit", version="7", **fields("하나")).status_code == 303
    assert services.last("submit_weekly")[0] == {"id": REPORT, "version": 8}


@pytest.mark.parametrize("refusal", [Stale(9), Conflict("weekly-submitted"), Invalid({"lines.0.text": "too_long"})])
def test_a_refusal_shows_what_was_typed(browser: FlaskClient, services: Services, refusal: Any) -> None:
    services.answers["save_weekly_lines"] = refusal
    answer = press(browser, act="save", version="7", **fields("쓰던 것"))
    assert answer.status_code == refusal.status
    assert "쓰던 것" in answer.text and 'class="notice notice-danger"' in answer.text


def test_a_form_with_a_field_too_few_is_refused(browser: FlaskClient, services: Services) -> None:
    assert press(browser, act="save", **fields("하나", "둘", line=[""])).status_code == 422


def test_a_report_that_was_sent_back_says_why(browser: FlaskClient, services: Services) -> None:
    services.answers["weekly_report"] = report("returned", reason="숫자를 적어 주십시오.")
    assert "숫자를 적어 주십시오." in page(browser)


def test_what_ends_with_a_day_is_due_at_its_twenty_fourth_hour(browser: FlaskClient, services: Services) -> None:
    assert "2026. 7. 3. 18:00" in page(browser)
    services.answers["weekly_report"] = report(due_at="2026-07-03T15:00:00+00:00")
    assert "2026. 7. 3. 24:00" in page(browser)


# -- joining ----------------------------------------------------------------------------------------


def test_who_joins_sees_what_is_new_and_takes_exactly_that(browser: FlaskClient, services: Services) -> None:
    news = {
        "report": BELOW,
        "kind": "changed",
        "section": "this",
        "text": "세 건",
        "was": "두 건",
        "writers": [DRAFTER],
    }
    services.answers["session"] = session(REVIEWER)
    services.answers["weekly_report"] = joint(may=("write", "take"), below=[below()], news=[news])
    services.answers["take_weekly"] = {"id": REPORT, "state": "open", "version": 8}
    text = page(browser)
    assert "<del>두 건</del>" in text and "세 건" in text
    seen = hidden(text, "seen")
    assert press(browser, "/joining", version="7", seen=seen).status_code == 303
    told = {"id": REPORT, "version": 7, "seen": [{"id": BELOW, "version": 4}]}
    assert services.last("take_weekly")[0] == told


def test_the_missing_are_named_and_asked_by_one_act(browser: FlaskClient, services: Services) -> None:
    services.answers["session"] = session(REVIEWER)
    services.answers["weekly_report"] = joint(may=("write", "submit", "ask"), below=[below("missing")])
    services.answers["ask_weekly"] = {"asked": [DRAFTER], "already": []}
    text = page(browser)
    assert "미제출" in text and 'id="ask"' in text
    assert press(browser, "/reminders").status_code == 303
    services.answers["weekly_report"] = joint(below=[below("missing", asked_at=DUE)])
    text = page(browser)
    assert 'id="ask"' not in text and "제출을 이미 요청했습니다." in text


def test_a_line_from_below_says_whose_it_is_and_what_its_writer_wrote(browser: FlaskClient, services: Services) -> None:
    services.answers["session"] = session(REVIEWER)
    edited = line("정리", origin=OTHER, origin_report=BELOW, source="처음 쓴 말", editor=REVIEWER)
    services.answers["weekly_report"] = joint(lines=[edited], below=[below("taken")])
    text = page(browser)
    assert "홍길동" in text and "김검토 편집" in text and "처음 쓴 말" in text


def test_sending_back_needs_a_reason_and_leads_to_the_joined_report(browser: FlaskClient, services: Services) -> None:
    services.answers["session"] = session(REVIEWER)
    services.answers["weekly_report"] = report("submitted", may=("return",))
    services.answers["return_weekly"] = {"id": REPORT, "state": "returned", "version": 8}
    assert 'id="send-back"' in page(browser)
    answer = press(browser, "/return", reason="다시", next=f"/weekly/{ABOVE}")
    assert (answer.status_code, answer.location) == (303, f"/weekly/{ABOVE}")
    assert press(browser, "/return", reason="다시", next="https://example.org").location == "/weekly"
    services.answers["return_weekly"] = Invalid({"reason": "required"})
    assert press(browser, "/return", reason="").status_code == 422


def test_taking_back_is_asked_once_more(browser: FlaskClient, services: Services) -> None:
    services.answers["weekly_report"] = report("submitted", may=("recall",))
    services.answers["recall_weekly"] = {"id": REPORT, "state": "open", "version": 8}
    assert 'data-confirm="recall-weekly"' in page(browser)
    assert press(browser, "/recall", version="7").status_code == 303
    services.answers["recall_weekly"] = Conflict("weekly-taken")
    answer = press(browser, "/recall", version="7")
    assert answer.status_code == 409 and "이미 취합된 보고입니다." in answer.text


# -- the sheet, the table, the lists ----------------------------------------------------------------


def test_a_departments_sheet_names_the_writers_and_leaves_out_what_is_left_out(
    browser: FlaskClient, services: Services
) -> None:
    out = line("뺀 것", left_out=True)
    services.answers["weekly_report"] = joint(state="submitted", may=("memo",), lines=[line(), out])
    text = page(browser, f"/weekly/{REPORT}/sheet")
    sheet = text[text.index('class="weekly-sheet"') :]
    assert "(홍길동)" in sheet and "뺀 것" not in sheet
    assert f"/memos/new?from=weekly:{REPORT}" in page(browser)


def test_the_table_is_a_workbook_in_which_nothing_is_run(browser: FlaskClient, services: Services) -> None:
    services.answers["weekly_report"] = joint(lines=[line("=1+1")], below=[below("missing")])
    answer = browser.get(f"/weekly/{REPORT}.xlsx")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 2 and not any("<f>" in sheet for sheet in sheets)
        assert "=1+1" in book.read("xl/sharedStrings.xml").decode()


def test_the_lists_lead_to_reports_and_say_when_a_service_is_away(browser: FlaskClient, services: Services) -> None:
    assert "잠시 보여 드릴 수 없습니다" in page(browser, "/weekly")
    names = [*contract.WeeklyReportLine().fields]
    row = {name: value for name, value in report(late=True).items() if name in names}
    services.answers["weekly_reports"] = {"items": [row], "next": None}
    text = page(browser, "/weekly?box=department")
    assert f'href="/weekly/{REPORT}"' in text and "기한 지남" in text
    services.answers["weekly_reports"] = {"items": [], "next": None}
    assert "작성할 보고가 없습니다" in page(browser, "/weekly")


def test_now_leads_to_the_report_that_is_being_written(browser: FlaskClient, services: Services) -> None:
    services.answers["weekly_reports"] = {"items": [report("submitted", id=OTHER), report()], "next": None}
    assert browser.get("/weekly/now").location == f"/weekly/{REPORT}"
    services.answers["weekly_reports"] = {"items": [report("taken")], "next": None}
    assert browser.get("/weekly/now").location == "/weekly"


# -- plans ------------------------------------------------------------------------------------------


def test_heads_set_how_departments_report(browser: FlaskClient, services: Services) -> None:
    plan = {"id": OTHER, "department": ABOVE, "name": "총무과", "cadence": "week", "weekday": 4, "day": 31, "hour": 17}
    plan |= {"active": True, "version": 3, "next": {"period": "2026-W27", "opens_at": DUE, "due_at": DUE}}
    unit = {"department": ABOVE, "name": "총무과", "depth": 1, "plans": [plan]}
    services.answers["weekly_plans"] = {"items": [unit]}
    services.answers["save_weekly_plan"] = plan
    text = page(browser, "/weekly/plans")
    assert re.search(r'<option value="4" selected>목요일', text)
    token = browser.get("/session").get_json()["csrf_token"]
    form = {"csrf_token": token, "department": ABOVE, "cadence": "week", "weekday": "5", "hour": "18", "version": "3"}
    assert browser.post("/weekly/plans", data=form).status_code == 303
    told = {"department": ABOVE, "cadence": "week", "weekday": 5, "hour": 18, "active": False, "version": 3}
    assert services.last("save_weekly_plan")[0] == told
    for refusal in (Stale(4), Forbidden("head"), Invalid({"hour": "out_of_range"})):
        services.answers["save_weekly_plan"] = refusal
        assert browser.post("/weekly/plans", data=form).status_code == refusal.status


def test_who_heads_nothing_is_told_who_does(browser: FlaskClient, services: Services) -> None:
    services.answers["session"] = session(DECIDER)
    services.answers["weekly_plans"] = {"items": []}
    assert "설정할 수 있는 부서가 없습니다" in page(browser, "/weekly/plans")


def test_a_memo_begins_with_a_departments_report(browser: FlaskClient, services: Services) -> None:
    quoted = {"noun": "weekly", "subject": REPORT, "title": "총무과 주간보고", "body": "<h3>이번 주</h3>", "files": []}
    services.answers["quote_weekly"] = quoted
    services.answers |= {"superiors": {"heads": []}, "receivers_by_ids": {"items": []}}
    services.answers |= {"recent_receivers": {"recent": []}, "templates": {"items": []}}
    text = page(browser, f"/memos/new?from=weekly:{REPORT}")
    assert "총무과 주간보고" in text and REPORT in text
