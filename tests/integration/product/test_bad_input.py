"""Whatever is sent, the answer says clearly what is wrong with it, and nothing is lost or half done."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar

import lxml.html
import pytest
import requests

from shared.contracts.common import BODY_LIMIT
from shared.ids import new_id
from tests.integration.product.cast import BODY, Cast, if_match, key, problem
from tests.support.system import ATTACHMENT_LIMIT

PDF = b"%PDF-1.7\n" + b"x" * 100
MEBIBYTE = 1024 * 1024


def raw(cast: Cast, method: str, path: str, content: Any, kind: str | None = "application/json") -> requests.Response:
    """A call of the drafter's with this body as it is."""
    return cast.drafter.call(method, path, data=content, headers={"Content-Type": kind} if kind else {})


def drafts(cast: Cast) -> set[str]:
    """The drafter's drafts of now, the newest hundred."""
    return {row["id"] for row in cast.drafter.get("/documents?box=drafts&limit=100")["items"]}


@pytest.fixture
def nothing_made(cast: Cast) -> Iterator[None]:
    """The drafter has the same drafts after the test as before it."""
    before = drafts(cast)
    yield
    assert drafts(cast) == before


# -- bodies -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff\xfe\x00", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'"title"', "application/json", 400),
        (b"null", "application/json", 400),
        (b'{"title": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"title":' * 50_000, "application/json", 400),
        (b'{"title": "x"}', "text/plain", 415),
        (b"title=x", "application/x-www-form-urlencoded", 415),
        (b'{"title": "x"}', None, 415),
        (b"{}", "application/json", 422),
        (b'{"title": ""}', "application/json", 422),
        (b'{"title": "   "}', "application/json", 422),
        (b'{"title": 7}', "application/json", 422),
        (b'{"title": ["x"]}', "application/json", 422),
        (b'{"title": "x", "colour": "red"}', "application/json", 422),
        (b'{"title": "x", "id": "01900000-0000-7000-8000-000000000001"}', "application/json", 422),
        (b'{"title": "x", "state": "approved"}', "application/json", 422),
        (b'{"title": "x", "retention": "7"}', "application/json", 422),
        (b'{"title": "x", "disclosure": {"class": "closed"}}', "application/json", 422),
        (b'{"title": "x", "disclosure": {"class": "open", "clauses": [5]}}', "application/json", 422),
        (b'{"title": "x", "folder": "../../etc"}', "application/json", 422),
        (b'{"title": "x", "form": "no_such_form"}', "application/json", 422),
        (b'{"title": "x", "keywords": "word"}', "application/json", 422),
    ],
    ids=repr,
)
def test_a_draft_is_not_made_of_what_is_no_draft(
    cast: Cast, nothing_made: None, content: bytes, kind: str | None, status: int
) -> None:
    told = problem(raw(cast, "POST", "/documents", content, kind), status)
    assert status != 422 or told["fields"]


@pytest.mark.parametrize("size", [14 * MEBIBYTE, 40 * MEBIBYTE])
def test_a_body_of_many_megabytes_is_refused(cast: Cast, nothing_made: None, size: int) -> None:
    content = b'{"title": "' + b"x" * size + b'"}'
    problem(raw(cast, "POST", "/documents", content), 413, "too-large")
    # The gateway closes the connection on which so much is left unread.
    cast.drafter._session.close()


def test_ten_megabytes_of_title_or_of_a_list_are_refused(cast: Cast, nothing_made: None) -> None:
    assert "title" in problem(cast.drafter.call("POST", "/documents", {"title": "x" * 10 * MEBIBYTE}), 422)["fields"]
    many = {"title": "x", "keywords": ["x"] * 1_000_000}
    assert "keywords" in problem(cast.drafter.call("POST", "/documents", many), 422)["fields"]


@pytest.mark.parametrize("path", ["/documents/{id}/decisions", "/documents/{id}/submission", "/auth/token"])
def test_other_bodies_are_limited_more(cast: Cast, path: str) -> None:
    document = cast.draft()["id"]
    content = b'{"opinion": "' + b"x" * 4 * MEBIBYTE + b'"}'
    problem(raw(cast, "POST", path.format(id=document), content), 413, "too-large")


