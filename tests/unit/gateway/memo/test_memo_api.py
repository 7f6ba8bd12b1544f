"""Memos for programs: the fixed points, and what a program may rely on."""

from __future__ import annotations

from flask.testing import FlaskClient

from shared.testing import LocalService
from tests.unit.gateway.memo.conftest import MemoBus
from tests.unit.memo.cast import Doc, hire, receipts

MEMOS = "/api/v1/memos"


def test_a_memo_is_sent_listed_read_and_answered(api: FlaskClient, bus: MemoBus, kim: Doc) -> None:
    made = api.post(MEMOS, json={"to": [kim["id"]], "title": "점검 결과", "body": "<p>이상 없음</p>", "urgent": True})
    memo = made.get_json()["id"]
    assert (made.status_code, made.get_json()["state"]) == (201, "sent")
    assert made.headers["Location"] == f"{MEMOS}/{memo}"
    bus.sign_in(kim)
    (row,) = api.get(f"{MEMOS}?box=inbox").get_json()["items"]
    assert (row["id"], row["unread"], row["urgent"]) == (memo, True, True)
    assert [each["id"] for each in api.get(f"{MEMOS}/alerts").get_json()["items"]] == [memo]
    found = api.get(f"{MEMOS}/{memo}").get_json()
    assert (found["body"], found["mine"]["state"]) == ("<p>이상 없음</p>", "waiting")
    assert api.post(f"{MEMOS}/{memo}/reading").get_json()["first"] is True
    answer = {"answer": "agreed", "text": "좋습니다"}
    assert api.post(f"{MEMOS}/{memo}/answers", json=answer).get_json()["answer"] == "agreed"
    assert api.get(f"{MEMOS}/{memo}/receipts").status_code == 403


def test_getting_a_memo_is_no_receipt(api: FlaskClient, bus: MemoBus, service: LocalService, kim: Doc) -> None:
    memo = api.post(MEMOS, json={"to": [kim["id"]], "title": "점검"}).get_json()["id"]
    bus.sign_in(kim)
    for path in (MEMOS, f"{MEMOS}/{memo}", f"{MEMOS}/alerts", f"{MEMOS}/{memo}/comments"):
        assert api.get(path).status_code == 200
        assert api.head(path).status_code == 200
    assert receipts(service, memo)[0]["state"] == "waiting"


