"""CSV files: tried out, taken over whole or not at all, written and read again."""

from __future__ import annotations

import base64
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from oneway.demo.city import tenants
from services.directory import hashing
from services.directory.models import Credential, Department, Person
from shared.context import system
from shared.contracts import directory as contract
from shared.errors import Invalid, Unauthorized
from shared.testing import TENANT, LocalService
from tests.unit.directory.office import NOBODY, PASSWORD, Doc, Office, holds

DEPARTMENTS = """부서코드,부서명,상위부서코드,순서,폐지
B000002,총무과,B000001,1,
B000001,행정국,,1,N
B000003,옛과,,9,Y
"""
PEOPLE = f"""아이디,이름,부서코드,직위,직급,겸직,전자우편,전화번호,역할,보안등급,재직,초기비밀번호
bora,김보라,B000002,과장,지방서기관,B000001/담당관/4급; ABC0000/위원,bora@city.kr,+82-2-1,drafter auditor,2,Y,{PASSWORD}
narae,서나래,b000002,주무관,,,,,drafter,,Y,
left,박떠남,B000001,주무관,,,,,,,N,
"""


def brought(office: Office, kind: str, text: str | bytes, dry_run: bool = False) -> Doc:
    result = office.bring(kind, text, dry_run)
    holds(contract.ImportResult, result)
    return result


def counts(result: Doc) -> tuple[int, int, int, bool]:
    return result["created"], result["changed"], result["unchanged"], result["applied"]


def named(result: Doc) -> list[tuple[int, str, str]]:
    return [(problem["line"], problem["field"], problem["code"]) for problem in result["problems"]]


def staffed(office: Office) -> Office:
    assert brought(office, "departments", DEPARTMENTS)["problems"] == []
    assert brought(office, "people", PEOPLE)["problems"] == []
    return office


# -- taking over ------------------------------------------------------------------------------------


def test_departments_are_taken_over_with_their_tree(office: Office) -> None:
    assert counts(brought(office, "departments", DEPARTMENTS)) == (3, 0, 0, True)
    tree = [(d["code"], d["name"], d["depth"], d["abolished"]) for d in office.call("departments")["items"]]
    assert tree == [
        ("ABC0000", "한빛시", 0, False),
        ("B000001", "행정국", 1, False),
        ("B000002", "총무과", 2, False),
        ("B000003", "옛과", 1, True),
    ]


def test_people_are_taken_over_with_posts_and_first_passwords(office: Office) -> None:
    staffed(office)
    found = office.call("people", q="보라")["items"][0]
    person = office.call("person", id=found["id"])
    assert (person["department"], person["rank"], person["phone"]) == ("총무과", "지방서기관", "+82-2-1")
    assert (person["roles"], person["clearance"]) == (["drafter", "auditor"], 2)
    posts = [(p["department_name"], p["position"], p["rank"]) for p in person["posts"]]
    assert posts[1:] == [("행정국", "담당관", "4급"), ("한빛시", "위원", "")]
    assert office.sign_in("bora")
    with pytest.raises(Unauthorized):
        office.sign_in("narae")
    assert office.call("people", q="떠남")["items"] == []


def test_the_same_file_again_changes_nothing(office: Office) -> None:
    staffed(office)
    told = len(office.service.events)
    assert counts(brought(office, "departments", DEPARTMENTS)) == (0, 0, 3, True)
    assert counts(brought(office, "people", PEOPLE)) == (0, 0, 3, True)
    assert len(office.service.events) == told
    assert {row.version for row in office.rows(Person)} == {1}


def test_a_dry_run_says_what_would_be_done_and_does_nothing(office: Office) -> None:
    assert counts(brought(office, "departments", DEPARTMENTS, dry_run=True)) == (3, 0, 0, False)
    assert (office.count(Department), office.record("directory.imported")) == (1, [])


def test_a_password_of_somebodys_own_is_not_overwritten(office: Office) -> None:
    staffed(office)
    office.call("change_password", office.signed_in("bora"), old=PASSWORD, new="My-own-password-1")
    brought(office, "people", PEOPLE)
    assert office.sign_in("bora", "My-own-password-1")


def test_a_first_password_is_given_later_too(office: Office) -> None:
    staffed(office)
    header, *lines = PEOPLE.splitlines()
    given = "\n".join([header, lines[1] + PASSWORD])
    assert counts(brought(office, "people", given)) == (0, 1, 0, True)
    assert office.sign_in("narae")
    assert len(office.record("directory.password.set")) == 2