def test_a_body_text_over_the_limit_is_refused_and_one_at_the_limit_kept(cast: Cast) -> None:
    draft = cast.draft()
    path, headers = f"/documents/{draft['id']}", if_match(draft["version"])
    longest = "<p>" + "가" * (BODY_LIMIT - 7) + "</p>"
    told = problem(cast.drafter.call("PATCH", path, {"body": longest + "나"}, headers=headers), 422)
    assert list(told["fields"]) == ["body"]
    assert cast.card(draft["id"])["body"] == BODY
    assert cast.drafter.call("PATCH", path, {"body": longest}, headers=headers).status_code == 200
    assert cast.card(draft["id"])["body"] == longest


SCRIPTS = (
    "<script>alert(1)</script>",
    '<img src="x" onerror="alert(1)">',
    '<a href="javascript:alert(1)">여기</a>',
    '<a href=" jAvAsCrIpT&#58;alert(1)">여기</a>',
    '<p onclick="alert(1)" style="background:url(javascript:alert(1))">문단</p>',
    "<svg/onload=alert(1)>",
    '<iframe src="https://example.com/alert(1)"></iframe>',
    '<math><mtext></table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<form action="https://example.com"><input name="alert(1)"></form>',
    "<object data='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='></object>",
)


@pytest.mark.parametrize("script", SCRIPTS)
def test_script_in_rich_text_is_taken_out_before_it_is_kept(cast: Cast, script: str) -> None:
    draft = cast.draft("스크립트", body=f"<p>앞</p>{script}")
    card = cast.card(draft["id"])
    assert cast.drafter.get(f"/documents/{draft['id']}/versions/1")["body"] == card["body"]
    assert "앞" in card["body"]
    # Whatever is left of it is text: no element that acts, no attribute that is run.
    left = lxml.html.fragment_fromstring(card["body"], create_parent=True)
    assert {element.tag for element in left.iter()} <= {"div", "p", "a", "img", "table", "mtext"}
    for element in left.iter():
        assert not any(name.startswith("on") or name == "style" for name in element.attrib)
        assert not any("script:" in value or value.startswith("data:") for value in element.attrib.values())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("가\u0000나", "가나"),
        ("가\u202e나\u200b다", None),
        ("\ud55c\uae00\u1112\u1161\u11ab", None),
        ("👩‍👩‍👧‍👦 family", None),
        ("' OR 1=1; DROP TABLE document; --", "' OR 1=1; DROP TABLE document; --"),
        ("{{ 7 * 7 }} ${7*7} %s %(x)s", "{{ 7 * 7 }} ${7*7} %s %(x)s"),
        ('<b>굵게</b> & "인용"', '<b>굵게</b> & "인용"'),
        ("Z̷̡̛a̸l̴g̵o̶ ﷽ 𒐫", None),
    ],
    ids=ascii,
)
def test_hostile_text_is_kept_as_text(cast: Cast, text: str, kept: str | None) -> None:
    draft = cast.draft(text, body=f"<p>{text.replace('<', '&lt;')}</p>", summary=text, keywords=["낱말", "둘"])
    card = cast.card(draft["id"])
    if kept is not None:
        assert card["title"] == card["summary"] == kept
    assert "\0" not in json.dumps(card)
    cast.drafter.get("/documents", params={"box": "drafts", "q": card["title"][:100]})
    document = draft["id"]
    cast.submit(document, "decider")
    cast.decide("decider", document, opinion=text)
    assert cast.card(document)["state"] == "approved"


def test_half_a_surrogate_is_refused_or_cleaned_and_never_an_error(cast: Cast) -> None:
    for content in (b'{"title": "\\ud800"}', b'{"title": "\\udc00x", "body": "\\ud83d"}'):
        assert raw(cast, "POST", "/documents", content).status_code in (201, 400, 422)


def test_text_that_no_database_takes_is_no_error_in_a_search(cast: Cast) -> None:
    for q in ("\0", "가\0나", "%", "_", "\\", "'", "\ufffe", "ㄱㄴ" * 20, "x" * 100):
        for path in ("/people", "/documents?box=drafts", "/documents?box=received", "/documents?box=register"):
            answer = cast.drafter.call("GET", path, params={"q": q})
            assert answer.status_code in (200, 422), (q, path, answer.text)
    problem(cast.drafter.call("GET", "/people", params={"q": "x" * 101}), 422)


