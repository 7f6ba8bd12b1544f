"""Who has a role in a department."""

from __future__ import annotations

from shared.contracts import directory as contract
from tests.unit.directory.office import Office, holds

ROLE = "requests_distributor"


def test_those_of_a_department_who_have_the_role_are_named_and_nobody_else(office: Office) -> None:
    planning, works = office.department("기획과", office.root), office.department("건설과", office.root)
    one = office.hire("김배분", planning, roles=["drafter", ROLE])
    office.hire("이직원", planning)
    office.hire("박배분", works, roles=[ROLE])
    gone = office.hire("최전출", planning, roles=[ROLE])
    office.change(gone, active=False)
    found = office.call("holders", role=ROLE, departments=[planning])
    holds(contract.HolderList, found)
    assert [(item["department"], item["person"]["id"]) for item in found["items"]] == [(planning, one["id"])]
    assert len(office.call("holders", role=ROLE, departments=[planning, works])["items"]) == 2
    assert office.call("holders", role=ROLE, departments=[]) == {"items": []}