def test_a_column_that_is_missing_changes_nothing(office: Office) -> None:
    staffed(office)
    short = "login,name,department,position\nbora,김보람,B000002,과장\n"
    assert counts(brought(office, "people", short)) == (0, 1, 0, True)
    found = office.call("person", id=office.call("people", q="보람")["items"][0]["id"])
    assert (found["phone"], len(found["posts"]), found["roles"]) == ("+82-2-1", 3, ["drafter", "auditor"])
    assert found["version"] == 2


def test_what_an_import_changes_is_recorded_told_and_signs_out_who_left(office: Office) -> None:
    staffed(office)
    token = office.sign_in("bora")["token"]
    brought(office, "people", "아이디,이름,부서코드,직위,재직\nbora,김보라,B000002,과장,N\n")
    with pytest.raises(Unauthorized):
        office.call("session", NOBODY, token=token)
    id_ = office.call("people", q="보라", inactive=True)["items"][0]["id"]
    assert office.service.events[-1].data == {"people": [id_]}
    assert [row.subject for row in office.record("directory.person.changed")] == [id_]
    assert '"changed":1' in office.record("directory.imported")[-1].entry
    record = " ".join(row.entry for row in office.record("directory.imported"))
    assert PASSWORD not in record


def test_a_department_renamed_by_a_file_keeps_its_name(office: Office) -> None:
    staffed(office)
    brought(office, "departments", DEPARTMENTS.replace("총무과", "총무담당관"))
    found = next(d for d in office.call("departments")["items"] if d["code"] == "B000002")
    assert (found["name"], [n["name"] for n in found["names"]], found["version"]) == ("총무담당관", ["총무과"], 2)


# -- bad files --------------------------------------------------------------------------------------


def test_every_bad_line_of_departments_is_named_and_nothing_is_taken_over(office: Office) -> None:
    text = """부서코드,부서명,상위부서코드,순서,폐지
C000001,가과,,1,
C000001,나과,,1,
short,다과,,1,
,라과,,,
C000005,,,1,
C000006,바과,C999999,x,maybe
C000007,사과,C000008,,
C000008,아과,C000007,,
"""
    for dry_run in (True, False):
        result = brought(office, "departments", text, dry_run)
        assert named(result) == [
            (3, "code", "duplicate_line"),
            (4, "code", "bad_code"),
            (5, "code", "required"),
            (6, "name", "required"),
            (7, "parent", "unknown_department"),
            (7, "order", "bad_number"),
            (7, "abolished", "bad_flag"),
            (8, "parent", "circle"),
            (9, "parent", "circle"),
        ]
        assert result["applied"] is False
    assert office.count(Department) == 1


def test_every_bad_line_of_people_is_named_and_nothing_is_taken_over(office: Office) -> None:
    brought(office, "departments", DEPARTMENTS)
    text = """아이디,이름,부서코드,직위,겸직,전자우편,역할,보안등급,재직,초기비밀번호
ok,좋음,B000001,주무관,,,,,,
ok,또,B000001,주무관,,,,,,
한글,가,B000001,주무관,,,,,,
a1,,X,,,,,,,
a2,가,B000003,주무관,B000001,x,king,9,?,
a3,가,B000001,주무관,B000001/위원,,platform_operator,,,abc
"""
    result = brought(office, "people", text)
    assert named(result) == [
        (3, "login", "duplicate_line"),
        (4, "login", "bad_login"),
        (5, "department", "unknown_department"),
        (5, "position", "required"),
        (5, "name", "required"),
        (6, "other_posts", "bad_post"),
        (6, "roles", "unknown_role"),
        (6, "clearance", "bad_number"),
        (6, "active", "bad_flag"),
        (6, "email", "bad_email"),
        (6, "department", "abolished_department"),
        (7, "other_posts", "department_twice"),
        (7, "roles", "may_not_grant"),
        (7, "password", "too_short"),
    ]
    assert "abc" not in str([p for p in result["problems"] if p["field"] == "password"])
    assert (office.count(Person), office.count(Credential)) == (1, 1)


def test_a_file_without_the_last_administrator_is_refused(office: Office) -> None:
    text = "아이디,이름,부서코드,직위,역할\nadmin,최관리,ABC0000,관리자,drafter\n"
    assert named(brought(office, "people", text)) == [(1, "roles", "last_administrator")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n \n", "empty_file"),
        (b"\xff\xfe\x00\x81", "unknown_encoding"),
        ("부서코드,부서명,색\nC000001,가,빨강\n".encode(), "unknown_column"),
        ("부서코드\nC000001\n".encode(), "missing_column"),
        ("부서코드,부서명,code\nC000001,가,C000001\n".encode(), "duplicate_column"),
        ("부서코드,부서명\nC000001,가,나,다\n".encode(), "too_many_cells"),
        ('부서코드,부서명\nC000001,"가\n'.encode(), "broken_csv"),
        ("부서코드,부서명\nC000001,가\x00나\n".encode(), "bad_character"),
    ],
)
def test_a_file_that_is_none_is_refused_and_said_why(office: Office, content: bytes, code: str) -> None:
    result = brought(office, "departments", content)
    assert code in [problem["code"] for problem in result["problems"]]
    assert (result["applied"], office.count(Department)) == (False, 1)


