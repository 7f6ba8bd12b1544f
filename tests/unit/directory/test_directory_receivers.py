"""People, departments and groups become the people who are in them now; who stands in for whom."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.domain.receivers import Named, gathered, stands_in
from services.directory.models import Person, Post
from shared.context import Context, system
from shared.contracts import directory as contract
from shared.errors import Invalid, NotFound
from shared.ids import new_id
from shared.testing import TENANT
from tests.support.statements import statements
from tests.unit.directory.office import Doc, Office, holds

IDS = st.sampled_from("abcdef")


def expand(office: Office, ctx: Context | None = None, **named: list[str]) -> Doc:
    found: Doc = office.call("expand", ctx, **named)
    holds(contract.Expanded, found)
    return found


def names(people: list[Doc]) -> list[str]:
    return [person["name"] for person in people]


def through(person: Doc) -> list[tuple[str, str]]:
    return [(way["kind"], way["name"]) for way in person["through"]]


def group_of(office: Office, name: str, *members: tuple[str, str], ctx: Context | None = None) -> str:
    """A group of the administrator's, or of somebody else; its id."""
    given = [{"kind": kind, "id": id_} for kind, id_ in members]
    return str(office.call("save_group", ctx, name=name, members=given)["id"])


# -- expanding --------------------------------------------------------------------------------------


def test_everybody_comes_once_in_the_order_first_named_with_all_that_named_them(office: Office) -> None:
    division = office.department("총무과")
    lee = office.hire("이과장", division, "과장")
    kim = office.hire("김주무", division)
    park = office.hire("박주무")
    group = group_of(office, "간부", ("person", park["id"]), ("department", division), ("person", kim["id"]))
    found = expand(office, people=[kim["id"], kim["id"]], departments=[division, division], groups=[group])
    assert names(found["people"]) == ["김주무", "이과장", "박주무"]
    ways = {person["name"]: through(person) for person in found["people"]}
    assert ways["김주무"] == [("person", "김주무"), ("department", "총무과"), ("group", "간부")]
    assert ways["이과장"] == [("department", "총무과"), ("group", "간부")]
    assert ways["박주무"] == [("group", "간부")]
    assert all(person["active"] and person["absent"] is None for person in found["people"])
    assert (found["left"], found["unknown"], found["dissolved"]) == ([], [], [])
    assert found["people"][1]["position"] == "과장" and lee["id"] == found["people"][1]["id"]


def test_a_group_keeps_the_order_of_its_members_and_a_department_begins_with_its_head(office: Office) -> None:
    division = office.department("총무과")
    for name, position in (("하주무", "주무관"), ("나팀장", "팀장"), ("다과장", "과장"), ("가주무", "주무관")):
        office.hire(name, division, position)
    first, last = (
        office.hire("첫째"),
        office.hire("끝"),
    )
    group = group_of(office, "회람", ("person", first["id"]), ("department", division), ("person", last["id"]))
    found = expand(office, groups=[group])
    assert names(found["people"]) == ["첫째", "다과장", "나팀장", "가주무", "하주무", "끝"]


def test_a_department_is_who_has_a_post_in_it_and_not_who_is_below(office: Office) -> None:
    bureau = office.department("행정국")
    division = office.department("총무과", bureau)
    office.hire("박국장", bureau, "국장")
    office.hire("김주무", division)
    posts = [{"department": division, "position": "주무관"}, {"department": bureau, "position": "비서"}]
    office.hire("정겸직", posts=posts)
    assert names(expand(office, departments=[bureau])["people"]) == ["박국장", "정겸직"]


def test_who_left_receives_nothing_and_is_named_where_named(office: Office) -> None:
    division = office.department("총무과")
    choi = office.hire("최퇴직", division)
    office.hire("김주무", division)
    group = group_of(office, "전직원", ("person", choi["id"]))
    office.change(choi, active=False)
    found = expand(office, people=[choi["id"]], departments=[division], groups=[group])
    assert names(found["people"]) == ["김주무"]
    assert [(p["name"], through(p)) for p in found["left"]] == [("최퇴직", [("person", "최퇴직"), ("group", "전직원")])]


def test_an_abolished_department_is_named_with_nobody(office: Office) -> None:
    gone = office.department("옛과")
    group = group_of(office, "회람", ("department", gone))
    (view,) = [d for d in office.call("departments")["items"] if d["id"] == gone]
    given = {name: view[name] for name in ("id", "version", "name", "code", "parent")}
    office.call("save_department", **given, abolished=True)
    for named in ({"departments": [gone]}, {"groups": [group]}):
        found = expand(office, **named)
        assert (found["people"], found["dissolved"]) == ([], [{"id": gone, "name": "옛과"}])


def test_what_does_not_exist_is_named_and_the_rest_is_expanded(office: Office) -> None:
    nobody, nowhere, nothing = new_id(), new_id(), new_id()
    kim = office.hire("김주무")
    found = expand(office, people=[nobody, kim["id"], nobody], departments=[nowhere], groups=[nothing])
    assert names(found["people"]) == ["김주무"]
    assert found["unknown"] == [
        {"kind": "person", "id": nobody},
        {"kind": "department", "id": nowhere},
        {"kind": "group", "id": nothing},
    ]


def test_a_group_of_somebody_else_is_unknown_except_to_the_system_itself(office: Office) -> None:
    kim = office.hire("김주무", login="kim")
    group = group_of(office, "비밀", ("person", kim["id"]), ctx=office.signed_in("kim"))
    assert expand(office, groups=[group])["unknown"] == [{"kind": "group", "id": group}]
    assert names(expand(office, office.signed_in("kim"), groups=[group])["people"]) == ["김주무"]
    assert names(expand(office, system(TENANT), groups=[group])["people"]) == ["김주무"]