# -- attachments ------------------------------------------------------------------------------------


def upload(cast: Cast, document: str, name: str, content: Any, **headers: str) -> requests.Response:
    """Sends a file."""
    given = {"Content-Type": "application/octet-stream", **headers}
    return cast.drafter.call(
        "POST", f"/documents/{document}/attachments", params={"name": name}, data=content, headers=given
    )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("빈 파일.pdf", b"", "empty"),
        ("계획.pdf", b"MZ\x90\x00" + b"\0" * 200, "executable"),
        ("계획.pdf", b"\x7fELF" + b"\0" * 200, "executable"),
        ("그림.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "active_content"),
        ("글.txt", b"<!doctype html><script>alert(1)</script>", "active_content"),
        ("그림.png", PDF, "content_contradicts_name"),
        ("설치.exe", PDF, "type_not_allowed"),
        ("쪽.html", b"<p>x</p>", "type_not_allowed"),
        ("이름없음", PDF, "type_not_allowed"),
        ("../../etc/passwd", PDF, "type_not_allowed"),
        ("a" * 300 + ".pdf", PDF, None),
    ],
    ids=ascii,
)
def test_a_file_that_may_not_be_attached_is_refused(cast: Cast, name: str, content: bytes, code: str | None) -> None:
    draft = cast.draft("붙임 거절")
    told = problem(upload(cast, draft["id"], name, content), 422)
    assert code is None or code in told["fields"].values()
    card = cast.card(draft["id"])
    assert card["attachments"] == [] and card["version"] == draft["version"]


@pytest.mark.parametrize(
    "name", ["a\r\nX-Evil: 1.pdf", "a\tb.pdf", 'a";x="b.pdf', "가\u202efdp.exe.pdf", "..\\..\\a.pdf", "a/b/c.pdf"]
)
def test_a_hostile_file_name_is_made_harmless(cast: Cast, name: str) -> None:
    draft = cast.draft("붙임 이름")
    answer = upload(cast, draft["id"], name, PDF)
    assert answer.status_code in (201, 422), answer.text
    if answer.status_code == 201:
        kept = answer.json()
        assert not set(kept["name"]) & set("\r\n\t/\\\u202e")
        back = cast.drafter.call("GET", f"/documents/{draft['id']}/attachments/{kept['id']}")
        assert back.status_code == 200 and back.content == PDF and "X-Evil" not in back.headers


def test_a_file_that_says_it_is_too_large_is_refused_before_it_is_sent(cast: Cast) -> None:
    draft = cast.draft("큰 붙임")
    url = f"{cast.system.base_url}/api/v1/documents/{draft['id']}/attachments?name=a.pdf"
    for size in (ATTACHMENT_LIMIT + 1, 500 * MEBIBYTE):
        request = requests.Request("POST", url, data=PDF, headers={"Authorization": f"Bearer {cast.drafter.token}"})
        prepared = request.prepare()
        prepared.headers["Content-Length"] = str(size)
        with requests.Session() as session:
            problem(session.send(prepared, timeout=30), 413, "too-large")
    assert cast.card(draft["id"])["attachments"] == []


def kept(cast: Cast) -> set[str]:
    """The files in the object store."""
    return {str(path) for path in (cast.system.var / "objects").rglob("*") if path.is_file()}


