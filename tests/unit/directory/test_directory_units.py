"""A department as its reports are gathered: its people, what is right below it, the heads above."""

from __future__ import annotations

import pytest

from shared.contracts import directory as contract
from shared.errors import NotFound
from shared.ids import new_id
from tests.unit.directory.office import Doc, Office, holds


def unit(office: Office, department: str) -> Doc:
    found: Doc = office.call("unit", id=department)
    holds(contract.UnitView, found)
    return found


def names(refs: list[Doc]) -> list[str]:
    return [ref["name"] for ref in refs]


def test_a_department_has_its_people_those_below_it_and_the_heads_above(office: Office) -> None:
    bureau = office.department("행정국")
    division = office.department("총무과", bureau)
    team, empty = office.department("총무팀", division, order=1), office.department("빈팀", division, order=2)
    office.department("옛팀", division, abolished=True)
    office.hire("박국장", bureau, "국장")
    lee = office.hire("이과장", division, "과장", login="lee")
    kim = office.hire("김주무", division)
    choi = office.hire("최팀장", team, "팀장")
    office.hire("정주무", team)
    office.away("lee", kim)
    found = unit(office, division)
    assert (found["name"], found["parent"], found["abolished"]) == ("총무과", bureau, False)
    assert names(found["heads"]) == ["이과장", "박국장"]
    assert [(each["id"], each["head"] and each["head"]["id"]) for each in found["below"]] == [
        (team, choi["id"]),
        (empty, None),
    ]
    assert names(found["people"]) == ["이과장", "김주무"]
    assert found["people"][0]["absent"]["reason"] == "leave" and found["people"][0]["deputy"]["id"] == kim["id"]
    assert found["people"][1]["absent"] is None
    assert lee["id"] == found["heads"][0]["id"]


def test_who_has_a_post_beside_another_one_belongs_where_the_main_one_is(office: Office) -> None:
    one, other = office.department("총무과"), office.department("복지과")
    posts = [{"department": one, "position": "주무관"}, {"department": other, "position": "과장"}]
    both = office.hire("김겸임", posts=posts)
    assert names(unit(office, one)["people"]) == ["김겸임"]
    found = unit(office, other)
    assert (found["people"], [head["id"] for head in found["heads"]]) == ([], [both["id"]])


def test_who_left_is_not_in_it_and_one_without_a_head_has_the_heads_above(office: Office) -> None:
    division = office.department("총무과")
    mayor = office.hire("김시장", position="시장")
    gone = office.hire("이퇴직", division)
    office.change(gone, active=False)
    found = unit(office, division)
    assert (found["people"], [head["id"] for head in found["heads"]]) == ([], [mayor["id"]])


def test_a_department_that_is_not_there_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        office.call("unit", id=new_id())
