"""Files go through the gateway in pieces: stored before they are accepted, deleted where they are refused."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.http import parse_options_header

from shared.errors import Conflict, Invalid, NotFound, Problem, TooLarge, Unavailable
from tests.unit.gateway.fake import FakeClient, application, signed_in

DOCUMENT = "01900000-0000-7000-8000-0000000000f1"
ATTACHMENT = "01900000-0000-7000-8000-0000000000b1"
PLACE = f"documents/{DOCUMENT}/{ATTACHMENT}"
URL = f"/api/v1/documents/{DOCUMENT}/attachments"
LIMIT = 1_000_000
CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 800


@pytest.fixture
def bus() -> FakeClient:
    def begin(_: Any, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["size"] is not None and asked["size"] > LIMIT:
            raise TooLarge(LIMIT)
        return {"file": ATTACHMENT, "object": PLACE, "name": asked["name"], "limit": LIMIT}

    def complete(_: Any, told: dict[str, Any]) -> dict[str, Any]:
        view = {"id": told["file"], "type": "application/pdf", "version": 4}
        return view | {name: told[name] for name in ("name", "size", "sha256")}

    client = FakeClient()
    client.answers |= {("documents", "begin_file"): begin, ("documents", "complete_file"): complete}
    return client


@pytest.fixture
def app(bus: FakeClient, tmp_path: Path) -> Flask:
    return application(bus, tmp_path, attachment_limit=LIMIT)


@pytest.fixture
def api(app: Flask) -> FlaskClient:
    return signed_in(app)


def kept(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


class Pieces(io.RawIOBase):
    """A body that counts how much is asked of it at once, and how much in all."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.most = 0
        self.read_in_all = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        asked = self.left if size < 0 else min(size, self.left)
        self.most = max(self.most, asked)
        self.left -= asked
        self.read_in_all += asked
        return b"x" * asked

    def readinto(self, buffer: Any) -> int:
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def sent(body: Pieces, length: int | None = None) -> dict[str, Any]:
    """A request with this body; without a length it is sent in chunks."""
    how = {"CONTENT_LENGTH": str(length)} if length is not None else {"HTTP_TRANSFER_ENCODING": "chunked"}
    return {"environ_overrides": {"wsgi.input": body, "wsgi.input_terminated": True, "CONTENT_LENGTH": None, **how}}


