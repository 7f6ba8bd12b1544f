"""Groups of receivers: kept by who may, by ids, with what is stale said; and found while one types."""

from __future__ import annotations

import pytest

from services.directory.domain.groups import MOST, nearness
from services.directory.models import Department, ReceiverGroup, ReceiverGroupMember
from shared.context import Context
from shared.contracts import directory as contract
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from shared.ids import new_id
from tests.support.statements import statements
from tests.unit.directory.office import Doc, Office, holds


def save(office: Office, ctx: Context | None = None, *members: Doc, key: str | None = None, **data: object) -> Doc:
    given = [{"kind": "person" if "login" in m else "department", "id": m["id"]} for m in members]
    found: Doc = office.call("save_group", ctx, key=key, **{"name": "주간회의", "members": given, **data})
    holds(contract.WholeGroup, found)
    return found


def refused(office: Office, ctx: Context | None = None, *members: Doc, **data: object) -> Doc:
    with pytest.raises(Invalid) as problem:
        save(office, ctx, *members, **data)
    return dict(problem.value.fields)


def abolish(office: Office, id_: str) -> None:
    (view,) = [d for d in office.call("departments")["items"] if d["id"] == id_]
    given = {name: view[name] for name in ("id", "version", "name", "code", "parent")}
    office.call("save_department", **given, abolished=True)


def listed(office: Office, ctx: Context | None = None) -> list[Doc]:
    found = office.call("groups", ctx)
    holds(contract.GroupList, found)
    return list(found["items"])


# -- keeping ----------------------------------------------------------------------------------------


def test_a_group_keeps_its_members_in_order_and_counts_everybody_once(office: Office) -> None:
    division = office.department("총무과")
    kim, lee = office.hire("김주무", division), office.hire("이주무", division)
    park = office.hire("박주무")
    made = save(office, None, park, {"id": division}, kim, park)
    assert [(m["kind"], m["name"], m["count"]) for m in made["members"]] == [
        ("person", "박주무", 1),
        ("department", "총무과", 2),
        ("person", "김주무", 1),
    ]
    assert (made["owner_kind"], made["owner"], made["count"], made["stale"], made["version"]) == (
        "person",
        "최관리",
        3,
        [],
        1,
    )
    assert office.call("group", id=made["id"]) == made
    assert listed(office) == [{name: value for name, value in made.items() if name != "members"}]
    assert lee["name"] not in [m["name"] for m in made["members"]]


def test_a_group_lives_by_ids_so_that_a_renamed_department_stays_in_it(office: Office) -> None:
    division = office.department("총무과")
    made = save(office, None, {"id": division})
    (view,) = [d for d in office.call("departments")["items"] if d["id"] == division]
    given = {name: view[name] for name in ("id", "version", "code", "parent")}
    office.call("save_department", **given, name="행정지원과")
    assert [m["name"] for m in office.call("group", id=made["id"])["members"]] == ["행정지원과"]


def test_who_left_and_what_was_abolished_is_named(office: Office) -> None:
    gone = office.department("옛과")
    choi, kim = office.hire("최퇴직"), office.hire("김주무")
    made = save(office, None, choi, {"id": gone}, kim)
    office.change(choi, active=False)
    abolish(office, gone)
    found = office.call("group", id=made["id"])
    assert found["stale"] == [{"name": "최퇴직", "why": "left"}, {"name": "옛과", "why": "abolished"}]
    assert [m["stale"] for m in found["members"]] == ["left", "abolished", None]
    assert found["count"] == 1


def test_what_is_stale_may_stay_and_is_not_put_in(office: Office) -> None:
    choi, kim = office.hire("최퇴직"), office.hire("김주무")
    made = save(office, None, choi)
    left = office.change(choi, active=False)
    changed = save(office, None, left, kim, id=made["id"], version=1)
    assert [m["name"] for m in changed["members"]] == ["최퇴직", "김주무"]
    gone = office.department("옛과")
    abolish(office, gone)
    fields = refused(office, None, left, {"id": gone}, name="다른 그룹")
    assert fields == {"members.0.id": "inactive_person", "members.1.id": "abolished_department"}


def test_members_that_do_not_exist_are_refused_by_field(office: Office) -> None:
    strangers = [{"id": new_id(), "login": "x"}, {"id": new_id()}]
    assert refused(office, None, *strangers) == {
        "members.0.id": "unknown_person",
        "members.1.id": "unknown_department",
    }
    assert refused(office) == {"members": "wrong_length"}
    assert office.count(ReceiverGroup) == office.count(ReceiverGroupMember) == 0