def test_a_draft_is_saved_by_version_sent_and_taken_back(api: FlaskClient, kim: Doc) -> None:
    made = api.post(f"{MEMOS}/drafts", json={"title": "초안"})
    memo = made.get_json()["id"]
    changed = api.patch(f"{MEMOS}/{memo}", json={"to": [f"person:{kim['id']}"]}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert api.patch(f"{MEMOS}/{memo}", json={"title": "x"}).status_code == 428
    assert api.patch(f"{MEMOS}/{memo}", json={"title": "x"}, headers={"If-Match": '"1"'}).status_code == 412
    sent = api.post(f"{MEMOS}/{memo}/sending", json={"hold": 5})
    assert (sent.status_code, sent.get_json()["state"]) == (202, "held")
    assert api.delete(f"{MEMOS}/{memo}/sending").get_json()["state"] == "draft"
    assert api.delete(f"{MEMOS}/{memo}").status_code == 204
    assert api.get(f"{MEMOS}/{memo}").status_code == 404


def test_a_write_repeated_under_its_key_sends_one_memo(api: FlaskClient, kim: Doc) -> None:
    asked = {"to": [kim["id"]], "title": "한 번"}
    first, again = (api.post(MEMOS, json=asked, headers={"Idempotency-Key": "k"}).get_json() for _ in range(2))
    assert first == again
    assert len(api.get(f"{MEMOS}?box=sent").get_json()["items"]) == 1


def test_comments_have_versions_and_marks(api: FlaskClient, kim: Doc) -> None:
    memo = api.post(MEMOS, json={"to": [kim["id"]], "title": "점검"}).get_json()["id"]
    made = api.post(f"{MEMOS}/{memo}/comments", json={"text": "사진 추가"}).get_json()
    path = f"{MEMOS}/{memo}/comments/{made['id']}"
    edited = api.patch(path, json={"text": "사진 두 장 추가"}, headers={"If-Match": '"1"'}).get_json()
    assert (edited["version"], edited["text"]) == (2, "사진 두 장 추가")
    assert [each["text"] for each in api.get(f"{path}/texts").get_json()["items"]] == ["사진 두 장 추가", "사진 추가"]
    assert api.put(f"{MEMOS}/{memo}/comments/read", json={"sequence": 1}).get_json() == {"read": 1, "unread": 0}
    assert api.delete(path, headers={"If-Match": '"2"'}).get_json()["withdrawn_at"]
    assert api.get(f"{MEMOS}/{memo}/comments").get_json()["items"][0]["text"] == ""


def test_marks_forwards_and_recalls(api: FlaskClient, bus: MemoBus, service: LocalService, kim: Doc) -> None:
    memo = api.post(MEMOS, json={"to": [kim["id"]], "title": "점검"}).get_json()["id"]
    lee = hire(service, "이주무")
    bus.sign_in(kim)
    assert api.patch(f"{MEMOS}/{memo}/marks", json={"pinned": True}).get_json()["pinned"] is True
    assert api.patch(f"{MEMOS}/marks", json={"ids": [memo], "unread": True}).get_json() == {
        "marked": [memo],
        "missed": [],
    }
    done = api.post(f"{MEMOS}/{memo}/forwards", json={"to": [lee["id"]], "note": "참고"}).get_json()
    assert [each["name"] for each in done["reached"]] == ["이주무"]
    bus.sign_in({**service.people["01900000-0000-7000-8000-000000000001"]})
    assert api.post(f"{MEMOS}/{memo}/recall").get_json() == {"id": memo, "recalled": 2, "kept": 0}
    bus.sign_in(lee)
    refused = api.get(f"{MEMOS}/{memo}")
    assert (refused.status_code, refused.get_json()["type"]) == (403, "urn:oneway:problem:memo-recalled")


def test_whom_a_memo_reaches_is_said_before_it_is_sent(api: FlaskClient, service: LocalService, kim: Doc) -> None:
    gone = hire(service, "최퇴직", active=False)
    found = api.post(f"{MEMOS}/receivers", json={"to": [kim["id"], gone["id"]]}).get_json()
    assert (found["receivers"], [each["name"] for each in found["left"]]) == (1, ["최퇴직"])
    assert api.get(f"{MEMOS}?box=sent").get_json()["items"] == []


def test_templates_and_settings(api: FlaskClient, bus: MemoBus) -> None:
    made = api.post("/api/v1/memo-templates", json={"name": "일일 점검", "title": "점검"})
    assert made.status_code == 201
    assert [each["name"] for each in api.get("/api/v1/memo-templates").get_json()["items"]] == ["일일 점검"]
    assert api.delete(f"/api/v1/memo-templates/{made.get_json()['id']}").status_code == 204
    assert api.get("/api/v1/memo-settings").get_json() == {"escalate_after": 30}
    assert api.put("/api/v1/memo-settings", json={"escalate_after": 10}).status_code == 403


def test_what_is_wrong_is_named(api: FlaskClient) -> None:
    refused = api.post(MEMOS, json={"to": [], "title": "제목"})
    assert (refused.status_code, refused.get_json()["fields"]) == (422, {"to": "required"})
    refused = api.post(MEMOS, json={"to": ["nobody"], "title": "제목"})
    assert refused.get_json()["fields"].keys() == {"to"} or refused.get_json()["fields"].keys() == {"to.0"}
    too_long = api.post(MEMOS, json={"to": [], "title": "제목", "body": "가" * 2_000_001})
    assert too_long.get_json()["fields"].keys() >= {"body"}
    assert api.post(MEMOS, data=b"{" + b" " * 15_000_000, content_type="application/json").status_code == 413