def test_a_file_is_kept_encrypted_and_accepted(api: FlaskClient, bus: FakeClient, tmp_path: Path) -> None:
    answer = api.post(f"{URL}?name=계획.pdf", data=CONTENT)
    assert answer.status_code == 201
    assert answer.get_json()["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert answer.headers["Location"] == f"{URL}/{ATTACHMENT}"
    assert [asked[1] for asked in bus.asked] == ["begin_file", "complete_file"]
    assert bus.asked[0][2] == {"id": DOCUMENT, "name": "계획.pdf", "size": len(CONTENT)}
    (path,) = kept(tmp_path)
    assert b"%PDF" not in path.read_bytes()


def test_a_part_of_a_form_is_taken_the_same(api: FlaskClient, bus: FakeClient) -> None:
    answer = api.post(URL, data={"file": (io.BytesIO(CONTENT), "계획.pdf")})
    assert (answer.status_code, answer.get_json()["name"]) == (201, "계획.pdf")
    assert bus.asked[1][2]["size"] == len(CONTENT)


def test_a_file_is_read_in_small_pieces(api: FlaskClient) -> None:
    body = Pieces(LIMIT)
    answer = api.post(f"{URL}?name=a.pdf", **sent(body, LIMIT))
    assert (answer.status_code, body.read_in_all) == (201, LIMIT)
    assert body.most <= 64 * 1024


def test_a_file_that_is_told_too_large_is_not_read(api: FlaskClient, bus: FakeClient, tmp_path: Path) -> None:
    body = Pieces(500 << 20)
    answer = api.post(f"{URL}?name=a.pdf", **sent(body, 500 << 20))
    assert (answer.status_code, answer.get_json()["limit"]) == (413, LIMIT)
    assert body.read_in_all == 0
    assert kept(tmp_path) == []


def test_a_file_sent_in_chunks_is_read_to_the_limit_and_no_further(
    api: FlaskClient, bus: FakeClient, tmp_path: Path
) -> None:
    body = Pieces(500 << 20)
    answer = api.post(f"{URL}?name=a.pdf", **sent(body))
    assert answer.status_code == 413
    assert LIMIT < body.read_in_all < LIMIT + 128 * 1024
    assert kept(tmp_path) == []
    assert [asked[1] for asked in bus.asked] == ["begin_file"]


def test_a_form_that_is_too_large_is_refused_by_its_length(api: FlaskClient, bus: FakeClient) -> None:
    form = {"file": (io.BytesIO(b"x" * (2 * LIMIT)), "a.pdf")}
    assert api.post(URL, data=form).status_code == 413
    assert bus.asked == []


def test_an_empty_file_is_refused(api: FlaskClient, bus: FakeClient, tmp_path: Path) -> None:
    answer = api.post(f"{URL}?name=a.pdf", data=b"")
    assert (answer.status_code, answer.get_json()["fields"]) == (422, {"file": "empty"})
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("x; filename*=UTF-8''%EA%B3%84.pdf", "계.pdf"),
        ("attachment; filename=\"x.pdf\"; filename*=UTF-8''%EA%B3%84.pdf", "계.pdf"),
        ('attachment; filename="계획 (안).pdf"', "계획 (안).pdf"),
        ("attachment; filename=계획 안.pdf; size=7", "계획 안.pdf"),
    ],
)
def test_the_name_may_be_told_as_a_downloads_is(api: FlaskClient, told: str, name: str) -> None:
    # As a client sends it: bytes, which a server takes for Latin-1.
    header = told.encode().decode("latin-1")
    answer = api.post(URL, data=CONTENT, headers={"Content-Disposition": header})
    assert (answer.status_code, answer.get_json()["name"]) == (201, name)


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_a_name_is_repaired_wherever_it_was_garbled(api: FlaskClient, encoding: str) -> None:
    garbled = "계획(안).pdf".encode(encoding).decode("latin-1")
    header = {"Content-Disposition": f'attachment; filename="{garbled}"'}
    form = {"file": (io.BytesIO(CONTENT), garbled)}
    for answer in (
        api.post(URL, data=CONTENT, headers=header),
        api.post(URL, data=CONTENT, query_string={"name": garbled}),
        api.post(URL, data=form),
    ):
        assert (answer.status_code, answer.get_json()["name"]) == (201, "계획(안).pdf")


class Broken(Pieces):
    """A body of chunks whose sender goes away in the middle, as the servers tell it."""

    def __init__(self, error: Exception) -> None:
        super().__init__(1000)
        self.error = error

    def read(self, size: int = -1) -> bytes:
        if not self.left:
            raise self.error
        return super().read(size)


@pytest.mark.parametrize("error", [OSError("unexpected end of file"), ValueError("invalid literal")])
def test_an_upload_that_breaks_off_leaves_nothing(
    api: FlaskClient, bus: FakeClient, tmp_path: Path, error: Exception
) -> None:
    answer = api.post(f"{URL}?name=a.pdf", **sent(Broken(error)))
    assert (answer.status_code, answer.get_json()["type"]) == (400, "urn:oneway:problem:bad-request")
    assert kept(tmp_path) == []
    assert [asked[1] for asked in bus.asked] == ["begin_file"]


def test_an_upload_shorter_than_told_leaves_nothing(api: FlaskClient, bus: FakeClient, tmp_path: Path) -> None:
    answer = api.post(f"{URL}?name=a.pdf", **sent(Pieces(1000), 2000))
    assert (answer.status_code, kept(tmp_path)) == (400, [])
    assert [asked[1] for asked in bus.asked] == ["begin_file"]