def test_a_name_is_taken_once_by_each_owner(office: Office) -> None:
    kim = office.hire("김주무", login="kim")
    save(office, None, kim)
    assert refused(office, None, kim) == {"name": "taken"}
    assert save(office, office.signed_in("kim"), kim)["name"] == "주간회의"


def test_an_owner_has_a_limited_number_of_groups(office: Office) -> None:
    kim = office.hire("김주무")
    rows = [
        {"id": new_id(), "name": f"그룹{n}", "owner_kind": "person", "owner": office.admin.person, "version": 1}
        for n in range(MOST)
    ]
    with office.service.tx() as tx:
        tx.insert_many(ReceiverGroup, rows)
    assert refused(office, None, kim) == {"name": "too_many"}


def test_a_change_of_an_old_version_is_refused_and_a_repeat_changes_nothing(office: Office) -> None:
    kim, lee = office.hire("김주무"), office.hire("이주무")
    made = save(office, None, kim, key="k")
    assert save(office, None, kim, key="k") == made
    save(office, None, kim, lee, id=made["id"], version=1)
    for method, data in (
        ("save_group", {"name": "x", "members": [{"kind": "person", "id": kim["id"]}]}),
        ("delete_group", {}),
    ):
        with pytest.raises(Stale):
            office.call(method, id=made["id"], version=1, **data)
    with pytest.raises(Conflict):
        save(office, None, lee, key="k")
    assert save(office, None, kim, lee, id=made["id"], version=2)["version"] == 2
    assert len(office.record("directory.group.saved")) == 2


def test_a_group_is_deleted_with_its_members_on_the_record(office: Office) -> None:
    made = save(office, None, office.hire("김주무"))
    assert office.call("delete_group", id=made["id"], version=1) == {"id": made["id"], "deleted": True}
    assert office.count(ReceiverGroup) == office.count(ReceiverGroupMember) == 0
    assert office.record("directory.group.deleted")[0].subject == made["id"]
    assert listed(office) == []


# -- rights -----------------------------------------------------------------------------------------


@pytest.fixture
def division(office: Office) -> str:
    """A department with its head, its document officer, a clerk; and somebody elsewhere."""
    id_ = office.department("총무과")
    office.hire("이과장", id_, "과장", login="head")
    office.hire("박문서", id_, login="officer", roles=["drafter", "document_officer"])
    office.hire("김주무", id_, login="clerk")
    office.hire("타부서", office.department("세무과"), "과장", login="other", roles=["drafter", "document_officer"])
    return id_


@pytest.mark.parametrize("who", ["head", "officer"])
def test_a_departments_groups_are_kept_by_its_head_and_its_document_officers(
    office: Office, division: str, who: str
) -> None:
    ctx, clerk = office.signed_in(who), office.signed_in("clerk")
    made = save(office, ctx, {"id": division}, department=division)
    assert (made["owner_kind"], made["owner"], made["editable"]) == ("department", "총무과", True)
    assert [(g["id"], g["editable"]) for g in listed(office, clerk)] == [(made["id"], False)]
    assert office.call("groups", ctx)["keeps_department"] and not office.call("groups", clerk)["keeps_department"]
    assert save(office, ctx, {"id": division}, id=made["id"], name="과 전체")["name"] == "과 전체"


def test_its_other_members_see_a_departments_group_and_do_not_change_it(office: Office, division: str) -> None:
    made = save(office, office.signed_in("head"), {"id": division}, department=division)
    clerk = office.signed_in("clerk")
    assert office.call("group", clerk, id=made["id"])["count"] == 3
    with pytest.raises(Forbidden):
        save(office, clerk, {"id": division}, id=made["id"])
    with pytest.raises(Forbidden):
        office.call("delete_group", clerk, id=made["id"])
    with pytest.raises(Forbidden):
        save(office, clerk, {"id": division}, department=division)


def test_a_group_is_not_there_for_others(office: Office, division: str) -> None:
    head, other = office.signed_in("head"), office.signed_in("other")
    for department in (None, division):
        made = save(office, head, {"id": division}, department=department)
        for method in ("group", "delete_group"):
            with pytest.raises(NotFound):
                office.call(method, other, id=made["id"])
        with pytest.raises(NotFound):
            save(office, other, {"id": division}, id=made["id"])
    assert listed(office, other) == []
    with pytest.raises(Forbidden):
        save(office, other, {"id": division}, department=division)


# -- finding ----------------------------------------------------------------------------------------


