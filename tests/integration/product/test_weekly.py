"""A week of an office through the API: written, handed in, joined twice, sent back, read, quoted and found."""

from __future__ import annotations

import pytest

from tests.integration.product.cast import Cast, if_match, key, problem
from tests.integration.product.reporting import TENANT, begin, report, write
from tests.support.system import System
from tests.support.waiting import until

pytestmark = pytest.mark.journey


@pytest.fixture
def office(system: System, casts: dict[tuple[str, str], Cast]) -> Cast:
    """The people of a tenant whose desks no other test counts."""
    return casts.setdefault((system.base_url, TENANT), Cast(system, TENANT))


def test_a_week_goes_from_who_wrote_it_to_the_top_with_the_names_on_it(office: Cast) -> None:
    ids = begin(office)
    mine, joint, top = ids["drafter"], ids["reviewer"], ids["decider"]
    for role in ids:
        office.has_todo(role, ids[role], "weekly")

    written = write(office, "drafter", mine, {"section": "this", "text": "청사 안내판을 점검했습니다."})
    lines = [{"section": "this", "text": "늦게 고친 줄"}]
    old = if_match(written["version"] - 1)
    problem(office.drafter.call("PUT", f"/weekly-reports/{mine}/lines", {"lines": lines}, headers=old), 412, "stale")
    write(office, "drafter", mine, {"section": "next", "text": "안내판을 교체하겠습니다."})
    problem(office.api("reviewer").call("GET", f"/weekly-reports/{mine}"), 404)
    once = key()
    for _ in range(2):
        assert office.drafter.post(f"/weekly-reports/{mine}/submission", headers=once)["state"] == "submitted"
    office.has_no_todo("drafter", mine)

    seen = report(office, "reviewer", joint)
    assert [each["kind"] for each in seen["news"]] == ["added", "added"]
    assert seen["lines"] == []
    problem(office.api("reviewer").call("POST", f"/weekly-reports/{joint}/submission", {}), 409, "weekly-news")
    problem(office.api("reviewer").call("POST", f"/weekly-reports/{joint}/reminders", {}), 409, "weekly-not-due")
    office.api("reviewer").post(f"/weekly-reports/{mine}/return", {"reason": "몇 개인지 적어 주십시오."})
    office.has_todo("drafter", mine, "weekly")
    write(office, "drafter", mine, {"section": "remarks", "text": "모두 열두 개입니다."})
    office.drafter.post(f"/weekly-reports/{mine}/submission")

    version = report(office, "reviewer", joint)["version"]
    office.api("reviewer").post(f"/weekly-reports/{joint}/joining", headers=if_match(version))
    again = office.api("reviewer").call("POST", f"/weekly-reports/{joint}/joining", {}, headers=if_match(version))
    problem(again, 412, "stale")
    write(office, "reviewer", joint, {"section": "this", "text": "팀 회의를 했습니다."})
    office.api("reviewer").post(f"/weekly-reports/{joint}/submission")
    problem(office.drafter.call("DELETE", f"/weekly-reports/{mine}/submission"), 409, "weekly-taken")

    office.api("decider").post(f"/weekly-reports/{top}/joining")
    office.api("decider").post(f"/weekly-reports/{top}/submission")
    writers = {line["text"]: line["writers"][0]["id"] for line in report(office, "decider", top)["lines"]}
    assert writers["청사 안내판을 점검했습니다."] == office.id("drafter")
    assert writers["팀 회의를 했습니다."] == office.id("reviewer")
    assert len(report(office, "drafter", joint)["lines"]) == 4
    until(lambda: _found(office, "reviewer", joint))
    assert not _found(office, "cooperator", joint)


def _found(office: Cast, role: str, id_: str) -> bool:
    items = office.api(role).get("/search?q=안내판&kind=weekly")["items"]
    return id_ in {item["subject"] for item in items}