@pytest.mark.parametrize("url", [URL, f"{URL}?name="])
def test_a_file_without_a_name_is_refused(api: FlaskClient, bus: FakeClient, url: str) -> None:
    answer = api.post(url, data=CONTENT)
    assert (answer.status_code, answer.get_json()["fields"], bus.asked) == (422, {"name": "required"}, [])


@pytest.mark.parametrize("refusal", [Invalid({"file": "type_not_allowed"}), Conflict("in-approval")])
def test_what_the_service_refuses_is_deleted_again(
    api: FlaskClient, bus: FakeClient, tmp_path: Path, refusal: Problem
) -> None:
    bus.answers["documents", "complete_file"] = refusal
    assert api.post(f"{URL}?name=a.pdf", data=CONTENT).status_code == refusal.status
    assert kept(tmp_path) == []


def test_where_no_answer_came_the_file_stays(api: FlaskClient, bus: FakeClient, tmp_path: Path) -> None:
    bus.answers["documents", "complete_file"] = Unavailable("documents")
    assert api.post(f"{URL}?name=a.pdf", data=CONTENT).status_code == 503
    assert len(kept(tmp_path)) == 1


def test_a_repeated_upload_is_answered_with_what_it_made_the_first_time(
    api: FlaskClient, bus: FakeClient, tmp_path: Path
) -> None:
    digest = hashlib.sha256(CONTENT).hexdigest()
    first = {"id": ATTACHMENT, "name": "a.pdf", "size": len(CONTENT), "type": "application/pdf", "sha256": digest}
    bus.answers["documents", "complete_file"] = Conflict("idempotency-key-reused")

    def same(_: Any, asked: dict[str, Any]) -> dict[str, Any]:
        if (asked["name"], asked["sha256"]) != ("a.pdf", digest):
            raise NotFound("file")
        return {**first, "version": 9}

    bus.answers["documents", "same_file"] = same
    answer = api.post(f"{URL}?name=a.pdf", data=CONTENT, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.get_json()) == (201, {**first, "version": 9})
    other = api.post(f"{URL}?name=a.pdf", data=CONTENT + b"!", headers={"Idempotency-Key": "k"})
    assert other.status_code == 409
    assert kept(tmp_path) == []


def test_a_file_comes_back_as_it_was_and_is_never_shown(api: FlaskClient, bus: FakeClient) -> None:
    api.post(f"{URL}?name=a.pdf", data=CONTENT)
    ticket = {"object": PLACE, "name": '계획 "1".pdf', "type": "text/html", "size": len(CONTENT), "sha256": "5e" * 32}
    bus.answers["documents", "file_ticket"] = ticket
    answer = api.get(f"{URL}/{ATTACHMENT}")
    assert answer.data == CONTENT
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert 'filename="__ \\"1\\".pdf"' in answer.headers["Content-Disposition"]
    assert "%EA%B3%84%ED%9A%8D" in answer.headers["Content-Disposition"]
    assert answer.headers["ETag"] == f'"{"5e" * 32}"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_file_that_was_touched_in_the_store_is_not_given_out(
    api: FlaskClient, bus: FakeClient, tmp_path: Path
) -> None:
    api.post(f"{URL}?name=a.pdf", data=CONTENT)
    (path,) = kept(tmp_path)
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    bus.answers["documents", "file_ticket"] = {
        "object": PLACE,
        "name": "a",
        "type": "a/b",
        "size": 1,
        "sha256": "5e" * 32,
    }
    answer = api.get(f"{URL}/{ATTACHMENT}")
    assert (answer.status_code, answer.get_json()["type"]) == (500, "urn:oneway:problem:damaged")


# -- parts, and what the caller has already ---------------------------------------------------------

