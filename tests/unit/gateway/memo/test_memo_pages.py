"""The pages of memo reports: what is shown to whom, what a press does, what a refusal keeps."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.errors import Unavailable
from shared.testing import LocalService
from tests.unit.gateway.fake import PRINCIPAL
from tests.unit.gateway.memo.conftest import MemoBus
from tests.unit.memo.cast import ME, Doc, as_, draft, head, hire, office, read, receipts, seen, send


def csrf(browser: FlaskClient) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/memos").text)
    assert found
    return found[1]


def press(browser: FlaskClient, path: str, **data: str) -> tuple[int, str]:
    answer = browser.post(path, data={"csrf_token": csrf(browser), **data})
    return answer.status_code, answer.text


def banner_of(page: str) -> str:
    """What the page has brought of the banner."""
    found = re.search(r'<div class="banner-place"[^>]*>(.*?)<div class="shell">', page, re.S)
    assert found
    return found[1].rpartition("</div>")[0]


def test_the_lists_show_memos_in_bold_until_they_are_read_and_the_sender_how_many_have(
    browser: FlaskClient, bus: MemoBus, service: LocalService, kim: Doc
) -> None:
    made = send(service, kim, title="정전 <b>보고</b>", urgent=True)
    page = browser.get("/memos/sent").text
    assert "읽음 0/1" in page and "정전 &lt;b&gt;보고" in page
    bus.sign_in(kim)
    assert "memo-unread" in browser.get("/memos").text
    read(service, kim, made)
    assert "memo-unread" not in browser.get("/memos").text


@pytest.mark.parametrize("box", ["", "/sent", "/scheduled", "/drafts", "/pinned", "/snoozed", "/archived"])
def test_an_empty_list_says_what_belongs_there(browser: FlaskClient, box: str) -> None:
    assert "empty" in browser.get(f"/memos{box}").text


def test_a_list_is_asked_for_again_without_the_page_around_it(browser: FlaskClient) -> None:
    part = browser.get("/memos?q=없음", headers={"HX-Request": "true"}).text
    assert "<html" not in part and "찾는 메모가 없습니다" in part


def test_a_memo_is_shown_and_its_reading_is_told_by_the_page_that_shows_it(
    browser: FlaskClient, bus: MemoBus, service: LocalService, kim: Doc
) -> None:
    made = send(service, kim, body="<p>글</p>")
    bus.sign_in(kim)
    page = browser.get(f"/memos/{made}").text
    assert "<p>글</p>" in page and f'hx-post="/memos/{made}/reading"' in page
    assert receipts(service, made)[0]["state"] == "waiting"
    assert press(browser, f"/memos/{made}/reading")[0] == 204
    assert (receipts(service, made)[0]["state"], receipts(service, made)[0]["channel"]) == ("read", "web")
    assert "/reading" not in browser.get(f"/memos/{made}").text


def test_the_sender_sees_who_has_read_it_when(browser: FlaskClient, service: LocalService, kim: Doc) -> None:
    made = send(service, kim)
    assert "읽지 않음" in browser.get(f"/memos/{made}").text
    read(service, kim, made)
    part = browser.get(f"/memos/{made}", headers={"HX-Request": "true"}).text
    assert "<html" not in part and "읽음 1/1" in part and "2026. 3. 2. 10:00" in part
    assert "김과장" in browser.get(f"/memos/{made}/receipts?which=read").text
    assert "해당하는 사람이 없습니다" in browser.get(f"/memos/{made}/receipts?which=unread").text


@pytest.mark.parametrize("word", ["noted", "agreed", "opinion"])
def test_an_answer_is_one_press(browser: FlaskClient, bus: MemoBus, service: LocalService, kim: Doc, word: str) -> None:
    made = send(service, kim)
    bus.sign_in(kim)
    assert press(browser, f"/memos/{made}/answers", answer=word, text="의견")[0] == 303
    assert seen(service, made)["answers"][0]["answer"] == word
    assert "내 답변" in browser.get(f"/memos/{made}").text


def test_a_refusal_shows_the_memo_and_why(browser: FlaskClient, bus: MemoBus, service: LocalService, kim: Doc) -> None:
    made = send(service, kim, no_forward=True)
    lee = hire(service, "이주무")
    bus.sign_in(kim)
    status, page = press(browser, f"/memos/{made}/forwards", to=lee["id"])
    assert status == 403 and "전달을 막아 둔" in page
    assert 'data-opens="forward-dialog"' not in page and "전달 금지" in page


def test_a_recalled_memo_says_so_to_who_had_not_read_it(
    browser: FlaskClient, bus: MemoBus, service: LocalService, kim: Doc
) -> None:
    made = send(service, kim)
    assert press(browser, f"/memos/{made}/recall", reason="오류")[0] == 303
    bus.sign_in(kim)
    answer = browser.get(f"/memos/{made}")
    assert answer.status_code == 403 and "보낸 사람이 회수한 메모입니다" in answer.text


def test_marks_are_pressed_and_a_held_memo_is_taken_back(
    browser: FlaskClient, bus: MemoBus, service: LocalService, kim: Doc
) -> None:
    made = send(service, kim)
    held = service.call("send_memo", ME, {"to": [kim["id"]], "title": "잠깐", "hold": 5})["id"]
    assert "발송 취소" in browser.get(f"/memos/{held}").text
    assert press(browser, f"/memos/{held}/taking-back")[0] == 303
    assert browser.get(f"/memos/{held}").headers["Location"] == f"/memos/{held}/edit"
    bus.sign_in(kim)
    for marks in ({"pinned": "yes"}, {"unread": "yes"}, {"archived": "yes"}, {"snooze_till": "2999-01-01T00:00:00Z"}):
        assert press(browser, f"/memos/{made}/marks", **marks)[0] == 303
    assert press(browser, f"/memos/{made}/comments", text="봤습니다")[0] == 303
    assert "봤습니다" in browser.get(f"/memos/{made}").text


def test_the_banner_is_there_until_the_urgent_memo_is_read(
    browser: FlaskClient, bus: MemoBus, service: LocalService, kim: Doc
) -> None:
    made = send(service, kim, title="정전", urgent=True)
    assert 'hx-get="/memos/banner"' in browser.get("/memos").text
    bus.sign_in(kim)
    assert "정전" in banner_of(browser.get("/memos/sent").text)
    assert "정전" in browser.get("/memos/banner").text
    read(service, kim, made)
    assert browser.get("/memos/banner").text.strip() == ""
    assert banner_of(browser.get("/memos/sent").text).strip() == ""


def test_a_banner_that_came_with_the_page_asks_for_itself_only_when_something_is_new(
    browser: FlaskClient, service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'hx-get="/memos/banner" hx-trigger="live"' in browser.get("/memos").text
    answered = service.call

    def away(method: str, *more: Any) -> Any:
        if method == "alerts":
            raise Unavailable("memo")
        return answered(method, *more)

    monkeypatch.setattr(service, "call", away)
    assert 'hx-get="/memos/banner" hx-trigger="load, live"' in browser.get("/memos").text


def test_a_part_of_a_page_and_a_page_for_nobody_ask_for_no_banner(browser: FlaskClient, bus: MemoBus) -> None:
    bus.asked.clear()
    browser.get("/desk/news", headers={"HX-Request": "true"})
    browser.delete_cookie("session")
    assert "banner-place" not in browser.get("/sign-in").text
    assert ("memo", "alerts", {}) not in bus.asked


def test_a_new_memo_proposes_the_head_and_those_of_last_time(
    browser: FlaskClient, service: LocalService, kim: Doc
) -> None:
    lee = hire(service, "이주무")
    office(service).above[ME.person] = {"deputy": None, "absent": None, "heads": [head(kim)]}
    send(service, lee)
    page = browser.get("/memos/new").text
    assert f'value="person:{kim["id"]}"' in page and 'data-part="recent"' in page and "이주무" in page


def test_a_draft_is_gone_on_with_and_a_sent_one_is_shown(browser: FlaskClient, service: LocalService, kim: Doc) -> None:
    made = draft(service, kim, title="쓰던 것", body="<p>글</p>")["id"]
    assert browser.get(f"/memos/{made}").headers["Location"] == f"/memos/{made}/edit"
    page = browser.get(f"/memos/{made}/edit").text
    assert f'memo="{made}" version="1"' in page and "쓰던 것" in page and "&lt;p&gt;글&lt;/p&gt;" in page
    service.call("send_draft", ME, {"id": made})
    assert browser.get(f"/memos/{made}/edit").headers["Location"] == f"/memos/{made}"


def test_a_memo_is_made_from_another_and_not_from_one_kept_back(
    browser: FlaskClient, bus: MemoBus, service: LocalService, kim: Doc
) -> None:
    open_, closed = send(service, kim, title="현황"), send(service, kim, no_forward=True)
    bus.sign_in(kim)
    page = browser.get(f"/memos/new?from=memo:{open_}").text
    assert 'value="현황"' in page and f'value="memo:{open_}"' in page
    assert browser.get(f"/memos/new?from=memo:{closed}").status_code == 403
    assert browser.get("/memos/new?from=unheard:1").status_code == 404


def test_hostile_names_and_texts_are_text(browser: FlaskClient, bus: MemoBus, service: LocalService) -> None:
    mallory = hire(service, "<script>x</script>")
    made = send(service, mallory, title="<img src=x onerror=y>")
    service.call("answer", as_(mallory), {"id": made, "answer": "opinion", "text": "<script>z</script>"})
    page = browser.get(f"/memos/{made}").text
    assert "<script>x" not in page and "<script>z" not in page and "<img src=x" not in page


def test_a_draft_document_is_made_of_a_memo_with_its_files_and_not_of_one_kept_back(
    browser: FlaskClient, bus: MemoBus, service: LocalService, kim: Doc
) -> None:
    made = draft(service, kim, title="현황", body="<p>글</p>")["id"]
    token = csrf(browser)
    path = f"/api/v1/memos/{made}/files?name=사진.txt"
    assert browser.post(path, data=b"leak", headers={"X-CSRFToken": token}).status_code == 201
    service.call("send_draft", ME, {"id": made})
    document = "01900000-0000-7000-8000-0000000000f1"
    place = {"file": document, "object": "documents/copy", "name": "사진.txt", "limit": 1_000}
    bus.answers["documents", "create_draft"] = {"id": document}
    bus.answers["documents", "begin_file"] = place
    bus.answers["documents", "complete_file"] = lambda _, told: told
    bus.sign_in(kim)
    answer = browser.post(f"/memos/{made}/document", data={"csrf_token": csrf(browser)})
    assert answer.headers["Location"] == f"/write/{document}"
    asked = {method: data for name, method, data in bus.asked if name == "documents"}
    assert asked["create_draft"] == {
        "title": "현황",
        "body": "<p>글</p>",
        "sources": [{"noun": "memo", "subject": made}],
    }
    assert (asked["complete_file"]["name"], asked["complete_file"]["size"]) == ("사진.txt", 4)
    closed = send(service, kim, no_forward=True)
    assert browser.post(f"/memos/{closed}/document", data={"csrf_token": csrf(browser)}).status_code == 403


def test_templates_of_the_department_are_listed_begun_from_and_deleted(
    browser: FlaskClient, service: LocalService
) -> None:
    assert "서식이 없습니다" in browser.get("/memos/templates").text
    asked = {"name": "일일 <b>점검</b>", "kind": "occasional", "title": "점검 결과", "body": "<p>이상 없음</p>"}
    made = service.call("save_template", ME, asked)["id"]
    page = browser.get("/memos/templates").text
    assert "일일 &lt;b&gt;점검" in page and f"/memos/new?template={made}" in page
    begun = browser.get(f"/memos/new?template={made}").text
    assert "점검 결과" in begun and "이상 없음" in begun
    assert press(browser, f"/memos/templates/{made}/delete")[0] == 303
    assert service.call("templates", ME, {})["items"] == []


def test_an_administrator_says_when_urgent_memos_go_on_and_a_refusal_names_the_field(
    browser: FlaskClient, bus: MemoBus, service: LocalService
) -> None:
    assert browser.get("/admin/memos").status_code == 403
    bus.answers["directory", "session"] = PRINCIPAL | {"roles": ["drafter", "tenant_admin"]}
    for forget in bus.forget:
        forget()
    assert 'value="30"' in browser.get("/admin/memos").text
    status, page = press(browser, "/admin/memos", escalate_after="0")
    assert status == 422 and "escalate_after-error" in page
    assert press(browser, "/admin/memos", escalate_after="45")[0] == 303
    assert service.call("settings", ME, {}) == {"escalate_after": 45}


def test_more_receivers_than_one_reads_are_one_chip_that_keeps_them_all(
    browser: FlaskClient, bus: MemoBus, service: LocalService
) -> None:
    people = [hire(service, f"직원{number}")["id"] for number in range(103)]
    made = draft(service, *({"id": each} for each in people))["id"]
    page = browser.get(f"/memos/{made}/edit").text
    sent = re.findall(r'<input type="hidden" name="to" value="person:([^"]+)"', page)
    assert sent == people
    asked = [data["receivers"] for _, method, data in bus.asked if method == "receivers_by_ids"]
    assert "외 3명" in page and [len(receivers) for receivers in asked] == [100]


# -- what is said under it ----------------------------------------------------------------------------


def comments(service: LocalService, memo: str) -> list[Doc]:
    found: list[Doc] = service.call("thread", ME, {"id": memo})["items"]
    return found


def test_a_comment_mentions_people_and_its_writer_changes_it_and_takes_it_away(
    browser: FlaskClient, bus: MemoBus, service: LocalService, kim: Doc
) -> None:
    lee = hire(service, "이주무")
    made = send(service, kim, lee)
    bus.sign_in(kim)
    assert press(browser, f"/memos/{made}/comments", text="봐 주세요", mentions=lee["id"])[0] == 303
    (said,) = comments(service, made)
    assert [each["id"] for each in said["mentions"]] == [lee["id"]]
    page, path = browser.get(f"/memos/{made}").text, f"/memos/{made}/comments/{said['id']}"
    assert "@이주무" in page and path in page
    form = browser.get(path).text
    assert "봐 주세요</textarea>" in form and f'name="mentions" value="{lee["id"]}"' in form
    assert press(browser, path, text="다시 봐 주세요", version="1")[0] == 303
    (said,) = comments(service, made)
    assert (said["text"], said["mentions"], said["version"]) == ("다시 봐 주세요", [], 2)
    assert "수정됨" in browser.get(f"/memos/{made}").text
    bus.sign_in(lee)
    assert path not in browser.get(f"/memos/{made}").text
    assert browser.get(path).status_code == 403
    bus.sign_in(kim)
    assert press(browser, f"{path}/withdrawal", version="2")[0] == 303
    assert comments(service, made)[0]["withdrawn_at"]
    assert path not in browser.get(f"/memos/{made}").text


def test_a_refused_comment_says_why_and_keeps_what_was_typed(
    browser: FlaskClient, bus: MemoBus, service: LocalService, kim: Doc
) -> None:
    stranger, made = hire(service, "박남"), send(service, kim)
    status, page = press(browser, f"/memos/{made}/comments", text="<b>이것</b>", mentions=stranger["id"])
    assert status == 422 and "볼 수 있는 사람만" in page and "&lt;b&gt;이것&lt;/b&gt;</textarea>" in page
    said = service.call("comment", ME, {"id": made, "text": "처음"})["id"]
    path = f"/memos/{made}/comments/{said}"
    status, page = press(browser, path, text="고친 것", version="1", mentions=stranger["id"])
    assert status == 422 and "볼 수 있는 사람만" in page and "고친 것</textarea>" in page
    assert press(browser, path, text="늦은 것", version="7")[0] == 412
