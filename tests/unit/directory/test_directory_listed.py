"""Receivers from a file: who is meant by each line, which line adds nobody, and what is no such file."""

from __future__ import annotations

import base64

import pytest

from services.directory.domain import listed
from services.directory.domain.listed import Entry, Named
from shared.contracts import directory as contract
from shared.errors import Invalid
from tests.unit.directory.office import Doc, Office, holds


def of_file(office: Office, text: str | bytes) -> Doc:
    content = base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()
    found: Doc = office.call("receivers_of_file", content=content)
    holds(contract.FoundOfFile, found)
    return found


def problems(found: Doc) -> list[tuple[int, str, str]]:
    return [(each["line"], each["value"], each["code"]) for each in found["problems"]]


def test_each_line_is_somebody_by_login_or_email_and_what_adds_nobody_is_named(office: Office) -> None:
    kim = office.hire("김주무", login="kim", email="Kim@Hanbit.example")
    lee = office.hire("이주무", login="lee")
    gone = office.hire("박퇴직", login="park")
    office.change(gone, active=False)
    found = of_file(office, "KIM\nlee\n\nkim@hanbit.example\nnobody\npark\n")
    assert [(each["kind"], each["id"], each["name"]) for each in found["items"]] == [
        ("person", kim["id"], "김주무"),
        ("person", lee["id"], "이주무"),
    ]
    assert problems(found) == [
        (4, "kim@hanbit.example", "repeated"),
        (5, "nobody", "unknown"),
        (6, "park", "left"),
    ]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize(("column", "kim"), [("아이디", "kim"), ("전자우편", "kim@x.kr")])
def test_a_column_is_known_by_its_header_in_the_encodings_of_offices(
    office: Office, codec: str, column: str, kim: str
) -> None:
    office.hire("김주무", login="kim", email="kim@x.kr")
    found = of_file(office, f"이름,{column},부서\r\n김주무,{kim},총무과\r\n이없음,없는이,총무과\r\n".encode(codec))
    assert [each["name"] for each in found["items"]] == ["김주무"]
    assert problems(found) == [(3, "없는이", "unknown")]
    assert found["encoding"] == ("cp949" if codec == "cp949" else "utf-8")


def test_an_email_of_several_people_is_nobodys() -> None:
    people = [Named("1", "kim", "team@x", True), Named("2", "lee", "team@x", True), Named("3", "old", "team@x", False)]
    found = listed.resolved([Entry(1, "team@x", "team@x"), Entry(2, "kim", "kim")], people)
    assert found.people == ["1"]
    assert [(each.line, each.code) for each in found.problems] == [(1, "ambiguous")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        ("아이디\n".encode(), "empty_file"),
        (b"\xff\xfe\xff", "unknown_encoding"),
        (b'kim\n"lee\n', "broken_csv"),
        ("김주무,kim\n".encode(), "too_many_cells"),
        (b"".join(b"p%d\n" % n for n in range(10_001)), "too_many_lines"),
    ],
)
def test_what_is_no_list_of_people_is_refused_by_name(office: Office, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        of_file(office, content)
    assert refused.value.fields == {"content": code}


def test_what_is_no_base64_is_refused(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        office.call("receivers_of_file", content="한글")
    assert refused.value.fields == {"content": "not_base64"}