TAG = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def stored(api: FlaskClient, bus: FakeClient) -> FlaskClient:
    """With a file that was uploaded."""
    assert api.post(f"{URL}?name=a.csv", data=CONTENT).status_code == 201
    ticket = {"object": PLACE, "name": "a.csv", "type": "text/csv; charset=euc-kr", "size": len(CONTENT), "sha256": TAG}
    bus.answers["documents", "file_ticket"] = ticket
    return api


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=65530-65545", 65530, 65546),
        ("bytes=100-", 100, len(CONTENT)),
        ("bytes=-5", len(CONTENT) - 5, len(CONTENT)),
        ("bytes=10-99999999", 10, len(CONTENT)),
    ],
)
def test_a_part_of_a_file_is_given_where_it_is_asked_for(stored: FlaskClient, asked: str, start: int, end: int) -> None:
    answer = stored.get(f"{URL}/{ATTACHMENT}", headers={"Range": asked})
    assert (answer.status_code, answer.data) == (206, CONTENT[start:end])
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"
    assert answer.headers["Content-Length"] == str(end - start)
    assert answer.headers["ETag"] == f'"{TAG}"'
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=x-y", "bytes", ""])
def test_what_is_no_single_part_is_answered_with_the_whole(stored: FlaskClient, asked: str) -> None:
    answer = stored.get(f"{URL}/{ATTACHMENT}", headers={"Range": asked})
    assert (answer.status_code, answer.data) == (200, CONTENT)
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", [f"bytes={len(CONTENT)}-", "bytes=99999999-"])
def test_a_part_that_is_not_there_is_refused_with_the_size(stored: FlaskClient, asked: str) -> None:
    answer = stored.get(f"{URL}/{ATTACHMENT}", headers={"Range": asked})
    assert (answer.status_code, answer.get_json()["type"]) == (416, "urn:oneway:problem:range-not-satisfiable")
    assert answer.headers["Content-Range"] == f"bytes */{len(CONTENT)}"


def test_a_part_is_joined_only_to_what_it_is_part_of(stored: FlaskClient) -> None:
    part = {"Range": "bytes=0-9"}
    same = stored.get(f"{URL}/{ATTACHMENT}", headers={**part, "If-Range": f'"{TAG}"'})
    assert (same.status_code, same.data) == (206, CONTENT[:10])
    for other in (f'"{"0" * 64}"', "Wed, 21 Oct 2026 07:28:00 GMT"):
        answer = stored.get(f"{URL}/{ATTACHMENT}", headers={**part, "If-Range": other})
        assert (answer.status_code, answer.data) == (200, CONTENT)


def test_who_has_the_file_is_not_sent_it_again(stored: FlaskClient) -> None:
    for has in (f'"{TAG}"', f'"x", W/"{TAG}"', "*"):
        answer = stored.get(f"{URL}/{ATTACHMENT}", headers={"If-None-Match": has})
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == f'"{TAG}"'
    assert stored.get(f"{URL}/{ATTACHMENT}", headers={"If-None-Match": '"x"'}).data == CONTENT


def test_a_text_is_labelled_with_its_own_encoding(stored: FlaskClient) -> None:
    assert stored.get(f"{URL}/{ATTACHMENT}").headers["Content-Type"] == "text/csv; charset=euc-kr"


def test_the_head_of_a_file_is_told_without_the_file(stored: FlaskClient) -> None:
    answer = stored.head(f"{URL}/{ATTACHMENT}")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(CONTENT))


@pytest.mark.parametrize("name", ["100% 달성.pdf", "100%25.pdf", "a\\b.pdf", '"계획"; x=y.pdf'])
def test_a_name_comes_back_as_it_is_by_rfc_8187(stored: FlaskClient, bus: FakeClient, name: str) -> None:
    bus.answers["documents", "file_ticket"] |= {"name": name}
    _, told = parse_options_header(stored.get(f"{URL}/{ATTACHMENT}").headers["Content-Disposition"])
    assert told["filename"] == name