def found(office: Office, q: str, ctx: Context | None = None, **data: object) -> list[tuple[str, str]]:
    answer = office.call("receivers", ctx, q=q, **data)
    for item in answer["items"]:
        holds(contract.ReceiverLine, item)
    return [(item["kind"], item["name"]) for item in answer["items"]]


def test_groups_departments_and_people_are_found_by_parts_of_their_names_and_initials(office: Office) -> None:
    division = office.department("총무과")
    kim = office.hire("김총무", division)
    save(office, None, kim, name="총무 회의")
    everything = [("department", "총무과"), ("group", "총무 회의"), ("person", "김총무")]
    for q in ("총무", "ㅊㅁ", "총"):
        assert sorted(found(office, q)) == everything, q
    assert found(office, "회의") == [("group", "총무 회의")]
    assert found(office, "회의", groups=False) == []
    assert found(office, "무과") == [("department", "총무과"), ("person", "김총무")]
    assert found(office, "없는이름") == []


def test_what_is_found_says_how_many_it_is_who_is_away_and_what_is_stale(office: Office) -> None:
    division = office.department("총무과")
    kim = office.hire("김총무", division, "과장", login="kim")
    choi = office.hire("최총무", division)
    made = save(office, None, kim, choi, name="총무 회의")
    office.change(choi, active=False)
    office.away("kim", reason="trip")
    group, department, person = office.call("receivers", q="총무")["items"]
    assert group == {"kind": "group", "id": made["id"], "name": "총무 회의", "detail": "", "count": 1} | {
        "absent": None,
        "stale": True,
    }
    assert (department["count"], department["stale"]) == (1, False)
    assert (person["detail"], person["absent"]["reason"]) == ("과장 · 총무과", "trip")


def test_an_abolished_department_and_a_group_of_somebody_else_are_not_found(office: Office) -> None:
    abolish(office, office.department("총무과"))
    kim = office.hire("김주무", login="kim")
    save(office, office.signed_in("kim"), kim, name="총무 회의")
    assert found(office, "총무") == []


def test_what_was_chosen_before_is_shown_in_its_order_as_it_stands_now(office: Office) -> None:
    division = office.department("총무과")
    kim, choi = office.hire("김주무", division, login="kim"), office.hire("최퇴직")
    group = save(office, None, kim, choi)
    office.change(choi, active=False)
    office.away("kim")
    named = [f"group:{group['id']}", f"person:{choi['id']}", f"department:{division}", f"person:{kim['id']}"]
    others = [f"person:{new_id()}", f"group:{new_id()}"]
    items = office.call("receivers_by_ids", receivers=[*others, *named, named[0]])["items"]
    for item in items:
        holds(contract.ReceiverLine, item)
    assert [f"{item['kind']}:{item['id']}" for item in items] == named
    assert [(item["name"], item["count"], item["stale"], bool(item["absent"])) for item in items] == [
        ("주간회의", 1, True, False),
        ("최퇴직", 0, True, False),
        ("총무과", 1, False, False),
        ("김주무", 1, False, True),
    ]
    with pytest.raises(Invalid):
        office.call("receivers_by_ids", receivers=["nobody"])


def test_people_keep_at_least_half_of_the_list(office: Office) -> None:
    for n in range(8):
        office.department(f"가{n}과")
        office.hire(f"가{n}")
    kinds = [kind for kind, _ in found(office, "가", limit=6)]
    assert kinds == ["department"] * 3 + ["person"] * 3


def test_a_thousand_departments_are_searched_in_a_few_statements(office: Office) -> None:
    shared = {"parent": office.root, "sort_order": 0, "abolished": False, "version": 1}
    rows = [{"id": new_id(), "name": f"행정{n}과", "code": f"X{n:06}", **shared} for n in range(1000)]
    with office.service.tx() as tx:
        tx.insert_many(Department, rows)
    with statements() as made:
        assert len(found(office, "행정 99", limit=10)) == 10
    assert len(made) <= 6


@pytest.mark.parametrize(
    ("name", "q", "near"),
    [
        ("총무과", "총무", 0),
        ("총무과", "ㅊㅁㄱ", 0),
        ("행정 총무과", "총무", 1),
        ("행정 총무과", "행정총", 0),
        ("총무과", "무 총", 1),
        ("총무과", "세무", None),
        ("Team A", "team", 0),
        ("총무과", "", 0),
    ],
)
def test_how_near_a_name_is(name: str, q: str, near: int | None) -> None:
    assert nearness(name, q.casefold().split()) == near