@pytest.mark.parametrize("told", [True, False], ids=["with its size told", "in chunks"])
def test_a_file_over_the_limit_is_refused_and_leaves_nothing(cast: Cast, told: bool) -> None:
    draft, before = cast.draft("큰 붙임"), kept(cast)
    pieces = (b"%PDF-1.7\n".ljust(MEBIBYTE, b"x") for _ in range(ATTACHMENT_LIMIT // MEBIBYTE + 1))
    answer = upload(cast, draft["id"], "a.pdf", b"".join(pieces) if told else pieces)
    assert problem(answer, 413, "too-large")["limit"] == ATTACHMENT_LIMIT
    assert cast.card(draft["id"])["attachments"] == [] and kept(cast) == before


def test_a_file_as_large_as_the_limit_is_taken(cast: Cast) -> None:
    draft = cast.draft("가장 큰 붙임")
    content = b"%PDF-1.7\n".ljust(ATTACHMENT_LIMIT, b"x")
    answer = upload(cast, draft["id"], "a.pdf", (content[n : n + MEBIBYTE] for n in range(0, len(content), MEBIBYTE)))
    assert answer.status_code == 201, answer.text
    path = f"/documents/{draft['id']}/attachments/{answer.json()['id']}"
    assert cast.drafter.call("GET", path).content == content


def test_a_multipart_form_is_taken_as_well(cast: Cast) -> None:
    draft = cast.draft("양식")
    path = f"/documents/{draft['id']}/attachments"
    answer = cast.drafter.call("POST", path, files={"file": ("계획.pdf", PDF)})
    assert answer.status_code == 201, answer.text
    assert problem(cast.drafter.call("POST", path, files={"other": ("a.pdf", PDF)}), 422)["fields"]
    assert [a["name"] for a in cast.card(draft["id"])["attachments"]] == ["계획.pdf"]


# -- lines ------------------------------------------------------------------------------------------


def test_a_line_that_leads_to_no_decision_is_refused(cast: Cast) -> None:
    draft = cast.draft("잘못된 결재선")
    ids = {role: cast.id(role) for role in ("reviewer", "cooperator", "decider", "drafter")}
    review = {"person": ids["reviewer"], "role": "review"}
    decide = {"person": ids["decider"], "role": "decide"}
    lines: list[tuple[list[dict[str, Any]], dict[str, str]]] = [
        ([review], {"line": "no_decider"}),
        ([review | {"role": "decide"}, decide], {"line": "several_deciders"}),
        ([decide, review], {"line": "decider_not_last"}),
        ([review, {**decide, "person": new_id()}], {"line.1.person": "unknown_person"}),
        ([review, decide | {"person": ids["reviewer"]}], {"line.1.person": "duplicate_person"}),
        ([{"person": ids["drafter"], "role": "review"}, decide], {"line.0.person": "duplicate_person"}),
        ([review, decide | {"parallel": True}], {"line.1.parallel": "parallel_without_cooperate"}),
    ]
    path = f"/documents/{draft['id']}/submission"
    for line, fields in lines:
        assert problem(cast.drafter.call("POST", path, {"line": line}), 422)["fields"] == fields
    for line in (
        [],
        [{"person": "x", "role": "decide"}],
        [{"person": ids["decider"], "role": "emperor"}],
        "x",
        [7],
        None,
    ):
        told = problem(cast.drafter.call("POST", path, {"line": line}), 422)
        assert all(field.startswith("line") for field in told["fields"]), told
    problem(cast.drafter.call("POST", path, {}), 422)
    card = cast.card(draft["id"])
    assert card["state"] == "draft" and card["route"] is None and card["version"] == draft["version"]
    cast.has_no_todo("reviewer", draft["id"])


def test_an_empty_document_is_not_submitted(cast: Cast) -> None:
    empty = cast.draft("빈 문서", body="<p> </p><p>&nbsp;</p>")
    told = problem(
        cast.drafter.call("POST", f"/documents/{empty['id']}/submission", {"line": cast.line("decider")}), 422
    )
    assert told["fields"] == {"body": "required"}


# -- decisions --------------------------------------------------------------------------------------


def test_a_decision_counts_at_its_step_on_its_version_once(cast: Cast) -> None:
    draft = cast.draft("결재")
    document, path = draft["id"], f"/documents/{draft['id']}/decisions"
    problem(cast.api("decider").call("POST", path, {"action": "approve"}), 404)
    cast.submit(document, "reviewer", "cooperator", "decider")
    cast.has_todo("reviewer", document)
    approve = {"action": "approve"}
    for role, status in (("decider", 409), ("cooperator", 409), ("drafter", (403, 409)), ("clerk", 404)):
        problem(cast.api(role).call("POST", path, approve), status)
    for body in ({}, {"action": "burn"}, {"action": "approve", "x": 1}, {"action": "approve", "version": "old"}):
        problem(cast.api("reviewer").call("POST", path, body), 422)
    problem(cast.api("reviewer").call("POST", path, {"action": "approve", "opinion": "x" * 5000}), 422)
    problem(cast.api("reviewer").call("POST", path, approve | {"version": 99}), 409, "other-version")
    version = cast.card(document)["version"]
    cast.decide("reviewer", document, version=version)
    problem(cast.api("reviewer").call("POST", path, approve), 409)
    cast.decide("cooperator", document)
    cast.decide("decider", document)
    for role in ("reviewer", "cooperator", "decider"):
        problem(cast.api(role).call("POST", path, {"action": "return"}), 409)
    card = cast.card(document)
    assert card["state"] == "approved"
    assert [step["state"] for step in card["route"]["submissions"][0]["steps"]] == ["approved"] * 4


def test_a_return_says_why(cast: Cast) -> None:
    document = cast.submitted("이유 없는 반려")
    cast.has_todo("decider", document)
    path = f"/documents/{document}/decisions"
    assert "opinion" in problem(cast.api("decider").call("POST", path, {"action": "return"}), 422)["fields"]
    assert cast.card(document)["state"] == "in_approval"


# -- addresses, cursors, methods --------------------------------------------------------------------


@pytest.mark.parametrize(
    "cursor", ["x", "", "....", "AAAA", "a" * 500, "W10", "bnVsbA", "%00", "가나다", "eyJhIjoxfQ=="]
)
@pytest.mark.parametrize(
    "path", ["/people", "/desk/todos", "/desk/notices", "/documents?box=drafts", "/documents?box=decided"]
)
def test_a_broken_cursor_is_refused(cast: Cast, path: str, cursor: str) -> None:
    answer = cast.drafter.call("GET", path, params={"cursor": cursor})
    if cursor == "" and answer.status_code == 200:
        return
    assert problem(answer, 422)["fields"] == {"cursor": "broken_cursor"}


def test_a_cursor_is_good_for_its_own_list_only(cast: Cast) -> None:
    cast.draft(), cast.draft()
    cursor = cast.drafter.get("/documents?box=drafts&limit=1")["next"]
    for path in (
        "/documents?box=finished",
        "/documents?box=drafts&sort=title",
        "/documents?box=decided",
        "/desk/todos",
    ):
        assert problem(cast.drafter.call("GET", path, params={"cursor": cursor}), 422)["fields"]


@pytest.mark.parametrize("limit", ["0", "-1", "101", "x", "1e9", "99999999999999999999"])
def test_a_page_has_a_bounded_length(cast: Cast, limit: str) -> None:
    for path in ("/people", "/desk/todos", "/documents?box=drafts"):
        assert "limit" in problem(cast.drafter.call("GET", path, params={"limit": limit}), 422)["fields"]


def test_what_is_not_there_is_a_problem_as_well(cast: Cast) -> None:
    for path in ("/documents/x", "/documents/" + "9" * 36, f"/documents/{new_id()}", "/nothing", "/documents/%00", "/"):
        problem(cast.drafter.call("GET", path), 404, "not-found")
    answer = cast.drafter.call("DELETE", "/people")
    problem(answer, 405)
    assert "GET" in answer.headers["Allow"]


class _Named(dict[str, str]):
    """What stands in an address for each name; an id unless told."""

    told: ClassVar[dict[str, str]] = {
        "version": "1",
        "kind": "people",
        "what": "removal",
        "day": "2026-03-02",
        "month": "2026-03",
    }

    def __missing__(self, name: str) -> str:
        return self.told.get(name) or new_id()


def test_nobody_comes_in_without_a_token(cast: Cast) -> None:
    paths = cast.system.anonymous().get("/openapi.json")["paths"]
    for path, methods in paths.items():
        for method in methods:
            address = path.removeprefix("/api/v1").format_map(_Named())
            if address != "/auth/token" and method != "parameters":
                problem(cast.system.anonymous().call(method.upper(), address, {}), 401)


def test_a_bad_idempotency_key_is_refused(cast: Cast, nothing_made: None) -> None:
    for bad in ("", "x" * 101, "a b", "\u00e9"):
        headers = {"Idempotency-Key": bad.encode("latin-1")}
        problem(cast.drafter.call("POST", "/documents", {"title": "x"}, headers=headers), 400)  # type: ignore[arg-type]
    assert key()
