"""Receivers and the calendar through the API, over the whole system."""

from __future__ import annotations

import pytest

from tests.integration.product.cast import Cast, if_match, key

pytestmark = pytest.mark.mode("full")


def test_a_group_is_made_found_changed_and_deleted(cast: Cast) -> None:
    api, name = cast.api("clerk"), f"회람 {key()['Idempotency-Key'][:8]}"
    me = api.get("/me")["person"]
    members = [{"kind": "department", "id": me["department_id"]}, {"kind": "person", "id": cast.id("decider")}]
    asked = {"name": name, "members": members, "department": me["department_id"]}
    again = key()
    made = api.post("/receiver-groups", asked, 201, headers=again)
    assert api.post("/receiver-groups", asked, 201, headers=again)["id"] == made["id"]
    assert made["owner_kind"] == "department" and made["count"] >= 2
    found = api.get("/receivers", params={"q": name})["items"]
    assert [(item["kind"], item["id"], item["count"]) for item in found] == [("group", made["id"], made["count"])]
    path = f"/receiver-groups/{made['id']}"
    changed = {"name": name, "members": members[1:]}
    assert api.call("PUT", path, changed, headers=if_match(1)).json()["count"] == 1
    assert api.call("PUT", path, changed, headers=if_match(1)).status_code == 412
    assert cast.api("executive").call("GET", path).status_code == 404
    assert api.call("DELETE", path, headers=if_match(2)).status_code == 204
    assert api.call("GET", path).status_code == 404


def test_a_day_off_of_the_organisations_own_counts_for_everybody(cast: Cast) -> None:
    period = {"from": "2031-10-06", "to": "2031-10-10"}
    before = cast.drafter.get("/calendar", params=period)["working_days"]
    day = {"kind": "off", "name": "시민의 날"}
    assert cast.drafter.call("PUT", "/calendar/2031-10-07", day).status_code == 403
    admin = cast.api("admin")
    assert admin.call("PUT", "/calendar/2031-10-07", day).status_code == 200
    found = cast.drafter.get("/calendar", params=period)
    assert {"day": "2031-10-07", "kind": "off", "name": "시민의 날"} in found["items"]
    assert found["working_days"] == before - 1
    assert admin.call("DELETE", "/calendar/2031-10-07").status_code == 204
    assert cast.drafter.get("/calendar", params=period)["working_days"] == before
