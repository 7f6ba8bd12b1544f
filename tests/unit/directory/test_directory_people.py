"""People as they are entered, changed, found and shown; and who may call what."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import UniqueConstraint, inspect

from services.directory import models
from services.directory.models import Person, PersonTerm
from services.directory.service import DirectoryService
from shared.bus.spec import methods
from shared.context import Context, system
from shared.contracts import common
from shared.contracts import directory as contract
from shared.errors import Forbidden, Invalid, NotFound, Problem, Stale, Unauthorized
from shared.ids import new_id
from shared.testing import TENANT, LocalService, context
from tests.support.statements import statements
from tests.unit.directory.office import NOBODY, PASSWORD, Doc, Office, holds


def problems(office: Office, method: str, **data: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        office.call(method, **data)
    return dict(refused.value.fields)


def given(**changes: Any) -> Doc:
    return {"login": "bora", "name": "김보라", "posts": [], **changes}


# -- the beginning ----------------------------------------------------------------------------------


def test_an_organisation_begins_with_its_first_administrator(office: Office) -> None:
    assert office.admin.roles == {"drafter", "tenant_admin"}
    (root,) = office.call("departments")["items"]
    assert (root["id"], root["name"], root["code"], root["people"]) == (office.root, "한빛시", "ABC0000", 1)


def test_beginning_again_changes_nothing(office: Office) -> None:
    again = {**office.given, "name": "다른 이름", "admin_login": "other", "admin_password": "Other-horse-9"}
    assert office.call("bootstrap", system(TENANT), **again) == {"root": office.root, "created": False}
    assert (office.count(Person), office.call("departments")["items"][0]["name"]) == (1, "한빛시")
    assert office.sign_in("admin")


def test_a_weak_password_of_the_first_administrator_is_refused(service: LocalService) -> None:
    start = {"name": "가", "code": "0000001", "admin_login": "a b", "admin_name": "나", "admin_password": "x"}
    for fixed, field in (({}, "admin_login"), ({"admin_login": "ab"}, "admin_password")):
        with pytest.raises(Invalid) as refused:
            service.call("bootstrap", system(TENANT), {**start, **fixed})
        assert list(refused.value.fields) == [field]


def test_an_administrator_of_the_organisation_does_not_begin_it(office: Office) -> None:
    with pytest.raises(Forbidden):
        office.call("bootstrap", **office.given)


# -- entering and changing --------------------------------------------------------------------------


def test_a_person_with_several_posts_is_entered_and_shown(office: Office) -> None:
    tax, audit = office.department("세무과"), office.department("감사과")
    posts = [{"department": tax, "position": "과장", "rank": "지방서기관"}, {"department": audit, "position": "담당관"}]
    made = office.hire("김보라", login="Bora", posts=posts, email="b@c.kr", phone="02-1", clearance=1)
    holds(contract.PersonView, made)
    assert (made["login"], made["department"], made["position"], made["rank"]) == (
        "bora",
        "세무과",
        "과장",
        "지방서기관",
    )
    assert [post["department_name"] for post in made["posts"]] == ["세무과", "감사과"]
    assert made["version"] == 1
    assert office.call("person", id=made["id"]) == made


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"login": "한글"}, {"login": "bad_login"}),
        ({"login": "ADMIN"}, {"login": "taken"}),
        ({"email": "not-an-address"}, {"email": "bad_email"}),
        ({"email": "보라@city.example"}, {"email": "email_not_ascii"}),
        ({"email": f"bora@{'한' * 64}.kr"}, {"email": "bad_email"}),
        ({"name": "\u200b"}, {"name": "required"}),
        ({"name": "김\ud800"}, {"name": "not_valid"}),
        ({"posts": [{"department": new_id(), "position": "과장"}]}, {"posts.0.department": "unknown_department"}),
        ({"roles": ["platform_operator"]}, {"roles": "may_not_grant"}),
        ({"password": "short"}, {"password": "too_short"}),
        ({"password": "xx-bora-12345"}, {"password": "weak"}),
        ({"posts": []}, {"posts": "wrong_length"}),
        ({"roles": ["king"]}, {"roles.0": "not_a_choice"}),
    ],
)
def test_a_bad_person_is_refused_by_field_and_nothing_is_kept(
    office: Office, changes: Doc, expected: dict[str, str]
) -> None:
    start = given(posts=[{"department": office.root, "position": "주무관"}])
    assert problems(office, "save_person", **{**start, **changes}) == expected
    assert office.count(Person) == 1


def test_what_is_written_of_a_person_stands_on_one_line_as_everybody_would_type_it(office: Office) -> None:
    typed = {"name": "\u1100\u1175\u11b7보라\u200b", "phone": "02\n120", "email": "bora\0@city.example"}
    made = office.call("save_person", **given(posts=[{"department": office.root, "position": "주무관"}]) | typed)
    found = office.call("person", id=made["id"])
    assert (found["name"], found["phone"], found["email"]) == ("김보라", "02 120", "bora@city.example")
    assert [line["id"] for line in office.call("people", q="김보라")["items"]] == [made["id"]]


def test_what_differs_of_a_person_is_written_recorded_and_told(office: Office) -> None:
    tax = office.department("세무과")
    made = office.hire("김보라", login="bora")
    posts = [{"department": tax, "position": "팀장", "rank": ""}]
    saved = office.change(made, name="김보람", posts=posts, roles=["drafter", "auditor"])
    assert (saved["name"], saved["department"], saved["roles"], saved["version"]) == (
        "김보람",
        "세무과",
        ["drafter", "auditor"],
        2,
    )
    entry = office.record("directory.person.changed")[0]
    assert entry.subject == made["id"]
    assert '"roles":["drafter","auditor"]' in entry.entry and '"login"' not in entry.entry
    told = office.service.events[-1]
    assert (told.type, told.subject, told.data) == ("directory.people_changed", made["id"], {"people": [made["id"]]})
    holds(contract.PeopleChanged, told.data)
    assert office.told("people_changed")[-1] == [made["id"]]


def test_saving_without_a_change_writes_nothing(office: Office) -> None:
    made = office.hire()
    told = len(office.service.events)
    assert office.change(made) == made
    assert (len(office.service.events), office.record("directory.person.changed")) == (told, [])


def test_a_change_of_an_old_version_is_refused(office: Office) -> None:
    made = office.hire("김보라")
    office.change(made, name="김보람")
    with pytest.raises(Stale) as refused:
        office.change(made, name="김보미")
    assert refused.value.extra == {"current": 2}
    assert office.call("person", id=made["id"])["name"] == "김보람"


def test_a_repeated_command_enters_one_person(office: Office) -> None:
    start = given(posts=[{"department": office.root, "position": "주무관"}])
    first = office.call("save_person", key="k", **start)
    assert office.call("save_person", key="k", **start) == first
    assert office.count(Person) == 2


def test_who_leaves_is_signed_out_and_may_come_back(office: Office) -> None:
    made = office.hire(login="bora")
    token = office.sign_in("bora", kind="browser")["token"]
    left = office.change(made, active=False)
    with pytest.raises(Unauthorized):
        office.call("session", NOBODY, token=token)
    assert office.told("session_revoked")[-1] == [made["id"]]
    assert office.call("people_by_ids", ids=[made["id"]])[made["id"]]["active"] is False
    office.change(left, active=True)
    with pytest.raises(Unauthorized):
        office.call("session", NOBODY, token=token)
    assert office.sign_in("bora")


def test_a_password_set_by_the_administrator_ends_the_sessions(office: Office) -> None:
    made = office.hire(login="bora")
    token = office.sign_in("bora")["token"]
    office.change(made, password="Given-by-admin-1")
    with pytest.raises(Unauthorized):
        office.call("session", NOBODY, token=token)
    assert office.sign_in("bora", "Given-by-admin-1")
    entry = office.record("directory.password.set")[-1]
    assert entry.subject == made["id"] and "Given" not in entry.entry


def test_the_last_administrator_stays(office: Office) -> None:
    admin = office.call("person", id=office.admin.person)
    for changes, field in (({"roles": []}, "roles"), ({"active": False}, "active")):
        with pytest.raises(Invalid) as refused:
            office.change(admin, **changes)
        assert refused.value.fields == {field: "last_administrator"}
    second = office.hire(login="second", roles=["tenant_admin"])
    office.change(admin, roles=["drafter"])
    with pytest.raises(Invalid):
        office.change(second, active=False)


def test_a_person_who_does_not_exist_is_not_changed(office: Office) -> None:
    start = given(id=new_id(), posts=[{"department": office.root, "position": "주무관"}])
    with pytest.raises(NotFound):
        office.call("save_person", **start)


def test_a_language_is_the_callers_own_and_takes_effect_at_once(office: Office) -> None:
    token = office.sign_in("admin")["token"]
    assert office.call("save_settings", locale="en") == {"locale": "en"}
    assert office.call("session", NOBODY, token=token)["locale"] == "en"
    assert office.told("people_changed")[-1] == [office.admin.person]
    assert office.call("save_settings") == {}


# -- who sees what ----------------------------------------------------------------------------------


def test_a_colleague_sees_how_to_reach_somebody_but_not_how_they_are_secured(office: Office) -> None:
    made = office.hire("김보라", login="bora", phone="02-1", clearance=3)
    office.hire(login="narae")
    seen = office.call("person", office.signed_in("narae"), id=made["id"])
    holds(contract.PersonView, seen)
    assert (seen["phone"], seen["roles"]) == ("02-1", ["drafter"])
    assert (seen["clearance"], seen["totp"], seen["locked_until"]) == (None, None, None)
    own = office.call("person", office.signed_in("bora"), id=made["id"])
    assert (own["clearance"], own["totp"]) == (3, False)


def test_people_by_their_ids_are_named_as_on_a_record(office: Office) -> None:
    made = office.hire("김보라")
    found = office.call("people_by_ids", ids=[made["id"], new_id()])
    assert list(found) == [made["id"]]
    ref = found[made["id"]]
    assert ref.pop("active") is True
    holds(common.PersonRef, ref)
    assert office.call("people_by_ids", ids=[]) == {}


def test_addresses_are_told_to_who_carries_mail_and_to_nobody_else(office: Office) -> None:
    made = office.hire("김보라", email="bora@city.example")
    found = office.service.call("addresses", system(TENANT), {"ids": [made["id"], new_id()]})
    assert found == {made["id"]: {"name": "김보라", "email": "bora@city.example", "locale": "ko", "active": True}}
    holds(contract.Address, found[made["id"]])
    assert office.service.call("addresses", system(TENANT), {"ids": []}) == {}
    assert refused(office.service, office.admin) == 403


def refused(service: LocalService, ctx: Context) -> int:
    with pytest.raises(Problem) as caught:
        service.call("addresses", ctx, {"ids": []})
    return caught.value.status


# -- search -----------------------------------------------------------------------------------------


@pytest.fixture
def staff(office: Office) -> Office:
    tax = office.department("세무과")
    for name, login, department in (
        ("김하늘", "haneul.kim", tax),
        ("이하늘", "sky", office.root),
        ("하늘찬", "chan_1", office.root),
        ("박세무", "semu", office.root),
        ("Anna Kim", "anna", tax),
    ):
        office.hire(name, department, login=login)
    return office


def found(office: Office, q: str = "", **asked: Any) -> list[str]:
    page = office.call("people", q=q, **asked)
    holds(contract.PeoplePage, page)
    return [item["name"] for item in page["items"]]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("하늘", ["하늘찬", "김하늘", "이하늘"]),
        ("ㄱㅎㄴ", ["김하늘"]),
        ("ㅎㄴ", ["김하늘", "이하늘", "하늘찬"]),
        ("HANEUL", ["김하늘"]),
        ("kim", ["Anna Kim", "김하늘"]),
        ("세무", ["Anna Kim", "김하늘", "박세무"]),
        ("세무과 하늘", ["김하늘"]),
        ("an", ["Anna Kim"]),
        ("없음", []),
        ("%", []),
        ("_", []),
        ("/", []),
        ("'; --", []),
    ],
)
def test_people_are_found_by_parts_of_name_initials_login_and_department(
    staff: Office, q: str, expected: list[str]
) -> None:
    assert found(staff, q) == expected


def test_a_search_is_paged_without_gap_or_double(staff: Office) -> None:
    for q in ("", "하늘"):
        whole, pages, cursor = found(staff, q, limit=100), [], None
        while True:
            page = staff.call("people", q=q, limit=2, cursor=cursor)
            pages += [item["name"] for item in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert pages == whole


def test_a_search_keeps_to_a_department_and_to_those_who_are_here(staff: Office) -> None:
    tax = next(d["id"] for d in staff.call("departments")["items"] if d["name"] == "세무과")
    assert found(staff, department=tax) == ["Anna Kim", "김하늘"]
    gone = staff.call("people", q="김하늘")["items"][0]
    staff.change(staff.call("person", id=gone["id"]), active=False)
    assert found(staff, department=tax) == ["Anna Kim"]
    assert found(staff, "김하늘", inactive=True) == ["김하늘"]


def test_a_new_name_is_found_and_the_old_one_is_not(office: Office) -> None:
    office.change(office.hire("김하늘", login="h"), name="김바다")
    assert (found(office, "하늘"), found(office, "바다")) == ([], ["김바다"])
    assert {row.term for row in office.rows(PersonTerm)} >= {"김바다", "바다", "ㄱㅂㄷ"}


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMl0", "WyJhXHUwMDAwIiwiYiJd", "WyJhIiwiYiIsImMiXQ"])
def test_a_broken_cursor_is_refused(office: Office, cursor: str) -> None:
    assert problems(office, "people", cursor=cursor) == {"cursor": "broken_cursor"}


@pytest.mark.parametrize(
    ("method", "data"),
    [
        ("session", {}),
        ("people", {"q": "하늘 세무", "limit": 50}),
        ("people_by_ids", {}),
        ("proposed_line", {}),
    ],
)
def test_what_is_asked_all_day_is_one_statement(staff: Office, method: str, data: Doc) -> None:
    if method == "session":
        data = {"token": staff.sign_in("sky")["token"]}
    if method == "people_by_ids":
        data = {"ids": [item["id"] for item in staff.call("people")["items"]]}
    with statements() as made:
        staff.call(method, **data)
    assert len(made) == 1


# -- the proposed line ------------------------------------------------------------------------------


def test_the_heads_above_are_proposed_nearest_first_and_an_absent_one_is_marked(office: Office) -> None:
    bureau = office.department("행정국")
    division = office.department("총무과", bureau)
    office.hire("박국장", bureau, "국장", login="bureau")
    office.hire("이과장", division, "과장", login="division")
    office.hire("김주무", division, login="staff")
    begin, end = office.clock.present.isoformat(), office.clock.present.replace(month=4).isoformat()
    absent = {"starts_at": begin, "ends_at": end, "reason": "trip"}
    office.call("save_absence", office.signed_in("division"), **absent)
    line = office.call("proposed_line", office.signed_in("staff"))
    holds(contract.ProposedLine, line)
    assert [(s["person"]["name"], s["role"], s["reason"]) for s in line["items"]] == [
        ("이과장", "review", "head_of_department"),
        ("박국장", "decide", "head_above"),
    ]
    assert [s["person"]["absent"] for s in line["items"]] == [
        {"reason": "trip", "until": "2026-04-02T00:00:10+00:00"},
        None,
    ]
    above = office.call("proposed_line", office.signed_in("division"))["items"]
    assert [(s["person"]["name"], s["role"]) for s in above] == [("박국장", "decide")]


def test_who_has_nobody_above_is_proposed_nobody(office: Office) -> None:
    assert office.call("proposed_line") == {"items": []}


# -- who may ----------------------------------------------------------------------------------------

_PERSON = {"login": "x", "name": "x", "posts": [{"department": new_id(), "position": "x"}]}
_SPAN = {"starts_at": "2026-03-03T00:00:00+00:00", "ends_at": "2026-03-04T00:00:00+00:00", "reason": "leave"}
# What each method answers somebody without any role: None where it is for everybody, else the status.
ANSWERS: dict[str, tuple[Doc, int | None]] = {
    "bootstrap": ({"name": "x", "code": "0000009", "admin_login": "x", "admin_name": "x", "admin_password": "x"}, 403),
    "record_shell_call": ({"operator": "x", "service": "x", "method": "x"}, 403),
    "sign_in": ({"login": "admin", "password": "wrong"}, 401),
    "session": ({"token": "x"}, 401),
    "sessions": ({}, None),
    "revoke_session": ({"id": new_id()}, 404),
    "create_program_token": ({"name": "x"}, None),
    "change_password": ({"old": PASSWORD, "new": "Quite-new-pass-1"}, None),
    "begin_totp": ({}, None),
    "confirm_totp": ({"code": "000000"}, 409),
    "remove_totp": ({"code": "000000"}, 409),
    "unlock": ({"id": new_id()}, 403),
    "reset_totp": ({"id": new_id()}, 403),
    "save_settings": ({"locale": "en"}, None),
    "people": ({}, None),
    "people_by_ids": ({"ids": []}, None),
    "addresses": ({"ids": []}, 403),
    "person": ({"id": new_id()}, 404),
    "save_person": (_PERSON, 403),
    "proposed_line": ({}, None),
    "superiors": ({"person": new_id()}, 404),
    "expand": ({}, None),
    "holders": ({"departments": [], "role": "requests_distributor"}, None),
    "unit": ({"id": new_id()}, 404),
    "receivers": ({}, None),
    "receivers_by_ids": ({"receivers": []}, None),
    "receivers_of_file": ({"content": base64.b64encode(b"login\nhong\n").decode()}, None),
    "groups": ({}, None),
    "group": ({"id": new_id()}, 404),
    "save_group": ({"name": "x", "members": [{"kind": "person", "id": new_id()}]}, 422),
    "delete_group": ({"id": new_id()}, 404),
    "save_holiday": ({"day": "2026-10-02", "kind": "off", "name": "x"}, 403),
    "delete_holiday": ({"day": "2026-10-02"}, 403),
    "calendar": ({}, None),
    "departments": ({}, None),
    "save_department": ({"name": "x", "code": "0000009"}, 403),
    "absences": ({}, None),
    "save_absence": (_SPAN, None),
    "retell": ({"what": "calendar"}, 403),
    "change_absence": ({**_SPAN, "id": new_id()}, 404),
    "cancel_absence": ({"id": new_id()}, 404),
    "import_csv": ({"kind": "people", "content": ""}, 403),
    "export_csv": ({"kind": "people"}, 403),
}


def status(office: Office, method: str, ctx: Context, data: Doc) -> int | None:
    try:
        office.call(method, ctx, **data)
    except Problem as problem:
        return problem.status
    return None


@pytest.mark.parametrize("method", sorted(methods(DirectoryService)))
def test_a_person_without_roles_may_what_concerns_them_and_read_the_directory(office: Office, method: str) -> None:
    office.hire(login="plain", roles=[])
    data, expected = ANSWERS[method]
    assert status(office, method, office.signed_in("plain"), data) == expected


@pytest.mark.parametrize("method", sorted(set(methods(DirectoryService)) - {"sign_in", "session"}))
def test_nobody_reaches_nothing_but_the_sign_in(office: Office, method: str) -> None:
    assert status(office, method, context(person="", roles=frozenset()), ANSWERS[method][0]) in (401, 403)


@pytest.mark.parametrize("method", sorted(name for name, (_, answer) in ANSWERS.items() if answer == 403))
def test_other_roles_do_not_administer(office: Office, method: str) -> None:
    roles = ["drafter", "document_officer", "seal_keeper", "records_officer", "requests_distributor", "auditor"]
    office.hire(login="plain", roles=roles)
    assert status(office, method, office.signed_in("plain"), ANSWERS[method][0]) == 403


def test_the_system_itself_asks_what_services_need_at_a_time_of_their_own(office: Office) -> None:
    asked = {"people_by_ids": {"ids": [office.admin.person]}, "superiors": {"person": office.admin.person}}
    for method, data in {**asked, "expand": {}, "calendar": {}}.items():
        assert status(office, method, system(TENANT), data) is None
    assert status(office, "people", system(TENANT), {}) == 401


# -- tables -----------------------------------------------------------------------------------------


def test_the_migrated_tables_are_those_of_the_models(service: LocalService) -> None:
    engine = service._runtime.databases.engine(TENANT)
    found = inspect(engine)
    assert set(found.get_table_names()) - {"alembic_version"} == set(models.Base.metadata.tables)
    for name, table in models.Base.metadata.tables.items():
        columns = {column["name"]: column["nullable"] for column in found.get_columns(name)}
        assert columns == {column.name: bool(column.nullable) for column in table.columns}, name
        keys = found.get_pk_constraint(name)["constrained_columns"]
        assert set(keys) == {column.name for column in table.primary_key}, name
        indexes = {tuple(index["column_names"]) for index in found.get_indexes(name)}
        assert indexes == {tuple(column.name for column in index.columns) for index in table.indexes}, name
        unique = {tuple(u["column_names"]) for u in found.get_unique_constraints(name)}
        wanted = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
        assert unique == {tuple(column.name for column in c.columns) for c in wanted}, name


def test_the_readme_names_every_method_and_event() -> None:
    readme = (Path(models.__file__).parent / "README.md").read_text()
    for name in (*methods(DirectoryService), *contract.EVENTS):
        assert f"`{name}`" in readme
