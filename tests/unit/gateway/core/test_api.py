"""The REST API at its edge: what it asks of the services, and what its answers carry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shared.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Stale, TooMany, Unauthorized, Unavailable
from tests.unit.gateway.fake import ME, PRINCIPAL, TOKEN, FakeClient, application, signed_in

API = "/api/v1"
DOCUMENT = "01900000-0000-7000-8000-0000000000f1"
OTHER = "01900000-0000-7000-8000-0000000000f2"
SAVED = {"id": DOCUMENT, "state": "draft", "version": 3, "title": "제목", "updated_at": "2026-01-02T03:04:05+00:00"}
DECIDED = {"document": DOCUMENT, "state": "approved", "step": 1, "decided_at": "2026-01-02T03:04:05+00:00"}
ROUTE = {"document": DOCUMENT, "state": "in_approval", "submissions": [], "may": ["decide"]}
CARD = {**SAVED, "state": "in_approval", "may": []}


@pytest.fixture
def bus() -> FakeClient:
    return FakeClient()


@pytest.fixture
def app(bus: FakeClient, tmp_path: Path) -> Flask:
    return application(bus, tmp_path)


@pytest.fixture
def api(app: Flask) -> FlaskClient:
    return signed_in(app)


# -- signing in -------------------------------------------------------------------------------------


def sign_in(client: FlaskClient, **changes: Any) -> Any:
    return client.post(f"{API}/auth/token", json={"tenant": "city", "login": "hong", "password": "x", **changes})


def test_a_token_is_given_for_login_and_password(app: Flask, bus: FakeClient) -> None:
    bus.answers["directory", "sign_in"] = {"token": TOKEN, "expires_in": 3600, "principal": PRINCIPAL}
    answer = sign_in(app.test_client())
    assert answer.status_code == 200
    assert answer.get_json() == {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600}
    (asked,) = bus.asked
    assert asked[2]["kind"] == "token"
    assert asked[2]["address"] == "127.0.0.1"
    # The answer holds the token: it is kept under no key.
    assert bus.keys == [None]


def test_an_unknown_tenant_is_refused_like_a_wrong_password(app: Flask, bus: FakeClient) -> None:
    bus.answers["directory", "sign_in"] = Unauthorized("bad-credentials")
    unknown, wrong = sign_in(app.test_client(), tenant="nowhere"), sign_in(app.test_client())
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.get_json()["type"] == wrong.get_json()["type"] == "urn:oneway:problem:bad-credentials"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"login": ""}, {"login": "required"}),
        ({"tenant": 5}, {"tenant": "wrong_type"}),
        ({"admin": "yes"}, {"admin": "unknown_field"}),
    ],
)
def test_a_sign_in_names_each_bad_field(app: Flask, changes: dict[str, Any], fields: dict[str, str]) -> None:
    answer = sign_in(app.test_client(), **changes)
    assert (answer.status_code, answer.get_json()["fields"]) == (422, fields)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", f"Basic {TOKEN}", f"Bearer {TOKEN}!"])
def test_without_a_sound_token_nothing_is_asked_of_a_service(app: Flask, bus: FakeClient, header: str) -> None:
    answer = app.test_client().get(f"{API}/desk/counts", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert bus.asked == []


def test_signing_out_ends_the_session(api: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "revoke_session"] = {"revoked": True}
    assert api.delete(f"{API}/auth/session").status_code == 204
    assert bus.asked == [("directory", "revoke_session", {"id": PRINCIPAL["session"]})]


def test_me_tells_the_person_the_organisation_and_the_roles(api: FlaskClient) -> None:
    told = api.get(f"{API}/me").get_json()
    assert told["person"]["id"] == ME
    assert told["organisation"] == {"code": "city", "name": "한빛시"}
    assert told["roles"] == ["drafter"]


# -- documents --------------------------------------------------------------------------------------


def test_a_draft_is_created_with_its_place_and_version(api: FlaskClient, bus: FakeClient) -> None:
    bus.answers["documents", "create_draft"] = SAVED
    answer = api.post(f"{API}/documents", json={"title": "제목"}, headers={"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.get_json()) == (201, SAVED)
    assert answer.headers["ETag"] == '"3"'
    assert answer.headers["Location"] == f"{API}/documents/{DOCUMENT}"
    assert bus.asked == [("documents", "create_draft", {"title": "제목"})]
    assert bus.keys == [f"{ME}:create_draft:k1"]


def test_a_write_without_a_key_has_one_of_its_own(api: FlaskClient, bus: FakeClient) -> None:
    bus.answers["documents", "create_draft"] = SAVED
    for _ in range(2):
        api.post(f"{API}/documents", json={"title": "제목"})
    first, second = bus.keys
    assert first and second and first != second


def test_a_change_says_which_version_it_was_made_on(api: FlaskClient, bus: FakeClient) -> None:
    bus.answers["documents", "save_draft"] = SAVED
    answer = api.patch(f"{API}/documents/{DOCUMENT}", json={"title": "새"}, headers={"If-Match": '"2"'})
    assert answer.headers["ETag"] == '"3"'
    assert bus.asked == [("documents", "save_draft", {"title": "새", "id": DOCUMENT, "version": 2})]


def test_a_change_without_a_version_is_asked_for_one(api: FlaskClient, bus: FakeClient) -> None:
    answer = api.patch(f"{API}/documents/{DOCUMENT}", json={"title": "새"})
    assert (answer.status_code, bus.asked) == (428, [])


def test_a_star_stands_for_the_version_there_is(api: FlaskClient, bus: FakeClient) -> None:
    bus.answers |= {("documents", "card"): {**CARD, "version": 7}, ("documents", "save_draft"): SAVED}
    api.patch(f"{API}/documents/{DOCUMENT}", json={"title": "새"}, headers={"If-Match": "*"})
    assert bus.asked[-1][2]["version"] == 7


@pytest.mark.parametrize("tag", ['"abc"', '"1", "2"', "-1", '"1'])
def test_what_is_no_version_matches_nothing(api: FlaskClient, bus: FakeClient, tag: str) -> None:
    bus.answers["documents", "save_draft"] = SAVED
    answer = api.patch(f"{API}/documents/{DOCUMENT}", json={}, headers={"If-Match": tag})
    assert answer.status_code == (200 if tag == '"1' else 412)


def test_an_old_version_is_refused_with_the_present_one(api: FlaskClient, bus: FakeClient) -> None:
    bus.answers["documents", "save_draft"] = Stale(5)
    answer = api.patch(f"{API}/documents/{DOCUMENT}", json={}, headers={"If-Match": '"2"'})
    assert (answer.status_code, answer.get_json()["current"]) == (412, 5)


def test_a_submission_is_accepted_with_a_line_or_with_the_one_saved(api: FlaskClient, bus: FakeClient) -> None:
    bus.answers["documents", "submit"] = {**SAVED, "state": "in_approval"}
    line = [{"person": ME, "role": "decide"}]
    assert api.post(f"{API}/documents/{DOCUMENT}/submission", json={"line": line}).status_code == 202
    assert api.post(f"{API}/documents/{DOCUMENT}/submission").get_json()["state"] == "in_approval"
    assert [asked[2] for asked in bus.asked] == [{"line": line, "id": DOCUMENT}, {"id": DOCUMENT}]


def test_a_decision_goes_to_the_approval_service(api: FlaskClient, bus: FakeClient) -> None:
    bus.answers["approval", "decide"] = DECIDED
    answer = api.post(f"{API}/documents/{DOCUMENT}/decisions", json={"action": "approve", "version": 3})
    assert (answer.status_code, answer.get_json()) == (200, DECIDED)
    assert bus.asked == [("approval", "decide", {"action": "approve", "version": 3, "document": DOCUMENT})]


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        ("POST", f"/documents/{DOCUMENT}/decisions", {"action": "approve", "document": OTHER}),
        ("POST", f"/documents/{DOCUMENT}/submission", {"id": OTHER}),
        ("PATCH", f"/documents/{DOCUMENT}", {"title": "새", "version": 9}),
        ("POST", "/people", {"id": OTHER}),
        ("PUT", f"/people/{OTHER}", {"version": 9}),
        ("GET", f"/documents/{DOCUMENT}/comparison?id={OTHER}", None),
    ],
)
def test_what_the_address_or_a_header_tells_is_told_nowhere_else(
    api: FlaskClient, bus: FakeClient, method: str, path: str, given: Any
) -> None:
    answer = api.open(API + path, method=method, json=given, headers={"If-Match": '"2"'})
    assert (answer.status_code, bus.asked) == (422, [])
    assert set(answer.get_json()["fields"].values()) == {"unknown_field"}


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [("DELETE", "submission", None), ("POST", "withdrawal", None), ("POST", "withdrawal", {"reason": "다시 봄"})],
)
def test_a_submission_is_taken_back_with_or_without_a_reason(
    api: FlaskClient, bus: FakeClient, method: str, path: str, given: Any
) -> None:
    bus.answers["approval", "withdraw"] = {**DECIDED, "state": "withdrawn", "step": None}
    answer = api.open(f"{API}/documents/{DOCUMENT}/{path}", method=method, json=given)
    assert (answer.status_code, answer.get_json()["state"]) == (200, "withdrawn")
    assert bus.asked == [("approval", "withdraw", {**(given or {}), "document": DOCUMENT})]


# -- what is kept under no key ----------------------------------------------------------------------

PERSON = {"id": OTHER, "version": 1}


@pytest.mark.parametrize(
    ("method", "path", "given", "called"),
    [
        ("POST", "/people", {"login": "lee", "password": "secret"}, "save_person"),
        ("PUT", f"/people/{OTHER}", {"login": "lee", "password": "secret"}, "save_person"),
        ("PUT", "/me/password", {"old": "a", "new": "b"}, "change_password"),
        ("POST", "/me/tokens", {"name": "p"}, "create_program_token"),
        ("POST", "/me/second-factor", None, "begin_totp"),
        ("POST", "/me/second-factor/confirmation", {"code": "123456"}, "confirm_totp"),
    ],
)
def test_nothing_is_kept_of_a_call_with_a_secret(
    api: FlaskClient, bus: FakeClient, method: str, path: str, given: Any, called: str
) -> None:
    bus.answers["directory", called] = PERSON
    answer = api.open(API + path, method=method, json=given, headers={"Idempotency-Key": "k"})
    assert answer.status_code < 300
    assert bus.keys == [None]


def test_a_person_without_a_password_is_saved_under_the_key(api: FlaskClient, bus: FakeClient) -> None:
    bus.answers["directory", "save_person"] = PERSON
    answer = api.post(f"{API}/people", json={"login": "lee"}, headers={"Idempotency-Key": "k"})
    assert answer.headers["Location"] == f"{API}/people/{OTHER}"
    assert bus.keys == [f"{ME}:save_person:k"]


def test_the_card_has_the_route_and_what_both_services_allow(api: FlaskClient, bus: FakeClient) -> None:
    bus.answers |= {("documents", "card"): {**CARD, "may": ["edit"]}, ("approval", "route"): ROUTE}
    answer = api.get(f"{API}/documents/{DOCUMENT}")
    told = answer.get_json()
    assert (told["route"], told["may"], answer.headers["ETag"]) == (ROUTE, ["edit", "decide"], '"3"')


def test_a_card_that_has_not_heard_of_the_end_is_asked_to_wait_for_it(api: FlaskClient, bus: FakeClient) -> None:
    def card(_: Any, asked: dict[str, Any]) -> dict[str, Any]:
        return {**CARD, "state": "approved"} if asked.get("settled") == "approved" else dict(CARD)

    bus.answers |= {("documents", "card"): card, ("approval", "route"): {**ROUTE, "state": "approved", "may": []}}
    assert api.get(f"{API}/documents/{DOCUMENT}").get_json()["state"] == "approved"


@pytest.mark.parametrize("gone", [Unavailable("approval"), NotFound("document")])
def test_the_card_is_shown_without_its_route_where_that_cannot_be_asked(
    api: FlaskClient, bus: FakeClient, gone: Problem
) -> None:
    bus.answers |= {("documents", "card"): dict(CARD), ("approval", "route"): gone}
    answer = api.get(f"{API}/documents/{DOCUMENT}")
    assert (answer.status_code, answer.get_json()["route"]) == (200, None)


def test_a_document_one_may_not_open_is_not_told_of_by_its_route(api: FlaskClient, bus: FakeClient) -> None:
    bus.answers |= {("documents", "card"): NotFound("document"), ("approval", "route"): ROUTE}
    assert api.get(f"{API}/documents/{DOCUMENT}").status_code == 404


@pytest.mark.parametrize(
    ("box", "service"),
    [("received", "approval"), ("progress", "approval"), ("decided", "approval")]
    + [(box, "documents") for box in ("drafts", "returned", "finished", "register")],
)
def test_each_box_is_asked_of_the_service_that_keeps_it(
    api: FlaskClient, bus: FakeClient, box: str, service: str
) -> None:
    bus.answers[service, "box"] = {"items": [], "next": None}
    assert api.get(f"{API}/documents?box={box}&limit=5&q=%EC%98%88%EC%82%B0").status_code == 200
    assert bus.asked == [(service, "box", {"box": box, "limit": "5", "q": "예산"})]


# -- bad requests -----------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'"text"', b"\xff\xfe", b"null"])
def test_what_is_no_json_object_is_refused(api: FlaskClient, bus: FakeClient, content: bytes) -> None:
    answer = api.post(f"{API}/documents", data=content, content_type="application/json")
    assert (answer.status_code, answer.get_json()["type"], bus.asked) == (400, "urn:oneway:problem:bad-json", [])


def test_another_content_type_is_refused(api: FlaskClient) -> None:
    assert api.post(f"{API}/documents", data={"title": "제목"}).status_code == 415


def test_a_body_over_the_limit_is_refused_unread(api: FlaskClient, bus: FakeClient) -> None:
    answer = api.post(f"{API}/desk/notices/read", data=b"x" * (4 << 20), content_type="application/json")
    assert (answer.status_code, bus.asked) == (413, [])


@pytest.mark.parametrize("path", ["/documents/1", "/documents/not-a-uuid", "/nothing", "/people/1"])
def test_what_cannot_be_is_not_found(api: FlaskClient, path: str) -> None:
    answer = api.get(API + path)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_method_that_is_not_offered_names_those_that_are(api: FlaskClient) -> None:
    answer = api.put(f"{API}/desk/counts")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("key", ["", "x" * 101, "with space", "한글"])
def test_a_key_that_cannot_be_kept_is_refused(api: FlaskClient, bus: FakeClient, key: str) -> None:
    answer = api.post(f"{API}/documents", json={}, headers={"Idempotency-Key": key.encode().decode("latin-1")})
    assert (answer.status_code, bus.asked) == (400, [])


@pytest.mark.parametrize(
    ("problem", "status", "header"),
    [
        (Invalid({"line.0.person": "unknown_person"}), 422, None),
        (Forbidden("drafter"), 403, None),
        (Conflict("not-your-turn"), 409, None),
        (TooMany(30), 429, "30"),
        (Unavailable("documents", 7), 503, "7"),
        (Problem(500, "internal", "Something went wrong"), 500, None),
    ],
)
def test_a_services_problem_is_told_as_rfc_9457_says(
    api: FlaskClient, bus: FakeClient, problem: Problem, status: int, header: str | None
) -> None:
    bus.answers["documents", "submit"] = problem
    answer = api.post(f"{API}/documents/{DOCUMENT}/submission", json={}, headers={"X-Request-Id": "request-1"})
    told = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert (told["status"], told["type"]) == (status, f"urn:oneway:problem:{problem.slug}")
    assert told["instance"] == "urn:oneway:request:request-1"
    assert told.get("fields", {}) == problem.fields
    assert answer.headers.get("Retry-After") == header


def test_every_answer_carries_the_requests_id(api: FlaskClient) -> None:
    assert api.get(f"{API}/me", headers={"X-Request-Id": "my-request"}).headers["X-Request-Id"] == "my-request"
    made = api.get(f"{API}/me", headers={"X-Request-Id": "bad id\t"}).headers["X-Request-Id"]
    assert len(made) == 36


def test_the_caller_is_who_the_token_says_whatever_the_body_says(api: FlaskClient, bus: FakeClient) -> None:
    bus.answers["documents", "create_draft"] = SAVED
    api.post(f"{API}/documents", json={"title": "제목", "person": OTHER, "tenant": "other"})
    (context,) = bus.contexts
    assert (context.tenant, context.person, context.roles) == ("city", ME, frozenset({"drafter"}))


def test_a_browsers_session_at_the_api_needs_its_csrf_token(app: Flask, bus: FakeClient) -> None:
    bus.answers["documents", "create_draft"] = SAVED
    client = app.test_client()
    client.set_cookie("oneway_session", TOKEN)
    assert client.post(f"{API}/documents", json={"title": "제목"}).get_json()["type"].endswith("csrf")
    assert client.get(f"{API}/me").status_code == 200
    assert bus.asked == []


@pytest.mark.parametrize(
    ("service", "method", "path"),
    [("directory", "create_program_token", "/me/tokens"), ("schedule", "create_feed", "/schedule/feeds")],
)
def test_an_answer_that_holds_a_secret_is_kept_under_no_key(
    api: FlaskClient, bus: FakeClient, service: str, method: str, path: str
) -> None:
    bus.answers[service, method] = {"id": ME}
    api.post(f"/api/v1{path}", json={"name": "x"}, headers={"Idempotency-Key": "mine"})
    keys = [key for (_, asked, _), key in zip(bus.asked, bus.keys, strict=True) if asked == method]
    assert keys == [None]