def test_content_that_is_not_base64_is_refused_by_field(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        office.call("import_csv", kind="people", content="가나다")
    assert refused.value.fields == {"content": "not_base64"}


# -- encodings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("codec", "told"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp949", "cp949")])
def test_files_come_as_korean_offices_have_them(office: Office, codec: str, told: str) -> None:
    result = brought(office, "departments", DEPARTMENTS.replace("옛과", "똠방각하과").encode(codec))
    assert (counts(result), result["encoding"]) == ((3, 0, 0, True), told)
    assert "똠방각하과" in [d["name"] for d in office.call("departments")["items"]]


def test_a_name_written_in_parts_is_kept_composed(office: Office) -> None:
    brought(office, "departments", "부서코드,부서명\nC000001,\u1100\u1161과\n")
    assert "가과" in [d["name"] for d in office.call("departments")["items"]]


def test_a_character_the_code_page_lacks_is_named(office: Office) -> None:
    office.hire("𠀋길동", login="rare")
    with pytest.raises(Invalid) as refused:
        office.take("people", "cp949")
    assert refused.value.fields == {"encoding": "character_not_in_encoding"}
    assert refused.value.detail == "line 3: 𠀋 (U+2000B)"
    assert "𠀋길동".encode() in office.take("people")


# -- writing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
@pytest.mark.parametrize("kind", ["departments", "people"])
def test_what_is_written_is_read_again_without_a_change(office: Office, kind: str, encoding: str) -> None:
    staffed(office)
    content = office.take(kind, encoding)
    assert content.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8")
    result = brought(office, kind, content)
    assert (counts(result), result["encoding"]) == ((0, 0, 4, True), encoding)


def test_a_file_is_in_the_order_of_the_tree_without_passwords_and_with_formulas_guarded(office: Office) -> None:
    text = staffed(office).take("people").decode("utf-8-sig")
    assert PASSWORD not in text
    assert "'+82-2-1" in text
    assert [line.split(",")[0] for line in text.splitlines()] == ["아이디", "admin", "left", "bora", "narae"]


def test_a_file_is_named_by_its_kind_and_the_day_in_seoul(office: Office) -> None:
    made = office.call("export_csv", kind="people")
    holds(contract.CsvFile, made)
    assert made["name"] == "people-20260302.csv"
    office.clock.advance(hours=15)
    assert (
        office.call("export_csv", office.signed_in("admin"), kind="departments")["name"] == "departments-20260303.csv"
    )


# -- a city -----------------------------------------------------------------------------------------


def test_a_city_of_seven_hundred_costs_a_hash_for_each_password_and_few_statements(
    service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = tenants(lambda tenant, login: f"Pw-{tenant}-secret1")[0]
    operator, admin = system(TENANT), city.roles["admin"]
    start = {"name": city.name, "code": city.institution_code, "admin_login": admin, "admin_name": "관리자"}
    service.call("bootstrap", operator, {**start, "admin_password": PASSWORD})
    done: Counter[str] = Counter()
    hashed = hashing.hashed
    monkeypatch.setattr(hashing, "hashed", lambda password: done.update(["hash"]) or hashed(password))

    def executed(*_: Any) -> None:
        done["statement"] += 1

    event.listen(Engine, "before_cursor_execute", executed)
    try:
        for kind, content in (("departments", city.departments_csv), ("people", city.people_csv)):
            data = {"kind": kind, "content": base64.b64encode(content).decode(), "dry_run": False}
            result = service.call("import_csv", operator, data)
            assert result["problems"] == []
    finally:
        event.remove(Engine, "before_cursor_execute", executed)
    assert result["created"] > 600
    assert done["hash"] == len(city.roles) - 1
    assert done["statement"] < 2 * result["created"]
    drafter = {"login": city.roles["drafter"], "password": f"Pw-{city.code}-secret1"}
    ctx = Office.as_(service.call("sign_in", NOBODY, drafter)["principal"])
    line = service.call("proposed_line", ctx)["items"]
    reviewer, decider = (city.names[city.roles[role]] for role in ("reviewer", "decider"))
    assert [(step["person"]["name"], step["role"]) for step in line] == [(reviewer, "review"), (decider, "decide")]