def test_nobody_named_is_nobody_found(office: Office) -> None:
    assert expand(office) == {"people": [], "left": [], "unknown": [], "dissolved": []}


def test_ten_thousand_people_are_expanded_in_a_few_statements_and_one_more_is_refused(office: Office) -> None:
    crowd = office.department("전체")
    admin = office.admin.person
    ids = [new_id() for _ in range(9_999)]
    shared: dict[str, Any] = {"position": "주무관", "rank": "", "seniority": 999, "number": 0, "department": crowd}
    with office.service.tx() as tx:
        tx.insert_many(
            Person,
            [
                {"id": id_, "login": f"p{n}", "name": f"직원{n}", "email": "", "phone": "", "roles": []}
                | {"clearance": 0, "active": True, "locale": "ko", "version": 1}
                for n, id_ in enumerate(ids)
            ],
        )
        tx.insert_many(Post, [{"person": id_, **shared} for id_ in ids])
    with statements() as made:
        found = expand(office, people=[admin], departments=[crowd])
    assert (len(found["people"]), len(made)) == (10_000, 4)
    other = office.hire("하나더")
    with pytest.raises(Invalid) as refused:
        expand(office, people=[admin, other["id"]], departments=[crowd])
    assert refused.value.fields == {"people": "too_many"}


# -- who is away ------------------------------------------------------------------------------------


def test_who_is_away_is_marked_with_who_stands_in(office: Office) -> None:
    kim, lee = office.hire("김주무", login="kim"), office.hire("이대리")
    office.away("kim", lee, reason="trip")
    (found,) = expand(office, people=[kim["id"]])["people"]
    assert found["absent"]["reason"] == "trip" and found["absent"]["until"].startswith("2026-03-05")
    assert found["absent"]["deputy"]["name"] == "이대리"
    office.clock.advance(days=4)
    (found,) = expand(office, people=[kim["id"]])["people"]
    assert found["absent"] is None


def test_where_the_deputy_is_away_too_the_deputys_deputy_stands_in(office: Office) -> None:
    kim, lee, park = (office.hire(name, login=login) for name, login in (("김", "kim"), ("이", "lee"), ("박", "park")))
    office.away("kim", lee)
    office.away("lee", park)
    (found,) = expand(office, people=[kim["id"]])["people"]
    assert found["absent"]["deputy"]["name"] == "박"
    office.away("park", kim)
    (found,) = expand(office, people=[kim["id"]])["people"]
    assert found["absent"]["deputy"] is None


def test_nobody_stands_in_where_nobody_was_named_or_the_deputy_left(office: Office) -> None:
    kim, lee, park = (office.hire(name, login=login) for name, login in (("김", "kim"), ("이", "lee"), ("박", "park")))
    office.away("kim", lee)
    office.away("park")
    office.change(lee, active=False)
    found = expand(office, people=[kim["id"], park["id"]])["people"]
    assert [person["absent"]["deputy"] for person in found] == [None, None]


@given(st.dictionaries(IDS, st.none() | IDS), IDS)
def test_who_stands_in_is_always_somebody_who_is_here_and_somebody_else(away: dict[str, str | None], who: str) -> None:
    here = set("abcdef") - set(away)
    found = stands_in(who, away, here)
    assert found is None or (found in here and found != who and who in away)


@given(st.lists(st.tuples(st.sampled_from(["x", "y", "z"]), st.lists(IDS))))
def test_everybody_is_gathered_once_and_nobody_is_lost(named: list[tuple[str, list[str]]]) -> None:
    found = gathered([(Named("group", id_, id_), people) for id_, people in named])
    assert list(found) == list(dict.fromkeys(person for _, people in named for person in people))
    for person, ways in found.items():
        assert {way.id for way in ways} == {id_ for id_, people in named if person in people}
        assert len(ways) == len(set(ways))


# -- superiors --------------------------------------------------------------------------------------


def superiors(office: Office, person: Doc) -> Doc:
    found: Doc = office.call("superiors", person=person["id"])
    holds(contract.SuperiorsView, found)
    return found


def test_the_heads_above_come_nearest_first_with_who_stands_in(office: Office) -> None:
    bureau = office.department("행정국")
    division = office.department("총무과", bureau)
    office.hire("박국장", bureau, "국장")
    lee = office.hire("이과장", division, "과장", login="lee")
    kim, jung = office.hire("김주무", division, login="kim"), office.hire("정주무", division)
    office.away("lee", jung)
    office.away("kim", lee)
    found = superiors(office, kim)
    assert [(head["name"], head["department"]) for head in found["heads"]] == [
        ("이과장", "총무과"),
        ("박국장", "행정국"),
    ]
    assert found["heads"][0]["absent"]["reason"] == "leave" and found["heads"][0]["deputy"]["name"] == "정주무"
    assert found["heads"][1]["absent"] is None and found["heads"][1]["deputy"] is None
    assert found["absent"]["reason"] == "leave" and found["deputy"]["name"] == "정주무"
    assert names(superiors(office, lee)["heads"]) == ["박국장"]


def test_who_is_above_everybody_has_nobody_above(office: Office) -> None:
    mayor = office.hire("김시장", position="시장")
    assert superiors(office, mayor) == {"deputy": None, "absent": None, "heads": []}


def test_of_somebody_who_does_not_exist_nobody_is_above(office: Office) -> None:
    with pytest.raises(NotFound):
        office.call("superiors", person=new_id())
