"""Files on their way through the real servers: in parts, under the names people gave them, and away again."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.product.cast import Cast, problem
from tests.integration.product.database import sql
from tests.support.waiting import until

CONTENT = b"%PDF-1.7\n" + os.urandom(200_000)


def attached(cast: Cast, document: str, content: bytes = CONTENT, **headers: Any) -> dict[str, Any]:
    """Uploads; the attachment."""
    given = {"Content-Type": "application/octet-stream", **headers}
    path = f"/documents/{document}/attachments"
    name = {} if "Content-Disposition" in headers else {"name": "계획.pdf"}
    answer = cast.drafter.call("POST", path, params=name, data=content, headers=given)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_a_name_in_a_header_is_read_as_it_was_meant(cast: Cast, encoding: str) -> None:
    draft = cast.draft("이름")
    for told in ('attachment; filename="계획 (안).pdf"', "attachment; filename=계획.pdf"):
        header = {"Content-Disposition": told.encode(encoding)}
        assert attached(cast, draft["id"], **header)["name"] in ("계획 (안).pdf", "계획.pdf")
    names = [file["name"] for file in cast.card(draft["id"])["attachments"]]
    assert names == ["계획 (안).pdf", "계획.pdf"]


def test_a_file_is_fetched_in_parts_and_is_whole_again(cast: Cast) -> None:
    draft = cast.draft("조각")
    file = attached(cast, draft["id"])
    path, tag = f"/documents/{draft['id']}/attachments/{file['id']}", f'"{file["sha256"]}"'
    whole = b""
    while len(whole) < len(CONTENT):
        part = {"Range": f"bytes={len(whole)}-{len(whole) + 69_999}", "If-Range": tag}
        answer = cast.drafter.call("GET", path, headers=part)
        assert answer.status_code == 206
        end = len(whole) + len(answer.content)
        assert answer.headers["Content-Range"] == f"bytes {len(whole)}-{end - 1}/{len(CONTENT)}"
        whole += answer.content
    assert whole == CONTENT
    told = problem(cast.drafter.call("GET", path, headers={"Range": f"bytes={len(CONTENT)}-"}), 416)
    assert told["size"] == len(CONTENT)
    assert cast.drafter.call("GET", path, headers={"If-None-Match": tag}).status_code == 304


def test_a_text_says_in_which_encoding_it_is(cast: Cast) -> None:
    draft = cast.draft("글")
    for encoding, label in (("utf-8", "utf-8"), ("cp949", "euc-kr"), ("utf-16", "utf-16")):
        text = "이름,부서\r\n홍길동,총무과\r\n"
        header = {"Content-Disposition": b'attachment; filename="a.csv"'}
        file = attached(cast, draft["id"], text.encode(encoding), **header)
        back = cast.drafter.call("GET", f"/documents/{draft['id']}/attachments/{file['id']}")
        assert back.headers["Content-Type"] == f"text/csv; charset={label}"
        assert back.content.decode(label) == text


def test_what_a_crash_left_between_upload_and_completion_is_swept(cast: Cast) -> None:
    draft = cast.draft("남은 것")
    left, kept, young = (attached(cast, draft["id"])["id"] for _ in range(3))
    objects = cast.system.var / "objects" / cast.tenant / "documents" / draft["id"]
    # As it would be if the gateway had ended after it stored the bytes: two days ago, and just now.
    two_days_ago = datetime.now(UTC) - timedelta(days=2)
    begun = "UPDATE file SET state = 'begun', at = :at WHERE id = :id"
    at = two_days_ago if cast.system.mode == "full" else two_days_ago.strftime("%Y-%m-%d %H:%M:%S.%f")
    sql(cast.system, cast.tenant, "documents", begun, id=left, at=at)
    sql(cast.system, cast.tenant, "documents", "UPDATE file SET state = 'begun' WHERE id = :id", id=young)
    rows = "SELECT id FROM file WHERE owner = :owner"
    until(lambda: left not in {row.id for row in sql(cast.system, cast.tenant, "documents", rows, owner=draft["id"])})
    assert {path.name for path in objects.iterdir()} == {kept, young}
    path = f"/documents/{draft['id']}/attachments"
    assert cast.drafter.call("GET", f"{path}/{kept}").content == CONTENT
    problem(cast.drafter.call("GET", f"{path}/{left}"), 404)
