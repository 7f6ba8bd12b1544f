"""The pages of journals over a fake bus: what is shown to whom, what a refusal keeps, that hostile text is text."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.errors import Conflict, Forbidden, Invalid
from tests.unit.gateway.stage import DRAFTER, HOSTILE, OTHER, REVIEWER, Services, session

Doc = dict[str, Any]
JOURNAL, ENTRY = "01900000-0000-7000-8000-0000000000d7", "01900000-0000-7000-8000-0000000000d8"
PLACE = "01900000-0000-7000-8000-0000000000d9"
AT = "2026-05-20T00:30:00+00:00"
SCHEDULE = {"kind": "day", "days": "every", "weekdays": [], "opens": "09:00", "shifts": []}
PERIOD = {"day": "2026-05-20", "shift": "", "shift_name": "", "opens": AT, "ends": "2026-05-20T15:00:00+00:00"}
PERIOD |= {"due": True, "holiday": ""}
CHECK = {"key": "door", "type": "check", "label": HOSTILE, "hint": "", "required": True}


def line(*may: str) -> Doc:
    found = {"id": JOURNAL, "title": f"기계실 {HOSTILE}", "state": "open", "department": "총무과", "schedule": SCHEDULE}
    return found | {"form_version": 1, "may": list(may)}


def journal(*may: str, **changes: Any) -> Doc:
    form = {"version": 1, "title": "기계실", "fields": [CHECK], "schema": {}, "note": "", "person": DRAFTER, "at": AT}
    found = {**line(*may), "version": 1, "about": HOSTILE, "way": "each", "writers": [], "verifiers": [REVIEWER]}
    found |= {"managers": [], "made_by": DRAFTER, "made_at": AT, "form": form, "draft": None, "versions": []}
    return {**found, "period": PERIOD, **changes}


def entry(*may: str, **changes: Any) -> Doc:
    values = {"door": {"result": "abnormal", "note": HOSTILE}}
    times = {"written_at": AT, "received_at": AT, "difference": 7_200, "flagged": True}
    decided: Doc = {"decided_by": None, "decided_for": None, "decided_at": None, "reason": ""}
    version = {"version": 2, "form_version": 1, "values": values, "person": DRAFTER, "at": AT, **times, **decided}
    first = {**version, "version": 1, "values": {"door": {"result": "normal"}}, "decision": "verified"}
    first |= {"decided_by": REVIEWER, "decided_at": AT}
    found = {"id": ENTRY, "day": "2026-05-20", "shift": "", "place": None, "writer": DRAFTER, "version": 2}
    found |= {"state": "to_verify", "abnormal": 1, "findings": [{"label": "출입문", "value": "", "note": HOSTILE}]}
    found |= {**times, **decided, "may": list(may), "journal": {"id": JOURNAL, "title": "기계실"}, "form_version": 1}
    found |= {"fields": [CHECK], "values": values, "notes": [], "files": []}
    return {**found, "versions": [{**version, "decision": ""}, first], **changes}


@pytest.fixture
def journals(services: Services) -> Services:
    services.answers |= {"journal": journal("write", "verify"), "journal_entry": entry("verify", "send_back")}
    services.answers["journals_today"] = {
        "items": [{"journal": line("write"), "period": PERIOD, "entry": None, "state": "open"}]
    }
    services.answers["journals"] = {"items": [line("write")], "next": None}
    services.answers["journal_entries"] = {"items": [entry("verify")], "next": None}
    return services


def posted(browser: FlaskClient, path: str, **form: Any) -> Any:
    token = browser.get("/session").get_json()["csrf_token"]
    return browser.post(path, data={"csrf_token": token, **form})


def shown(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert HOSTILE not in answer.text
    return answer.text


def test_todays_journals_lead_to_their_forms(journals: Services, browser: FlaskClient) -> None:
    assert f"/journals/{JOURNAL}/fill" in shown(browser, "/journals")
    straight = browser.get("/journals?write=1")
    assert (straight.status_code, straight.location) == (303, f"/journals/{JOURNAL}/fill")


def test_the_form_may_ask_where_one_is_and_no_other_page_may(journals: Services, browser: FlaskClient) -> None:
    text = shown(browser, f"/journals/{JOURNAL}/fill")
    assert all(f'id="{name}"' in text for name in ("journal-all", "journal-review", "journal-send"))
    assert browser.get(f"/journals/{JOURNAL}/fill").headers["Permissions-Policy"].endswith("geolocation=(self)")
    assert browser.get("/journals").headers["Permissions-Policy"].endswith("geolocation=()")


def test_a_journal_without_a_form_says_so(journals: Services, browser: FlaskClient) -> None:
    journals.answers["journal"] = journal("write", form=None, form_version=None)
    assert browser.get(f"/journals/{JOURNAL}/fill").status_code == 409


def test_an_entry_shows_its_versions_the_clock_and_what_may_be_done(journals: Services, browser: FlaskClient) -> None:
    text = shown(browser, f"/journals/entries/{ENTRY}")
    assert 'id="entry-verify"' in text and "120분 빠릅니다" in text
    earlier = shown(browser, f"/journals/entries/{ENTRY}?version=1")
    assert 'id="entry-verify"' not in earlier and "김검토" in earlier


def test_who_decides_on_an_old_version_is_shown_what_has_changed(journals: Services, browser: FlaskClient) -> None:
    changes = [{"key": "door", "label": "출입문", "before": {"result": "normal"}, "after": {"result": "abnormal"}}]
    refused = Conflict("other-version", current=2)
    refused.extra["changes"] = changes
    journals.answers["decide_entry"] = refused
    answer = posted(browser, f"/journals/entries/{ENTRY}/decisions", version=1, act="verify")
    assert answer.status_code == 409 and "changes-title" in answer.text and "출입문" in answer.text
    assert journals.last("decide_entry")[0] == {"id": ENTRY, "version": 1, "act": "verify", "reason": ""}


def test_who_wrote_it_is_told_that_somebody_else_verifies(journals: Services, browser: FlaskClient) -> None:
    journals.answers["decide_entry"] = Forbidden("one's own entry", "own-entry")
    answer = posted(browser, f"/journals/entries/{ENTRY}/decisions", version=2, act="verify")
    assert answer.status_code == 403 and "직접 작성한 일지" in answer.text


def test_a_decision_goes_back_to_where_it_was_made_and_nowhere_else(journals: Services, browser: FlaskClient) -> None:
    journals.answers["decide_entry"] = {"id": ENTRY}
    path = f"/journals/entries/{ENTRY}/decisions"
    back = posted(browser, path, version=2, act="verify", next=f"/journals/{JOURNAL}/verify")
    assert back.location == f"/journals/{JOURNAL}/verify"
    assert posted(browser, path, version=2, act="verify", next="//evil.example").location == (
        f"/journals/entries/{ENTRY}"
    )


@pytest.mark.parametrize(
    ("found", "place"),
    [
        ({"kind": "entry"}, f"/journals/entries/{OTHER}"),
        ({"kind": "journal"}, f"/journals/{JOURNAL}"),
        ({"kind": "month", "month": "2026-05"}, f"/journals/{JOURNAL}?month=2026-05"),
        ({"kind": "round", "day": "2026-05-20", "role": "verify"}, f"/journals/{JOURNAL}/verify?day=2026-05-20"),
        (
            {"kind": "round", "day": "2026-05-20", "shift": "night", "role": "write"},
            f"/journals/{JOURNAL}/fill?day=2026-05-20&shift=night",
        ),
    ],
)
def test_whatever_is_on_a_desk_or_found_leads_to_its_page(
    journals: Services, browser: FlaskClient, found: Doc, place: str
) -> None:
    blank = {"journal": JOURNAL, "day": "", "shift": "", "month": "", "role": ""}
    journals.answers["journal_whereabouts"] = {**blank, **found}
    assert browser.get(f"/journals/at/{OTHER}").location == place


def test_the_printed_sheet_has_dates_as_papers_write_them(journals: Services, browser: FlaskClient) -> None:
    row = {"day": "2026-05-20", "shift_name": "", "place_name": "", "writer": DRAFTER, "findings": []}
    row |= {"version": 1, "verifier": None, "verified_at": None}
    sheet = {"journal": JOURNAL, "title": "기계실", "department": "총무과", "month": "2026-05", "form_versions": [1]}
    sheet |= {"each": True, "rows": [row], "as_of": "2026-05-21T00:30:00.184109+00:00", "closed_at": None}
    journals.answers["journal_sheet"] = {**sheet, "counts": {"entries": 1, "abnormal": 0, "verified": 0}}
    text = shown(browser, f"/journals/{JOURNAL}/sheet/2026-05")
    assert all(words in text for words in ("2026. 5. 20.", "2026년 5월", "기준 시각 2026. 5. 21. 09:30", "1차 서식"))
    assert "2026-05-20" not in text.split("journal-sheet")[1]


def test_a_code_leads_to_the_form_of_its_place(journals: Services, browser: FlaskClient) -> None:
    journals.answers["scanned_place"] = {"journal": JOURNAL, "place": PLACE, "name": "옥상"}
    assert browser.get("/j/secret").location == f"/journals/{JOURNAL}/fill?place={PLACE}"


def test_a_code_is_drawn_for_who_has_it(journals: Services, browser: FlaskClient) -> None:
    place = {"id": PLACE, "journal": JOURNAL, "name": HOSTILE, "active": True, "code": "secret", "visits": []}
    journals.answers["journal_places"] = {"items": [place]}
    text = shown(browser, f"/journals/{JOURNAL}/places/{PLACE}/qr")
    assert "<svg" in text and "/j/secret" in text and " style=" not in text
    # As large as the paper lets it be.
    assert 'viewBox="0 0 ' in text
    journals.answers["journal_places"] = {"items": [{**place, "code": None}]}
    assert browser.get(f"/journals/{JOURNAL}/places/{PLACE}/qr").status_code == 404


def test_the_builder_is_for_managers(journals: Services, browser: FlaskClient) -> None:
    assert browser.get(f"/journals/{JOURNAL}/form").status_code == 403
    journals.answers["journal"] = journal("manage", draft=[CHECK])
    assert "journal-builder" in shown(browser, f"/journals/{JOURNAL}/form")
    assert 'id="journal-send"' not in shown(browser, f"/journals/{JOURNAL}/form/preview")


def test_what_stands_in_the_way_of_signing_off_is_said(journals: Services, browser: FlaskClient) -> None:
    path = f"/journals/{JOURNAL}/months/2026-05/signature"
    for problem in (Conflict("already-signed-off"), Invalid({"month": "not_valid"})):
        journals.answers["sign_off_month"] = problem
        assert posted(browser, path).location == f"/journals/{JOURNAL}?month=2026-05"
    journals.answers["session"] = session(REVIEWER)


def month(*may: str, **changes: Any) -> Doc:
    found: Doc = {"journal": JOURNAL, "title": "기계실", "month": "2026-05", "periods": [], "by_day": [], "items": []}
    found |= {"counts": dict.fromkeys(("entries", "abnormal", "verified", "awaiting"), 0), "next": None}
    return {**found, "closed_at": None, "closed_by": None, "reopened": [], "may": list(may), **changes}


def test_a_month_that_was_signed_off_is_opened_again_with_a_reason_which_it_shows(
    journals: Services, browser: FlaskClient
) -> None:
    journals.answers["journal_month"] = month("reopen", closed_at=AT, closed_by=REVIEWER)
    text = shown(browser, f"/journals/{JOURNAL}?month=2026-05")
    assert "마감 취소" in text and 'id="sign-off-form"' not in text
    path = f"/journals/{JOURNAL}/months/2026-05/reopening"
    journals.answers["reopen_month"] = {}
    assert posted(browser, path, reason="빠진 일지").location == f"/journals/{JOURNAL}?month=2026-05"
    asked, _ = journals.last("reopen_month")
    assert asked == {"journal": JOURNAL, "month": "2026-05", "reason": "빠진 일지"}
    journals.answers["reopen_month"] = Conflict("not-signed-off")
    posted(browser, path, reason="빠진 일지")
    reopened = [{"at": AT, "by": REVIEWER, "reason": HOSTILE}]
    journals.answers["journal_month"] = month("sign_off", reopened=reopened)
    text = shown(browser, f"/journals/{JOURNAL}?month=2026-05")
    assert (
        "마감하지 않은 달입니다" in text and "마감을 취소했습니다. 사유:" in text and 'id="reopen-dialog"' not in text
    )


# -- handed out -------------------------------------------------------------------------------------


def exported(journals: Services) -> None:
    own = ("day", "writer", "state", "abnormal", "received_at")
    columns = [{"key": key, "label": "", "type": "own"} for key in own]
    columns += [{"key": "gas", "label": "가스", "type": "number"}, {"key": "note", "label": "비고", "type": "text"}]
    rows = [
        ["2026-05-20", "홍길동", "verified", 0, AT, "12.50", "=1+1"],
        ["2026-05-21", "@홍", "to_verify", 1, AT, None, "-2+3"],
        ["2026-05-22", "홍", "to_verify", 1, AT, "-1.5", "a,b"],
    ]
    journals.answers["export_entries"] = {"title": "기계실", "columns": columns, "rows": rows, "next": None}


def test_a_csv_runs_nothing_and_keeps_numbers_as_they_were_typed(journals: Services, browser: FlaskClient) -> None:
    exported(journals)
    answer = browser.get(f"/api/v1/journals/{JOURNAL}/months/2026-05.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    text = answer.data.decode("utf-8-sig")
    head, first, second, third = csv.reader(io.StringIO(text))
    assert head[:2] == ["일자", "작성자"] and head[-1] == "비고"
    assert (first[0], first[2], first[4], first[5], first[6]) == (
        *("2026-05-20", "확인 완료", "2026-05-20 09:30", "12.50", "'=1+1"),
    )
    assert (second[1], second[5], second[6]) == ("'@홍", "", "'-2+3")
    assert (third[5], third[6]) == ("-1.5", "a,b")


def test_an_xlsx_has_numbers_as_numbers_and_no_formula(journals: Services, browser: FlaskClient) -> None:
    exported(journals)
    answer = browser.get(f"/api/v1/journals/{JOURNAL}/months/2026-05.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "<v>12.50</v>" in sheet and "<v>-1.5</v>" in sheet
